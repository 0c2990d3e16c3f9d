"""Rows of cells, and how they become text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from evidence_mapper.domain.document import CELL_BREAK, BlockKind, Exclusion, SourceLocation
from evidence_mapper.domain.survey import SurveyColumns
from evidence_mapper.extract.headings import BlockList

SHORT_WORDS: Final = 12
"""A cell over this many words is a text, not a label or a value."""

Row = Mapping[int, str]
"""Zero-based column to cleaned text; empty cells are absent."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One rectangle of cells with the way to name a place in it."""

    rows: Sequence[tuple[int, Row]]
    """(one-based row number, cells); rows without any cell are absent."""
    locate: Callable[[int, int | None], SourceLocation]
    """Row number and zero-based column, None for the whole row, to a location."""
    header: int | None = None
    """Index in ``rows`` of a header row that the format marks; None when it marks none."""
    is_sheet: bool = True
    """Whether a column may hold survey answers; a table inside a document holds none."""
    is_form: bool = False
    """Whether the format marks the first column as labels."""
    sheet: str | None = None
    """Name of the worksheet."""
    chosen: tuple[str, ...] = ()
    """Columns that a person says hold answers: headers or letters, with or without the sheet's name."""


@dataclass(slots=True)
class TableReport:
    """What reading a grid left out."""

    exclusions: list[Exclusion] = field(default_factory=list)
    unanswered: int = 0
    """Survey rows without any free-text answer."""
    survey: SurveyColumns | None = None
    """What the columns were taken for; None when the table is no survey."""
    found: frozenset[str] = frozenset()
    """Those of the chosen columns that the table has."""
    titles: tuple[str, ...] = ()
    """The columns' names, for a person who asked for another one."""


def row_text(row: Row, titles: Mapping[int, str]) -> str:
    """Return ``"Header: value; Header: value"``; a column without a header gives its value alone."""
    pieces = []
    for column in sorted(row):
        title = titles.get(column, "").rstrip(": ")
        pieces.append(f"{title}: {row[column]}" if title and title != row[column] else row[column])
    return CELL_BREAK.join(pieces)


def form_text(label: str, value: str) -> str:
    """Return ``"Label: value"``; a question keeps its own mark."""
    title = " ".join(label.split()).rstrip(": ")
    return f"{title}{'' if title.endswith('?') else ':'} {value}"


def add_row(out: BlockList, grid: Grid, number: int, row: Row, titles: Mapping[int, str]) -> None:
    """Add one row as one block."""
    out.add(row_text(row, titles), BlockKind.TABLE_ROW, grid.locate(number, None))
