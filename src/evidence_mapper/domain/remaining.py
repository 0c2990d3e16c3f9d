"""How much evidence remains unseen: what is estimated, from what, and how surely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """How a passage is answered, all coders together."""

    decided: bool
    """Somebody decided, other than unsure."""
    live: bool
    """It is of a newest version that counts."""
    statements: frozenset[str]
    """Accepted by anybody."""


@dataclass(frozen=True, slots=True)
class SinceSample:
    """What was decided of the passages that nobody had judged when a sample was drawn."""

    decided: int
    """Passages."""
    found: Mapping[str, int]
    """Statement id to passages confirmed for it; absent means nought."""


@dataclass(frozen=True, slots=True)
class DrawnSample:
    """A random sample of what was undecided, drawn for the estimate."""

    id: str
    """Subject of its entry; what a queue is confined to it by."""
    sequence: int
    """Of its entry."""
    at: str
    """UTC, ISO 8601."""
    coder: str
    seed: int
    frame: int
    """Passages that nobody had decided on, of which it was drawn."""
    passages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """Evidence to be expected among what nobody has decided on, if the probabilities are right."""

    mean: float
    low: int
    high: int
    """The middle 90 in a hundred of the Poisson-binomial distribution lie from low to high."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What an audit sample says of one statement, at the confidence asked for."""

    in_sample: int
    """Passages of the sample confirmed for it."""
    unseen: int
    """At most so many more pieces of evidence are undecided."""
    recall: float | None
    """At least so great a share of all evidence is found, in [0, 1]; None when there may be none at all."""


@dataclass(frozen=True, slots=True)
class RemainingRow:
    """One statement."""

    statement: str
    confirmed: int
    expected: Expected | None
    """None without suggestions."""
    bound: Bound | None
    """None without a sample that stands."""
    may_stop: bool
    """Whether the recall asked for is reached, at the confidence asked for."""


@dataclass(frozen=True, slots=True)
class Remaining:
    """The whole estimate."""

    rows: tuple[RemainingRow, ...]
    undecided: int
    """Passages nobody has decided on; UNSURE leaves a passage undecided."""
    without_suggestion: int
    """Of these; the expected figures know nothing of them."""
    sample: DrawnSample | None
    """The latest sample drawn; None when none was."""
    waiting: int
    """Passages of the sample not decided yet; each counts as evidence until it is."""
    problem: str | None
    """Why the sample no longer stands, in words; None when it does, or there is none."""
    confidence: float
    recall: float
    """What was asked for."""
