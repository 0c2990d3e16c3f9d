"""Documents, their extracted text, and places within the original file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, Final


class SourceType(StrEnum):
    """What kind of paper a document is; guessed from its name and form, set by a person."""

    POLICY = "policy"
    STRATEGY = "strategy"
    PERFORMANCE_REPORT = "performance-report"
    COMMITTEE_REPORT = "committee-report"
    SURVEY_COMMENT = "survey-comment"
    FOCUS_GROUP = "focus-group"
    CASE_RECORD = "case-record"
    CASE_AUDIT = "case-audit"
    STAFF_FEEDBACK = "staff-feedback"
    PARTNER_FEEDBACK = "partner-feedback"
    COMPLAINT = "complaint"
    EMAIL = "email"
    SELF_ASSESSMENT = "self-assessment"
    ASSESSMENT_REPORT = "assessment-report"
    UNKNOWN = "unknown"


DOUBTFUL = 0.85
"""Confidence of text recognition below which a person should compare the words with the page."""


@dataclass(frozen=True, slots=True)
class SourceLocation:
    """A place in the original file. Every field is None where the format has no such thing."""

    page: int | None = None
    """One-based page of a PDF; for a passage, the page it starts on."""
    page_end: int | None = None
    """Last page, when the passage runs over a page break."""
    bbox: tuple[float, float, float, float] | None = None
    """Left, bottom, right, top in PDF points, origin bottom left, of the part on ``page``."""
    paragraph: int | None = None
    """One-based paragraph number in a DOCX, HTML or text file."""
    line: int | None = None
    """One-based line in a text or CSV file."""
    sheet: str | None = None
    """Worksheet name."""
    row: int | None = None
    """One-based row of a worksheet, CSV file or table."""
    column: str | None = None
    """Column letter of a worksheet cell, or column name of a CSV file."""
    table: int | None = None
    """One-based number of the table in the document."""
    part: str | None = None
    """Part of the file other than the main text: ``footnotes``, ``comments``."""
    speaker: str | None = None
    """Who speaks, in a transcript."""
    slide: int | None = None
    """One-based slide of a presentation, hidden slides counted."""
    shape: str | None = None
    """Name of the shape on the slide, as the program's selection pane shows it."""
    time: str | None = None
    """When the words begin in a recording, ``HH:MM:SS.mmm`` from its start."""
    time_end: str | None = None
    """When they end."""
    confidence: float | None = None
    """How sure text recognition is of its reading, in [0, 1]; None for text that the file itself holds."""

    @property
    def is_doubtful(self) -> bool:
        """Whether the text was read from a picture, and may well be misread."""
        return self.confidence is not None and self.confidence < DOUBTFUL

    @property
    def table_key(self) -> tuple[object, ...]:
        """What rows of the same table of a file share: part, sheet, slide and table."""
        return (self.part, self.sheet, self.slide, self.table)

    def to_json(self) -> dict[str, Any]:
        """Return the set fields only, ready for JSON."""
        pairs = ((f.name, getattr(self, f.name)) for f in fields(self))
        return {name: list(v) if isinstance(v, tuple) else v for name, v in pairs if v is not None}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SourceLocation:
        """Rebuild a location from :meth:`to_json`."""
        values = dict(data)
        if values.get("bbox") is not None:
            left, bottom, right, top = values["bbox"]
            values["bbox"] = (float(left), float(bottom), float(right), float(top))
        return cls(**values)

    def _leaf(self) -> list[str]:
        """Return the page, or the slide and the shape on it."""
        pieces = []
        if self.page is not None:
            over = self.page_end is not None and self.page_end != self.page
            pieces.append(f"pp. {self.page}-{self.page_end}" if over else f"p. {self.page}")
        if self.slide is not None:
            pieces.append(f"slide {self.slide}")
        if self.shape is not None:
            pieces.append(self.shape)
        return pieces

    def label(self) -> str:
        """Return a short text for a person, such as ``"p. 4"`` or ``"Comments row 12, col C"``."""
        pieces = self._leaf()
        if self.sheet is not None:
            pieces.append(f"sheet {self.sheet}")
        if self.table is not None:
            pieces.append(f"table {self.table}")
        if self.row is not None:
            pieces.append(f"row {self.row}")
        if self.column is not None:
            pieces.append(f"col {self.column}")
        if self.paragraph is not None:
            pieces.append(f"para. {self.paragraph}")
        if self.line is not None and self.paragraph is None and self.row is None:
            pieces.append(f"line {self.line}")
        if self.part is not None:
            pieces.append(self.part)
        if self.time is not None:
            pieces.append(f"at {self.time.partition('.')[0]}")
        if self.speaker is not None:
            pieces.append(self.speaker)
        if self.confidence is not None:
            pieces.append("scan, may be misread" if self.is_doubtful else "scan")
        return ", ".join(pieces)


