"""How old evidence is, by the date of its document."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Final

from evidence_mapper.domain.dates import latest_day

STALE_MONTHS: Final = 24
"""Months after which evidence is called old, unless a person says otherwise."""


def months_old(value: str, as_of: date) -> int | None:
    """Return the whole months from a date to a day, 0 or more; None when it is no date.

    A date that says only a year or a month counts from that one's last day: evidence is never called
    older than it certainly is. A date after ``as_of`` is 0 months old.
    """
    day = latest_day(value)
    if day is None:
        return None
    months = (as_of.year - day.year) * 12 + as_of.month - day.month
    # The last day of a month completes it, as the 30 June does after the 31 May.
    last = as_of.day == calendar.monthrange(as_of.year, as_of.month)[1]
    if as_of.day < day.day and not last:
        months -= 1
    return max(0, months)


def is_older(value: str, months: int, as_of: date) -> bool | None:
    """Return whether a date lies more than so many months before a day; None when it is no date."""
    day = latest_day(value)
    if day is None:
        return None
    year, month = divmod(as_of.year * 12 + as_of.month - 1 - months, 12)
    if year < date.min.year:
        return False
    month += 1
    return day < date(year, month, min(as_of.day, calendar.monthrange(year, month)[1]))
