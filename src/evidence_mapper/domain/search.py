"""What is looked for, and how what is found stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from evidence_mapper.domain.document import Document
from evidence_mapper.domain.passage import Passage, Span


@dataclass(frozen=True, slots=True)
class WordQuery:
    """Words to look for; each is looked for in every form of it: "wait" also finds "waited"."""

    words: tuple[str, ...] = ()
    """Passages with any of them, those with more and rarer ones first."""
    phrases: tuple[str, ...] = ()
    """Every one must stand in the passage, its words side by side."""
    without: tuple[str, ...] = ()
    """None of these words and phrases may stand in it."""

    def is_empty(self) -> bool:
        """Whether there is nothing to find passages by."""
        return not (self.words or self.phrases)


class HitState(StrEnum):
    """How a passage stands, all coders together."""

    CONFIRMED = "confirmed"
    """Somebody accepted a statement for it."""
    SUGGESTED = "suggested"
    """A statement is suggested and nobody has decided: not evidence until a person confirms it."""
    SET_ASIDE = "set-aside"
    """Somebody decided that it bears on none of the statements, or accepted none, and nobody accepted one."""
    OPEN = "open"
    """Nobody has decided, and no statement is suggested."""


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage of a newest version, as it is shown among what was found."""

    number: int
    """The store's key of it."""
    passage: Passage
    document: Document
    state: HitState
    statements: tuple[str, ...]
    """Accepted by any coder; where there are none, those suggested. In order of their ids."""
    matched: tuple[Span, ...] = ()
    """Where the words stand in ``passage.text``, in order, apart from one another."""
