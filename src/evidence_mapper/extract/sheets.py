"""What a workbook's sheets hold, whichever format it has, to blocks."""

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
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.columns import column_letter
from evidence_mapper.extract.grid import Grid, TableReport, row_text
from evidence_mapper.extract.headings import BlockList
from evidence_mapper.extract.survey_choice import SurveyLog
from evidence_mapper.extract.tables import add_grid


@dataclass(slots=True)
class SheetRows:
    """A worksheet's cells.

    ``rows`` are (one-based number, zero-based column to text), without empty cells and rows.
    """

    rows: list[tuple[int, dict[int, str]]] = field(default_factory=list)
    hidden: list[tuple[int, dict[int, str]]] = field(default_factory=list)
    """Hidden rows, and the hidden columns' cells of shown rows."""
    hidden_rows: int = 0
    uncalculated: int = 0
    """Formula cells without a stored result."""
    is_cut: bool = False

    def add(self, number: int, cells: dict[int, str], hidden_columns: set[int], *, row_hidden: bool) -> None:
        """Take in one row that has a cell."""
        if row_hidden:
            self.hidden_rows += 1
            self.hidden.append((number, cells))
            return
        apart = {c: text for c, text in cells.items() if c in hidden_columns}
        if apart:
            self.hidden.append((number, apart))
        shown = {c: text for c, text in cells.items() if c not in hidden_columns}
        if shown:
            self.rows.append((number, shown))


@dataclass(frozen=True, slots=True)
class CellNote:
    """A comment on a cell, or the text of something drawn on the sheet."""

    row: int | None
    """One-based; None when the place is unknown."""
    column: int | None
    """Zero-based."""
    text: str
    author: str = ""
    part: str = "comments"


class SheetsReading:
    """Gathers one workbook, sheet by sheet.

    Parameters
    ----------
    path
        The file.
    limits
        Caps, and the columns of answers that a person named.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self.rows_left = limits.rows
        """Rows that may still be read."""
        self.warnings: list[str] = []
        self._chosen = limits.chosen(path)
        self._log = SurveyLog(path.name, self._chosen)
        self._blocks: list[Block] = []
        self._exclusions: list[Exclusion] = []

    def add(self, name: str, found: SheetRows, notes: list[CellNote], *, hidden: bool) -> None:
        """Take in one sheet; a hidden one is left out and said to be."""
        self.rows_left -= len(found.rows) + len(found.hidden)
        if hidden:
            self._exclude(name, found.rows + found.hidden)
            if found.rows:
                self.warnings.append(f"sheet '{name}' is hidden and was left out")
            return
        out = BlockList()
        report = add_grid(out, Grid(found.rows, _Locator(name), sheet=name, chosen=self._chosen))
        self._log.add(report)
        self._exclusions.extend(report.exclusions)
        self._exclude(name, found.hidden)
        for note in notes:
            _add_note(out, name, note)
        self._blocks.extend(out.blocks)
        self._warn(name, found, report)

    def document(
        self, media_type: str, extractor: str, metadata: tuple[tuple[str, str], ...] = ()
    ) -> ExtractedDocument:
        """Return all that was gathered.

        Raises
        ------
        NoSuchColumn
            A column that a person named is in no sheet.
        """
        return ExtractedDocument(
            media_type=media_type,
            extractor=extractor,
            blocks=tuple(self._blocks),
            exclusions=tuple(self._exclusions),
            warnings=tuple(self.warnings),
            metadata=(*metadata, *self._log.metadata()),
        )

    def _exclude(self, name: str, rows: list[tuple[int, dict[int, str]]]) -> None:
        for number, row in rows:
            place = SourceLocation(sheet=name, row=number)
            self._exclusions.append(Exclusion(row_text(row, {}), ExclusionReason.HIDDEN, place))

    def _warn(self, name: str, found: SheetRows, report: TableReport) -> None:
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


def _add_note(out: BlockList, sheet: str, note: CellNote) -> None:
    place = SourceLocation(
        sheet=sheet,
        row=note.row,
        column=column_letter(note.column) if note.column is not None else None,
        part=note.part,
    )
    author = (("author", note.author),) if note.author else ()
    out.add(note.text, BlockKind.NOTE, place, attributes=author)


@dataclass(frozen=True, slots=True)
class _Locator:
    sheet: str

    def __call__(self, row: int, column: int | None) -> SourceLocation:
        letter = None if column is None else column_letter(column)
        return SourceLocation(sheet=self.sheet, row=row, column=letter)
