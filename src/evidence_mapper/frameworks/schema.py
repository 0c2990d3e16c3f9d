"""The keys a framework file may have, as data; :mod:`.validate` reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final


class Kind(Enum):
    """What a key's value must be."""

    TEXT = auto()
    """Text in quotes, not empty."""
    ID = auto()
    """Text of small letters, digits and hyphens."""
    VERSION = auto()
    """Text of letters, digits, dots, hyphens and underscores: it is part of ``id@version``."""
    FLAG = auto()
    """true or false."""
    TEXTS = auto()
    """List of TEXT."""
    IDS = auto()
    """List of ID."""
    MARK = auto()
    """A value of :class:`~evidence_mapper.domain.framework.Verification`."""
    WORDING = auto()
    """TEXT alone, or a table with the text and its standing."""
    SOURCES = auto()
    """List of keys of the ``source`` tables, or of tables with ``title`` and ``url``."""
    NAMED_TABLES = auto()
    """Tables with names of their own: ``[source.some-name]``."""
    TABLES = auto()
    """Repeated tables: ``[[statement]]``."""


@dataclass(frozen=True, slots=True)
class Field:
    """One key."""

    kind: Kind
    required: bool = False
    fields: Mapping[str, Field] | None = None
    """Keys of the tables; None for a kind that is no table."""


SOURCE: Final[Mapping[str, Field]] = {
    "title": Field(Kind.TEXT, required=True),
    "url": Field(Kind.TEXT),
}

VARIANT: Final[Mapping[str, Field]] = {
    "text": Field(Kind.TEXT, required=True),
    "sources": Field(Kind.SOURCES),
    "note": Field(Kind.TEXT),
}

WORDING: Final[Mapping[str, Field]] = {
    "text": Field(Kind.TEXT, required=True),
    "verification": Field(Kind.MARK),
    "sources": Field(Kind.SOURCES),
    "variant": Field(Kind.TABLES, fields=VARIANT),
}

THEME: Final[Mapping[str, Field]] = {
    "id": Field(Kind.ID, required=True),
    "title": Field(Kind.WORDING, required=True, fields=WORDING),
}

STATEMENT: Final[Mapping[str, Field]] = {
    "id": Field(Kind.ID, required=True),
    "theme": Field(Kind.ID),
    "title": Field(Kind.WORDING, required=True, fields=WORDING),
    "we": Field(Kind.WORDING, fields=WORDING),
    "definition": Field(Kind.TEXT),
    "phrasings": Field(Kind.TEXTS),
    "legal_references": Field(Kind.TEXTS),
    "legal_references_verification": Field(Kind.MARK),
    "i_statements_note": Field(Kind.TEXT),
}

TOPIC: Final[Mapping[str, Field]] = {
    "id": Field(Kind.ID, required=True),
    "statement": Field(Kind.ID, required=True),
    "definition": Field(Kind.TEXT, required=True),
    "include": Field(Kind.TEXT),
    "exclude": Field(Kind.TEXT),
}

I_STATEMENT: Final[Mapping[str, Field]] = {
    "id": Field(Kind.ID, required=True),
    "wording": Field(Kind.WORDING, required=True, fields=WORDING),
    "statements": Field(Kind.IDS, required=True),
}

EVIDENCE_CATEGORY: Final[Mapping[str, Field]] = {
    "id": Field(Kind.ID, required=True),
    "name": Field(Kind.WORDING, required=True, fields=WORDING),
    "required": Field(Kind.FLAG),
    "required_note": Field(Kind.TEXT),
}

BOUNDARY: Final[Mapping[str, Field]] = {
    "text": Field(Kind.TEXT, required=True),
    "statements": Field(Kind.IDS),
}

ROOT: Final[Mapping[str, Field]] = {
    "id": Field(Kind.ID, required=True),
    "title": Field(Kind.TEXT, required=True),
    "version": Field(Kind.VERSION, required=True),
    "publisher": Field(Kind.TEXT),
    "copyright": Field(Kind.TEXT),
    "notes": Field(Kind.TEXTS),
    "source": Field(Kind.NAMED_TABLES, fields=SOURCE),
    "theme": Field(Kind.TABLES, fields=THEME),
    "statement": Field(Kind.TABLES, required=True, fields=STATEMENT),
    "topic": Field(Kind.TABLES, fields=TOPIC),
    "i_statement": Field(Kind.TABLES, fields=I_STATEMENT),
    "evidence_category": Field(Kind.TABLES, fields=EVIDENCE_CATEGORY),
    "boundary": Field(Kind.TABLES, fields=BOUNDARY),
}
