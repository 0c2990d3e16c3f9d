"""Join what a page or column break cut in two."""

from __future__ import annotations

from collections.abc import Sequence

from evidence_mapper.domain.document import BlockKind
from evidence_mapper.extract.pdf.flow import starts_item
from evidence_mapper.extract.pdf.model import HYPHEN, Key, Piece, runs_on

_RUNNING = {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM}
_LONGEST = 8_000
"""Characters: an element longer than this is a whole document tagged as one paragraph."""


def join_broken(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with parts of one block on several pages joined.

    The same element of the structure tree is joined for certain; without one, a block without a full
    stop is joined with one of the same size that starts with a small letter at the top of the next page
    or column.
    """
    joined: list[Piece] = []
    elements: dict[Key, Piece] = {}
    for piece in pieces:
        whole = elements.get(piece.key) if piece.key is not None else None
        if whole is not None and _same_block(whole, piece) and _fits(whole, piece):
            whole.extend(piece)
            continue
        before = _before(joined, piece)
        if before is not None and _continues(before, piece) and _fits(before, piece):
            before.extend(piece)
            if piece.key is not None:
                elements[piece.key] = before
            continue
        joined.append(piece)
        if piece.key is not None:
            elements[piece.key] = piece
    return joined


def _same_block(whole: Piece, piece: Piece) -> bool:
    """Return True when a piece of the same element belongs to the same block."""
    if whole.kind is not piece.kind or (whole.page_end == piece.page and not piece.cells):
        return False
    return not (whole.split or piece.split) or whole.text[-1:] not in ".!?:;"


def _fits(one: Piece, other: Piece) -> bool:
    return sum(len(f.text) for f in (*one.fragments, *other.fragments)) <= _LONGEST


def _before(joined: Sequence[Piece], piece: Piece) -> Piece | None:
    """Return the last piece of running text before this one, looking past notes."""
    if piece.kind not in _RUNNING or piece.table is not None:
        return None
    for before in reversed(joined[-12:]):
        if before.kind is not BlockKind.NOTE:
            return before if before.kind in _RUNNING and before.table is None else None
    return None


def _continues(before: Piece, piece: Piece) -> bool:
    if piece.kind is BlockKind.LIST_ITEM and before.kind is not BlockKind.LIST_ITEM:
        return False
    if before.contents or piece.contents or abs(before.size - piece.size) > 0.6:
        return False
    if not _breaks_here(before, piece):
        return False
    first, second = before.text, piece.text
    if starts_item(second):
        return False
    if first.endswith(HYPHEN):
        return second[:1].islower()
    return runs_on(first, second)


def _breaks_here(before: Piece, piece: Piece) -> bool:
    """Return True when a page or column ends between the two."""
    last = before.page_end
    if piece.page != last:
        return piece.page == last + 1
    if not before.fragments or not piece.fragments:
        return False
    end, start = before.fragments[-1], piece.fragments[0]
    if before.key is None and piece.key is None:
        return start.box[1] > end.box[3]  # up, to the next column
    step = end.box[1] - start.box[1]  # a new paragraph in the middle of a sentence: a slip of the author
    return 0.8 * end.size < step < 1.5 * end.size and abs(_left(before) - _left(piece)) < end.size


def _left(piece: Piece) -> float:
    return min(f.box[0] for f in piece.fragments if f.page == piece.page_end)
