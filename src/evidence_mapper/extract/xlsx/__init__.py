"""Excel workbooks, streamed with lxml: what a cell shows and its exact place."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from evidence_mapper.domain.document import (
    Block,
    BlockKind,
    Exclusion,
    ExclusionReason,
    ExtractedDocument,
    SourceLocation,
)
from evidence_mapper.extract.archive import Archive
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.grid import Grid, TableReport, row_text
from evidence_mapper.extract.headings import BlockList
from evidence_mapper.extract.sniff import XLSX
from evidence_mapper.extract.tables import add_grid
from evidence_mapper.extract.xlsx.cells import SheetRows, read_rows
from evidence_mapper.extract.xlsx.names import column_index, column_letter
from evidence_mapper.extract.xlsx.workbook import Sheet, Workbook


class XlsxExtractor:
    """Reader of Excel .xlsx workbooks, transitional and strict."""

    name = "xlsx/1"

    def extract(self, path: Path, limits: Limits) -> ExtractedDocument:
        """Read one file; see :class:`evidence_mapper.extract.base.Extractor`."""
        with Archive(path, limits) as archive:
            workbook = Workbook(archive)
            reading = _Reading(workbook, limits.rows)
            for sheet in workbook.sheets:
                reading.read(sheet)
        return ExtractedDocument(
            media_type=XLSX,
            extractor=self.name,
            blocks=tuple(reading.blocks),
            exclusions=tuple(reading.exclusions),
            warnings=tuple(reading.warnings),
        )


@dataclass(slots=True)
class _Reading:
    workbook: Workbook
    rows_left: int
    blocks: list[Block] = field(default_factory=list)
    exclusions: list[Exclusion] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def read(self, sheet: Sheet) -> None:
        found = read_rows(self.workbook, sheet, self.rows_left)
        self.rows_left -= len(found.rows) + len(found.hidden)
        if sheet.hidden:
            self._exclude(sheet, found.rows + found.hidden)
            if found.rows:
                self.warnings.append(f"sheet '{sheet.name}' is hidden and was left out")
            return
        out = BlockList()
        report = add_grid(out, Grid(found.rows, _Locator(sheet.name)))
        self.exclusions.extend(report.exclusions)
        self._exclude(sheet, found.hidden)
        self._add_comments(sheet, out)
        self.blocks.extend(out.blocks)
        self._warn(sheet, found, report)

    def _exclude(self, sheet: Sheet, rows: list[tuple[int, dict[int, str]]]) -> None:
        for number, row in rows:
            place = SourceLocation(sheet=sheet.name, row=number)
            self.exclusions.append(Exclusion(row_text(row, {}), ExclusionReason.HIDDEN, place))

    def _add_comments(self, sheet: Sheet, out: BlockList) -> None:
        for reference, text in self.workbook.comments(sheet):
            column = column_index(reference)
            digits = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
            place = SourceLocation(
                sheet=sheet.name,
                row=int(digits) if digits.isdigit() else None,
                column=column_letter(column) if column is not None else None,
                part="comments",
            )
            out.add(text, BlockKind.NOTE, place)

    def _warn(self, sheet: Sheet, found: SheetRows, report: TableReport) -> None:
        name = sheet.name
        if found.hidden_rows:
            self.warnings.append(
                f"sheet '{name}': {found.hidden_rows} hidden rows were left out; "
                "clear any filter to have them read"
            )
        if found.uncalculated:
            self.warnings.append(
                f"sheet '{name}': {found.uncalculated} formulas have no stored result; "
                "open and save it in Excel"
            )
        if report.unanswered:
            self.warnings.append(
                f"sheet '{name}': {report.unanswered} rows without a free-text answer are not passages"
            )
        if found.is_cut:
            self.warnings.append(f"sheet '{name}': too many rows; those beyond the limit were not read")


@dataclass(frozen=True, slots=True)
class _Locator:
    sheet: str

    def __call__(self, row: int, column: int | None) -> SourceLocation:
        letter = None if column is None else column_letter(column)
        return SourceLocation(sheet=self.sheet, row=row, column=letter)
