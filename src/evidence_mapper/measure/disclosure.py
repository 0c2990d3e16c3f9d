"""Counts that may leave the council: rounded to the nearest 5, and hidden where they are under 10.

A count of 1 to 9 is hidden; 10 and more are rounded to the nearest 5; nought stays, because it counts
nobody. Rounding alone does not protect a hidden count where a total stands beside it: 10 and a hidden
count with the total 10 leave only 1 or 2 for it. So of a line and its total not everything is shown:
whoever takes all that is shown together must still find every number from 1 to 9 possible for each hidden
count. Where that does not hold the total gives way (:func:`line`), or, beside a total that is shown
already, the counts do (:func:`parts`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

BASE: Final = 5
"""Counts are rounded to a multiple of this."""
SMALL: Final = 10
"""Counts from 1 to below this are hidden."""

Shown = int | None
"""A count that may be shown: 0, or a multiple of BASE of at least SMALL; None where it is hidden."""


def shown(count: int) -> Shown:
    """Return one count as it may be shown.

    Parameters
    ----------
    count
        The true count, 0 or more.

    Raises
    ------
    ValueError
        The count is negative.
    """
    if count < 0:
        raise ValueError(f"{count} is no count")
    if count == 0:
        return 0
    return None if count < SMALL else (count + BASE // 2) // BASE * BASE


def line(cells: Sequence[int], total: int) -> tuple[list[Shown], Shown]:
    """Return the counts of a line and its total as they may be shown; the total gives way.

    Parameters
    ----------
    cells
        True counts, shape (n,).
    total
        Their true sum, or less where one thing counts in several cells.
    """
    published, whole = [shown(cell) for cell in cells], shown(total)
    return published, whole if protects(published, whole) else None


def parts(cells: Sequence[int], total: Shown) -> list[Shown]:
    """Return counts as they may be shown beside a total that is shown; the counts give way, all at once.

    Parameters
    ----------
    cells
        True counts, shape (n,), that may add up to the total.
    total
        What is shown of the total. None where it is hidden: then no part is shown either, since parts that
        can all be seen would tell it.
    """
    published = [shown(cell) for cell in cells]
    if total is not None and protects(published, total):
        return published
    return [0 if cell == 0 else None for cell in cells]


def protects(cells: Sequence[Shown], total: Shown) -> bool:
    """Return whether each hidden cell could be any number from 1 to 9, given the total and the other cells.

    The cells are taken to add up to the total: where they do not, less can be worked out.
    """
    hidden = sum(cell is None for cell in cells)
    if not hidden or total is None:
        return True
    visible = [cell for cell in cells if cell is not None]
    least = _least(total) - sum(map(_most, visible))
    most = _most(total) - sum(map(_least, visible))
    others = hidden - 1
    return least - others * (SMALL - 1) <= 1 and most - others >= SMALL - 1


def _least(count: int) -> int:
    """Return the smallest count that is shown as this one."""
    return max(SMALL, count - BASE // 2) if count else 0


def _most(count: int) -> int:
    """Return the largest count that is shown as this one."""
    return count + BASE // 2 if count else 0
