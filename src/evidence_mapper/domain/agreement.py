"""What coders said of the same passages: samples coded blind, disagreements, and how they are settled."""

from __future__ import annotations

from dataclasses import dataclass

from evidence_mapper.domain.coding import Decision
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.project import CoderDecision


@dataclass(frozen=True, slots=True)
class BlindSample:
    """Passages drawn to be coded by several people, each without seeing what the others said."""

    id: str
    """Subject of its entry; what a queue is confined to it by."""
    sequence: int
    """Of its entry."""
    at: str
    """UTC, ISO 8601."""
    coder: str
    """Who had it drawn."""
    seed: int
    frame: int
    """Passages of which it was drawn."""
    drawn_from: str
    """``all`` passages of the newest versions, or those ``decided`` by somebody."""
    by_statement: bool
    """Whether statements took turns, so that rare ones are in it: shares are then not the project's."""
    passages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a disagreement was settled: counts in place of the coders' decisions, which are kept as they are.

    It stands for as long as the decisions it settled do: who decides anew opens the question again.
    """

    sequence: int
    """Of its entry."""
    passage_id: str
    coder: str
    """Who settled it."""
    at: str
    """UTC, ISO 8601."""
    decision: Decision
    taken: str | None
    """Coder whose answer was taken; None when the person wrote their own."""
    why: str
    """In the person's words; may be empty."""
    between: tuple[int, ...]
    """Sequences of the decisions that were settled, ascending."""
    coders: tuple[str, ...]
    """Who made them, in alphabetical order."""
    run_id: str | None = None
    framework: str = ""
    """``id@version``."""


@dataclass(frozen=True, slots=True)
class Disagreed:
    """A passage on which coders' decisions that hold differ in what counts."""

    number: int
    """One-based; what ``agreement settle`` calls it by. It stays while nothing else is decided or settled."""
    passage: Passage
    document: str
    """Name of the document."""
    answers: tuple[CoderDecision, ...]
    """By coder; at least two."""
    differs: tuple[str, ...]
    """In what: ``statements``, ``topics``, ``I statements``, ``category``, ``polarity``."""
    settlement: Settlement | None = None
    """The settlement that stands; None while it is open."""
