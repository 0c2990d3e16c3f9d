"""Ruled tables on untagged pages: pdfplumber finds the cells, PDFium's own characters fill them."""

from __future__ import annotations

import ctypes
import io
import time
from collections.abc import Iterable, Sequence
from itertools import pairwise

import pypdfium2.raw as raw

from evidence_mapper.domain.document import BlockKind
from evidence_mapper.extract.pdf.handles import Handle
from evidence_mapper.extract.pdf.model import (
    Box,
    Cell,
    Fragment,
    Frame,
    Key,
    Line,
    PageContent,
    Piece,
    TableGrid,
)

_RULES = 6
"""Ruling lines or filled cells a page needs before it is worth looking for a table."""
_MAX_PATHS = 4_000
"""pdfplumber takes minutes over pages of drawings with more paths than this."""
_THIN = 3.0
_TABLE_ROOT = -1
"""First part of the key of a table that is not in a structure tree."""


def has_ruling(page: Handle) -> bool:
    """Return True when the page draws enough horizontal and vertical lines for a table."""
    count = raw.FPDFPage_CountObjects(page)
    if not _RULES <= count <= 20 * _MAX_PATHS:
        return False
    edges = [ctypes.c_float() for _ in range(4)]
    paths = across = down = 0
    for index in range(count):
        handle = raw.FPDFPage_GetObject(page, index)
        if raw.FPDFPageObj_GetType(handle) != raw.FPDF_PAGEOBJ_PATH:
            continue
        paths += 1
        if paths > _MAX_PATHS:
            return False
        raw.FPDFPageObj_GetBounds(handle, *edges)
        left, bottom, right, top = (edge.value for edge in edges)
        across += right - left > 20 and top - bottom < _THIN
        down += top - bottom > 8 and right - left < _THIN
        box = right - left > 20 and top - bottom > 8
        across, down = across + box, down + box
    return across >= 3 and down >= 3


class TableFinder:
    """Finds ruled tables, within a share of the document's time."""

    def __init__(self, data: bytes, seconds: float) -> None:
        self._data = data
        self._left = seconds
        self._plumber: Handle = None
        self.skipped: list[int] = []
        """Pages not looked at, since time ran out or pdfplumber failed: read as running text."""

    def find(self, number: int, frame: Frame) -> list[TableGrid]:
        """Return the ruled tables of one page (one-based); none once time is up."""
        if self._left <= 0:
            self.skipped.append(number)
            return []
        # Processor time: how busy the machine is must not change what is read.
        started = time.process_time()
        try:
            return self._find(number, frame)
        except Exception:  # noqa: BLE001 - a second opinion on hostile input: the page is still read as text
            self.skipped.append(number)
            return []
        finally:
            self._left -= time.process_time() - started

    def close(self) -> None:
        """Let go of pdfplumber's own copy of the document."""
        if self._plumber is not None:
            self._plumber.close()

    def _find(self, number: int, frame: Frame) -> list[TableGrid]:
        if self._plumber is None:
            import pdfplumber  # slow to import, and needed for few files

            self._plumber = pdfplumber.open(io.BytesIO(self._data))
        page = self._plumber.pages[number - 1]
        try:
            found = []
            for table in page.find_tables():
                rows = [[cell and _flip(cell, frame) for cell in row.cells] for row in table.rows]
                if len(rows) > 1 and max(len(row) for row in rows) > 1:
                    found.append(TableGrid(_flip(table.bbox, frame), rows))
            return found
        finally:
            page.close()


def _flip(box: tuple[float, float, float, float], frame: Frame) -> Box:
    left, top, right, bottom = box
    return left, frame.height - bottom, right, frame.height - top


def take_tables(page: PageContent, lines: list[Line]) -> tuple[list[Line], list[Piece]]:
    """Move what stands inside ruled tables from the lines into rows.

    Returns
    -------
    lines
        What is left, in the same order.
    rows
        TABLE_ROW pieces; each keeps its place in the stream.
    """
    pieces: list[Piece] = []
    for number, grid in enumerate(page.tables):
        inside = [f for line in lines for f in line.fragments if _holds(grid.box, f)]
        if not inside:
            continue
        taken = {id(fragment) for fragment in inside}
        lines = [
            Line(rest, line.region)
            for line in lines
            if (rest := [f for f in line.fragments if id(f) not in taken])
        ]
        pieces += _rows(page, number, grid, inside)
    return lines, pieces


def join_tables(pieces: Sequence[Piece], pages: Iterable[PageContent]) -> None:
    """Make one table, in place, of ruled tables that go on at the top of the next page."""
    edges = {
        (_TABLE_ROOT, page.number, number): _edges(grid)
        for page in pages
        for number, grid in enumerate(page.tables)
    }
    first: dict[Key, Key] = {}
    for before, piece in pairwise(pieces):
        above, below = before.table, piece.table
        if above not in edges or below not in edges or above == below or piece.page != before.page_end + 1:
            continue
        pairs = list(zip(edges[above], edges[below], strict=False))
        if len(edges[above]) == len(edges[below]) and all(abs(a - b) <= _THIN for a, b in pairs):
            first[below] = first.get(above, above)
    for piece in pieces:
        if piece.table is not None:
            piece.table = first.get(piece.table, piece.table)


def _edges(grid: TableGrid) -> list[float]:
    """Return the left edges of the row with most cells, and the table's right one."""
    widest = max(grid.rows, key=len)
    return [*(cell[0] for cell in widest if cell), grid.box[2]]


def _rows(page: PageContent, number: int, grid: TableGrid, inside: list[Fragment]) -> list[Piece]:
    """Give each fragment to its cell; one in no cell goes to the nearest row's last cell, never lost."""
    table = (_TABLE_ROOT, page.number, number)
    filled: list[list[list[Fragment]]] = [[[] for _ in row] or [[]] for row in grid.rows]
    for fragment in inside:
        row, column = _cell_of(grid, fragment)
        filled[row][column].append(fragment)
    pieces = []
    for index, cells in enumerate(filled):
        made = [Cell(i, header=False, paragraphs=[own] if own else []) for i, own in enumerate(cells)]
        fragments = [fragment for own in cells for fragment in own]
        pieces.append(Piece(BlockKind.TABLE_ROW, fragments, (*table, index), cells=made, table=table))
    return pieces


def _cell_of(grid: TableGrid, fragment: Fragment) -> tuple[int, int]:
    places = [(r, c) for r, row in enumerate(grid.rows) for c, cell in enumerate(row) if cell]
    for row, column in places:
        cell = grid.rows[row][column]
        if cell and _holds(cell, fragment):
            return row, column

    def distance(place: tuple[int, int]) -> float:
        cell = grid.rows[place[0]][place[1]]
        assert cell is not None
        x, y = _centre(fragment)
        return max(cell[0] - x, 0, x - cell[2]) + max(cell[1] - y, 0, y - cell[3])

    return min(places, key=distance, default=(0, 0))


def _centre(fragment: Fragment) -> tuple[float, float]:
    left, bottom, right, top = fragment.box
    return (left + right) / 2, (bottom + top) / 2


def _holds(box: Box, fragment: Fragment) -> bool:
    x, y = _centre(fragment)
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]
