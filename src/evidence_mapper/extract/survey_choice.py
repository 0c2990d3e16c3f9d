"""Columns of answers that a person names, in place of those judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from evidence_mapper.domain.survey import SurveyColumns, to_metadata
from evidence_mapper.errors import NoSuchColumn
from evidence_mapper.extract.columns import column_index
from evidence_mapper.extract.grid import Grid, TableReport
from evidence_mapper.extract.header_rows import Header, named_header, sheet_header
from evidence_mapper.extract.layout import QUESTION_WORDS

_PART: Final = 4
"""Fewest letters of a part of a header that stand for the whole of it."""
_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person's names come to in one table."""

    header: Header | None
    columns: frozenset[int]
    found: frozenset[str]
    """The names that the table has."""


def choose(grid: Grid) -> Choice | None:
    """Return the columns a person named; None when the table has none of them.

    A name is a header, the only header that begins with it or has it in it, or a column letter; before
    it may stand the sheet's name and an exclamation mark.
    """
    names = {name: _own_part(name, grid.sheet) for name in grid.chosen}
    wanted = frozenset(_folded(part) for part in names.values() if part is not None)
    rows = [row for _, row in grid.rows]
    header = sheet_header(rows, QUESTION_WORDS)
    if header is None or not wanted & {_folded(title) for title in header.titles.values()}:
        header = named_header(rows, wanted) or header
    used = {column for row in rows for column in row}
    titles = header.titles if header is not None else {}
    places = {name: _column(part, titles, used) for name, part in names.items() if part is not None}
    found = {name: column for name, column in places.items() if column is not None}
    return Choice(header, frozenset(found.values()), frozenset(found)) if found else None


class SurveyLog:
    """What the tables of one file were taken for.

    Parameters
    ----------
    name
        The file's name, for messages.
    chosen
        Columns a person named for the file.
    """

    def __init__(self, name: str, chosen: Sequence[str] = ()) -> None:
        self._name = name
        self.chosen = tuple(chosen)
        self._missing = dict.fromkeys(chosen)
        self._titles: dict[str, None] = {}
        self._surveys: list[SurveyColumns] = []

    def add(self, report: TableReport) -> None:
        """Take in what reading one table found."""
        if report.survey is not None:
            self._surveys.append(report.survey)
        for name in report.found:
            self._missing.pop(name, None)
        self._titles.update(dict.fromkeys(report.titles))

    def metadata(self) -> tuple[tuple[str, str], ...]:
        """Return what to keep with the document.

        Raises
        ------
        NoSuchColumn
            A column that a person named is in none of the tables.
        """
        if self._missing:
            named = ", ".join(f"'{name}'" for name in self._missing)
            listed = "; ".join(list(self._titles)[:_SHOWN]) or "none with a name"
            raise NoSuchColumn(
                f"{self._name}: no column {named}. Its columns are: {listed}. Name a column as it is written "
                "there, or by its letter."
            )
        return to_metadata(self._surveys)


def _own_part(name: str, sheet: str | None) -> str | None:
    """Return the column's part of a name; None when it names another sheet."""
    before, mark, after = name.rpartition("!")
    if not mark:
        return name
    if sheet is not None and _folded(before).strip("'\"") == _folded(sheet):
        return after
    return name if sheet is None else None


def _column(name: str, titles: Mapping[int, str], used: set[int]) -> int | None:
    folded = _folded(name)
    exact = [c for c, title in sorted(titles.items()) if _folded(title) == folded]
    if exact:
        return exact[0]
    letter = name.strip().upper()
    index = column_index(letter) if letter.isascii() and letter.isalpha() and len(letter) < 4 else None
    if index is not None and index in used:
        return index
    if len(folded) < _PART:
        return None
    begins = [c for c, title in titles.items() if _folded(title).startswith(folded)]
    holds = [c for c, title in titles.items() if folded in _folded(title)]
    return next((some[0] for some in (begins, holds) if len(some) == 1), None)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
