"""What the report's page is made of, besides the rows of evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.shown import Shown, ShownGap, ShownMatrix


@dataclass(frozen=True, slots=True)
class Person:
    """One coder's part in the confirmed evidence."""

    name: str
    passages: int
    first: str
    """When they confirmed the first passage that counts: UTC, ISO 8601."""
    last: str


@dataclass(frozen=True, slots=True)
class Ages:
    """Confirmed passages by statement and by the year their document is dated."""

    columns: tuple[str, ...]
    """Years, oldest first; the last column is the undated."""
    rows: Mapping[str, Sequence[Shown]]
    """Statement id to a count for each column."""
    oldest: Mapping[str, str] = field(default_factory=dict)
    """Statement id to the date of the oldest document with evidence; empty after disclosure control."""
    newest: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that confirmed evidence comes from."""

    id: str
    name: str
    file_sha256: str
    source_type: str
    date: str
    """``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; empty when none was found."""
    passages: int
    """Confirmed passages."""


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """All of the page but the quotes."""

    framework: Framework
    categories: Mapping[str, str]
    """Evidence category id to name, in order."""
    matrix: ShownMatrix
    gaps: Sequence[ShownGap]
    ages: Ages
    passages: Shown
    """Confirmed passages that count, each once."""
    documents: Shown
    """Documents they come from."""
    changed_at: str
    """When the project last changed: UTC, ISO 8601."""
    people: Sequence[Person] = ()
    """Who confirmed; empty after disclosure control."""
    papers: Sequence[Paper] = ()
    """By name; empty after disclosure control."""
    notes: Sequence[str] = ()
    """What the counts cannot know: files not read, passages not counted."""
    unverified: Sequence[str] = ()
    """A line for each part of the framework that is not official text."""
    applied: str = ""
    """What disclosure control did; empty when it was not applied."""
    narrowed: str = ""
    """What the list is narrowed to; empty when all confirmed evidence is in it."""
    not_listed: str = ""
    """Why there is no list; empty when there is one."""
