"""A workbook of prepared tables, one a sheet; the same tables give the same bytes."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO, Final

from xlsxwriter import Workbook

from evidence_mapper.export.base import Cell, Table
from evidence_mapper.export.document import printable
from evidence_mapper.export.scratch import scratch_folder
from evidence_mapper.export.sheet import Pages, Styles
from evidence_mapper.export.spreadsheet import neutral

# The library would otherwise write the time of day.
_CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - the library wants UTC without saying so


def write_workbook(sheets: Sequence[tuple[str, Table]], stream: BinaryIO, *, title: str) -> None:
    """Write tables as a workbook, in order; text is text, never a formula, and without control characters.

    Raises
    ------
    ExportError
        A text has more characters than a cell holds. Rows that a sheet has no room for go on a further one.
    """
    with scratch_folder() as folder:
        # A file, as a workbook of a million rows is no thing to hold in memory.
        packed = folder / "packed.xlsx"
        workbook = Workbook(str(packed), {"constant_memory": True, "tmpdir": str(folder)})
        try:
            workbook.set_properties({"created": _CREATED, "title": printable(title)})
            styles = Styles(workbook)
            for name, table in sheets:
                sheet = Pages(workbook, styles, name, table.columns)
                for number, row in enumerate(table.rows, start=1):
                    sheet.append([_cleaned(value) for value in row], f"row {number}")
                sheet.finish()
        finally:
            # After an error too: it closes the temporary files, which Windows must see closed.
            workbook.close()
        with packed.open("rb") as whole:
            shutil.copyfileobj(whole, stream, 1 << 20)


def write_table_csv(table: Table, stream: BinaryIO) -> None:
    """Write one table as CSV for spreadsheets: UTF-8 with byte order mark, formulas made harmless."""
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    try:
        text.write("\ufeff")
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(table.columns)
        for row in table.rows:
            cleaned = [_cleaned(value) for value in row]
            writer.writerow(
                ["" if v is None else neutral(v) if isinstance(v, str) else str(v) for v in cleaned]
            )
    finally:
        # The stream is the caller's: closing the wrapper would close it.
        text.detach()


def _cleaned(value: Cell) -> Cell:
    return printable(value) if isinstance(value, str) else value
