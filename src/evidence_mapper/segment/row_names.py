"""Rows of figures that the row above names, as performance reports set out an indicator.

Reviews held within a year; AMBER
Latest: 74%; Target: 85%; Previous: 75%
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from evidence_mapper.domain.document import CELL_BREAK
from evidence_mapper.segment.placed import Placed
from evidence_mapper.segment.sizes import word_count

_FIGURES: Final = 2
"""Fewest cells of a row of figures."""
_CELL: Final = 4
"""Most words of a cell that is a figure with its label."""
_TITLE: Final = 2
"""Most cells of a row that names figures: the name, and a rating or date."""
_NAME: Final = 3
"""Fewest words of a name."""
_DIGIT: Final = re.compile(r"\d")


def named_rows(run: Sequence[Placed]) -> list[list[Placed]]:
    """Return each row of a table alone, or a row of figures together with the row that names them."""
    found: list[list[Placed]] = []
    for row in run:
        if found and len(found[-1]) == 1 and _is_name(found[-1][0].text) and _is_figures(row.text):
            found[-1].append(row)
        else:
            found.append([row])
    return found


def _is_figures(text: str) -> bool:
    cells = text.split(CELL_BREAK)
    return len(cells) >= _FIGURES and all(_DIGIT.search(c) and word_count(c) <= _CELL for c in cells)


def _is_name(text: str) -> bool:
    cells = text.split(CELL_BREAK)
    return len(cells) <= _TITLE and word_count(cells[0]) >= _NAME and not _is_figures(text)
