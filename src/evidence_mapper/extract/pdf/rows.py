"""Rows of a table as text: ``Header: value; Header: value``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evidence_mapper.domain.document import BlockKind
from evidence_mapper.extract.pdf.model import Cell, Key, Piece, join

_HEADER_WORDS = 12
_LABEL_WORDS = 12
_COLUMNS = 10_000


@dataclass(frozen=True, slots=True)
class RowText:
    """One block made from a table row."""

    text: str
    row: int
    """One-based row of the table."""
    context: str | None = None
    """Cells of rows above that span this one."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cell on the grid."""

    column: int
    columns: int
    header: bool
    bold: bool
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class _Row:
    cells: tuple[_Placed, ...]
    spanning: tuple[_Placed, ...]
    """Cells of earlier rows that reach down into this one."""

    @property
    def filled(self) -> list[_Placed]:
        return [cell for cell in self.cells if cell.paragraphs]


def row_texts(rows: Sequence[Piece]) -> list[list[RowText]]:
    """Return, for each row of one table, its blocks: none for an empty row or a header.

    Parameters
    ----------
    rows
        All rows of the table, from all its pages, in order.
    """
    grid = _place(rows)
    width = max((cell.column + cell.columns for row in grid for cell in row.cells), default=0)
    heads = _header_rows(grid)
    headers: list[str] = []
    texts: list[list[RowText]] = []
    for index, row in enumerate(grid):
        if index in heads:
            if index - 1 not in heads:
                headers = [""] * min(width, _COLUMNS)
            _add_header(headers, row)
            texts.append([])
        else:
            texts.append(_row_text(row, index + 1, headers, width))
    return texts


def unbox(pieces: Sequence[Piece]) -> list[Piece]:
    """Turn rows of tables of one column into running text: such a table is only a frame round a form."""
    tables: dict[Key, list[Piece]] = {}
    for piece in pieces:
        if piece.table is not None:
            tables.setdefault(piece.table, []).append(piece)
    frames = {key for key, rows in tables.items() if all(_is_single(row) for row in rows)}
    numbers = {id(row): number for rows in tables.values() for number, row in enumerate(rows, 1)}
    unboxed: list[Piece] = []
    for piece in pieces:
        if piece.table not in frames or piece.table is None:
            unboxed.append(piece)
            continue
        number = numbers[id(piece)]
        paragraphs = (p for cell in piece.cells or () for p in cell.paragraphs if join(p))
        unboxed += (
            Piece(BlockKind.PARAGRAPH, paragraph, table=piece.table, row=number) for paragraph in paragraphs
        )
    return unboxed


def _is_single(row: Piece) -> bool:
    return sum(bool(cell.paragraphs) for cell in row.cells or ()) <= 1 and len(row.cells or ()) <= 1


def _place(rows: Sequence[Piece]) -> list[_Row]:
    """Give every cell its column, counting those that span down from rows above."""
    grid: list[_Row] = []
    hanging: dict[int, tuple[int, _Placed]] = {}
    for row in rows:
        spanning = {id(cell): cell for _, cell in hanging.values()}
        taken = set(hanging)
        below: dict[int, tuple[int, _Placed]] = {c: (n - 1, p) for c, (n, p) in hanging.items() if n > 1}
        placed: list[_Placed] = []
        column = 0
        expected = 0
        for cell in sorted(row.cells or (), key=lambda cell: cell.index):
            for _ in range(min(cell.index - expected, _COLUMNS)):  # PDFium leaves out cells without text
                column = _free(column, taken) + 1
            expected = cell.index + 1
            column = _free(column, taken)
            placed.append(_placed(cell, column))
            if cell.rows > 1:
                for covered in range(column, column + min(cell.columns, 100)):
                    below[covered] = (cell.rows - 1, placed[-1])
            column += cell.columns
        grid.append(_Row(tuple(placed), tuple(c for c in spanning.values() if c.paragraphs)))
        hanging = below
    return grid


def _free(column: int, taken: set[int]) -> int:
    while column in taken:
        column += 1
    return column


def _placed(cell: Cell, column: int) -> _Placed:
    texts = tuple(text for paragraph in cell.paragraphs if (text := join(paragraph)))
    fragments = [f for paragraph in cell.paragraphs for f in paragraph if f.text.strip()]
    return _Placed(
        column, cell.columns, cell.header, bool(fragments) and all(f.bold for f in fragments), texts
    )


