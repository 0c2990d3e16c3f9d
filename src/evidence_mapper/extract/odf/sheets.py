"""OpenDocument spreadsheets, streamed: what a cell shows and its exact place.

The format writes runs of like cells and rows once with a count, so a few bytes can stand for more
cells than any computer holds: what is repeated is read up to the limits and said to be cut there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from evidence_mapper.domain.document import ExtractedDocument
from evidence_mapper.extract.archive import Archive
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.clean import clean, one_line
from evidence_mapper.extract.columns import MAX_COLUMN
from evidence_mapper.extract.odf.inline import plain_text
from evidence_mapper.extract.odf.names import ODF, Element
from evidence_mapper.extract.odf.package import metadata, refuse_encrypted
from evidence_mapper.extract.odf.styles import Styles
from evidence_mapper.extract.odf.table import HIDDEN
from evidence_mapper.extract.own import refuse_own_rows
from evidence_mapper.extract.sheets import CellNote, SheetRows, SheetsReading
from evidence_mapper.extract.sniff import ODS
from evidence_mapper.extract.vocabulary import whole_number
from evidence_mapper.extract.xlsx.values import plain_number
from evidence_mapper.extract.xlsx.workbook import stream

_MOST_ROWS: Final = 1 << 24
_MOST_CELLS: Final = 4_000_000
_MOST_COPIED: Final = 8 * 1024 * 1024
"""Characters of repeated cells and rows, in one workbook."""
_MOST_ALIKE: Final = 256
"""Cells side by side with the same text that are read: no table of people's making has more."""
_WANTED: Final = ("automatic-styles", "table-column", "table-row", "shapes", "table")


class OdsExtractor:
    """Reader of OpenDocument .ods spreadsheets."""

    name = "ods/1"

    def extract(self, path: Path, limits: Limits) -> ExtractedDocument:
        """Read one file; see :class:`evidence_mapper.extract.base.Extractor`."""
        reading = SheetsReading(path, limits)
        with Archive(path, limits) as archive:
            refuse_encrypted(archive)
            for sheet, styles in _sheets(archive, reading):
                if sheet.found.rows:
                    refuse_own_rows(path, sheet.found.rows[0][1])
                reading.add(sheet.name, sheet.found, sheet.notes, hidden=styles.is_sheet_hidden(sheet.style))
            return reading.document(ODS, self.name, metadata(archive))


@dataclass(slots=True)
class _Budget:
    """What repeats may still add."""

    cells: int = _MOST_CELLS
    characters: int = _MOST_COPIED

    def affords(self, cells: int, characters: int) -> bool:
        self.cells -= cells
        self.characters -= characters
        return self.cells >= 0 and self.characters >= 0


@dataclass(slots=True)
class _Sheet:
    name: str
    style: str | None
    found: SheetRows = field(default_factory=SheetRows)
    notes: list[CellNote] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    columns: int = 0
    """Columns described so far."""
    row: int = 1
    """Number of the next row."""
    is_full: bool = False
    """Whether a limit was met: no more rows are read."""


def _sheets(archive: Archive, reading: SheetsReading) -> Iterator[tuple[_Sheet, Styles]]:
    """Yield the sheets in order with the content's styles."""
    styles, budget = Styles(), _Budget()
    sheet: _Sheet | None = None
    for element in stream(archive, "content.xml", *_WANTED):
        kind = ODF.name(element)
        if kind == "office:automatic-styles":
            styles = Styles(element)
        if kind == "office:automatic-styles" or not _is_of_sheet(element, kind):
            continue
        sheet = sheet or _opened(element if kind == "table:table" else _table(element))
        if kind == "table:table-column":
            _add_columns(sheet, element)
        elif kind == "table:table-row":
            _add_row(sheet, element, reading.rows_left, budget)
        elif kind == "table:shapes":
            texts = (clean(plain_text(p)) for p in ODF.all(element, "text:p"))
            sheet.notes += [CellNote(None, None, text, part="text box") for text in texts if text]
        elif kind == "table:table":
            yield sheet, styles
            sheet = None


