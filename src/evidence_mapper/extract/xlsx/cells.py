"""The cells of one worksheet, streamed row by row."""

from __future__ import annotations

from collections.abc import Iterator

from evidence_mapper.extract.clean import clean
from evidence_mapper.extract.sheets import SheetRows
from evidence_mapper.extract.xlsx.names import MAX_COLUMN, Element, column_index, is_true, local
from evidence_mapper.extract.xlsx.workbook import Sheet, Workbook, rich_text, stream


def read_rows(workbook: Workbook, sheet: Sheet, most: int) -> SheetRows:
    """Return up to ``most`` rows that have a cell."""
    found = SheetRows()
    hidden_columns: set[int] = set()
    number = 0
    for element in stream(workbook.archive, sheet.part, "cols", "row"):
        if local(element) == "cols":
            hidden_columns.update(_hidden_columns(element))
            continue
        number = _row_number(element, number + 1)
        cells = dict(_cells(workbook, element, found))
        if not cells:
            continue
        if len(found.rows) + len(found.hidden) >= most:
            found.is_cut = True
            break
        found.add(number, cells, hidden_columns, row_hidden=is_true(element.get("hidden")))
    return found


def _hidden_columns(element: Element) -> Iterator[int]:
    for column in element:
        first, last = column.get("min") or "", column.get("max") or ""
        if is_true(column.get("hidden")) and first.isdigit() and last.isdigit():
            yield from range(int(first) - 1, min(int(last), MAX_COLUMN))


def _row_number(element: Element, expected: int) -> int:
    stated = element.get("r") or ""
    return int(stated) if stated.isdigit() and len(stated) < 9 else expected


def _cells(workbook: Workbook, row: Element, found: SheetRows) -> Iterator[tuple[int, str]]:
    expected = 0
    for cell in row:
        if local(cell) != "c":
            continue
        stated = column_index(cell.get("r") or "")
        column = expected if stated is None else stated
        expected = column + 1
        text = _text(workbook, cell, found)
        if text:
            yield column, text


def _text(workbook: Workbook, cell: Element, found: SheetRows) -> str:
    kind = cell.get("t") or "n"
    parts = {local(e): e for e in cell}
    if kind == "inlineStr":
        return clean(rich_text(parts["is"])) if "is" in parts else ""
    value = (parts["v"].text or "").strip(" ") if "v" in parts else ""
    if not value.strip():
        found.uncalculated += "f" in parts
        return ""
    if kind == "s":
        return workbook.strings[int(value)] if value.isdigit() and int(value) < len(workbook.strings) else ""
    if kind == "b":
        return "TRUE" if is_true(value.strip()) else "FALSE"
    if kind == "e":
        return ""
    if kind in {"str", "d"}:
        return clean(value)
    style = cell.get("s") or "0"
    return workbook.formats.show(value.strip(), int(style) if style.isdigit() else 0)
