"""How old evidence is: never older than it certainly is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_mapper.domain.dates import latest_day
from evidence_mapper.workflow.evidence_age import is_older, months_old

DAYS = st.dates(date(1970, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2024", date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 29)),
        ("2024-02-03", date(2024, 2, 3)),
        ("", None),
        ("soon", None),
        ("2024-13", None),
        ("2024-02-30", None),
        ("2024-02-03-04", None),
    ],
)
def test_a_date_stands_for_its_last_day(value: str, day: date | None) -> None:
    assert latest_day(value) == day


@pytest.mark.parametrize(
    ("value", "months", "older"),
    [
        ("2024-03-31", 24, False),
        ("2024-03-30", 24, True),
        ("2024-03", 24, False),
        ("2024-02", 24, True),
        ("2024", 24, False),
        ("2023", 24, True),
        ("", 24, None),
    ],
)
def test_older_means_more_than_so_many_months(value: str, months: int, older: bool | None) -> None:
    assert is_older(value, months, date(2026, 3, 31)) is older


@given(DAYS, DAYS, st.integers(1, 200))
def test_age_and_older_agree(day: date, as_of: date, months: int) -> None:
    older = is_older(day.isoformat(), months, as_of)
    age = months_old(day.isoformat(), as_of)
    assert age is not None
    if older:
        assert age >= months
        assert is_older((day - timedelta(days=1)).isoformat(), months, as_of)
    if age > months:
        assert older


def test_what_is_to_come_is_not_old() -> None:
    assert months_old("2030-01-01", date(2026, 1, 1)) == 0
    assert is_older("2030-01-01", 1, date(2026, 1, 1)) is False
    assert is_older("1990-01-01", 100_000, date(2026, 1, 1)) is False
