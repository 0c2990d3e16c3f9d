"""Blocks with their place in the revision's text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from evidence_mapper.domain.document import Block, BlockKind, SourceLocation
from evidence_mapper.domain.passage import PassageDraft, Span
from evidence_mapper.segment.sizes import word_count

PROSE = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})


@dataclass(frozen=True, slots=True)
class Placed:
    """One block and where its text starts in the revision's."""

    block: Block
    text: str
    start: int
    words: int

    @property
    def end(self) -> int:
        """End of the block's text, half-open."""
        return self.start + len(self.text)

    @property
    def is_stem(self) -> bool:
        """Whether the block announces a list."""
        return self.block.kind is BlockKind.PARAGRAPH and self.text.endswith(":")


def place_blocks(blocks: Sequence[Block]) -> tuple[str, list[Placed]]:
    """Return the revision's text and every block's place in it.

    Blocks are separated by an empty line, items of one list by a line break. A block of white space
    is left out.
    """
    pieces: list[str] = []
    placed: list[Placed] = []
    length = 0
    for block in blocks:
        text = block.text.strip()
        if not text:
            continue
        if placed:
            pieces.append("\n" if _same_list(placed[-1].block, block) else "\n\n")
            length += len(pieces[-1])
        placed.append(Placed(block, text, length, word_count(text)))
        pieces.append(text)
        length += len(text)
    return "".join(pieces), placed


def may_join(first: Block, second: Block) -> bool:
    """Return whether two neighbouring blocks stand in one place: same headings, context, cell and part."""
    a, b = first.location, second.location
    return (
        first.heading_path == second.heading_path
        and first.context == second.context
        and first.attributes == second.attributes
        and (a.table, a.part, a.sheet, a.speaker) == (b.table, b.part, b.sheet, b.speaker)
    )


def draft(
    blocks: Sequence[Placed], *, start: int | None = None, end: int | None = None, context: str | None = None
) -> PassageDraft:
    """Return the passage from the first block to the last.

    Parameters
    ----------
    blocks
        Neighbours, at least one.
    start, end
        Range in the revision's text; None takes the blocks' own.
    context
        Takes the place of the block's context; None keeps that.
    """
    first = blocks[0]
    kinds = [p.block.kind for p in blocks]
    return PassageDraft(
        span=Span(first.start if start is None else start, blocks[-1].end if end is None else end),
        kind=BlockKind.PARAGRAPH if BlockKind.PARAGRAPH in kinds else kinds[0],
        location=_merged([p.block.location for p in blocks]),
        heading_path=first.block.heading_path,
        context=first.block.context if context is None else context,
        attributes=first.block.attributes,
    )


def _same_list(first: Block, second: Block) -> bool:
    both = first.kind is BlockKind.LIST_ITEM and second.kind is BlockKind.LIST_ITEM
    return both and may_join(first, second)


def _merged(locations: Sequence[SourceLocation]) -> SourceLocation:
    first, last = locations[0], locations[-1]
    last_page = last.page if last.page_end is None else last.page_end
    page_end = last_page if last_page != first.page else None
    boxes = [place.bbox for place in locations if place.bbox is not None and place.page == first.page]
    box = first.bbox
    if boxes:
        left, bottom, right, top = zip(*boxes, strict=True)
        box = (min(left), min(bottom), max(right), max(top))
    sure = [place.confidence for place in locations if place.confidence is not None]
    return replace(first, page_end=page_end, bbox=box, confidence=min(sure, default=None))
