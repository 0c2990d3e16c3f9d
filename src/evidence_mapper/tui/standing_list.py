"""What is confirmed of each statement, or I statement: for and against, in people's own words, how old."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evidence_mapper.domain.dates import age_words
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.project import CellCount, Matrix
from evidence_mapper.tui.line_list import Cell, LineList
from evidence_mapper.tui.matrix_grid import count_cells, short
from evidence_mapper.tui.text import GAP_MARK, fit, one_line, right

_COUNTS, _SIDES, _VOICE, _AGE = 13, 12, 8, 19


@dataclass(frozen=True, slots=True)
class Standing:
    """One line."""

    id: str
    title: str
    count: CellCount
    voice: int | None
    """Confirmed passages of people's experience; None where they are not counted apart."""
    newest: str | None
    """Date of the newest document with confirmed evidence; None when none is known."""


class StandingList(LineList):
    """One line a statement or I statement."""

    def __init__(self) -> None:
        super().__init__(id="standing")
        self.lines: list[Standing] = []
        self._today = ""

    def show(self, lines: list[Standing], today: str) -> None:
        """Show lines; ``today`` is what the age of evidence is counted to, ``YYYY-MM-DD``."""
        self.lines, self._today = lines, today
        self.set_lines(len(lines), 0)

    @property
    def current(self) -> Standing | None:
        """Return the line under the cursor; None when there is none."""
        return self.lines[self.cursor] if self.cursor < len(self.lines) else None

    def cells(self, index: int, width: int) -> Sequence[Cell]:
        """Return a line."""
        line = self.lines[index]
        place = 0 if line.voice is None else _VOICE
        title = width - _COUNTS - _SIDES - place - _AGE
        count = line.count
        sides = f"+{short(count.strengths)} −{short(count.concerns)}" if count.confirmed else "—"
        voice, style = "", "dim"
        if line.voice is not None:
            voice, style = (short(line.voice), "") if line.voice else (f"— {GAP_MARK}", "bad")
        age = "no date" if count.confirmed else ""
        if line.newest:
            age = f"{line.newest[:7]} {age_words(line.newest, self._today)}"
        return [
            (fit(line.title, title), ""),
            *count_cells(count, _COUNTS),
            (right(sides, _SIDES), "" if count.confirmed else "dim"),
            (right(voice, place), style),
            (right(age, _AGE), "dim"),
        ]


def heading(width: int, *, voice: bool) -> str:
    """Return the names of the columns."""
    names = [("✓ and ?", _COUNTS), ("+ and −", _SIDES), ("Newest", _AGE)]
    if voice:
        names.insert(2, ("Voice", _VOICE))
    title = width - sum(size for _, size in names)
    return fit("", title) + "".join(right(fit(name, min(len(name), size)), size) for name, size in names)


def of_statements(framework: Framework, matrix: Matrix) -> list[Standing]:
    """Return a line for each statement; the voice is what the framework requires of every statement."""
    voices = [c.id for c in framework.evidence_categories if c.required]
    return [
        Standing(
            s.id,
            f"{s.number} {one_line(s.title.text)}",
            matrix.row(s.id),
            sum(matrix.cell(s.id, c).confirmed for c in voices),
            matrix.newest_of(s.id),
        )
        for s in framework.statements
    ]


def of_i_statements(framework: Framework, matrix: Matrix) -> list[Standing]:
    """Return a line for each I statement."""
    nothing = CellCount()
    return [
        Standing(
            i.id,
            f"“{one_line(i.wording.text)}”",
            matrix.i_statements.get(i.id, nothing),
            None,
            matrix.i_newest.get(i.id),
        )
        for i in framework.i_statements
    ]
