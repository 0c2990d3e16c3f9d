"""The rows of a workbook's sheets as they are, for lists a person brings in; nothing is judged."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evidence_mapper.extract.archive import Archive
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.xlsx.cells import read_rows
from evidence_mapper.extract.xlsx.workbook import Workbook


@dataclass(frozen=True, slots=True)
class PlainSheet:
    """One sheet that is not hidden."""

    name: str
    rows: tuple[tuple[int, dict[int, str]], ...]
    """(one-based number, zero-based column to cleaned text); empty cells and rows are absent."""


def read_plain_rows(path: Path, limits: Limits | None = None) -> tuple[PlainSheet, ...]:
    """Return the shown rows of the sheets that are not hidden, in the workbook's order.

    Raises
    ------
    ExtractionError
        The file is no workbook, is damaged, needs a password or passes a limit.
    """
    caps = limits or Limits()
    with Archive(path, caps) as archive:
        workbook = Workbook(archive)
        return tuple(
            PlainSheet(sheet.name, tuple(read_rows(workbook, sheet, caps.rows).rows))
            for sheet in workbook.sheets
            if not sheet.hidden
        )
