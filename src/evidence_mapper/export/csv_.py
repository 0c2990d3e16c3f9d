"""Comma-separated values, for spreadsheets.

UTF-8 with a byte order mark (Excel reads the file as UTF-8 only with it), CRLF after every record,
RFC 4180 quoting, the header in the first record. A cell that a spreadsheet would run as a formula
begins with one apostrophe that is not part of the text: see
:func:`~evidence_mapper.export.spreadsheet.neutral`. JSON Lines has every text unchanged.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import BinaryIO

from evidence_mapper.domain.project import EvidenceRow
from evidence_mapper.export.base import Cell, ExportContext
from evidence_mapper.export.columns import NAMES, cells
from evidence_mapper.export.spreadsheet import encodable, neutral


class CsvExporter:
    """See the module."""

    name = "csv"
    suffix = ".csv"

    def write(self, rows: Iterable[EvidenceRow], stream: BinaryIO, context: ExportContext) -> int:
        """Write rows; see :class:`~evidence_mapper.export.base.Exporter`."""
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
        try:
            text.write("\ufeff")
            writer = csv.writer(text, lineterminator="\r\n")
            writer.writerow(NAMES)
            count = 0
            for row in rows:
                writer.writerow([_cell(value) for value in cells(row, context)])
                count += 1
        finally:
            # The stream is the caller's: closing the wrapper would close it.
            text.detach()
        return count


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    return neutral(encodable(value)) if isinstance(value, str) else str(value)


EXPORTER = CsvExporter()
