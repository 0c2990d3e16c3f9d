"""What is looked for, and what one find is."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from evidence_mapper.domain.passage import Span


class Kind(StrEnum):
    """A kind of identifier. The values are the labels of labelled files."""

    PERSON = "PERSON"
    """A name in any form: full, first name alone, initials, nickname, with its title."""
    ADDRESS = "ADDRESS"
    """A dwelling or street; a postcode that follows has its own kind."""
    POSTCODE = "POSTCODE"
    DATE_OF_BIRTH = "DATE_OF_BIRTH"
    """A date or year said to be somebody's birth; other dates stay."""
    NHS_NUMBER = "NHS_NUMBER"
    NINO = "NINO"
    """National Insurance number."""
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    CASE_NUMBER = "CASE_NUMBER"
    """Number of a person or case in a council's or the health service's system, or other reference."""
    ONLINE = "ONLINE"
    """Web address or name on a social network."""
    VEHICLE = "VEHICLE"
    """Registration mark."""
    PLACE = "PLACE"
    """Named school, surgery, hospital, home or service: points to a person together with other facts."""
    AGE = "AGE"
    """An age of 90 or more: few enough people to point to one."""


DIRECT: Final = frozenset(Kind) - {Kind.PLACE, Kind.AGE}
"""Kinds that identify by themselves; the other two do so together with other facts."""

SUBJECT: Final = "subject"
"""Role of the person whose record a text is, where a form's label says so."""

PRIORITY: Final = (
    Kind.EMAIL,
    Kind.ONLINE,
    Kind.NHS_NUMBER,
    Kind.NINO,
    Kind.DATE_OF_BIRTH,
    Kind.PHONE,
    Kind.VEHICLE,
    Kind.CASE_NUMBER,
    Kind.POSTCODE,
    Kind.ADDRESS,
    Kind.PLACE,
    Kind.PERSON,
    Kind.AGE,
)
"""Which kind wins where two finds overlap, first the strongest."""


_WORDS: Final = frozenset(
    {Kind.PERSON, Kind.ADDRESS, Kind.PLACE, Kind.ONLINE, Kind.EMAIL, Kind.AGE, Kind.DATE_OF_BIRTH}
)
"""Kinds of which a part without a digit still tells something."""
_DIGIT: Final = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Found:
    """One identifier in a text."""

    span: Span
    kind: Kind
    role: str | None = None
    """For a person: ``staff``, ``subject``, or kinship such as ``daughter``; None where nothing says."""


def settle(found: list[Found], text: str) -> list[Found]:
    """Return finds in order and without overlap, together covering every character that any covered.

    Overlapping finds of one kind become one; of two kinds the stronger keeps its extent, and what is left
    of the other stays if it holds a letter or digit.
    """
    taken: list[Found] = []
    for kind in PRIORITY:
        starts = [f.span.start for f in taken]
        new = []
        for item in _joined([f for f in found if f.kind is kind]):
            first = max(0, bisect_right(starts, item.span.start) - 1)
            new += _remainder(item, taken[first : bisect_left(starts, item.span.end)], text)
        taken = sorted(taken + new, key=lambda f: f.span)
    return taken


def _joined(found: list[Found]) -> list[Found]:
    joined: list[Found] = []
    for item in sorted(found, key=lambda f: f.span):
        last = joined[-1] if joined else None
        if last and item.span.start < last.span.end:
            span = Span(last.span.start, max(last.span.end, item.span.end))
            joined[-1] = Found(span, item.kind, last.role or item.role)
        else:
            joined.append(item)
    return joined


def _remainder(item: Found, taken: list[Found], text: str) -> list[Found]:
    free = [(item.span.start, item.span.end)]
    for other in taken:
        start, end = other.span.start, other.span.end
        free = [
            piece for a, b in free for piece in ((a, min(b, start)), (max(a, end), b)) if piece[0] < piece[1]
        ]
    trimmed = [_trim(a, b, text) for a, b in free]
    kept = [(a, b) for a, b in trimmed if b > a and (item.kind in _WORDS or _DIGIT.search(text, a, b))]
    return [Found(Span(a, b), item.kind, item.role) for a, b in kept]


def _trim(start: int, end: int, text: str) -> tuple[int, int]:
    while start < end and not text[start].isalnum() and text[start] not in "@#+(":
        start += 1
    while end > start and not text[end - 1].isalnum() and text[end - 1] not in ").":
        end -= 1
    return (start, end) if any(c.isalnum() for c in text[start:end]) else (start, start)
