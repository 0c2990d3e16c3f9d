"""Which row names the columns, and which tables are forms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from evidence_mapper.extract.grid import SHORT_WORDS, Row

HEADER_SEARCH: Final = 15
QUESTION_WORDS: Final = 40
"""Most words of a question over a column of answers."""
NUMERIC: Final = re.compile(r"[-+(]?[£$€]?\s?\d[\d,.\s/:-]*%?\)?$|\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?)?$")
_ID: Final = re.compile(r"[A-Za-z]{0,12}[\s_#-]?\d+$")
_ONE_COLUMN: Final = re.compile(
    r"^(?:\w+ )?(?:comments?|feedback|responses?|answers?|text|verbatim|narrative|notes?|observations?|"
    r"quotes?)\W*$|[?:]\s*$|_",
    re.IGNORECASE,
)
_PAIR_HEADER: Final = re.compile(
    r"(?:questions?|prompts?|fields?|items?|labels?|details?|answers?|responses?|values?|comments?|findings?)\W*$",
    re.IGNORECASE,
)


def find_header(rows: Sequence[Row], most: int = SHORT_WORDS) -> int | None:
    """Return the index of the row that names the columns; None when there is none.

    It is the first row near the top that fills about as many columns as the rows below, with short,
    different texts and no number.

    Parameters
    ----------
    rows
        Cells, top row first.
    most
        Words a name may have: survey questions over a sheet's columns are long.
    """
    if len(rows) < 2:
        return None
    width = max(len(row) for row in rows[: 4 * HEADER_SEARCH])
    for index, row in enumerate(rows[:HEADER_SEARCH]):
        if index + 1 < len(rows) and _names_columns(row, width, most):
            return index
    return None


_FULL_DATE: Final = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*,? \d{4}\b"
    r"|\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b",
    re.IGNORECASE,
)


def is_form(rows: Sequence[Row]) -> bool:
    """Return whether rows are a form: a label in one column and its value in the next."""
    pairs = [tuple(row[c] for c in sorted(row)) for row in rows if len(row) == 2]
    filled = [row for row in rows if len(row) > 1]
    if len(pairs) < 2 or len(pairs) / len(filled) < 0.7:
        return False
    labels, values = [p[0] for p in pairs], [p[1] for p in pairs]
    if len(set(labels)) / len(labels) < 0.9 or sum(map(_is_no_label, labels)) / len(labels) > 0.3:
        return False
    if _PAIR_HEADER.match(values[0]):
        return heads_form(pairs[0]) and not _is_plain_id(labels[1])
    if sum(text.rstrip().endswith((":", "?")) for text in labels) / len(labels) >= 0.3:
        return True
    if _FULL_DATE.search(values[0]) and not any(_FULL_DATE.search(v) or NUMERIC.match(v) for v in values[1:]):
        return True  # a day is no column's name, unless days or figures of that day stand below
    return _are_mixed(values[1:]) and not _heads_values(labels[0], values)


def heads_form(cells: Sequence[str]) -> bool:
    """Return whether two cells head a form's columns: "Question", "Answer"."""
    return len(cells) == 2 and all(_PAIR_HEADER.match(text) for text in cells)


def _are_mixed(values: Sequence[str]) -> bool:
    """Return whether values are of more than one sort: figures and codes, short texts, longer texts."""
    sorts = {
        "text" if len(value.split()) > 4 else "figure" if re.search(r"\d", value) else "word"
        for value in values
    }
    return len(sorts) > 1


def _heads_values(label: str, values: Sequence[str]) -> bool:
    """Return whether the first pair names the columns: a name over figures, or over texts."""
    name, *below = values
    if not _names_columns({0: label, 1: name}, 2):
        return False
    figures = sum(bool(NUMERIC.match(value)) for value in below) / len(below)
    return figures >= 0.8 or (len(name.split()) <= 4 and min(len(value.split()) for value in below) >= 5)


def _is_no_label(text: str) -> bool:
    return _is_plain_id(text) or (text.endswith((".", "!")) and len(text.split()) > 4)


def _is_plain_id(text: str) -> bool:
    return bool(NUMERIC.match(text) or _ID.match(text))


def _names_columns(row: Row, width: int, most: int = SHORT_WORDS) -> bool:
    texts = list(row.values())
    if len(texts) < max(1, min(width, 2)) or len(texts) < width * 0.6:
        return False
    if len(set(texts)) < len(texts) * 0.8 or any(NUMERIC.match(text) for text in texts):
        return False
    if width > 1 and any(text.endswith(":") for text in texts):
        return False
    if any(text.endswith((".", "!")) and len(text.split()) > 4 for text in texts):
        return False
    # The first of many answers must not be taken for their header and so be lost.
    if width == 1 and not (_ONE_COLUMN.search(texts[0]) and len(texts[0].split()) <= SHORT_WORDS):
        return False
    return all(len(text.split()) <= most for text in texts)
