"""Invented comments on an invented charter."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from itertools import product
from pathlib import Path

CHARTER = """id = "our-charter"
title = "Our charter"
version = "1"

[[statement]]
id = "quick-answers"
title = "Quick answers"
definition = "How soon people get an answer to a letter, message or call."
phrasings = ["They rang back the same day.", "My letter was never answered."]

[[statement]]
id = "clean-rooms"
title = "Clean rooms"
definition = "Whether rooms, halls and kitchens are clean."
phrasings = ["The hall was spotless.", "There was dust on every shelf."]

[[statement]]
id = "good-meals"
title = "Good meals"
definition = "What there is to eat and drink."
phrasings = ["The soup was cold.", "I enjoyed every dinner."]
"""
_WHO = ("My aunt says", "I found that", "Every week", "To be fair,", "Last winter")
_WHAT = {
    "quick-answers": (
        "the reply came within a day",
        "nobody answered the message for a month",
        "calls are answered at once",
        "the letter waited weeks for an answer",
    ),
    "clean-rooms": (
        "the bedroom floor was swept and polished",
        "the kitchen was dirty and smelled",
        "the hall had been dusted",
        "the windows were grimy",
    ),
    "good-meals": (
        "the dinner was hot and tasty",
        "the porridge was grey and cold",
        "there was fresh fruit at breakfast",
        "the stew had no taste at all",
    ),
}
_NOTHING = ("I was born by the sea", "the train left at noon", "my cousin plays chess", "it rained in May")


def labelled(*, none: bool = False) -> list[tuple[str, str]]:
    """Return texts with the id of their statement, ``none`` for those without one."""
    rows = [
        (f"{who} {what}.", statement)
        for (statement, said), who in product(_WHAT.items(), _WHO)
        for what in said
    ]
    if none:
        rows += [(f"{who} {what}.", "none") for who, what in product(_WHO, _NOTHING)]
    return rows


def both() -> list[tuple[str, tuple[str, ...]]]:
    """Return texts with the ids of their statements, some with two, some with none."""
    rows: list[tuple[str, tuple[str, ...]]] = [
        (text, () if s == "none" else (s,)) for text, s in labelled(none=True)
    ]
    rows += [
        (f"{a}, and {b}.", ("clean-rooms", "good-meals"))
        for a, b in product(_WHAT["clean-rooms"], _WHAT["good-meals"])
    ]
    return rows


def write_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    """Write a CSV file as Excel does, and return its path."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def charter(folder: Path) -> Path:
    """Write the charter and return its path."""
    path = folder / "charter.toml"
    path.write_text(CHARTER, encoding="utf-8")
    return path
