"""Tables of a text document or slide."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from evidence_mapper.domain.document import ExclusionReason, SourceLocation
from evidence_mapper.extract.celltable import CellRow, CellTable
from evidence_mapper.extract.clean import clean
from evidence_mapper.extract.odf.names import ODF, Element
from evidence_mapper.extract.vocabulary import whole_number

if TYPE_CHECKING:
    from evidence_mapper.extract.odf.body import Walker

_WRAPPERS: Final = frozenset({"table:table-header-rows", "table:table-rows", "table:table-row-group"})
_CELLS: Final = ("table:table-cell", "table:covered-table-cell")
_MOST_COPIES: Final = 200
"""Most times that one row or cell with text is read, however often the file repeats it."""
MOST_COPIED: Final = 50_000
"""Cells that repeats may add to a document."""
_MOST_COLUMNS: Final = 16_384
_MOST_ROWS: Final = 1 << 24
_Place = Callable[[int], SourceLocation]
HIDDEN: Final = frozenset({"collapse", "filter"})


@dataclass(slots=True)
class _Row:
    number: int
    is_header: bool
    elements: list[Element]
    """Cells as they stand, each once."""
    cells: dict[int, str] = field(default_factory=dict)
    nested: list[Element] = field(default_factory=list)
    reaching: dict[int, int] = field(default_factory=dict)
    """Column of a cell to the number of rows it reaches down."""


def read_table(walker: Walker, table: Element, context: str | None) -> None:
    """Add a table's blocks; a nested table follows the row it stands in."""
    walker.tables += 1
    outer, number = walker.place, walker.tables

    def place(row: int) -> SourceLocation:
        return replace(outer, paragraph=None, table=number, row=row)

    rows = list(_rows(walker, table))
    if all(len(row.elements) <= 1 for row in rows):
        for row in rows:
            for cell in row.elements:
                walker.place = place(row.number)
                walker.walk(cell, context)
                walker.flush()
    else:
        _add_rows(walker, rows, place, context)
    walker.place = outer


def _add_rows(walker: Walker, rows: list[_Row], place: _Place, context: str | None) -> None:
    shown = []
    for row in rows:
        walker.place = place(row.number)
        _read_cells(walker, row)
        shown.append(CellRow(row.number, row.cells, row.is_header, {}))
    _carry_merged(rows, shown)
    nested = {row.number: row.nested for row in rows}

    def follow(number: int) -> None:
        for inner in nested.get(number, ()):
            walker.place = place(number)
            read_table(walker, inner, context)

    CellTable(walker.out, place, context, follow).add(
        [row for row in shown if row.cells or nested[row.number]]
    )


def _rows(walker: Walker, table: Element) -> Iterator[_Row]:
    number = 1
    for element, is_header in _through(table, is_header=False):
        repeated = whole_number(ODF.attr(element, "table:number-rows-repeated"), most=_MOST_ROWS) or 1
        cells = list(ODF.children(element, *_CELLS))
        if not any(ODF.name(e) in {"text:p", "text:h"} for e in element.iter()):
            number += repeated
            continue
        for copy in range(_affordable(walker, repeated, len(cells))):
            yield _Row(number + copy, is_header, cells)
        number += repeated


def _through(parent: Element, *, is_header: bool) -> Iterator[tuple[Element, bool]]:
    for element in parent:
        kind = ODF.name(element)
        if kind == "table:table-row":
            yield element, is_header
        elif kind in _WRAPPERS:
            yield from _through(element, is_header=is_header or kind == "table:table-header-rows")


def _read_cells(walker: Walker, row: _Row) -> None:
    column = 0
    hidden = bool(row.elements) and _is_hidden(row.elements[0].getparent())
    for cell in row.elements:
        lines: list[str] = []
        _cell_lines(walker, cell, lines, row.nested)
        text = clean("\n".join(filter(None, lines)))
        repeated = whole_number(ODF.attr(cell, "table:number-columns-repeated"), most=_MOST_COLUMNS) or 1
        down = whole_number(ODF.attr(cell, "table:number-rows-spanned"), most=_MOST_COLUMNS) or 1
        for copy in range(_affordable(walker, repeated, 1) if text else 0):
            row.cells[column + copy] = text
            row.reaching[column + copy] = down
        column = min(column + repeated, _MOST_COLUMNS)
    if hidden:
        text = "\n".join(row.cells[c] for c in sorted(row.cells))
        walker.findings.exclude(text, ExclusionReason.HIDDEN, walker.place)
        row.cells, row.nested = {}, []


def _affordable(walker: Walker, repeated: int, cells: int) -> int:
    """Return how often something that is repeated may be read, once at least, and count it."""
    left = max(0, MOST_COPIED - walker.findings.counts["copies"]) // max(cells, 1)
    times = min(repeated, _MOST_COPIES, 1 + left)
    walker.findings.counts["copies"] += (times - 1) * cells
    walker.findings.counts["uncopied"] += repeated - times
    return times


def _is_hidden(row: Element | None) -> bool:
    return row is not None and ODF.attr(row, "table:visibility") in HIDDEN


def _cell_lines(walker: Walker, container: Element, lines: list[str], nested: list[Element]) -> None:
    for element in container:
        kind = ODF.name(element)
        if kind in {"text:p", "text:h"}:
            found = walker.inline(element)
            lines.append(clean("".join(found.text)))
            for box in found.boxes:
                _cell_lines(walker, box, lines, nested)
        elif kind == "table:table":
            nested.append(element)
        elif kind in {"text:list", "text:list-item", "text:list-header", "text:section", "draw:text-box", ""}:
            _cell_lines(walker, element, lines, nested)


def _carry_merged(rows: list[_Row], shown: list[CellRow]) -> None:
    above: dict[int, tuple[str, int]] = {}
    for row, cells in zip(rows, shown, strict=True):
        for column, (text, last) in above.items():
            if row.number <= last and column not in row.cells:
                cells.merged[column] = text
        for column, down in row.reaching.items():
            above[column] = row.cells.get(column, ""), row.number + down - 1
