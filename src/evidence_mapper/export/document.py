"""A written document as a flow of headings, paragraphs and tables, for whatever format writes it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, Final, Protocol

_LINE_BREAKS: Final = dict.fromkeys((0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029), "\n")
_DROPPED: Final = dict.fromkeys(
    (
        *(c for c in range(0x20) if c not in (0x09, 0x0A)),
        *range(0x7F, 0xA0),
        *range(0x202A, 0x202F),  # directions that make a line read in another order than it is stored
        *range(0x2066, 0x206A),
        0xFEFF,
        0xFFFE,
        0xFFFF,
    )
)
_TABLE: Final[dict[int, str | None]] = {**_DROPPED, **_LINE_BREAKS}
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class Style(StrEnum):
    """What a paragraph is."""

    BODY = "body"
    OFFICIAL = "official"
    """Wording of the framework."""
    CONTEXT = "context"
    """What a reader needs before the quote that follows."""
    QUOTE = "quote"
    """Words of a document, verbatim."""
    SOURCE = "source"
    """Where the paragraph above is from."""
    CLAIM = "claim"
    """A person's claim, or the line for one."""
    NOTICE = "notice"
    """What a reader must not miss."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text."""

    text: str
    bold: bool = False
    anchor: str | None = None
    """Anchor of the heading it leads to; None for plain text."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading."""

    level: int
    """1 the outermost, at most 5; 0 is the document's title."""
    text: str
    anchor: str | None = None
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; line breaks in its text are kept."""

    runs: tuple[Run, ...]
    style: Style = Style.BODY


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, each item a line."""

    items: tuple[str, ...]


Cell = tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with one header row."""

    title: str
    """What the table shows, for people who do not see it."""
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    """Each as long as ``header``."""
    widths: tuple[float, ...] = ()
    """Parts of the width by column; empty for equal ones."""


Element = Heading | Paragraph | Bullets | Grid


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What a file says of itself."""

    title: str
    subject: str
    changed_at: str
    """UTC, ISO 8601: when the project last changed, not the time of the export."""


class DocumentWriter(Protocol):
    """One format. The same elements and info give the same bytes."""

    def __call__(self, elements: Iterable[Element], info: DocumentInfo, stream: BinaryIO) -> None:
        """Write the document to the stream, which is left open."""


def text(words: str, style: Style = Style.BODY, *, bold: bool = False) -> Paragraph:
    """Return a paragraph of one run."""
    return Paragraph((Run(words, bold),), style)


def cell(value: str | float) -> Cell:
    """Return a table cell of one paragraph."""
    return (text(str(value)),)


def printable(words: str) -> str:
    """Return text without what no reader should obey.

    Control characters other than line break and tab, marks that turn the direction of text, the byte
    order mark and non-characters are dropped, every kind of line break becomes one, and a lone
    surrogate becomes U+FFFD. Text read from files has none of these; the name of a file may.
    """
    if words.isprintable():
        return words
    return _SURROGATE.sub("\ufffd", words.replace("\r\n", "\n").translate(_TABLE))
