"""Find headings by their look, where a document's tags name none or there are no tags."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from evidence_mapper.domain.document import BlockKind
from evidence_mapper.extract.pdf.model import Piece

_MAX_WORDS = 14
_FEW_WORDS = 8
_MAX_QUESTION = 40
"""Forms put a whole question in bold above its answer."""
_LARGER = 1.12
_SPARSE = 0.15
"""Tagged headings a page below which a document's own headings are taken as incomplete."""
_LEVELS = 6
_NUMBER = re.compile(r"^(\d{1,2}(?:\.\d{1,2}){0,4})[.)]?\s+(?=[A-Z\"'‘“(])")
_NAMED = re.compile(
    r"^(?:Policy|Chapter|Section|Part|Appendix|Annex|Schedule|Priority)\s+(?:[A-Z]{0,3}\d{1,3}|[A-Z])\b"
)
_NOT_HEADING = re.compile(r"[.;,]$|^\d+$|^[^\w]*$|^\(")


def mark_headings(pieces: Sequence[Piece], pages: int) -> None:
    """Turn paragraphs that look like headings into headings, in place.

    Where the structure tree names enough headings itself, only two kinds are added: large text in the
    very style of a tagged heading, since slides often have their title in a plain text box; and a few
    words in bold on their own, one level below the tagged ones.
    """
    body = _body(pieces)
    if body is None:
        return
    size, bold = body
    tagged = [piece for piece in pieces if piece.kind is BlockKind.HEADING]
    if len(tagged) >= max(1.0, _SPARSE * pages):
        _promote_alike(pieces, tagged, size, body_bold=bold)
        return
    found = [p for p in pieces if _looks_like_heading(p, size, body_bold=bold)]
    ranks = _ranks(found)
    for piece in found:
        piece.kind = BlockKind.HEADING
        piece.level = min(_LEVELS, ranks[_style(piece)] + (_depth(piece) or 0))


def _promote_alike(pieces: Sequence[Piece], tagged: Sequence[Piece], size: float, *, body_bold: bool) -> None:
    levels: dict[tuple[float, bool], Counter[int]] = {}
    numbered: dict[int | None, int] = {_depth(piece): piece.level or 1 for piece in tagged}
    numbered.pop(None, None)
    deepest = max(piece.level or 1 for piece in tagged)
    for piece in tagged:
        if _bucket(piece.size) >= _LARGER * size:
            levels.setdefault(_style(piece), Counter())[piece.level or 1] += 1
    for piece in pieces:
        if not _looks_like_heading(piece, size, body_bold=body_bold):
            continue
        level = levels.get(_style(piece))
        if level is not None:
            piece.kind = BlockKind.HEADING
            piece.level = level.most_common(1)[0][0]
        elif piece.bold and not body_bold and len(piece.text.split()) <= _FEW_WORDS:
            piece.kind = BlockKind.HEADING
            piece.level = min(_LEVELS, numbered.get(_depth(piece), deepest + 1))


def lift_titles(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with a heading that stands above all else on its page put first there.

    Slides often name their title last in the structure tree.
    """
    by_page: dict[int, list[Piece]] = {}
    for piece in pieces:
        by_page.setdefault(piece.page, []).append(piece)
    for page, found in by_page.items():
        title = max(found, key=_bottom)
        if title.kind is BlockKind.HEADING and title is not found[0] and title.page_end == page:
            by_page[page] = [title, *(piece for piece in found if piece is not title)]
    return [piece for found in by_page.values() for piece in found]


def _bottom(piece: Piece) -> float:
    return min((f.box[1] for f in piece.fragments if f.page == piece.page), default=float("-inf"))


def _body(pieces: Sequence[Piece]) -> tuple[float, bool] | None:
    """Return the size most characters have, and whether most of those are bold."""
    sizes: Counter[float] = Counter()
    heavy: Counter[float] = Counter()
    for piece in pieces:
        for fragment in piece.fragments:
            size = _bucket(fragment.size)
            sizes[size] += len(fragment.text)
            heavy[size] += len(fragment.text) * fragment.bold
    if not sizes:
        return None
    size, count = sizes.most_common(1)[0]
    return size, heavy[size] > count / 2


def _looks_like_heading(piece: Piece, size: float, *, body_bold: bool) -> bool:
    if piece.kind is not BlockKind.PARAGRAPH and not (piece.kind is BlockKind.LIST_ITEM and piece.bold):
        return False
    if piece.cells or piece.contents or all(f.artefact for f in piece.fragments):
        return False
    text = piece.text
    words = text.split()
    most = _MAX_QUESTION if piece.bold and text.endswith("?") else _MAX_WORDS
    if not words or len(words) > most or _NOT_HEADING.search(text) or not any(map(str.isalpha, text)):
        return False
    if not (text[0].isupper() or text[0].isdigit()):
        return False
    larger = _bucket(piece.size) >= _LARGER * size
    heavier = piece.bold and not body_bold and _bucket(piece.size) >= 0.9 * size
    capitals = text.isupper() and len(words) >= 2 and sum(map(str.isalpha, text)) >= 8
    return larger or heavier or capitals or bool(_NAMED.match(text) and len(words) <= 12)


def _depth(piece: Piece) -> int | None:
    """Return 0 for "3 Title", 1 for "3.1 Title", and so on; None without a number."""
    number = _NUMBER.match(piece.text)
    return number.group(1).count(".") if number else None


def _ranks(found: Sequence[Piece]) -> dict[tuple[float, bool], int]:
    styles = sorted({_style(piece) for piece in found}, reverse=True)
    return {style: min(_LEVELS, rank) for rank, style in enumerate(styles, 1)}


def _style(piece: Piece) -> tuple[float, bool]:
    return _bucket(piece.size), piece.bold


def _bucket(size: float) -> float:
    return round(size * 2) / 2