class BlockKind(StrEnum):
    """What a block of extracted text is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list-item"
    TABLE_ROW = "table-row"
    COMMENT = "comment"
    """A free-text answer in a survey: one cell, one passage."""
    TURN = "turn"
    """What one speaker says before the next one does."""
    NOTE = "note"
    """A footnote or a reviewer's comment in the margin."""


CELL_BREAK: Final = "; "
"""Stands between the cells of a row in the text of a TABLE_ROW."""


@dataclass(frozen=True, slots=True)
class Block:
    """The smallest unit an extractor reports, in reading order."""

    text: str
    """Cleaned text, without surrounding white space, never empty."""
    kind: BlockKind
    location: SourceLocation = field(default_factory=SourceLocation)
    heading_path: tuple[str, ...] = ()
    """Headings above the block, outermost first; for a HEADING those above it."""
    level: int | None = None
    """Depth of a heading, 1 the outermost; None for other kinds."""
    context: str | None = None
    """Words a reader needs to understand the block that are not part of it: a survey question."""
    attributes: tuple[tuple[str, str], ...] = ()
    """Other columns of the same survey row, as (header, value) pairs."""


class ExclusionReason(StrEnum):
    """Why text of the original is not in the revision."""

    FURNITURE = "furniture"
    """Running header, footer or page number."""
    CONTENTS = "contents"
    """Table of contents."""
    DELETED = "deleted"
    """Tracked deletion."""
    HIDDEN = "hidden"
    """Hidden text, row, column or sheet."""
    QUOTED = "quoted"
    """Earlier message repeated below a reply, and in the project already."""
    SIGNATURE = "signature"
    """Signature or disclaimer of an e-mail."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Text left out on purpose, kept so that it can be audited."""

    text: str
    reason: ExclusionReason
    location: SourceLocation = field(default_factory=SourceLocation)


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside another: in an archive, or attached to a message."""

    name: str
    """Path inside the container, made safe, with forward slashes; no two members share one."""
    step: int
    """Zero-based place in the container's own order."""
    size: int
    """Bytes, unpacked; 0 when it was refused."""
    sha256: str | None
    """Hash of its bytes; None when it was refused."""
    refusal: tuple[str, str] | None = None
    """(code, message) of the error that keeps it from being read."""


@dataclass(frozen=True, slots=True)
class ExtractedDocument:
    """All an extractor found in one file."""

    media_type: str
    """Detected from content, such as ``application/pdf``."""
    extractor: str
    """Name and version of the reader, such as ``pdf/1``."""
    blocks: tuple[Block, ...]
    exclusions: tuple[Exclusion, ...] = ()
    pages: int | None = None
    """Number of pages; None for formats without pages."""
    unread_pages: tuple[int, ...] = ()
    """One-based pages that hold a picture and no text, or failed to load."""
    warnings: tuple[str, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()
    """Title, author, created, modified where the file states them."""
    members: tuple[Member, ...] = ()
    """Files inside this one. An archive has members and no blocks; a message may have both."""


@dataclass(frozen=True, slots=True)
class Document:
    """One file a person brought in."""

    id: str
    name: str
    """Path relative to what was added, with forward slashes."""
    file_sha256: str
    media_type: str
    source_type: SourceType
    source_type_by: str | None
    """Coder who set the source type; None when it is the machine's guess."""
    pages: int | None
    added_at: str
    """UTC, ISO 8601."""


@dataclass(frozen=True, slots=True)
class DocumentRevision:
    """The immutable text of one reading of a document."""

    id: str
    document_id: str
    file_sha256: str
    text: str
    text_sha256: str
    extractor: str
    created_at: str
