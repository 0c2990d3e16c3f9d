"""Dates as people give them: a year, a month or a day."""

from __future__ import annotations

import calendar
import re
from datetime import date


def is_date(text: str) -> bool:
    """Return whether a text is ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, of a day that exists."""
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", text):
        return False
    try:
        date.fromisoformat(text + "0000-01-01"[len(text) :])
    except ValueError:
        return False
    return True


def latest_day(value: str) -> date | None:
    """Return the last day a date may stand for: of its year or month where it says no more.

    Parameters
    ----------
    value
        ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``. None is returned when it is none of these.
    """
    try:
        parts = [int(part) for part in value.split("-")]
        if len(parts) == 1:
            return date(parts[0], 12, 31)
        if len(parts) == 2:
            return date(parts[0], parts[1], calendar.monthrange(parts[0], parts[1])[1])
        return date(*parts)
    except (ValueError, TypeError):  # TypeError: more than three parts
        return None


def months_between(earlier: str, later: str) -> int:
    """Return the months from one date's to another's, days not counted; each as :func:`latest_day` takes it.

    Negative when ``earlier`` is the later one.

    Raises
    ------
    ValueError
        One of them is no date.
    """
    return _months(later) - _months(earlier)


def _months(text: str) -> int:
    day = latest_day(text[:10])
    if day is None:
        raise ValueError(f"{text!r} is no date")
    return day.year * 12 + day.month


def age_words(earlier: str, today: str) -> str:
    """Return how old a date is: ``5 months``, ``3 years``; ``this month`` for less than one."""
    months = months_between(earlier, today)
    if months <= 0:
        return "this month"
    if months < 24:
        return f"{months} month" + ("s" if months != 1 else "")
    return f"{months // 12} years"
