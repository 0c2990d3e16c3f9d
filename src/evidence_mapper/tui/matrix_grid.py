"""Statements by evidence categories, confirmed and suggested apart."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from evidence_mapper.domain.framework import EvidenceCategory, Framework
from evidence_mapper.domain.project import UNCATEGORISED, CellCount, Matrix
from evidence_mapper.tui.line_list import Cell, LineList
from evidence_mapper.tui.text import ACCEPTED_MARK, GAP_MARK, fit, fit_title, one_line, right

HEADER_LINES = 3
TOTAL = "total"
"""Column of the sums over categories."""


class MatrixGrid(LineList):
    """One line a statement and one for the sums; left and right move over the categories."""

    WHOLE_LINE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right", "column(1)", show=False),
        Binding("left", "column(-1)", show=False),
    ]

    def __init__(self, framework: Framework) -> None:
        super().__init__(id="grid")
        self._framework = framework
        self.matrix = Matrix()
        self.columns: list[str] = [c.id for c in ordered(framework)]
        self.column = 0

    def show(self, matrix: Matrix) -> None:
        """Show the counts; the column for no category only when it holds something."""
        self.matrix = matrix
        known = [c.id for c in ordered(self._framework)]
        present = dict.fromkeys(category for _, category in matrix.cells)
        others = [c for c in present if c not in known and c != UNCATEGORISED]
        bare = [UNCATEGORISED] if matrix.has_uncategorised() else []
        self.columns = [*known, *others, *bare, TOTAL]
        self.set_lines(len(self._framework.statements) + 1, self.cursor)

    @property
    def statement_id(self) -> str | None:
        """Return the statement under the cursor; None on the line of sums."""
        statements = self._framework.statements
        return statements[self.cursor].id if self.cursor < len(statements) else None

    @property
    def category_id(self) -> str | None:
        """Return the evidence category under the cursor; None in the column of sums."""
        column = self.columns[self.column]
        return None if column == TOTAL else column

    def cells(self, index: int, width: int) -> Sequence[Cell]:
        """Return a statement's title and counts."""
        size = self.column_width(width)
        title, statement = "  Sum of the rows", None
        if index < len(self._framework.statements):
            statement = self._framework.statements[index]
            title = f"{statement.number} {one_line(statement.title.text)}"
        on = index == self.cursor
        line: list[Cell] = [(fit_title(title, width - size * len(self.columns)), "key" if on else "")]
        for number, category in enumerate(self.columns):
            count = self.count_of(statement.id if statement else None, category)
            lit = " cursor" if on and number == self.column else ""
            line += [(text, f"{style}{lit}") for text, style in count_cells(count, size)]
        return line

    def count_of(self, statement_id: str | None, category: str) -> CellCount:
        """Return a cell; None for the statement, or TOTAL, sums."""
        if statement_id is not None:
            if category == TOTAL:
                return self.matrix.row(statement_id)
            return self.matrix.cell(statement_id, category)
        total = CellCount()
        for statement in self._framework.statements:
            total += self.count_of(statement.id, category)
        return total

    def column_width(self, width: int) -> int:
        """Return the width of a category's column in a list this wide."""
        return max(11, min(16, (width - 22) // max(1, len(self.columns))))

    def header(self, width: int) -> Content:
        """Return the names of the columns over three lines."""
        size = self.column_width(width)
        names = {c.id: ("*" if c.required else "") + one_line(c.name.text) for c in ordered(self._framework)}
        names |= {UNCATEGORISED: "No category set", TOTAL: "Total"}
        wrapped = [
            textwrap.wrap(names.get(c, c), size - 1, max_lines=HEADER_LINES, placeholder="…")
            for c in self.columns
        ]
        first = width - size * len(self.columns)
        lines = []
        for n in range(HEADER_LINES):
            cells = [w[n + len(w) - HEADER_LINES] if n + len(w) >= HEADER_LINES else "" for w in wrapped]
            lines.append(fit("", first) + "".join(fit(right(cell, size - 1), size) for cell in cells))
        return Content.styled("\n".join(lines), "bold")

    def action_column(self, by: int) -> None:
        """Move over the columns."""
        self.column = max(0, min(self.column + by, len(self.columns) - 1))
        self.refresh()
        self.post_message(self.Moved(self, self.cursor))


def ordered(framework: Framework) -> list[EvidenceCategory]:
    """Return evidence categories, those every statement must have first."""
    return sorted(framework.evidence_categories, key=lambda c: not c.required)


def count_cells(count: CellCount, width: int) -> list[Cell]:
    """Return a count in ``width`` cells, to the right: ``3 ✓  12 ?``, or ``— !`` for nothing confirmed."""
    gap = " " if width >= 13 else ""
    confirmed = f"{short(count.confirmed)}{gap}{ACCEPTED_MARK}" if count.confirmed else f"—{gap}{GAP_MARK}"
    suggested = f"{short(count.suggested)}{gap}?" if count.suggested else ""
    tail = right(suggested, (7 if width >= 14 else 6) if gap else 5) + " "
    style = "good" if count.confirmed else "bad"
    return [(right(confirmed, width - len(tail)), style), (tail, "suggested")]


def short(count: int) -> str:
    """Return a count in at most four characters."""
    if count < 10_000:
        return str(count)
    return f"{count // 1000}k" if count < 1_000_000 else f"{count // 1_000_000}M"