def _opened(table: Element | None) -> _Sheet:
    if table is None:
        return _Sheet("", None)
    return _Sheet(clean(ODF.attr(table, "table:name") or ""), ODF.attr(table, "table:style-name"))


def _table(element: Element) -> Element | None:
    return next((e for e in element.iterancestors() if ODF.name(e) == "table:table"), None)


def _is_of_sheet(element: Element, kind: str) -> bool:
    """Return whether an element belongs to a sheet: links and cells hold tables of other kinds too."""
    table = element if kind == "table:table" else _table(element)
    parent = None if table is None else table.getparent()
    return parent is not None and ODF.name(parent) == "office:spreadsheet"


def _add_columns(sheet: _Sheet, element: Element) -> None:
    repeated = whole_number(ODF.attr(element, "table:number-columns-repeated"), most=MAX_COLUMN) or 1
    last = min(sheet.columns + repeated, MAX_COLUMN)
    if ODF.attr(element, "table:visibility") in HIDDEN:
        sheet.hidden_columns.update(range(sheet.columns, last))
    sheet.columns = last


def _add_row(sheet: _Sheet, element: Element, most: int, budget: _Budget) -> None:
    repeated = whole_number(ODF.attr(element, "table:number-rows-repeated"), most=_MOST_ROWS) or 1
    cells = _cells(sheet, element, budget)
    first, sheet.row = sheet.row, min(sheet.row + repeated, _MOST_ROWS)
    if not cells or sheet.is_full:
        return
    hidden = ODF.attr(element, "table:visibility") in HIDDEN
    size = sum(map(len, cells.values()))
    for copy in range(repeated):
        full = len(sheet.found.rows) + len(sheet.found.hidden) >= most
        if full or (copy and not budget.affords(len(cells), size)):
            sheet.is_full = sheet.found.is_cut = True
            return
        sheet.found.add(first + copy, cells, sheet.hidden_columns, row_hidden=hidden)


def _cells(sheet: _Sheet, row: Element, budget: _Budget) -> dict[int, str]:
    cells: dict[int, str] = {}
    column = 0
    for cell in ODF.children(row, "table:table-cell", "table:covered-table-cell"):
        repeated = whole_number(ODF.attr(cell, "table:number-columns-repeated"), most=MAX_COLUMN) or 1
        text = _text(cell)
        repeats = min(repeated, MAX_COLUMN - column, _MOST_ALIKE)
        sheet.found.is_cut |= bool(text) and repeats < repeated
        if text and budget.affords(repeats, len(text) * (repeats - 1)):
            cells.update(dict.fromkeys(range(column, column + repeats), text))
        elif text:
            sheet.found.is_cut = True
        elif ODF.attr(cell, "table:formula") and not ODF.attr(cell, "office:value-type"):
            sheet.found.uncalculated += 1
        for annotation in ODF.children(cell, "office:annotation"):
            sheet.notes.append(_note(annotation, sheet.row, column))
        column = min(column + repeated, MAX_COLUMN)
    return cells


def _text(cell: Element) -> str:
    """Return what a cell shows; dates as ISO 8601, so that day and month cannot be mixed up."""
    kind = ODF.attr(cell, "office:value-type")
    value = ODF.attr(cell, "office:value") or ""
    if kind == "date":
        date, _, clock = (ODF.attr(cell, "office:date-value") or "").partition("T")
        return clean(f"{date} {clock[:5]}" if clock and clock[:8] != "00:00:00" else date)
    if kind == "boolean":
        return "TRUE" if ODF.attr(cell, "office:boolean-value") == "true" else "FALSE"
    try:
        if kind == "float":
            return plain_number(value)
        if kind == "percentage":
            return f"{plain_number(repr(round(float(value) * 100, 2)))}%"
    except (ValueError, OverflowError):
        return clean(value)
    return clean("\n".join(plain_text(p) for p in ODF.children(cell, "text:p")))


def _note(annotation: Element, row: int, column: int) -> CellNote:
    text = clean("\n".join(plain_text(p) for p in ODF.all(annotation, "text:p")))
    creator = ODF.child(annotation, "dc:creator")
    return CellNote(row, column, text, one_line(creator.text or "") if creator is not None else "")
