"""Dates as people give them: a year, a month or a day."""

from __future__ import annotations

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


def months_between(earlier: str, later: str) -> int:
    """Return the whole months from one date to another; a date without month counts from its last.

    Negative when ``earlier`` is the later one.
    """
    return _months(later) - _months(earlier)


def _months(text: str) -> int:
    return int(text[:4]) * 12 + (int(text[5:7]) if len(text) >= 7 else 12)


def age_words(earlier: str, today: str) -> str:
    """Return how old a date is: ``5 months``, ``3 years``; ``this month`` for less than one."""
    months = months_between(earlier, today)
    if months <= 0:
        return "this month"
    if months < 24:
        return f"{months} month" + ("s" if months != 1 else "")
    return f"{months // 12} years"
