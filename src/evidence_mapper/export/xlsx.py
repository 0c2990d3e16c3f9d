"""Excel workbooks, for people.

Sheets: ``Evidence`` (confirmed rows), ``Suggestions (not confirmed)`` (only when there are suggested
rows, and never on the same sheet as evidence), ``Documents``, ``Matrix`` and ``Gaps`` as given by the
caller, ``About``. The columns are those of :mod:`~evidence_mapper.export.columns`, with
``quote_continued`` after ``quote``: a cell holds 32,767 UTF-16 units, and what is over goes on there.

Text is verbatim. It is written as text, never as a formula or link, and marked so (Excel's quote
prefix, which is no character of the text) that it stays text when someone edits the cell.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO, Final

from xlsxwriter import Workbook

from evidence_mapper.domain.project import EvidenceRow
from evidence_mapper.export.about import about
from evidence_mapper.export.base import Cell, ExportContext, Table
from evidence_mapper.export.columns import CONFIRMED, NAMES, SUGGESTED, cells
from evidence_mapper.export.scratch import scratch_folder
from evidence_mapper.export.sheet import Pages, Styles, split_cell
from evidence_mapper.export.spreadsheet import encodable

SHEETS: Final = {CONFIRMED: "Evidence", SUGGESTED: "Suggestions (not confirmed)"}
"""Status to the sheet its rows are on."""

_QUOTE: Final = NAMES.index("quote")
_COLUMNS: Final = (*NAMES[: _QUOTE + 1], "quote_continued", *NAMES[_QUOTE + 1 :])

# The library would otherwise write the time of day.
_CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - the library wants UTC without saying so


class XlsxExporter:
    """See the module."""

    name = "xlsx"
    suffix = ".xlsx"

    def write(self, rows: Iterable[EvidenceRow], stream: BinaryIO, context: ExportContext) -> int:
        """Write rows; see :class:`~evidence_mapper.export.base.Exporter`.

        Nothing is on the stream after an error. Rows pass through a temporary folder of its own, which
        is removed whatever happens.

        Raises
        ------
        ExportError
            Also when a text other than the quote would pass 32,767 UTF-16 units, or the quote twice as
            many. What is over 1,048,575 rows goes on a further sheet.
        """
        with scratch_folder() as folder:
            # A file, as a workbook of a million rows is no thing to hold in memory.
            packed = folder / "packed.xlsx"
            workbook = Workbook(str(packed), {"constant_memory": True, "tmpdir": str(folder)})
            try:
                count = _fill(workbook, rows, context)
            finally:
                # After an error too: it closes the temporary files, which Windows must see closed.
                workbook.close()
            with packed.open("rb") as whole:
                shutil.copyfileobj(whole, stream, 1 << 20)
        return count


def _fill(workbook: Workbook, rows: Iterable[EvidenceRow], context: ExportContext) -> int:
    workbook.set_properties({"created": _CREATED})
    styles = Styles(workbook)
    sheets = {CONFIRMED: _evidence(workbook, styles, CONFIRMED)}
    for row in rows:
        values = _widened(cells(row, context))
        if row.status not in sheets:
            sheets[row.status] = _evidence(workbook, styles, row.status)
        sheets[row.status].append(values, f"passage {row.passage.id}")
    for name, table in (("Documents", context.documents), ("Matrix", context.matrix), ("Gaps", context.gaps)):
        if table is not None:
            _table(workbook, styles, name, table)
    counts = {status: sheet.count for status, sheet in sheets.items()}
    told = about(context, counts[CONFIRMED], counts.get(SUGGESTED, 0))
    names = [each.names() for each in sheets.values()]
    further = [f"{first} goes on in {', '.join(more)}" for first, *more in names if more]
    if further:
        full = f"{'; '.join(further)}: a sheet holds no more rows."
        told = Table(told.columns, [*told.rows, ("Sheets", full)])
    _table(workbook, styles, "About", told)
    for sheet in sheets.values():
        sheet.finish()
    return sum(counts.values())


def _evidence(workbook: Workbook, styles: Styles, status: str) -> Pages:
    # The status stays in view however far one scrolls to the right.
    return Pages(workbook, styles, SHEETS[status], _COLUMNS, frozen_columns=1)


def _table(workbook: Workbook, styles: Styles, name: str, table: Table) -> None:
    sheet = Pages(workbook, styles, name, table.columns)
    for number, values in enumerate(table.rows, start=1):
        sheet.append(values, f"row {number}")
    sheet.finish()


def _widened(values: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Return a row's cells with the quote in two."""
    quote, continued = split_cell(encodable(str(values[_QUOTE])))
    return (*values[:_QUOTE], quote, continued, *values[_QUOTE + 1 :])


EXPORTER = XlsxExporter()
