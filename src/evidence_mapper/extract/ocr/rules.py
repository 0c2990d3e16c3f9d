"""Ruled tables on a picture of a page: where their lines run, and the cells between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from evidence_mapper.extract.ocr.picture import Grey

PixelBox = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels, origin top left."""

_DARK: Final = 140
"""Grey from which a pixel is paper, in [0, 255]."""
_ACROSS: Final = 0.8
"""Inches of the shortest line across: longer than any stroke of a letter, and than most underlined words."""
_DOWN: Final = 0.3
"""Inches of the shortest line down: two rows of small print."""
_UNBROKEN: Final = 0.95
"""Share of a line's pixels that are dark."""
_THICK: Final = 0.05
"""Inches of the thickest line; what is thicker is a bar or a picture."""
_NEAR: Final = 0.06
"""Inches within which the ends of two lines meet, and two lines are one."""

_Bits = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class RuledTable:
    """The cells of one table."""

    box: PixelBox
    rows: tuple[tuple[PixelBox | None, ...], ...]
    """None where a cell is merged into the one before it or above it."""
    lines: tuple[PixelBox, ...]
    """Its ruling lines."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """A line: where it stands, and from where to where it runs, in pixels."""

    at: float
    start: int
    end: int
    first: int
    last: int
    """Edges of its thickness."""


def ruled_tables(grey: Grey, dpi: int) -> list[RuledTable]:
    """Return the ruled tables of at least two rows and two columns on a picture, from the top.

    Parameters
    ----------
    grey
        Shape (height, width), 0 black, set straight.
    dpi
        Pixels an inch of it.
    """
    dark = grey < _DARK
    across = _rules(dark, dpi, _ACROSS)
    if len(across) < 3:
        return []
    down = _rules(dark.T, dpi, _DOWN)
    near = max(3.0, _NEAR * dpi)
    tables = [_table(h, v, near) for h, v in _clusters(across, down, near)]
    return sorted((t for t in tables if t is not None), key=lambda t: (t.box[1], t.box[0]))


def without_lines(grey: Grey, tables: Sequence[RuledTable]) -> Grey:
    """Return the picture with the tables' lines taken out, so that they are not read as letters."""
    if not tables:
        return grey
    clear = grey.copy()
    for table in tables:
        for left, top, right, bottom in table.lines:
            clear[max(0, top - 1) : bottom + 2, max(0, left - 1) : right + 2] = 255
    return clear


def _rules(dark: _Bits, dpi: int, inches: float) -> list[_Rule]:
    """Return the lines that run along the second axis."""
    length = max(8, round(inches * dpi))
    if dark.shape[1] <= length or dark.shape[0] < 3:
        return []
    # A line that is a little askew steps from one row of pixels to the next.
    thick = dark.copy()
    thick[1:] |= dark[:-1]
    thick[:-1] |= dark[1:]
    sums = np.zeros((thick.shape[0], thick.shape[1] + 1), dtype=np.int32)
    np.cumsum(thick, axis=1, out=sums[:, 1:])
    hits = (sums[:, length:] - sums[:, :-length]) >= _UNBROKEN * length
    rules = []
    for first, last in _spans(np.asarray(hits.any(axis=1)), gap=2):
        if last - first + 1 > max(4, _THICK * dpi) + 2:
            continue
        for start, end in _spans(np.asarray(hits[first : last + 1].any(axis=0)), gap=length):
            rules.append(_Rule((first + last) / 2, start, end + length, first, last))
    return rules


def _spans(bits: _Bits, gap: int) -> list[tuple[int, int]]:
    """Return (first, last) of each run of true values, runs at most ``gap`` apart as one."""
    places = np.flatnonzero(bits)
    if not len(places):
        return []
    breaks = np.flatnonzero(np.diff(places) > gap)
    firsts = places[np.concatenate(([0], breaks + 1))]
    lasts = places[np.concatenate((breaks, [len(places) - 1]))]
    return [(int(a), int(b)) for a, b in zip(firsts, lasts, strict=True)]


def _clusters(across: list[_Rule], down: list[_Rule], near: float) -> list[tuple[list[_Rule], list[_Rule]]]:
    """Return the lines of each table: those that meet, directly or through others."""
    left_h, left_v = list(across), list(down)
    found = []
    while left_h:
        mine_h, mine_v = [left_h.pop()], list[_Rule]()
        grew = True
        while grew:
            new_v = [v for v in left_v if any(_meet(h, v, near) for h in mine_h)]
            left_v = [v for v in left_v if v not in new_v]
            mine_v += new_v
            new_h = [h for h in left_h if any(_meet(h, v, near) for v in mine_v)]
            left_h = [h for h in left_h if h not in new_h]
            mine_h += new_h
            grew = bool(new_v or new_h)
        found.append((mine_h, mine_v))
    return found


def _meet(across: _Rule, down: _Rule, near: float) -> bool:
    return (
        across.start - near <= down.at <= across.end + near
        and down.start - near <= across.at <= down.end + near
    )


def _table(across: list[_Rule], down: list[_Rule], near: float) -> RuledTable | None:
    ys, xs = _places(across, near), _places(down, near)
    if len(ys) < 3 or len(xs) < 3:
        return None
    cells: list[list[PixelBox | None]] = [
        [(left, top, right, bottom) for left, right in pairwise(xs)] for top, bottom in pairwise(ys)
    ]
    for row in range(len(ys) - 1):
        middle = (ys[row] + ys[row + 1]) / 2
        for column in range(1, len(xs) - 1):
            if not _is_drawn(down, xs[column], middle, near):
                _merge(cells, (row, column), (row, column - 1))
    for column in range(len(xs) - 1):
        middle = (xs[column] + xs[column + 1]) / 2
        for row in range(1, len(ys) - 1):
            if not _is_drawn(across, ys[row], middle, near):
                _merge(cells, (row, column), (row - 1, column))
    lines = [(h.start, h.first, h.end, h.last) for h in across]
    lines += [(v.first, v.start, v.last, v.end) for v in down]
    box = (xs[0], ys[0], xs[-1], ys[-1])
    return RuledTable(box, tuple(tuple(row) for row in cells if any(row)), tuple(lines))


def _places(rules: Sequence[_Rule], near: float) -> list[int]:
    """Return where lines stand, those close together as one, in order."""
    places: list[list[float]] = []
    for at in sorted(rule.at for rule in rules):
        if places and at - places[-1][-1] <= near:
            places[-1].append(at)
        else:
            places.append([at])
    return [round(sum(some) / len(some)) for some in places]


def _is_drawn(rules: Sequence[_Rule], at: float, middle: float, near: float) -> bool:
    return any(abs(rule.at - at) <= near and rule.start <= middle <= rule.end for rule in rules)


def _merge(cells: list[list[PixelBox | None]], one: tuple[int, int], into: tuple[int, int]) -> None:
    """Make a cell part of a neighbour, where that is not part of another itself."""
    cell, other = cells[one[0]][one[1]], cells[into[0]][into[1]]
    if cell is None:
        return
    while other is None and into[1] > 0 and into[0] == one[0]:
        into = (into[0], into[1] - 1)
        other = cells[into[0]][into[1]]
    while other is None and into[0] > 0 and into[1] == one[1]:
        into = (into[0] - 1, into[1])
        other = cells[into[0]][into[1]]
    if other is None:
        return
    box = (min(cell[0], other[0]), min(cell[1], other[1]), max(cell[2], other[2]), max(cell[3], other[3]))
    cells[into[0]][into[1]] = box
    cells[one[0]][one[1]] = None