def _header_rows(grid: list[_Row]) -> set[int]:
    """Return indices of header rows: tagged ones, else ones that stand out; a last row is never one."""
    tagged = [_is_tagged_header(row) for row in grid]
    count = tagged.index(False) if False in tagged else 0
    if 0 < count < len(grid) and count <= 3:
        return _with_units(grid, set(range(count)))
    found = {i for i in range(len(grid) - 1) if _stands_out(grid[i], grid[i + 1], first=i == 0)}
    if not found and len(grid) > 2 and len(grid[0].cells) > 2 and _could_head(grid[0]):
        found = {0}
    found |= _label_rows(grid)
    seen = {tuple(cell.text for cell in grid[i].filled) for i in found}
    repeated = {i for i, row in enumerate(grid[:-1]) if tuple(cell.text for cell in row.filled) in seen}
    return _with_units(grid, found | repeated)


def _label_rows(grid: list[_Row]) -> set[int]:
    """Return rows of a form that are labels over answers: the last ends in a colon, and no answer does."""
    found = set()
    for index, row in enumerate(grid[:-1]):
        labels = [cell.column for cell in row.filled]
        below = [[cell.column for cell in later.filled] for later in grid[index + 1 :]]
        answers = [cell.text for later in grid[index + 1 :] for cell in later.filled]
        if (
            len(labels) > 1
            and row.filled[-1].text.endswith(":")
            and all(_is_label(cell) for cell in row.filled)
            and all(columns == labels for columns in below)
            and not any(text.endswith(":") for text in answers)
        ):
            found.add(index)
    return found


def _is_tagged_header(row: _Row) -> bool:
    """Return True for a row of header cells; a bold label beside a plain value is none, whatever its tag."""
    filled = row.filled
    labelled = len(filled) == 2 and filled[0].bold and not filled[1].bold
    return len(filled) > 1 and all(cell.header for cell in filled) and not labelled


def _with_units(grid: list[_Row], heads: set[int]) -> set[int]:
    """Add rows right under a header that give only units, such as "£m"."""
    for index in range(1, len(grid) - 1):
        filled = grid[index].filled
        short = all(len(cell.text) <= 12 and not any(map(str.isdigit, cell.text)) for cell in filled)
        if index - 1 in heads and filled and short and all(cell.bold for cell in filled):
            heads = heads | {index}
    return heads


def _stands_out(row: _Row, following: _Row, *, first: bool) -> bool:
    """Return True for a row of bold labels over a row that is not all bold."""
    if len(row.filled) < (2 if first else 3) or not _could_head(row):
        return False
    return all(cell.bold for cell in row.filled) and not all(cell.bold for cell in following.filled[1:])


def _could_head(row: _Row) -> bool:
    texts = [cell.text for cell in row.filled]
    return (
        len(texts) > 1
        and len(texts) >= len(row.cells) - 1
        and len(set(texts)) == len(texts)
        and all(len(text.split()) <= _HEADER_WORDS and any(map(str.isalpha, text)) for text in texts)
    )


def _add_header(headers: list[str], row: _Row) -> None:
    """Add a header row's labels to those of the header rows above it."""
    for cell in row.filled:
        text = " ".join(cell.paragraphs).rstrip(" :")
        for column in range(cell.column, min(cell.column + cell.columns, len(headers))):
            if text not in headers[column]:
                headers[column] = f"{headers[column]} {text}".strip()


def _row_text(row: _Row, number: int, headers: list[str], width: int) -> list[RowText]:
    filled = row.filled
    context = _listed(_pair(headers, cell) for cell in row.spanning) or None
    if not filled:
        return []
    if len(filled) == 1 and (width == 1 or not any(headers) or filled[0].columns == width):
        return [RowText(text, number, context) for text in filled[0].paragraphs]
    if not any(headers) and len(filled) == 2 and _is_label(filled[0]):
        mark = "" if filled[0].text[-1:] in ":?." else ":"
        return [RowText(f"{filled[0].text}{mark} {filled[1].text}", number, context)]
    return [RowText(_listed(_pair(headers, cell) for cell in filled), number, context)]


def _listed(texts: Iterable[str]) -> str:
    """Join with semicolons, but a label that ends in a colon with the value after it."""
    joined = ""
    for text in texts:
        joined += text if not joined else f"{' ' if joined.endswith(':') else '; '}{text}"
    return joined


def _pair(headers: list[str], cell: _Placed) -> str:
    header = headers[cell.column] if cell.column < len(headers) else ""
    return f"{header}: {cell.text}" if header and header != cell.text else cell.text


def _is_label(cell: _Placed) -> bool:
    return len(cell.paragraphs) == 1 and len(cell.text.split()) <= _LABEL_WORDS
