"""Where evidence is missing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class GapKind(StrEnum):
    """What is missing."""

    CATEGORY = "statement-category"
    """A statement has little or no confirmed evidence of one category."""
    TOPIC = "topic"
    """A topic has no evidence at all, confirmed or suggested, or none confirmed."""


class GapStanding(StrEnum):
    """How bad a gap is."""

    NOTHING = "nothing found"
    """Nothing confirmed, and the suggestions are too few and too weak to expect anything."""
    TO_REVIEW = "to review"
    """Nothing confirmed yet; suggestions are likely to fill it."""
    THIN = "thin"
    """Some confirmed, less than asked for."""


LIKELY_FILLED = 1.0
"""Expected confirmations among the suggestions from which a gap is likely to be filled by review."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A place where evidence is missing, with what might fill it."""

    kind: GapKind
    statement: str
    category: str | None
    """None for a topic gap."""
    topic: str | None
    """None for a category gap."""
    confirmed: int
    suggested: int
    """Suggested passages waiting for a person, which may fill the gap."""
    expected: float
    """Sum of their probabilities: how many a reader would likely confirm."""
    required: bool
    """The framework requires evidence of this category for every statement."""

    @property
    def standing(self) -> GapStanding:
        """Return how bad the gap is."""
        if self.confirmed:
            return GapStanding.THIN
        return GapStanding.TO_REVIEW if self.expected >= LIKELY_FILLED else GapStanding.NOTHING
