"""A case: one person's record, put together from documents; what is read in it, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from evidence_mapper.domain.passage import Span


class Role(StrEnum):
    """What a document is within its case: guessed from its title and first lines, or set by a person."""

    CASE_NOTES = "case-notes"
    CONTACT = "contact"
    ASSESSMENT = "assessment"
    CARERS_ASSESSMENT = "carers-assessment"
    FINANCIAL = "financial-assessment"
    PLAN = "plan"
    REVIEW = "review"
    SAFEGUARDING = "safeguarding"
    LETTER = "letter"
    AUDIT_FORM = "audit-form"
    UNKNOWN = "unknown"


class Stage(StrEnum):
    """A step of a person's way through adult social care."""

    CONTACT = "contact"
    ASSESSMENT = "assessment"
    CARERS_ASSESSMENT = "carer's assessment"
    ELIGIBILITY = "eligibility"
    FINANCIAL = "financial assessment"
    PLAN = "plan"
    REVIEW = "review"
    MOVE = "move"
    SAFEGUARDING = "safeguarding"


CONSENT: Final = ("yes", "no", "unknown")
"""Whether it is noted that the person agrees to the record's use for case tracking."""
COMPLAINT: Final = ("open", "none", "unknown")
FACTS: Final = ("person", "age", "team", "services", "consent", "complaint")
"""What is known of a case beside its documents; a person may say each, but for ``person``."""


@dataclass(frozen=True, slots=True)
class Member:
    """A document that belongs to a case, or those rows of it whose column names the case."""

    document_id: str
    column: str | None = None
    """Header of the column; None when the whole document belongs."""
    value: str | None = None
    """What the column says in the rows that belong."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said of a case."""

    values: tuple[str, ...]
    coder: str
    at: str
    """UTC, ISO 8601."""


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A case as the record has it: all of it a person's doing."""

    id: str
    members: tuple[Member, ...] = ()
    """In the order they were put in."""
    roles: Mapping[str, tuple[Role, str]] = field(default_factory=dict)
    """Document id to the role a person set, and who."""
    said: Mapping[str, Said] = field(default_factory=dict)
    """A name of FACTS to what was said last."""

    @property
    def documents(self) -> tuple[str, ...]:
        """Return ids of the documents, each once."""
        return tuple(dict.fromkeys(m.document_id for m in self.members))


@dataclass(frozen=True, slots=True)
class Entry:
    """A dated heading in a record; what follows, up to the next one, is from that day."""

    span: Span
    """Of the heading in the revision's text."""
    date: str
    """``YYYY-MM-DD``, as stated."""
    until: str | None = None
    """Last day, when the heading names several."""
    time: str | None = None
    """``HH:MM``; None when none is stated."""
    title: str = ""
    """What the heading says beside date and author; empty for nothing."""
    author: str | None = None
    """None when none is stated."""
    author_role: str | None = None
    """Such as ``SW``, as stated; None when none is."""
    of_document: bool = False
    """Whether the date was given by a label such as ``Date:``, for the document as a whole."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something known of a case, and from where."""

    values: tuple[str, ...] = ()
    """Empty when it is not known."""
    said_by: str | None = None
    """Coder who said so; None when it was read in a document, or is not known."""
    document: str | None = None
    """Name of the document it was read in; None when a person said it, or it is not known."""
    quote: str | None = None
    """The line it was read in, verbatim."""
    differs: bool = False
    """Whether the documents contradict each other: then nothing is taken for known."""

    @property
    def text(self) -> str:
        """Return the values with commas; empty when not known."""
        return ", ".join(self.values)
