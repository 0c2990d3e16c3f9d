"""What a regulator asks a council to send, and what a person put under each item."""

from __future__ import annotations

from dataclasses import dataclass

from evidence_mapper.domain.framework import Source, Verification


@dataclass(frozen=True, slots=True)
class ReturnItem:
    """One item of an information return."""

    id: str
    """The list's own number or name of it, such as ``IR12``."""
    text: str
    statements: tuple[str, ...]
    """Ids of the statements it serves, in framework order; empty when the list does not say."""
    verification: Verification = Verification.OWN
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class ReturnList:
    """A list of items, with where it is from."""

    title: str
    unofficial: bool
    """True for the list that comes with the program: it must be shown as unofficial."""
    note: str
    """What a reader must know of the list."""
    items: tuple[ReturnItem, ...]
    by: str | None = None
    """Coder who brought it in; None for the list that comes with the program."""
    at: str | None = None
    """UTC, ISO 8601; None for the list that comes with the program."""


@dataclass(frozen=True, slots=True)
class ReturnLink:
    """A document, or one passage of it, that a person put under an item."""

    item: str
    document_id: str
    passage_id: str | None
    """None when the whole document is to be sent."""
    coder: str
    at: str
    note: str | None = None
