"""Passages of a text from another tool: every coded span is one, and the rest is cut around them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Final

from evidence_mapper.domain.document import Block, BlockKind, ExtractedDocument, SourceLocation
from evidence_mapper.domain.passage import PassageDraft, SegmentedDocument, Span

EXTRACTOR: Final = "refi-qda/1"
_SHORT: Final = 20
"""Words below which a line is joined to the next."""


def cut_around(text: str, spans: Iterable[tuple[int, int]]) -> SegmentedDocument:
    """Return a text with a passage for each span and passages for all words outside them.

    Coded spans may overlap each other, as they do in other tools; the passages between them overlap
    nothing. No passage is without a letter or figure but a coded one.

    Parameters
    ----------
    text
        All of it.
    spans
        Half-open, none of white space only; repeats count once.
    """
    coded = sorted(set(spans))
    places = coded + [piece for gap in _gaps(text, coded) for piece in _pieces(text, *gap)]
    ends = [i for i, c in enumerate(text) if c == "\n"]
    drafts = [
        PassageDraft(
            Span(start, end), BlockKind.PARAGRAPH, SourceLocation(line=bisect_right(ends, start - 1) + 1)
        )
        for start, end in sorted(places)
    ]
    return SegmentedDocument(text, tuple(drafts))


def as_extracted(text: str, attributes: Iterable[tuple[str, str]]) -> ExtractedDocument:
    """Return a text as an extractor would, for what is guessed from words: kind of paper, date."""
    lines = ((number, line.strip()) for number, line in enumerate(text.split("\n"), start=1))
    blocks = tuple(
        Block(line, BlockKind.PARAGRAPH, SourceLocation(line=number)) for number, line in lines if line
    )
    return ExtractedDocument("text/plain", EXTRACTOR, blocks, metadata=tuple(attributes))


def _gaps(text: str, coded: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    done = 0
    for start, end in coded:
        if start > done:
            yield done, start
        done = max(done, end)
    if done < len(text):
        yield done, len(text)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield paragraphs of a stretch, short lines joined to the next, long ones cut at sentence ends."""
    from evidence_mapper.segment.split import split_text

    for first, last in _joined(text, start, end):
        for a, b in split_text(text[first:last]):
            if any(c.isalnum() for c in text[first + a : first + b]):
                yield first + a, first + b


def _joined(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    first = last = None
    at = start
    for line in text[start:end].split("\n"):
        stripped = line.strip()
        begin = at + len(line) - len(line.lstrip())
        at += len(line) + 1
        if stripped:
            first = begin if first is None else first
            last = begin + len(stripped)
        if first is not None and last is not None and (not stripped or _words(text[first:last]) >= _SHORT):
            yield first, last
            first = last = None
    if first is not None and last is not None:
        yield first, last


def _words(text: str) -> int:
    return len(text.split())
