"""Lines of text to paragraphs, headings, list items and table rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from evidence_mapper.domain.document import BlockKind, SourceLocation
from evidence_mapper.extract.clean import clean
from evidence_mapper.extract.grid import Grid
from evidence_mapper.extract.headings import BlockList
from evidence_mapper.extract.lists import bulleted, is_numbered
from evidence_mapper.extract.tables import add_grid

_MAX_WRAP: Final = 130
_MIN_WRAP: Final = 50
_RAGGED: Final = 12
_TITLE_WORDS: Final = 8
_CAPS_WORDS: Final = 12
_BODY_WORDS: Final = 12
_LONG_ITEM: Final = 25
_HASH: Final = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_RULE: Final = re.compile(r"(=+|-{2,})\s*$")
_DIVIDER: Final = re.compile(r"\s*(?:[-*_=~]\s*){3,}$")
_FENCE: Final = re.compile(r"\s*(?:```|~~~)")
_TABLE_RULE: Final = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_SECTION: Final = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?=[A-Z])")
_ASKS: Final = re.compile(r"(?:what|how|who|why|when|where|which)\b", re.IGNORECASE)
_GREETING: Final = re.compile(
    r"(?:dear|hi|hello|good (?:morning|afternoon)|(?:kind |best |warm )?regards|thanks|thank you|yours|"
    r"sent from|on .* wrote)\b",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(
    r"(?:q|question|comments?|answers?|responses?|reply|replies|feedback|suggestions?|respondent|participant|"
    r"note|reason|theme|topic)(?:\s*(?:no\.?\s*)?\d{1,4}[a-z]?\s*(?:[:.)]|[-–]\s)|\s*:|\b[^.?!:]*:$)",
    re.IGNORECASE,
)
"""What begins a line of a form: "Question 4: ...", "Q4. ...", "Comment:", "Comments, if any:"."""
_CLOSED: Final = (".", "?", "!", ":")
_ENDS: Final = (".", ":", ";", ",", "?", "!", "…")


@dataclass(slots=True)
class _Piece:
    text: str
    line: int
    """One-based."""
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int | None = None
    alone: bool = True
    """Whether blank lines, or ends of paragraphs, stand on both sides."""


class TextReader:
    """Adds a text's blocks to a block list.

    Parameters
    ----------
    out
        Where blocks go.
    markdown
        Whether ``#`` starts a heading. Underlined headings, bullets and pipe tables are read in both.
    """

    def __init__(self, out: BlockList, *, markdown: bool = False) -> None:
        self._out = out
        self._markdown = markdown
        self._tables = 0

    def read(self, text: str) -> None:
        """Read a whole text."""
        lines = clean_lines(text)
        width = _wrap_width(lines)
        pieces: list[_Piece] = []
        for start, group in _groups(lines):
            if self._is_table(group):
                self._emit(pieces)
                pieces = []
                self._add_table(start, group)
            else:
                pieces.extend(_pieces(group, start, width, markdown=self._markdown))
        self._emit(pieces)

    def _emit(self, pieces: Sequence[_Piece]) -> None:
        for index, piece in enumerate(pieces):
            place = SourceLocation(line=piece.line)
            level = piece.level or guessed_level(pieces, index)
            if level is not None:
                piece.kind = BlockKind.HEADING
                self._out.heading(piece.text, level, place)
            else:
                self._out.add(piece.text, _kind(piece), place)

    def _is_table(self, group: Sequence[str]) -> bool:
        return len(group) >= 2 and "|" in group[0] and "|" in group[1] and bool(_TABLE_RULE.match(group[1]))

    def _add_table(self, start: int, group: Sequence[str]) -> None:
        self._tables += 1
        table, rows, first = self._tables, [], start
        for offset, line in enumerate(group):
            cells = [clean(cell) for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
            if offset != 1 and any(cells):
                rows.append((offset + 1, {i: cell for i, cell in enumerate(cells) if cell}))

        def locate(row: int, _column: int | None) -> SourceLocation:
            return SourceLocation(line=first + row - 1, table=table, row=row)

        add_grid(self._out, Grid(rows, locate, header=0, is_sheet=False))


def _kind(piece: _Piece) -> BlockKind:
    # Reports number whole paragraphs ("3.4 The council ..."): those are not items of a list.
    numbered = _SECTION.match(piece.text) or is_numbered(piece.text)
    return BlockKind.PARAGRAPH if numbered and len(piece.text.split()) >= _LONG_ITEM else piece.kind


def clean_lines(text: str) -> list[str]:
    """Return cleaned lines with their indentation, one for every line of the file."""
    lines = []
    for line in re.split(r"\r\n|\r|\n", text):
        cleaned = clean(line).replace("\n", " ")
        indent = len(line) - len(line.lstrip(" \t"))
        lines.append(" " * min(indent, 40) + cleaned if cleaned else "")
    return lines


def _wrap_width(lines: Sequence[str]) -> int | None:
    """Return the width the text is wrapped at; None when every line is a paragraph.

    Lines of a form ("Question 4: ...") are as long as what they ask, whatever the width.
    """
    longest = max((len(line) for line in lines if not _is_label(line.strip())), default=0)
    return longest if _MIN_WRAP <= longest <= _MAX_WRAP else None


def _groups(lines: Sequence[str]) -> list[tuple[int, list[str]]]:
    """Return runs of lines between blank lines, dividers and fences, with their one-based first line."""
    groups: list[tuple[int, list[str]]] = []
    current: list[str] = []
    for number, line in enumerate((*lines, ""), start=1):
        under = bool(current) and _RULE.match(line) and len(current) == 1
        stop = not line.strip() or _FENCE.match(line) or (_DIVIDER.match(line) and not under)
        if not stop:
            current.append(line)
        elif current:
            groups.append((number - len(current), current))
            current = []
    return groups


def _pieces(group: list[str], start: int, width: int | None, *, markdown: bool) -> list[_Piece]:
    pieces: list[_Piece] = []
    previous = ""
    for offset, line in enumerate(group):
        text = line.strip()
        if offset and _RULE.match(text) and len(pieces) == 1 and pieces[0].level is None:
            pieces[0].level = 1 if text.startswith("=") else 2
            previous = ""
            continue
        piece = _started(text, start + offset, markdown=markdown)
        open_piece = pieces[-1] if pieces and pieces[-1].level is None else None
        goes_on = bool(previous) if markdown else open_piece and _continues(previous, line, width, open_piece)
        goes_on = goes_on and (markdown or not _is_label(text))
        if piece is None and open_piece and goes_on:
            _join(open_piece, text)
        else:
            pieces.append(piece or _Piece(text, start + offset))
        previous = line
    for piece in pieces:
        piece.alone = len(pieces) == 1 or width is None
    return pieces


def _started(text: str, line: int, *, markdown: bool) -> _Piece | None:
    """Return a piece that a line begins by its own marks; None when it has none."""
    hashes = _HASH.match(text) if markdown else None
    if hashes:
        return _Piece(hashes[2] or text, line, level=len(hashes[1]))
    item = bulleted(text)
    if item:
        return _Piece(item, line, BlockKind.LIST_ITEM)
    if _SECTION.match(text) or is_numbered(text):
        return _Piece(text, line, BlockKind.LIST_ITEM)
    return None


def _continues(previous: str, line: str, width: int | None, piece: _Piece) -> bool:
    """Return whether a line without marks goes on with the one above it."""
    if not previous:
        return False
    if piece.kind is BlockKind.LIST_ITEM and line.startswith("  "):
        return True
    if width is None:
        return False
    if _is_label(previous.strip()) and (previous.endswith(_CLOSED) or len(previous) > width):
        return False
    if previous.endswith(_CLOSED) and len(previous) < width * 0.6:
        return False
    first = line.split()[0]
    is_full = len(previous) + 1 + len(first) > width - _RAGGED
    return is_full or first[0].islower()


def _is_label(text: str) -> bool:
    """Return whether a line begins as a question or an answer of a form does."""
    return text[:1].isupper() and bool(_LABEL.match(text))


def _join(piece: _Piece, text: str) -> None:
    # A word broken at its own hyphen is joined without a space; the hyphen stays.
    glue = "" if re.search(r"\w-$", piece.text) and text[:1].islower() else " "
    piece.text = f"{piece.text}{glue}{text}"


def guessed_level(pieces: Sequence[_Piece], index: int) -> int | None:
    """Return the level of a line that stands as a heading without being marked; None for other text.

    A heading is a numbered title, a line of capitals, or a short line on its own that starts with a
    capital, does not end as a sentence does, and has a full paragraph, or one more such line, below it.
    """
    piece = pieces[index]
    before = pieces[index - 1] if index else None
    after = pieces[index + 1] if index + 1 < len(pieces) else None
    if after is None or "\t" in piece.text:
        return None
    if _SECTION.match(piece.text):
        return None if piece.text.endswith(_ENDS) else _section_level(piece, before, after)
    if not _is_title(piece):
        return None
    if piece.text.isupper() and len(piece.text) > 3:
        return 1
    if before is not None and before.text.endswith((":", ";", ",")):
        return None
    beyond = pieces[index + 2] if index + 2 < len(pieces) else None
    heads = _is_body(after) or (beyond is not None and _is_title(after) and _is_body(beyond))
    if not heads or len(piece.text.split()) > _TITLE_WORDS:
        return None
    return 3 if before is not None and before.kind is BlockKind.HEADING else 2


def _is_title(piece: _Piece) -> bool:
    if not piece.alone or piece.kind is not BlockKind.PARAGRAPH or not piece.text[0].isupper():
        return False
    if _GREETING.match(piece.text):
        return False
    asks = piece.text.endswith("?") and (piece.text.isupper() or _ASKS.match(piece.text))
    return len(piece.text.split()) <= _CAPS_WORDS and (bool(asks) or not piece.text.endswith(_ENDS))


def _is_body(piece: _Piece) -> bool:
    ends = piece.text.rstrip("\"'”’) ").endswith((".", ":", "?"))
    return piece.kind is BlockKind.PARAGRAPH and len(piece.text.split()) >= _BODY_WORDS and ends


def _section_level(piece: _Piece, before: _Piece | None, after: _Piece) -> int | None:
    """Return the depth of "3.2 Title"; None inside a numbered list, whose items follow one another."""
    if len(piece.text.split()) > _TITLE_WORDS + 2:
        return None
    depth = _depth(piece.text)
    neighbours = [p for p in (before, after) if p is not None and p.kind is BlockKind.LIST_ITEM]
    return None if depth in {_depth(p.text) for p in neighbours} else depth


def _depth(text: str) -> int | None:
    match = _SECTION.match(text)
    return match[1].count(".") + 1 if match else None
