"""Writes every file of the demo corpus under one folder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from demo_corpus import problem_files as problems
from demo_corpus.audits import write_audits
from demo_corpus.expected import write_expected
from demo_corpus.mail import write_eml
from demo_corpus.markup import CONTENT, Paper, load, read
from demo_corpus.pdf_plain import write_one_column_pdf, write_two_column_pdf
from demo_corpus.pdf_tagged import write_tagged_pdf
from demo_corpus.surveys import write_carers_survey, write_comment_survey
from demo_corpus.text_and_web import write_html, write_text
from demo_corpus.word import write_docx

HASHES: Final = "SHA256SUMS"
_BY_HAND: Final = {"README.md", HASHES}
_PAPERS: Final[tuple[tuple[str, str, Callable[[Paper, Path], None]], ...]] = (
    ("policies/adult-social-care-strategy", ".pdf", write_tagged_pdf),
    ("policies/safeguarding-adults-policy", ".pdf", write_two_column_pdf),
    ("policies/assessment-eligibility-charging-policy", ".docx", write_docx),
    ("performance/quarter-2-performance-report", ".pdf", write_one_column_pdf),
    ("focus-groups/carers-focus-group", ".docx", write_docx),
    ("committee/place-and-people-committee-report", ".docx", write_docx),
)
_CASE_FORMATS: Final = {"docx": write_docx, "txt": write_text, "html": write_html}
_QUESTION: Final = (
    "Dear all\n\nWe are reviewing how we buy home care and would like your honest view by 26 September.\n\n"
    "Anita Fell\nContracts and Quality"
)


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
    papers = out / "papers"
    for folder in sorted(p.name for p in CONTENT.iterdir() if p.is_dir()):
        (papers / folder).mkdir(parents=True, exist_ok=True)
    for name, suffix, write in _PAPERS:
        write(load(f"{name}.md"), papers / f"{name}{suffix}")
    _tables_and_talk(papers)
    _case_records(papers)
    _partners(papers)
    _problems(papers)
    write_expected(out / "expected.json")
    return _hashes(out)


def _tables_and_talk(out: Path) -> None:
    write_carers_survey(out / "surveys/carers-survey-2025.xlsx")
    write_comment_survey(out / "surveys/care-and-support-survey-2025.csv")
    write_audits(out / "audits/case-audits-quarter-2.xlsx")
    name = "focus-groups/staff-focus-group-transcript.txt"
    (out / name).write_bytes(read(name).encode("utf-8"))


def _case_records(out: Path) -> None:
    for source in sorted((CONTENT / "case-records").glob("*.md")):
        paper = load(f"case-records/{source.name}")
        kind = paper.meta["format"]
        _CASE_FORMATS[kind](paper, out / "case-records" / f"{source.stem}.{kind}")


def _partners(out: Path) -> None:
    folder = out / "partners"
    write_eml("partners/transfer-hub-ward-matron.md", folder / "transfer-hub-ward-matron.eml")
    write_eml("partners/home-care-provider.md", folder / "home-care-provider.eml", answering=_QUESTION)
    write_eml("partners/carers-hub-chief-officer.md", folder / "carers-hub-chief-officer.eml", with_html=True)
    text = read("partners/gp-practice-email.txt").replace("\n", "\r\n")
    (folder / "gp-practice-email.txt").write_bytes(text.encode("utf-8"))


def _problems(out: Path) -> None:
    folder = out / "problem-files"
    problems.write_scanned(folder / "scanned-carers-forum-minutes.pdf")
    report = out / "performance/quarter-2-performance-report.pdf"
    problems.write_truncated(report, folder / "broken-copy-of-performance-report.pdf")
    policy = out / "policies/safeguarding-adults-policy.pdf"
    problems.write_encrypted(policy, folder / "locked-safeguarding-policy.pdf")
    problems.write_empty(folder / "empty-day-services-survey.csv")
    problems.write_legacy_doc(folder / "supervision-policy-2009.doc")


def _hashes(out: Path) -> list[Path]:
    files = sorted(p for p in out.rglob("*") if p.is_file() and p.name not in _BY_HAND)
    lines = [f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(out).as_posix()}" for p in files]
    (out / HASHES).write_bytes(("\n".join(lines) + "\n").encode("ascii"))
    return [*files, out / HASHES]
