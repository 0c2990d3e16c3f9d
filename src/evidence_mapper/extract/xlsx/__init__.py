"""Excel workbooks, streamed with lxml: what a cell shows and its exact place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from evidence_mapper.domain.document import ExtractedDocument
from evidence_mapper.extract.archive import Archive
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.columns import column_index
from evidence_mapper.extract.sheets import CellNote, SheetsReading
from evidence_mapper.extract.sniff import XLSX
from evidence_mapper.extract.xlsx.cells import read_rows
from evidence_mapper.extract.xlsx.workbook import Sheet, Workbook


class XlsxExtractor:
    """Reader of Excel .xlsx workbooks, transitional and strict."""

    name = "xlsx/2"

    def extract(self, path: Path, limits: Limits) -> ExtractedDocument:
        """Read one file; see :class:`evidence_mapper.extract.base.Extractor`."""
        reading = SheetsReading(path, limits)
        with Archive(path, limits) as archive:
            workbook = Workbook(archive)
            for sheet in workbook.sheets:
                rows = read_rows(workbook, sheet, reading.rows_left)
                notes = [] if sheet.hidden else list(_notes(workbook, sheet))
                reading.add(sheet.name, rows, notes, hidden=sheet.hidden)
        return reading.document(XLSX, self.name)


def _notes(workbook: Workbook, sheet: Sheet) -> Iterator[CellNote]:
    for reference, text in workbook.comments(sheet):
        digits = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        yield CellNote(int(digits) if digits.isdigit() else None, column_index(reference), text)
