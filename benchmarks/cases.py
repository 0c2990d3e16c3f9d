"""What is read in the 50 invented cases, against what their papers were written from.

    python benchmarks/cases.py

Every paper is read as the program reads it; no model is needed. Counted: roles, dates, authors and job titles
of entries, stages with their day, consent, complaint, services, age and team, and whether each stretch in
quotation marks is found.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))  # where the cases as written are read

from case_corpus.read import Case, Entry, load_cases  # noqa: E402
from evidence_mapper.domain.case import Role, Stage  # noqa: E402
from evidence_mapper.workflow.case_file import CaseFile, CaseReader  # noqa: E402
from evidence_mapper.workflow.case_journey import journey  # noqa: E402
from evidence_mapper.workflow.case_voice import voices  # noqa: E402
from evidence_mapper.workflow.cases import by_folder, find_case, group  # noqa: E402
from evidence_mapper.workflow.ingest import add_files  # noqa: E402
from evidence_mapper.workflow.project import create_project  # noqa: E402

STAGES: Final = {
    "contact": Stage.CONTACT,
    "assessment": Stage.ASSESSMENT,
    "carer": Stage.CARERS_ASSESSMENT,
    "finance": Stage.FINANCIAL,
    "plan": Stage.PLAN,
    "review": Stage.REVIEW,
    "move": Stage.MOVE,
    "discharge": Stage.MOVE,
    "safeguarding": Stage.SAFEGUARDING,
}
ROLES: Final = {
    "case-notes": Role.CASE_NOTES,
    "assessment": Role.ASSESSMENT,
    "carers-assessment": Role.CARERS_ASSESSMENT,
    "finance": Role.FINANCIAL,
    "plan": Role.PLAN,
    "review": Role.REVIEW,
    "letter": Role.LETTER,
}
_COUNTED: Counter[tuple[str, str]] = Counter()


def main() -> None:
    """Read the cases and print the figures."""
    with tempfile.TemporaryDirectory() as folder, create_project(Path(folder) / "p.sqlite") as project:
        add_files(project, [ROOT / "corpora" / "cases" / "papers"], workers=2)
        group(project, by_folder(project, "papers"), coder="benchmark")
        reader = CaseReader(project)
        for case in load_cases():
            _case(case, reader.read(find_case(project, case.id)))
    for name in dict.fromkeys(name for name, _ in _COUNTED):
        right, missed, extra = (_COUNTED[name, kind] for kind in ("right", "missed", "extra"))
        print(f"{name:<22}{right:>5} right {missed:>4} missed {extra:>4} beside what was written")


def _case(case: Case, file: CaseFile) -> None:
    for document in file.documents:
        kind = re.sub(r"^\d+-|\.\w+$", "", document.document.name.rpartition("/")[2])
        _one("role", document.role is ROLES[kind])
    found = journey(file)
    _sets("dates", {(e.day.isoformat(),) for e in case.entries}, {(s.date,) for s in found.steps})
    _sets(
        "authors",
        set(_authors(case.entries)),
        {(s.date, s.author or "", s.author_role or "") for s in found.steps},
    )
    told = {
        (s.date, stage.value) for s in found.steps for stage in s.stages if stage is not Stage.ELIGIBILITY
    }
    _sets(
        "stages", {(e.day.isoformat(), STAGES[e.kind].value) for e in case.entries if e.kind in STAGES}, told
    )
    for name, written in (("consent", case.consent), ("complaint", case.complaint), ("age", str(case.age)),
                          ("team", case.team), ("services", ", ".join(case.services))):  # fmt: skip
        _one(name, file.facts[name].text == written)
    _sets("quotations", set(_quoted(case.entries)), set(_read(file)))


def _authors(entries: list[Entry]) -> Iterator[tuple[str, str, str]]:
    for entry in entries:
        name, _, job = entry.worker.partition(", ")
        yield entry.day.isoformat(), name, job


def _quoted(entries: list[Entry]) -> Iterator[str]:
    for entry in entries:
        for words in re.findall(r'"([^"]+)"', entry.words):
            if len(words.split()) > 1:
                yield _plain(words)


def _read(file: CaseFile) -> Iterator[str]:
    for passage in file.passages:
        yield from (_plain(q.span.of(passage.text)) for q in voices(passage.text).quotations)


def _plain(words: str) -> str:
    return " ".join(words.replace("’", "'").split())


def _one(name: str, right: bool) -> None:
    _COUNTED[name, "right" if right else "missed"] += 1


def _sets(name: str, written: AbstractSet[object], read: AbstractSet[object]) -> None:
    _COUNTED[name, "right"] += len(written & read)
    _COUNTED[name, "missed"] += len(written - read)
    _COUNTED[name, "extra"] += len(read - written)
    if "-v" in sys.argv:
        for each in written ^ read:
            print(name, "missed" if each in written else "extra", each)


if __name__ == "__main__":
    main()
