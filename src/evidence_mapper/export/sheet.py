"""One sheet of a workbook, written row by row; nothing is cut without saying so."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from evidence_mapper.errors import ExportError
from evidence_mapper.export.base import Cell
from evidence_mapper.export.spreadsheet import encodable

CELL_UNITS: Final = 32_767
"""UTF-16 units a cell holds."""
SHEET_ROWS: Final = 1_048_576

_WIDE: Final = {
    "quote": 80,
    "document": 44,
    "return_items": 32,
    "statement_titles": 32,
    "quote_context": 32,
    "heading_path": 32,
    "text": 100,
    "claim": 48,
    "comment": 44,
    "why": 44,
    "evidence_for": 64,
    "evidence_against": 64,
    "findings": 48,
    "item_text": 40,
    "item_standing": 40,
    "sections": 40,
    "link": 40,
    "look_at": 40,
    "statement": 40,
    "decided_at": 28,
    "confirmed_at": 28,
    "location": 24,
    "quote_continued": 16,
}
_NARROW: Final = {
    "page",
    "page_end",
    "row",
    "column",
    "paragraph",
    "span_start",
    "span_end",
    "probability",
}
_WRAPPED: Final = {
    "statements",
    "statement_ids",
    "topic_ids",
    "i_statement_ids",
    "heading_path",
    "document",
    "location",
    "also_in",
    "return_items",
    "confirmed_by",
    "statement_titles",
    "quote",
    "quote_context",
    "note",
    "text",
    "item_text",
    "item_standing",
    "sections",
    "link",
    "look_at",
    "claim",
    "comment",
    "why",
    "evidence_for",
    "evidence_against",
    "findings",
}


_A4: Final = 9
"""Excel's number of the paper."""
_PAGE_WIDTH: Final = 390
"""Characters side by side on a page, small but whole: a quote with its document and place."""
_LINE_POINTS: Final = 15
_FITTED_ROWS: Final = 50_000
"""Rows that are made as high as their text: the library keeps each height in memory to the end."""
_ROW_LINES: Final = 27
"""A row is at most 409 points high."""


class Styles:
    """The cell formats of one workbook."""

    def __init__(self, workbook: Workbook) -> None:
        # quote_prefix: stays text when edited, even if it begins with "=".
        self.header = workbook.add_format({"bold": True, "valign": "top", "quote_prefix": True})
        self.text = workbook.add_format({"valign": "top", "quote_prefix": True})
        self.wrapped = workbook.add_format({"valign": "top", "quote_prefix": True, "text_wrap": True})
        self.number = workbook.add_format({"valign": "top"})
        self.run = workbook.add_format({})
        """Of a part of a text."""


