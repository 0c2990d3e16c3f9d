"""Passages: paragraphs with their lists, table rows, survey answers, speaker turns, notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from evidence_mapper.domain.document import BlockKind, ExtractedDocument
from evidence_mapper.domain.passage import PassageDraft, SegmentedDocument
from evidence_mapper.segment.placed import PROSE, Placed, draft, may_join, place_blocks
from evidence_mapper.segment.prose import prose_passages
from evidence_mapper.segment.row_names import named_rows
from evidence_mapper.segment.sizes import CAP, ROWS, SHORT_ROW
from evidence_mapper.segment.split import split_text

NAME: Final = "blocks/3"
"""Name and version of these rules: a change of output is a new version."""


def segment(document: ExtractedDocument) -> SegmentedDocument:
    """Return a document's text and its passages.

    Every block that is not a heading is covered by passages, none of it twice. Passages do not
    overlap, have no white space at their ends and hold at most 220 words. Paragraphs below 20 words
    are joined to a neighbour under the same headings, a list to the sentence that announces it, and
    a row of nothing but figures to the row above that names them; survey answers, speaker turns and
    notes are never joined. What is over 220 words is cut at sentence ends. The same document gives
    the same passages.
    """
    text, placed = place_blocks(document.blocks)
    drafts: list[PassageDraft] = []
    for run in _runs(placed):
        drafts.extend(_passages(run))
    return SegmentedDocument(text, tuple(drafts))


def whole_or_parts(placed: Placed) -> Iterator[PassageDraft]:
    """Yield one block as one passage, or its parts when it is over the cap."""
    for start, end in split_text(placed.text):
        yield draft([placed], start=placed.start + start, end=placed.start + end)


def _runs(placed: Sequence[Placed]) -> Iterator[list[Placed]]:
    """Yield neighbours that might share a passage."""
    run: list[Placed] = []
    for block in placed:
        if run and not (_family(run[-1]) == _family(block) and may_join(run[-1].block, block.block)):
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def _family(placed: Placed) -> str:
    return "prose" if placed.block.kind in PROSE else placed.block.kind.value


def _passages(run: Sequence[Placed]) -> Iterator[PassageDraft]:
    kind = run[0].block.kind
    if kind is BlockKind.HEADING:
        return
    if kind in PROSE:
        yield from prose_passages(run)
    elif kind is BlockKind.TABLE_ROW:
        yield from _rows(run)
    else:
        for placed in run:
            yield from whole_or_parts(placed)


def _rows(run: Sequence[Placed]) -> Iterator[PassageDraft]:
    shared: list[Placed] = []
    for rows in named_rows(run):
        words = sum(p.words for p in rows)
        fits = sum(p.words for p in shared) + words <= ROWS
        if shared and not (words < SHORT_ROW and fits):
            yield draft(shared)
            shared = []
        if words < SHORT_ROW:
            shared.extend(rows)
        elif words > CAP:
            for placed in rows:
                yield from whole_or_parts(placed)
        else:
            yield draft(rows)
    if shared:
        yield draft(shared)
