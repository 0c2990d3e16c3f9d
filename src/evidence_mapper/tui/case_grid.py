"""Cases by I statements, side by side where that many are too many for one column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from textual.binding import Binding, BindingType

from evidence_mapper.tui.line_list import Cell, LineList
from evidence_mapper.tui.text import fit, one_line, right
from evidence_mapper.workflow.case_coverage import CaseCoverage, Shown, marks

_CELL: Final = 3
_READ: Final = 8
_NAME: Final = (9, 24)
"""Narrowest and widest column of the cases' names."""


class CaseGrid(LineList):
    """One line a case, or a case of each block; left and right move over the I statements."""

    WHOLE_LINE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right", "column(1)", show=False),
        Binding("left", "column(-1)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(id="cases")
        self.cases: list[CaseCoverage] = []
        self.column = 0
        """Counted over all blocks; the first of a block is the case as a whole."""

    def show(self, cases: list[CaseCoverage]) -> None:
        """Show the cases, with the cursor on the first."""
        self.cases, self.column = cases, 0
        self.rearrange()

    def rearrange(self) -> None:
        """Put the cases in as many blocks as are needed and fit; the cursor stays on its case."""
        here = self.index
        lines = -(-len(self.cases) // self.blocks) if self.cases else 0
        place = self.column % self.width_in_columns
        self.set_lines(lines, here % lines if lines else 0)
        self.column = (here // lines if lines else 0) * self.width_in_columns + place

    @property
    def blocks(self) -> int:
        """Return how many cases stand side by side."""
        region = self.scrollable_content_region
        if not region.height or len(self.cases) <= region.height:
            return 1
        needed = -(-len(self.cases) // region.height)
        return max(1, min(needed, region.width // (self.fixed + _NAME[0])))

    @property
    def statements(self) -> int:
        """Return how many I statements there are."""
        return len(self.cases[0].shown) if self.cases else 0

    @property
    def width_in_columns(self) -> int:
        """Return the cursor's places within a block."""
        return self.statements + 1

    @property
    def fixed(self) -> int:
        """Return the width of a block without the case's name."""
        return _CELL * self.statements + _READ

    @property
    def index(self) -> int:
        """Return which case the cursor is on."""
        return self.cursor + self.count * (self.column // self.width_in_columns)

    @property
    def case(self) -> CaseCoverage | None:
        """Return the case under the cursor; None when there is none there."""
        return self.cases[self.index] if self.index < len(self.cases) else None

    @property
    def shown(self) -> Shown | None:
        """Return the I statement under the cursor; None on the case as a whole."""
        place = self.column % self.width_in_columns
        return self.case.shown[place - 1] if self.case and place else None

    def header(self, width: int) -> str:
        """Return the names of the columns: the I statements by number."""
        numbers = "".join(fit(str(n), _CELL) for n in range(1, self.statements + 1))
        name = self._name_width(width)
        return (fit("Case", name) + numbers + right("Read", _READ - 1) + " ") * self.blocks

    def cells(self, index: int, width: int) -> Sequence[Cell]:
        """Return a line: the case of each block."""
        line: list[Cell] = []
        for block in range(self.blocks):
            place = index + block * self.count
            if place < len(self.cases):
                line += self._case(self.cases[place], self._name_width(width), block, on=index == self.cursor)
        return line

    def _case(self, case: CaseCoverage, name: int, block: int, *, on: bool) -> list[Cell]:
        first = block * self.width_in_columns
        lit = " cursor" if on and self.column == first else ""
        line: list[Cell] = [(fit(one_line(case.file.case.id), name - 1), f"key{lit}"), (" ", "")]
        for number, shown in enumerate(case.shown, 1):
            confirmed, suggested = marks(case, shown)
            lit = " cursor" if on and self.column == first + number else ""
            style = "dim" if shown.is_silent else _style(confirmed)
            line.append((confirmed, f"{style}{lit}"))
            line.append((suggested, f"suggested{lit}"))
            line.append((" " * (_CELL - 1 - len(confirmed + suggested)), lit.strip()))
            line.append((" ", ""))
        line.append((right(f"{case.decided}/{case.passages}", _READ - 1) + " ", "dim"))
        return line

    def _name_width(self, width: int) -> int:
        return max(_NAME[0], min(_NAME[1], width // self.blocks - self.fixed))

    def action_column(self, by: int) -> None:
        """Move over the columns of all blocks."""
        column = max(0, min(self.column + by, self.width_in_columns * self.blocks - 1))
        if self.cursor + self.count * (column // self.width_in_columns) >= len(self.cases):
            return
        self.column = column
        self.refresh()
        self.post_message(self.Moved(self, self.cursor))

    def move_to(self, index: int) -> None:
        """Put the cursor on a line that has a case in its block."""
        block = self.column // self.width_in_columns
        super().move_to(min(index, len(self.cases) - 1 - block * self.count))


def _style(confirmed: str) -> str:
    return {"F": "good", "A": "bad"}.get(confirmed, "strong" if confirmed else "")
