"""Which rows name a sheet's columns, where they take up more than one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from evidence_mapper.extract.grid import SHORT_WORDS, Row
from evidence_mapper.extract.layout import HEADER_SEARCH, NUMERIC, find_header

_OPEN_ENDED: Final = re.compile(r"(?:open-ended )?response$", re.IGNORECASE)
"""Second row of a survey tool's export, below the question."""
_IMPORT_ID: Final = re.compile(r"\{\s*[\"']ImportId[\"']")
_YEAR: Final = re.compile(r"(?:19|20)\d\d(?:\s?[/-]\s?(?:\d\d|20\d\d))?$")


@dataclass(frozen=True, slots=True)
class Header:
    """The rows that name a table's columns."""

    first: int
    """Index of the first such row."""
    last: int
    """Index of the last one; the body starts below it."""
    titles: Mapping[int, str]
    """Zero-based column to name, on one line."""


def sheet_header(rows: Sequence[Row], most: int = SHORT_WORDS) -> Header | None:
    """Return the header of a sheet, which may take up two rows; None when there is none.

    Beyond what :func:`find_header` finds, these are seen: questions over a row of ``Response`` and
    ``Open-Ended Response``, as SurveyMonkey exports them; codes, questions and import ids, as Qualtrics
    does; and groups of columns ("2023/24") over names that are the same in each group.
    """
    found = find_header(rows, most)
    last = HEADER_SEARCH - 1 if found is None else found
    for index in range(min(len(rows) - 2, last + 1)):
        if _is_import(rows[index + 2]):
            return Header(index, index + 2, _titles(rows[index + 1]))
        if _is_import(rows[index + 1]):
            return Header(index, index + 1, _titles(rows[index]))
        grouped = index != found and _is_grouped(rows, index)
        if grouped or _is_exported(rows[index], rows[index + 1], most):
            return Header(index, index + 1, _joined(rows[index], rows[index + 1]))
    return None if found is None else Header(found, found, _titles(rows[found]))


def named_header(rows: Sequence[Row], wanted: frozenset[str]) -> Header | None:
    """Return the first row near the top that has one of some names in it, folded; None when none has."""
    for index, row in enumerate(rows[:HEADER_SEARCH]):
        if wanted & {" ".join(text.split()).casefold() for text in row.values()}:
            return Header(index, index, _titles(row))
    return None


def _titles(row: Row) -> dict[int, str]:
    return {column: " ".join(text.split()) for column, text in row.items()}


def _is_import(row: Row) -> bool:
    return bool(row) and sum(bool(_IMPORT_ID.match(text)) for text in row.values()) * 2 > len(row)


def _is_exported(above: Row, below: Row, most: int) -> bool:
    asked = [text for text in above.values() if len(text.split()) <= most and not NUMERIC.match(text)]
    opened = [column for column, text in below.items() if _OPEN_ENDED.match(text)]
    short = all(len(text.split()) <= SHORT_WORDS and not NUMERIC.match(text) for text in below.values())
    # Respondents have a number or a date in the first column; a row below the questions has none there.
    if not opened or not above or min(above) in below:
        return False
    return short and len(asked) == len(above) >= 2 and all(c in above for c in opened)


def _is_grouped(rows: Sequence[Row], index: int) -> bool:
    above, below, body = rows[index], rows[index + 1], rows[index + 2 :]
    names = list(below.values())
    if not 2 <= len(above) < len(below) or len(set(names)) == len(names):
        return False
    if any(NUMERIC.match(t) and not _YEAR.match(t) for t in above.values()) or any(map(NUMERIC.match, names)):
        return False
    if any(len(text.split()) > SHORT_WORDS for text in (*names, *above.values())):
        return False
    titles = _joined(above, below)
    figures = {c for row in body[:HEADER_SEARCH] for c, text in row.items() if NUMERIC.match(text)}
    return len(set(titles.values())) == len(titles) and len(figures & below.keys()) * 2 >= len(below)


def _joined(above: Row, below: Row) -> dict[int, str]:
    """Return both rows' names as one; a name over a group reaches to the right until the next one."""
    titles, group = {}, ""
    for column in range(min((*above, *below)), max((*above, *below)) + 1):
        group = " ".join(above[column].split()) if column in above else group
        own = " ".join(below.get(column, "").split())
        if column in below and not _OPEN_ENDED.match(own):
            titles[column] = f"{group} - {own}" if group else own
        elif column in above or column in below:
            titles[column] = group or own
    return titles
