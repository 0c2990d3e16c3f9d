"""Writes every file of the cases corpus under one folder."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from case_corpus.audits import programme
from case_corpus.expected import write_expected
from case_corpus.forms import write_form, write_list, write_workbook
from case_corpus.papers import write_case
from case_corpus.read import load_cases

HASHES: Final = "SHA256SUMS"
_BY_HAND: Final = {"README.md", HASHES}


def build(out: Path) -> list[Path]:
    """Write the corpus.

    Parameters
    ----------
    out
        The folder; made when missing. Files of the same name are replaced, others are left.

    Returns
    -------
    list of Path
        Every file written, in order, the list of hashes last.
    """
    cases = load_cases()
    for number, case in enumerate(cases):
        write_case(case, out / "papers" / case.id, number)
    first, second = programme(cases)
    audits = out / "audits"
    audits.mkdir(parents=True, exist_ok=True)
    write_workbook(audits / "case-audits.xlsx", first)
    write_form(audits / f"audit-form-{second[0].case.id}.docx", second[0])
    write_list(audits / "second-audits.csv", second[1:])
    write_expected(out / "expected.json", cases, first, second)
    files = sorted(p for p in out.rglob("*") if p.is_file() and p.name not in _BY_HAND)
    lines = [f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(out).as_posix()}" for p in files]
    (out / HASHES).write_bytes(("\n".join(lines) + "\n").encode("ascii"))
    return [*files, out / HASHES]
