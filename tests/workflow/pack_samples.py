"""A small project with confirmed evidence, for what is made of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evidence_mapper.domain.coding import Decision, Outcome, Polarity, Verdict
from evidence_mapper.domain.passage import Passage
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.review import ReviewSession

WAIT = (
    "The longest wait for a review of a care plan was nineteen months in the year to March, "
    "and people told us again and again that it was much too long to wait."
)
CALLS = (
    "The carers' centre answered every call it had within one working day of last year, "
    "and nobody who rang was asked to ring again later in the day."
)
STAFF = (
    "Staff told us that supervision takes place every month without fail in every team, "
    "and that what they say in it is written down and comes back to them."
)
WAITS, CARERS = "an-timeliness", "an-carers"


def write(path: Path, *paragraphs: str) -> Path:
    """Write a text file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")
    return path


def add(project: Project, *paths: Path) -> None:
    """Read files into a project without suggesting."""
    add_files(project, list(paths), workers=1)


def passage_of(project: Project, words: str) -> Passage:
    """Return the newest version's passage that holds the words."""
    for document in project.store.documents():
        for passage in project.store.passages(document.id):
            if words in passage.text:
                return passage
    raise AssertionError(words)


def confirm(
    project: Project,
    words: str,
    *,
    statements: Sequence[str] = ("assessing-needs",),
    topics: Sequence[str] = (),
    category: str | None = "processes",
    polarity: Polarity | None = None,
    coder: str = "Ann",
) -> Passage:
    """Confirm the passage that holds the words, and return it."""
    found = passage_of(project, words)
    decision = Decision(
        Outcome.CODED,
        tuple((s.id, Verdict.ACCEPTED) for s in project.framework.statements if s.id in statements),
        topics=tuple(topics),
        evidence_category=category,
        polarity=polarity,
    )
    ReviewSession(project.store, project.framework, coder, utc_now).decide(found.id, decision)
    return found
