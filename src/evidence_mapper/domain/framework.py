"""What a regulator publishes: themes, statements, evidence categories, with the source of each wording."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verification(StrEnum):
    """How far a wording can be trusted as official."""

    VERBATIM = "verbatim"
    """The exact words were read in the named source."""
    UNVERIFIED = "unverified"
    """Put together from partial sightings or general knowledge: never shown as official text."""
    CONFLICTING = "conflicting"
    """Sources differ; the variants are listed."""
    OWN = "own"
    """Written for this product or by the user: no claim to be official."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a wording was read."""

    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """Another form of a wording."""

    text: str
    sources: tuple[Source, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """A text with its standing."""

    text: str
    verification: Verification
    sources: tuple[Source, ...] = ()
    variants: tuple[Variant, ...] = ()


@dataclass(frozen=True, slots=True)
class Theme:
    """A group of statements."""

    id: str
    number: int
    title: Wording


@dataclass(frozen=True, slots=True)
class Topic:
    """A finer code under one statement."""

    id: str
    statement_id: str
    definition: str
    include: str | None = None
    exclude: str | None = None


@dataclass(frozen=True, slots=True)
class IStatement:
    """What people should be able to say, in the first person."""

    id: str
    wording: Wording
    statement_ids: tuple[str, ...]
    """Statements it serves, in framework order."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One quality statement, key line of enquiry, or other unit evidence is filed under."""

    id: str
    number: int
    theme_id: str
    title: Wording
    wording: Wording | None
    """The "We" wording; None where the framework gives a title only."""
    definition: str | None = None
    """Our own short definition for the codebook; not official text."""
    phrasings: tuple[str, ...] = ()
    """How people put what this statement covers, own words; for the classifier, never shown as official."""
    boundaries: tuple[str, ...] = ()
    """Rules that tell this statement from its neighbours."""
    legal_references: tuple[str, ...] = ()
    """Such as ``Care Act 2014 s. 9``."""
    legal_references_verification: Verification | None = None
    i_statements_note: str | None = None
    """Says so where the framework publishes no I statement for this one."""


@dataclass(frozen=True, slots=True)
class EvidenceCategory:
    """The regulator's kind of evidence."""

    id: str
    name: Wording
    required: bool = False
    """Whether every statement must have evidence of this category."""
    required_note: str | None = None


@dataclass(frozen=True, slots=True)
class Framework:
    """A published framework, or a user's own, in one version."""

    id: str
    title: str
    version: str
    publisher: str
    copyright: str
    themes: tuple[Theme, ...]
    statements: tuple[Statement, ...]
    topics: tuple[Topic, ...] = ()
    i_statements: tuple[IStatement, ...] = ()
    evidence_categories: tuple[EvidenceCategory, ...] = ()
    boundaries: tuple[str, ...] = ()
    """Rules between statements, from the codebook."""
    notes: tuple[str, ...] = ()
    """What a person must know about the file itself, such as which parts could not be verified."""
    content_sha256: str = ""
    """Hash of the file it was loaded from."""

    def statement(self, statement_id: str) -> Statement:
        """Return the statement with this id.

        Raises
        ------
        KeyError
            No such statement.
        """
        for statement in self.statements:
            if statement.id == statement_id:
                return statement
        raise KeyError(statement_id)

    def topics_of(self, statement_id: str) -> tuple[Topic, ...]:
        """Return the topics of a statement, in framework order."""
        return tuple(t for t in self.topics if t.statement_id == statement_id)

    def i_statements_of(self, statement_id: str) -> tuple[IStatement, ...]:
        """Return the I statements that serve a statement, in framework order; empty for none."""
        return tuple(i for i in self.i_statements if statement_id in i.statement_ids)
