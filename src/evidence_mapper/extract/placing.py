"""The order in which a person reads shapes that lie on a slide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

_SLACK: Final = 0.15
"""Share of its own size by which a shape may reach into the next row or column."""
_MOST: Final = 150
"""With more shapes than this, they are read from top to bottom as they lie."""


@dataclass(frozen=True, slots=True)
class Box:
    """A shape's edges in any one unit, top and left being the small numbers."""

    left: float
    top: float
    right: float
    bottom: float


def reading_order(boxes: Sequence[Box | None]) -> list[int]:
    """Return the indices of shapes in reading order.

    A gap that runs across parts what is above it from what is below; where there is none, a gap that
    runs down parts columns. Shapes that overlap are read by their top and left edges. Shapes without a
    place come last, in their own order.
    """
    placed = [(i, box) for i, box in enumerate(boxes) if box is not None]
    unplaced = [i for i, box in enumerate(boxes) if box is None]
    ordered = _cut(placed) if len(placed) <= _MOST else _sorted(placed)
    return [i for i, _ in ordered] + unplaced


_Placed = list[tuple[int, Box]]


def _cut(placed: _Placed) -> _Placed:
    if len(placed) < 2:
        return placed
    for first, last in (("top", "bottom"), ("left", "right")):
        bands = _bands(placed, first, last)
        if len(bands) > 1:
            return [item for band in bands for item in _cut(band)]
    return _sorted(placed)


def _bands(placed: _Placed, first: str, last: str) -> list[_Placed]:
    start, stop = attrgetter(first), attrgetter(last)
    bands: list[_Placed] = []
    edge = 0.0
    for item in sorted(placed, key=lambda p: float(start(p[1]))):
        low, high = float(start(item[1])), float(stop(item[1]))
        if not bands or low >= edge:
            bands.append([])
            edge = high - _SLACK * (high - low)
        bands[-1].append(item)
        edge = max(edge, high - _SLACK * (high - low))
    return bands


def _sorted(placed: _Placed) -> _Placed:
    return sorted(placed, key=lambda p: (p[1].top, p[1].left))
