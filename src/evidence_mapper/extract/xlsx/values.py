"""What a cell shows: dates by their number format, percentages, whole numbers without a point."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from evidence_mapper.extract.xlsx.names import Element, local

_DATE_IDS: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_PERCENT_IDS: Final = frozenset({9, 10})
_LITERALS: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_EXACT_DIGITS: Final = 10
_MAX_SERIAL: Final = 2_958_466
"""Day number of 1 January 10000, the first that is no date."""


class NumberKind(Enum):
    """What a number format makes of a number."""

    PLAIN = "plain"
    DATE = "date"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Formats:
    """Number kinds by cell style, and the workbook's first day."""

    kinds: tuple[NumberKind, ...] = ()
    from_1904: bool = False

    def show(self, value: str, style: int) -> str:
        """Return the text of a numeric cell; dates as ISO 8601, so that day and month cannot be mixed up."""
        kind = self.kinds[style] if 0 <= style < len(self.kinds) else NumberKind.PLAIN
        try:
            number = float(value)
        except ValueError:
            return value
        if not math.isfinite(number):
            return value
        if kind is NumberKind.DATE and 0 <= number < _MAX_SERIAL:
            return self._date(number)
        if kind is NumberKind.PERCENT:
            return f"{plain_number(repr(round(number * 100, 2)))}%"
        return plain_number(value)

    def _date(self, serial: float) -> str:
        if serial < 1:
            return _clock(serial)
        day = math.floor(serial)
        if self.from_1904:
            first = dt.date(1904, 1, 1)
        else:
            # Excel counts 29 February 1900, which never was; day 60 is that day.
            first = dt.date(1899, 12, 30) if day > 59 else dt.date(1899, 12, 31)
        date = (first + dt.timedelta(days=day)).isoformat()
        fraction = serial - day
        return f"{date} {_clock(fraction)}" if fraction * 86_400 >= 0.5 else date


def read_formats(root: Element | None, *, from_1904: bool) -> Formats:
    """Return the number kinds of ``styles.xml``; None means no styles."""
    if root is None:
        return Formats((), from_1904)
    codes = {f.get("numFmtId"): f.get("formatCode") or "" for f in root.iter() if local(f) == "numFmt"}
    styles = next((e for e in root if local(e) == "cellXfs"), None)
    cells = [xf for xf in styles if local(xf) == "xf"] if styles is not None else []
    return Formats(tuple(number_kind(xf.get("numFmtId"), codes) for xf in cells), from_1904)


def number_kind(format_id: str | None, codes: Mapping[str | None, str]) -> NumberKind:
    """Return what a number format makes of a number; ``codes`` are those that the workbook defines."""
    code = codes.get(format_id)
    if code is None:
        number = int(format_id) if format_id and format_id.isdigit() else 0
        if number in _DATE_IDS:
            return NumberKind.DATE
        return NumberKind.PERCENT if number in _PERCENT_IDS else NumberKind.PLAIN
    first = _LITERALS.sub("", code).split(";")[0].lower()
    if re.search(r"[dmyhs]", first) and "general" not in first and not re.search(r"[#?]|0(?![.0]*$)", first):
        return NumberKind.DATE
    return NumberKind.PERCENT if "%" in first else NumberKind.PLAIN


def _clock(fraction: float) -> str:
    seconds = min(round(fraction * 86_400), 86_399)
    hours, rest = divmod(seconds, 3_600)
    minutes, second = divmod(rest, 60)
    return f"{hours:02}:{minutes:02}:{second:02}" if second else f"{hours:02}:{minutes:02}"


def plain_number(value: str) -> str:
    """Return a number as written, without the noise of binary fractions or an exponent."""
    if value.lstrip("-").isdigit():
        return value
    number = float(value)
    if number.is_integer() and abs(number) < 1e18:
        return str(int(number))
    return f"{number:.{_EXACT_DIGITS}g}"
