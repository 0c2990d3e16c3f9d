"""Spans and passages."""

from __future__ import annotations

from dataclasses import dataclass, field

from evidence_mapper.domain.document import BlockKind, SourceLocation


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of Unicode code points, zero-based, in a revision's text.

    Raises
    ------
    ValueError
        ``start`` is negative or not below ``end``: an empty passage cannot be cited.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.start < 0 or self.end <= self.start:
            raise ValueError(f"not a span: {self.start}:{self.end}")

    def of(self, text: str) -> str:
        """Return the text of the span."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class PassageDraft:
    """A passage as the segmenter proposes it, before it has an identity."""

    span: Span
    kind: BlockKind
    location: SourceLocation = field(default_factory=SourceLocation)
    heading_path: tuple[str, ...] = ()
    context: str | None = None
    """List stem or survey question: read by the classifier and shown dimmed, never quoted."""
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentedDocument:
    """The revision's text and the passages cut from it."""

    text: str
    drafts: tuple[PassageDraft, ...]
    """In reading order; spans do not overlap. Text between them is headings and separators."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit of coding: a span of one revision, with its source."""

    id: str
    """Derived from the file's hash, the location and the text: the same after any re-run."""
    revision_id: str
    document_id: str
    ordinal: int
    """Zero-based place in the document."""
    span: Span
    text: str
    """Verbatim: equal to ``span.of(revision.text)``."""
    kind: BlockKind
    location: SourceLocation
    heading_path: tuple[str, ...]
    context: str | None
    attributes: tuple[tuple[str, str], ...] = ()
