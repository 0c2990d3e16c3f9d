"""From pages to blocks: furniture out, broken paragraphs joined, headings and tables worked out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from evidence_mapper.domain.document import Block, BlockKind, Exclusion, ExclusionReason, SourceLocation
from evidence_mapper.extract.clean import clean
from evidence_mapper.extract.pdf.columns import number_columns, order_columns
from evidence_mapper.extract.pdf.contents import mark_contents
from evidence_mapper.extract.pdf.flow import BULLET, BULLETS, build_lines, flow_pieces
from evidence_mapper.extract.pdf.furniture import find_furniture
from evidence_mapper.extract.pdf.headings import lift_titles, mark_headings
from evidence_mapper.extract.pdf.hyphens import mend, vocabulary
from evidence_mapper.extract.pdf.joining import join_broken
from evidence_mapper.extract.pdf.model import HYPHEN, Key, Line, PageContent, Piece
from evidence_mapper.extract.pdf.rows import RowText, row_texts, unbox
from evidence_mapper.extract.pdf.ruled import join_tables, take_tables
from evidence_mapper.extract.pdf.tagged import protected_ids, tagged_pieces, tagged_share

_TAGGED = 0.5
"""Share of the characters a structure tree must reach for its order to be followed."""


_ORDINAL: Final = re.compile(r"(?<![\d£$.,])\b([1-9]|[12]\d|3[01]) (st|nd|rd|th)\b")
"""A raised ending, which stands a little apart from its number: "9 th April"."""
_LETTERED = re.compile(r"^(?:\(?[a-z][.)]|\(?[ivx]{1,5}\))\s")
_CLAUSE = re.compile(r"^\d{1,2}(?:\.\d{1,2})+\.?\s")
"""Numbered paragraphs of a report, which Word tags as list items: "3.2 The Committee ..."."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """The text of a document and what was left out of it."""

    blocks: tuple[Block, ...]
    exclusions: tuple[Exclusion, ...]
    kept: dict[int, int]
    """Page number to characters that are not furniture."""


def assemble(pages: Sequence[PageContent]) -> Assembled:
    """Turn the pages of one document into blocks, in reading order."""
    lined = [(page, build_lines(page.fragments)) for page in pages]
    tagged = {page.number: bool(page.nodes) and tagged_share(page) >= _TAGGED for page in pages}
    protected = {page.number: set(protected_ids(page.nodes)) for page in pages if tagged[page.number]}
    furniture = find_furniture(lined, protected)
    pieces: list[Piece] = []
    exclusions: list[Exclusion] = []
    kept: dict[int, int] = {}
    for page, lines in lined:
        exclusions += (
            _furniture(page, line) for line in lines if id(line) in furniture and clean(line.text).strip()
        )
        rest = [line for line in lines if id(line) not in furniture]
        kept[page.number] = _characters(rest)
        pieces += tagged_pieces(page, rest) if tagged[page.number] else _untagged_pieces(page, rest)
        pieces += [replace(note, fragments=list(note.fragments)) for note in page.notes]
    join_tables(pieces, pages)
    pieces = unbox(join_broken(pieces))
    mark_contents(pieces)
    mark_headings([piece for piece in pieces if not piece.contents], len(pages))
    writer = _Writer(lift_titles(pieces))
    blocks = tuple(writer.blocks())
    exclusions += writer.exclusions
    exclusions.sort(key=lambda exclusion: exclusion.location.page or 0)
    return Assembled(blocks, tuple(exclusions), kept)


def _characters(lines: Iterable[Line]) -> int:
    """Return the number of characters that are not white space."""
    return len("".join("".join(f.text for line in lines for f in line.fragments).split()))


def _untagged_pieces(page: PageContent, lines: list[Line]) -> list[Piece]:
    lines, rows = take_tables(page, lines)
    rows = [row for row in rows if row.fragments]
    pieces: list[Piece] = []
    waiting: list[Line] = []
    starts = sorted((row.start, index) for index, row in enumerate(rows))
    for line in number_columns(order_columns(lines)):
        while starts and starts[0][0] < line.fragments[0].start:
            pieces += flow_pieces(waiting)
            waiting = []
            pieces.append(rows[starts.pop(0)[1]])
        waiting.append(line)
    pieces += flow_pieces(waiting)
    return pieces + [rows[index] for _, index in starts]


def _furniture(page: PageContent, line: Line) -> Exclusion:
    location = SourceLocation(page=page.number, bbox=_rounded(page.frame.from_display(line.box)))
    return Exclusion(clean(line.text).strip(), ExclusionReason.FURNITURE, location)


class _Writer:
    """Writes blocks, keeping the heading path and the numbers of the tables."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        broken = any(HYPHEN in piece.text for piece in pieces)
        self._words = vocabulary(piece.text for piece in pieces) if broken else frozenset()
        self._path: list[tuple[int, str]] = []
        self._tables: dict[Key, int] = {}
        self._rows = dict(_table_texts(pieces))
        self.exclusions: list[Exclusion] = []

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks in order; contents entries go to ``exclusions``."""
        for piece in self._pieces:
            if piece.contents:
                text = self._finish(piece.text)
                if text:
                    self.exclusions.append(Exclusion(text, ExclusionReason.CONTENTS, self._location(piece)))
            elif piece.cells is not None:
                yield from self._table_row(piece)
            else:
                yield from self._running(piece)

    def _finish(self, text: str) -> str:
        return _ORDINAL.sub(r"\1\2", clean(mend(text, self._words)).strip())

    def _running(self, piece: Piece) -> Iterator[Block]:
        text = self._finish(piece.text)
        kind = piece.kind
        if kind is BlockKind.PARAGRAPH and text[:1] and text[0] in BULLETS.replace("–", ""):
            kind = BlockKind.LIST_ITEM
        if kind is BlockKind.PARAGRAPH and _LETTERED.match(text):
            kind = BlockKind.LIST_ITEM
        if kind is BlockKind.LIST_ITEM:
            text = BULLET.sub("", text)
            if _CLAUSE.match(text):
                kind = BlockKind.PARAGRAPH
        if not text:
            return
        if kind is not BlockKind.HEADING:
            yield Block(text, kind, self._location(piece), self._headings(), context=piece.context)
            return
        level = piece.level or 1
        while self._path and self._path[-1][0] >= level:
            self._path.pop()
        yield Block(text, kind, self._location(piece), self._headings(), level)
        self._path.append((level, text))

    def _headings(self) -> tuple[str, ...]:
        return tuple(text for _, text in self._path)

    def _table_row(self, piece: Piece) -> Iterator[Block]:
        assert piece.table is not None
        for row in self._rows[id(piece)]:
            text = self._finish_cells(row.text)
            if not text:
                continue
            context = self._finish_cells(row.context) if row.context else None
            location = self._location(piece, row.row)
            yield Block(text, BlockKind.TABLE_ROW, location, self._headings(), context=context)

    def _location(self, piece: Piece, row: int | None = None) -> SourceLocation:
        box = piece.bbox
        table = None
        if piece.table is not None:
            table = self._tables.setdefault(piece.table, len(self._tables) + 1)
        return SourceLocation(
            page=piece.page,
            page_end=piece.page_end if piece.page_end != piece.page else None,
            bbox=_rounded(box) if box else None,
            table=table,
            row=row or piece.row,
            confidence=None if piece.confidence is None else round(piece.confidence, 2),
        )

    def _finish_cells(self, text: str) -> str:
        parts = (self._finish(part) for part in text.split("\n"))
        return "\n".join(part for part in parts if part)


def _table_texts(pieces: Iterable[Piece]) -> Iterator[tuple[int, list[RowText]]]:
    tables: dict[Key, list[Piece]] = {}
    for piece in pieces:
        if piece.table is not None and piece.cells is not None:
            tables.setdefault(piece.table, []).append(piece)
    for rows in tables.values():
        yield from zip(map(id, rows), row_texts(rows), strict=True)


def _rounded(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, bottom, right, top = (round(edge, 1) for edge in box)
    return left, bottom, right, top
