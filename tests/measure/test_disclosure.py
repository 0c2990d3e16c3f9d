"""No hidden count can be worked out from what is shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence_mapper.measure.disclosure import Shown, line, parts, protects, shown

counts = st.lists(st.integers(0, 60), min_size=1, max_size=7)


def possible(cells: Sequence[Shown], total: Shown, index: int) -> set[int]:
    """Return which of 1 to 9 a hidden cell may be, by trying all sums of the others."""
    sums = {0}
    for i, cell in enumerate(cells):
        if i != index:
            may_be = range(1, 10) if cell is None else [n for n in range(63) if shown(n) == cell]
            sums = {s + n for s in sums for n in may_be}
    return {n for n in range(1, 10) if total is None or any(shown(n + s) == total for s in sums)}


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_a_count_is_nought_hidden_or_within_two_and_a_multiple_of_five(count: int) -> None:
    published = shown(count)
    if count == 0:
        assert published == 0
    elif count < 10:
        assert published is None
    else:
        assert published is not None
        assert published % 5 == 0
        assert abs(published - count) <= 2
        assert published >= 10


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="-1 is no count"):
        shown(-1)


@settings(deadline=None)
@given(counts)
def test_beside_its_total_a_hidden_count_may_be_anything_from_1_to_9(cells: list[int]) -> None:
    published, total = line(cells, sum(cells))
    assert published == [shown(cell) for cell in cells]
    assert total in (shown(sum(cells)), None)
    for i, cell in enumerate(published):
        if cell is None:
            assert possible(published, total, i) == set(range(1, 10))


@settings(deadline=None)
@given(counts)
def test_a_total_stays_where_nothing_is_hidden(cells: list[int]) -> None:
    clear = [cell + 10 for cell in cells]
    assert line(clear, sum(clear))[1] == shown(sum(clear))


@settings(deadline=None)
@given(counts)
def test_parts_give_way_to_a_total_that_is_shown(cells: list[int]) -> None:
    total = shown(sum(cells))
    published = parts(cells, total)
    assert all((p == 0) == (c == 0) for p, c in zip(published, cells, strict=True))
    if published != [shown(cell) for cell in cells]:
        assert not any(published), "all of them, not only some"
    elif any(published):
        assert protects(published, total)


@settings(deadline=None)
@given(counts)
def test_parts_do_not_tell_a_total_that_is_hidden(cells: list[int]) -> None:
    assert not any(parts(cells, None))


@pytest.mark.parametrize(
    ("cells", "total"),
    [((12, 1), 13), ((10, 1, 1), 12), ((12, 9, 9, 9, 9), 48), ((9, 9), 18), ((1,) * 10, 10)],
)
def test_totals_that_would_give_a_count_away_are_hidden(cells: tuple[int, ...], total: int) -> None:
    assert sum(cells) == total
    assert line(cells, total)[1] is None


def test_a_total_that_gives_nothing_away_is_shown() -> None:
    assert line((3, 1, 2, 7), 13) == ([None] * 4, 15)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_who_knows_the_rule_learns_no_more_than_seven_numbers_leave(size: int) -> None:
    top = {1: 60, 2: 60, 3: 28}[size]
    worlds: dict[tuple[tuple[Shown, ...], Shown], list[tuple[int, ...]]] = defaultdict(list)
    for cells in product(range(top), repeat=size):
        if sum(cells) < top:
            published, total = line(cells, sum(cells))
            worlds[tuple(published), total].append(cells)
    checked = 0
    for (published_, _), same in worlds.items():
        if max(map(sum, same)) > top - 16:
            continue  # what lies beyond the largest sum tried would look the same
        for i, cell in enumerate(published_):
            if cell is None:
                checked += 1
                assert len({cells[i] for cells in same}) >= 7
    assert checked


def test_two_lines_with_one_total_give_nothing_away() -> None:
    """By category with the total, and by year beside it: each pair of counts with each of the same sum."""
    worlds: dict[tuple[object, ...], set[tuple[int, int]]] = defaultdict(set)
    top, checked = 36, 0
    for a, b in product(range(top), repeat=2):
        if a + b < top:
            published, total = line((a, b), a + b)
            if published[1] is None:
                for c in range(a + b + 1):
                    years = parts((c, a + b - c), total)
                    worlds[published[0], total, tuple(years)].add((a, b))
    for pairs in worlds.values():
        if max(a + b for a, b in pairs) <= top - 16:
            checked += 1
            assert len({b for _, b in pairs}) >= 5
    assert checked
