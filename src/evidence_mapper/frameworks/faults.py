"""One fault of a framework file, and the words that faults share."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from evidence_mapper.frameworks.locate import KeyPath

_TYPES: Final = (
    (bool, "true or false"),
    (str, "text"),
    (list, "a list"),
    (dict, "a table"),
    (int | float, "a number"),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one key."""

    path: KeyPath
    message: str
    """What was expected and what was found."""


def found(value: object) -> str:
    """Return what kind of TOML value this is, for a message."""
    return next((name for kind, name in _TYPES if isinstance(value, kind)), "a date or time")


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a question with the most similar known word, empty when none is similar."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean '{near[0]}'?" if near else ""


def listed(names: Iterable[str], limit: int = 20) -> str:
    """Return names for a message, in their own order, cut after ``limit``; "none" for none."""
    every = list(names)
    more = f" and {len(every) - limit} more" if len(every) > limit else ""
    return ", ".join(every[:limit]) + more or "none"
