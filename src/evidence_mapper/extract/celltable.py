"""Tables inside documents and slides: rows with their headers, forms, cells with long text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from evidence_mapper.domain.document import BlockKind, SourceLocation
from evidence_mapper.extract.grid import SHORT_WORDS, form_text, row_text
from evidence_mapper.extract.headings import BlockList
from evidence_mapper.extract.layout import find_header, is_form

_LONG_CELL: Final = 40
"""A cell from this many words on is read as paragraphs, with its row's label as context."""


@dataclass(slots=True)
class CellRow:
    """One row of a table."""

    number: int
    """One-based."""
    cells: dict[int, str]
    """Zero-based column to cleaned text; empty cells are absent."""
    is_header: bool = False
    merged: dict[int, str] = field(default_factory=dict)
    """Column to the text of a cell above that reaches down into this row."""


@dataclass(frozen=True, slots=True)
class CellTable:
    """Adds a table's rows to a block list.

    Parameters
    ----------
    out
        Where blocks go.
    locate
        Row number to location.
    context
        Words given to every block; None for none.
    after_row
        Told each row's number when its blocks are in, so that what is nested in it can follow.
    """

    out: BlockList
    locate: Callable[[int], SourceLocation]
    context: str | None = None
    after_row: Callable[[int], None] | None = None

    def add(self, rows: Sequence[CellRow]) -> None:
        """Add all rows; the header row names the columns of those below it."""
        form = bool(rows) and not rows[0].is_header and is_form([row.cells for row in rows])
        header = None if form or not rows else _header(rows)
        titles = {}
        if header is not None:
            titles = {column: " ".join(text.split()) for column, text in rows[header].cells.items()}
            self._add_unused(rows, header)
        for index, row in enumerate(rows):
            if index != header:
                below = header is not None and index > header
                self._add_row(row, titles if below else {}, form=form)
            if self.after_row is not None:
                self.after_row(row.number)

    def _add_unused(self, rows: Sequence[CellRow], header: int) -> None:
        """Add long texts of the header row with nothing below them: they are no column's name."""
        used = {column for row in rows[header + 1 :] for column in row.cells}
        for column, text in sorted(rows[header].cells.items()):
            if column not in used and len(text.split()) > SHORT_WORDS:
                self.out.add(
                    text, BlockKind.PARAGRAPH, self.locate(rows[header].number), context=self.context
                )

    def _add_row(self, row: CellRow, titles: dict[int, str], *, form: bool) -> None:
        place = self.locate(row.number)
        long = {c: text for c, text in row.cells.items() if len(text.split()) >= _LONG_CELL}
        short = {c: text for c, text in row.cells.items() if c not in long}
        above = row_text({c: text for c, text in row.merged.items() if text}, titles)
        around = " - ".join(filter(None, (self.context, above)))
        if short and not (long and len(short) == 1):
            pair = form and len(short) == 2
            text = form_text(*(short[c] for c in sorted(short))) if pair else row_text(short, titles)
            self.out.add(text, BlockKind.TABLE_ROW, place, context=around or None)
        label = short[min(short)].rstrip(": ") if short else ""
        for column in sorted(long):
            heading = " - ".join(filter(None, (around, label, titles.get(column, ""))))
            for line in long[column].split("\n"):
                self.out.add(line, BlockKind.PARAGRAPH, place, context=heading or None)


def _header(rows: Sequence[CellRow]) -> int | None:
    marked = [i for i, row in enumerate(rows) if row.is_header and row.cells]
    if marked and marked[0] == 0 and len(rows) > 1:
        leading = [i for i in marked if i < len(rows) - 1]
        return leading[-1] if leading == list(range(len(leading))) else 0
    return find_header([row.cells for row in rows])
