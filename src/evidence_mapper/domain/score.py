"""Scores a person enters, and the published rule that turns a full set into a percentage and a rating.

Nothing here looks at evidence: the only input is what people entered, and no score is ever proposed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evidence_mapper.domain.framework import Wording


@dataclass(frozen=True, slots=True)
class Band:
    """One rating with the whole percentages that give it."""

    rating: str
    from_percent: int
    """Lowest whole percentage, included."""
    to_percent: int
    """Highest whole percentage, included."""


@dataclass(frozen=True, slots=True)
class ScoringRule:
    """How a regulator says it combines scores, each part with its standing and source."""

    framework_id: str
    statements: int
    """How many statements are scored."""
    lowest: int
    highest: int
    words: tuple[tuple[int, Wording], ...]
    """Score to the words that go with it, lowest first."""
    bands: tuple[Band, ...]
    """Lowest first, without gaps between whole percentages."""
    bands_wording: Wording
    """The bands as they are printed."""
    formula: Wording
    rounding: Wording
    notes: tuple[Wording, ...]
    """Limits and other rules that are published, or that were looked for and not found."""

    def word(self, score: int) -> str:
        """Return the words that go with a score; empty when there are none."""
        return next((wording.text for value, wording in self.words if value == score), "")

    def parts(self) -> tuple[tuple[str, Wording], ...]:
        """Return (what it is, wording) of every part, in the order to show them."""
        return (
            *((f"score {value}", wording) for value, wording in self.words),
            ("overall percentage", self.formula),
            ("rounding", self.rounding),
            ("rating bands", self.bands_wording),
            *(("note", note) for note in self.notes),
        )


@dataclass(frozen=True, slots=True)
class Overall:
    """What the published rule makes of a full set of scores."""

    total: int
    out_of: int
    percent: float
    """In [0, 100], not rounded."""
    whole_percent: int
    """Rounded half up: what the bands are read by."""
    rating: str


@dataclass(frozen=True, slots=True)
class EnteredScore:
    """A score a person entered for a statement, or took off again."""

    statement: str
    value: int | None
    """None when the score was taken off."""
    coder: str
    at: str
    """UTC, ISO 8601."""
    note: str | None
    sequence: int
    """Of the entry in the record."""


def overall(rule: ScoringRule, scores: Sequence[int]) -> Overall:
    """Return the overall percentage and rating of a full set of scores.

    Parameters
    ----------
    rule
        The published rule.
    scores
        One score a statement, ``rule.statements`` of them, in any order: all weigh the same.

    Raises
    ------
    ValueError
        There are too few or too many, or one is outside the scale.
    """
    if len(scores) != rule.statements:
        raise ValueError(f"the rule combines {rule.statements} scores, there are {len(scores)}")
    for score in scores:
        if not rule.lowest <= score <= rule.highest:
            raise ValueError(f"a score is {rule.lowest} to {rule.highest}, not {score}")
    total, out_of = sum(scores), rule.statements * rule.highest
    whole = (200 * total + out_of) // (2 * out_of)  # half up, in whole numbers
    rating = next(b.rating for b in rule.bands if b.from_percent <= whole <= b.to_percent)
    return Overall(total, out_of, 100 * total / out_of, whole, rating)
