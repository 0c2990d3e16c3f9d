"""Confirmed evidence by passage: what every coder said of it together, with its document's date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from evidence_mapper.domain.coding import Polarity
from evidence_mapper.domain.dates import latest_day
from evidence_mapper.domain.document import Document
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.project import EvidenceRow
from evidence_mapper.errors import ExportError, UsageError
from evidence_mapper.workflow.document_facts import DATE, DATE_SOURCE
from evidence_mapper.workflow.project import Project


@dataclass(frozen=True, slots=True)
class ConfirmedPassage:
    """One passage that somebody confirmed, with all codings of it that hold."""

    rows: tuple[EvidenceRow, ...]
    """One a coder, at least one."""
    date: str
    """Of the document: ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``; empty when none was found."""
    date_source: str
    """Where the date was found; empty when none was."""

    @property
    def passage(self) -> Passage:
        """The passage."""
        return self.rows[0].passage

    @property
    def document(self) -> Document:
        """Its document."""
        return self.rows[0].document

    def marks(self) -> tuple[str, ...]:
        """Return what coders marked it as, each once, strengths first."""
        used = {row.polarity for row in self.rows}
        return tuple(p.value for p in Polarity if p.value in used)

    def is_strength(self) -> bool:
        """Return whether any coder marked it strength or mixed."""
        return bool({Polarity.STRENGTH.value, Polarity.MIXED.value} & {r.polarity for r in self.rows})

    def is_concern(self) -> bool:
        """Return whether any coder marked it concern or mixed."""
        return bool({Polarity.CONCERN.value, Polarity.MIXED.value} & {r.polarity for r in self.rows})

    def statements(self, framework: Framework) -> tuple[str, ...]:
        """Return ids of the statements any coder accepted, in framework order."""
        used = {s for row in self.rows for s in row.statements}
        return tuple(s.id for s in framework.statements if s.id in used)

    def topics(self, framework: Framework) -> tuple[str, ...]:
        """Return ids of the topics any coder chose, in framework order."""
        used = {t for row in self.rows for t in row.topics}
        return tuple(t.id for t in framework.topics if t.id in used)

    def categories(self, framework: Framework) -> tuple[str, ...]:
        """Return ids of the evidence categories coders set, in framework order; empty when none did."""
        used = {row.evidence_category for row in self.rows}
        return tuple(c.id for c in framework.evidence_categories if c.id in used)

    def of_statement(self, statement_id: str) -> ConfirmedPassage | None:
        """Return the same with only those codings that accept a statement; None when none does."""
        rows = tuple(row for row in self.rows if statement_id in row.statements)
        return ConfirmedPassage(rows, self.date, self.date_source) if rows else None


@dataclass(slots=True)
class Counts:
    """How many passages, such as those of one statement and category."""

    confirmed: int = 0
    strengths: int = 0
    concerns: int = 0
    newest: tuple[date, str] | None = None
    """Last day and date, as written, of the newest document with a date."""

    def add(self, found: ConfirmedPassage) -> None:
        """Count a passage."""
        self.confirmed += 1
        self.strengths += found.is_strength()
        self.concerns += found.is_concern()
        if (day := latest_day(found.date)) is not None:
            dated = (day, found.date)
            self.newest = dated if self.newest is None else max(self.newest, dated)

    def newest_date(self) -> str:
        """Return the date of the newest document, as written; empty when none has a date."""
        return self.newest[1] if self.newest else ""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """All confirmed evidence that counts, and how much does not."""

    passages: tuple[ConfirmedPassage, ...]
    """In document order."""
    superseded: int
    """Passages of versions since replaced whose coding did not go along: left out."""
    withdrawn: int
    """Passages of documents that a person withdrew: left out."""

    def of_statement(self, statement_id: str) -> list[ConfirmedPassage]:
        """Return the passages confirmed for a statement, with the codings that accept it."""
        found = (p.of_statement(statement_id) for p in self.passages)
        return [p for p in found if p is not None]


def read_confirmed(project: Project) -> Confirmed:
    """Return a project's confirmed evidence; versions replaced and documents withdrawn are only counted.

    All of it is in memory: :func:`each_confirmed` gives one passage after the other.
    """
    matrix = project.store.matrix()
    return Confirmed(tuple(each_confirmed(project)), matrix.superseded, matrix.withdrawn)


def each_confirmed(project: Project) -> Iterator[ConfirmedPassage]:
    """Yield the confirmed passages that count, in document order, none kept in memory."""
    facts = project.store.facts()
    rows = project.store.evidence_rows(confirmed=True)
    counting = (row for row in rows if not (row.superseded or row.withdrawn))
    for _, members in groupby(counting, key=lambda row: row.passage.id):
        yield _confirmed(members, facts)


def state_figures(project: Project) -> tuple[int, int]:
    """Return figures that change with every decision and document."""
    latest = [event.sequence for event in project.store.history(limit=1)]
    return (max(latest, default=0), project.store.passage_count())


def check_unchanged(project: Project, before: tuple[int, int]) -> None:
    """Refuse to go on when the project changed while a file was written from it in several looks.

    Raises
    ------
    ExportError
        It did.
    """
    if state_figures(project) != before:
        raise ExportError(
            "somebody recorded a decision or added a document while the project was being written, so the "
            "file would not agree with itself. Nothing was written; run it again"
        )


def _confirmed(rows: Iterable[EvidenceRow], facts: Mapping[str, Mapping[str, str]]) -> ConfirmedPassage:
    kept = tuple(rows)
    known = facts.get(kept[0].document.name, {})
    return ConfirmedPassage(kept, known.get(DATE, ""), known.get(DATE_SOURCE, ""))


def state_time(project: Project) -> str:
    """Return when the project last changed, so that the same state exports to the same bytes."""
    times = [project.store.info.created_at]
    times += [e.at for e in project.store.history(limit=1)]
    times += [d.added_at for d in project.store.documents()]
    return max(times)


def as_of_day(project: Project, asked: str | None = None) -> date:
    """Return the day ages are counted to: the one asked for, else that of the project's last change.

    Raises
    ------
    UsageError
        What was asked for is no date.
    """
    try:
        return date.fromisoformat(asked or state_time(project)[:10])
    except ValueError as error:
        raise UsageError(f"--as-of '{asked}' is no date: write it year first, such as 2026-03-31") from error
