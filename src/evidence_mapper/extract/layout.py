"""Which row names the columns, and which tables are forms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from evidence_mapper.extract.grid import SHORT_WORDS, Row

_HEADER_SEARCH: Final = 15
_HEADER_WORDS: Final = 40
_NUMERIC: Final = re.compile(r"[-+(]?[£$€]?\s?\d[\d,.\s]*%?\)?$|\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?)?$")
_ID: Final = re.compile(r"[A-Za-z]{0,12}[\s_#-]?\d+$")
_ONE_COLUMN: Final = re.compile(
    r"^(?:\w+ )?(?:comments?|feedback|responses?|answers?|text|verbatim|narrative|notes?|observations?|quotes?)\W*$|"
    r"[?:]\s*$|_",
    re.IGNORECASE,
)
_PAIR_HEADER: Final = re.compile(
    r"(?:questions?|prompts?|fields?|items?|labels?|details?|answers?|responses?|values?|comments?|findings?)\W*$",
    re.IGNORECASE,
)


def find_header(rows: Sequence[Row]) -> int | None:
    """Return the index of the row that names the columns; None when there is none.

    It is the first row near the top that fills about as many columns as the rows below, with short,
    different texts and no number.
    """
    if len(rows) < 2:
        return None
    width = max(len(row) for row in rows[: 4 * _HEADER_SEARCH])
    for index, row in enumerate(rows[:_HEADER_SEARCH]):
        if index + 1 < len(rows) and _names_columns(row, width):
            return index
    return None


def is_form(rows: Sequence[Row]) -> bool:
    """Return whether rows are a form: a label in one column and its value in the next."""
    pairs = [tuple(row[c] for c in sorted(row)) for row in rows if len(row) == 2]
    filled = [row for row in rows if len(row) > 1]
    if len(pairs) < 2 or len(pairs) / len(filled) < 0.7:
        return False
    labels, values = [p[0] for p in pairs], [p[1] for p in pairs]
    if len(set(labels)) / len(labels) < 0.9 or sum(map(_is_plain_id, labels)) / len(labels) > 0.3:
        return False
    if heads_form(pairs[0]) and not _is_plain_id(labels[1]):
        return True
    if sum(text.rstrip().endswith((":", "?")) for text in labels) / len(labels) >= 0.3:
        return True
    lengths = [len(v.split()) for v in values]
    sorts = (any(map(_NUMERIC.match, values)), any(n <= 4 for n in lengths), any(n > 8 for n in lengths))
    return sum(sorts) >= 2 and not _names_columns({0: labels[0], 1: values[0]}, 2)


def heads_form(cells: Sequence[str]) -> bool:
    """Return whether two cells head a form's columns: "Question", "Answer"."""
    return len(cells) == 2 and all(_PAIR_HEADER.match(text) for text in cells)


def _is_plain_id(text: str) -> bool:
    return bool(_NUMERIC.match(text) or _ID.match(text))


def _names_columns(row: Row, width: int) -> bool:
    texts = list(row.values())
    if len(texts) < max(1, min(width, 2)) or len(texts) < width * 0.6:
        return False
    if len(set(texts)) < len(texts) * 0.8 or any(_NUMERIC.match(text) for text in texts):
        return False
    if any(text.endswith((".", "!")) and len(text.split()) > 4 for text in texts):
        return False
    # The first of many answers must not be taken for their header and so be lost.
    if width == 1 and not (_ONE_COLUMN.search(texts[0]) and len(texts[0].split()) <= SHORT_WORDS):
        return False
    return all(len(text.split()) <= _HEADER_WORDS for text in texts)