class Sheet:
    """A sheet with a frozen header and a filter."""

    def __init__(
        self,
        workbook: Workbook,
        styles: Styles,
        name: str,
        columns: tuple[str, ...],
        *,
        frozen_columns: int = 0,
        fitted: bool = False,
    ) -> None:
        self._fitted = fitted
        """Whether rows are made as high as their wrapped text; else only Excel sees to it."""
        self._sheet = workbook.add_worksheet(name)
        self._styles = styles
        self._columns = columns
        self.name = name
        self.count = 0
        """Rows below the header."""
        for number, column in enumerate(columns):
            self._sheet.set_column(number, number, _width(column))
            self._text(0, number, column, styles.header, "the header")
        self._sheet.freeze_panes(1, frozen_columns)
        self._on_paper()

    def append(self, values: Sequence[Cell], subject: str) -> None:
        """Write a row below the last one; ``subject`` names it in errors.

        Raises
        ------
        ExportError
            The row has too many or too few cells, or a text is too long.
        """
        if len(values) != len(self._columns):
            raise ExportError(
                f"sheet {self.name}, {subject}: {len(values)} cells for {len(self._columns)} columns"
            )
        self.count += 1
        if self._fitted and self.count <= _FITTED_ROWS:
            self._sheet.set_row(self.count, _LINE_POINTS * self._lines(values))
        for number, value in enumerate(values):
            self._cell(number, value, subject)

    def finish(self) -> None:
        """Put the filter over all rows written, and say what of them is printed."""
        self._sheet.autofilter(0, 0, self.count, len(self._columns) - 1)
        widths = list(accumulate(map(_width, self._columns)))
        if widths[-1] > _PAGE_WIDTH:
            fitting = sum(width <= _PAGE_WIDTH for width in widths)
            self._sheet.print_area(0, 0, self.count, fitting - 1)

    def _on_paper(self) -> None:
        """Print lying on A4, the header on every page, the first columns side by side: as many as fit.

        What is further right, such as ids and hashes, is for the screen.
        """
        self._sheet.set_landscape()
        self._sheet.set_paper(_A4)
        self._sheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.4)
        self._sheet.repeat_rows(0)
        self._sheet.fit_to_pages(1, 0)

    def _lines(self, values: Sequence[Cell]) -> int:
        """Return about how many lines the row's highest wrapped text takes, at most what a row can hold."""
        lines = [1]
        for name, value in zip(self._columns, values, strict=True):
            if name in _WRAPPED and isinstance(value, str):
                width = _width(name)
                lines.append(sum(len(line) // width + 1 for line in value.split("\n")))
        return min(_ROW_LINES, max(lines))

    def _cell(self, column: int, value: Cell, subject: str) -> None:
        if value is None or value == "":
            return
        if isinstance(value, str):
            name = self._columns[column]
            style = self._styles.wrapped if name in _WRAPPED else self._styles.text
            self._text(self.count, column, value, style, f"{subject}, {name}")
        else:
            self._sheet.write_number(self.count, column, value, self._styles.number)

    def _text(self, row: int, column: int, text: str, style: Format, place: str) -> None:
        text = encodable(text)
        if _units(text) > CELL_UNITS:
            raise ExportError(
                f"sheet {self.name}, {place}: {_units(text):,} characters; Excel holds {CELL_UNITS:,} in "
                "a cell. Nothing was cut and nothing written; export with --format csv or --format jsonl"
            )
        if text.startswith("<r>") and text.endswith("</r>"):
            # The library would take this for its own mark-up; as two runs of text it is escaped.
            self._sheet.write_rich_string(row, column, text[0], self._styles.run, text[1:], style)
        else:
            self._sheet.write_string(row, column, text, style)


class Pages:
    """One table over as many sheets as it takes: ``Evidence``, then ``Evidence (2)`` and so on."""

    def __init__(
        self,
        workbook: Workbook,
        styles: Styles,
        name: str,
        columns: tuple[str, ...],
        *,
        frozen_columns: int = 0,
    ) -> None:
        def sheet(named: str) -> Sheet:
            return Sheet(workbook, styles, named, columns, frozen_columns=frozen_columns, fitted=True)

        self._name, self._new = name, sheet
        self._sheets = [sheet(name)]

    @property
    def count(self) -> int:
        """Rows below the headers."""
        return sum(sheet.count for sheet in self._sheets)

    def names(self) -> tuple[str, ...]:
        """Return the names of its sheets, in order."""
        return tuple(sheet.name for sheet in self._sheets)

    def append(self, values: Sequence[Cell], subject: str) -> None:
        """Write a row below the last one, on a further sheet where the last one is full.

        Raises
        ------
        ExportError
            The row has too many or too few cells, or a text is too long.
        """
        if self._sheets[-1].count + 1 >= SHEET_ROWS:
            self._sheets.append(self._new(f"{self._name} ({len(self._sheets) + 1})"))
        self._sheets[-1].append(values, subject)

    def finish(self) -> None:
        """Put a filter over the rows of each sheet."""
        for sheet in self._sheets:
            sheet.finish()


def split_cell(text: str) -> tuple[str, str]:
    """Return the part that fits a cell, cut between characters, and the rest; empty when all fits.

    The text has no lone surrogates.
    """
    if _units(text) <= CELL_UNITS:
        return text, ""
    # "ignore" drops the first half of a pair that the cut would have parted.
    head = text.encode("utf-16-le")[: 2 * CELL_UNITS].decode("utf-16-le", "ignore")
    return head, text[len(head) :]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _width(column: str) -> int:
    """Return a column's width in characters."""
    return 10 if column in _NARROW else _WIDE.get(column, 20)
