"""Suggestions are the machine's; codings are a person's. The two never share a type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Polarity(StrEnum):
    """Whether the passage speaks for or against."""

    STRENGTH = "strength"
    CONCERN = "concern"
    MIXED = "mixed"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class SuggestedCode:
    """One code with its probability."""

    id: str
    probability: float
    """In [0, 1]."""
    suggested: bool = False
    """True when the probability reaches the code's threshold."""


@dataclass(frozen=True, slots=True)
class SuggestedChoice:
    """The most likely value of a single-choice field, with the whole distribution."""

    id: str
    probability: float
    """Of ``id``, in [0, 1]."""
    distribution: tuple[tuple[str, float], ...]
    """(id, probability) for every value, most likely first; sums to 1."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a model proposes for one passage. Not a coding."""

    statements: tuple[SuggestedCode, ...]
    """Every statement of the framework, most likely first."""
    topics: tuple[SuggestedCode, ...]
    """Most likely first; those below a small probability are left out."""
    i_statements: tuple[SuggestedCode, ...]
    """Every I statement, most likely first."""
    evidence_category: SuggestedChoice | None
    polarity: SuggestedChoice | None
    none_probability: float
    """That the passage bears on none of the statements, in [0, 1]."""
    abstained: bool
    """True when neither a statement nor "none" is suggested."""
    none_suggested: bool = False
    none_taken_back: bool = False
    """True when "none" reaches its threshold for the passage alone, but not among those around it."""

    def suggested_statements(self) -> tuple[str, ...]:
        """Return ids of suggested statements, most likely first."""
        return tuple(s.id for s in self.statements if s.suggested)


class Outcome(StrEnum):
    """How a person answered for a passage."""

    CODED = "coded"
    """Bears on the accepted statements."""
    NONE = "none"
    """Bears on none of the statements."""
    UNSURE = "unsure"
    """Looked at and put off; stays in the queue under its own filter."""


class Verdict(StrEnum):
    """A person's answer on one statement for one passage."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Decision:
    """One coder's whole answer on one passage; a later decision replaces it, the record keeps both.

    Raises
    ------
    ValueError
        The outcome is CODED and no statement is accepted, or it is another and something is coded.
    """

    outcome: Outcome
    statements: tuple[tuple[str, Verdict], ...] = ()
    """(statement id, verdict), in framework order; statements not named were not judged."""
    topics: tuple[str, ...] = ()
    i_statements: tuple[str, ...] = ()
    evidence_category: str | None = None
    """None when the person set none."""
    polarity: Polarity | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        taken = any(verdict is Verdict.ACCEPTED for _, verdict in self.statements)
        if self.outcome is Outcome.CODED and not taken:
            raise ValueError("a coded passage needs at least one accepted statement")
        if self.outcome is not Outcome.CODED and (taken or self.topics or self.i_statements):
            raise ValueError(f"a passage answered '{self.outcome.value}' cannot carry codes as well")

    def accepted(self) -> tuple[str, ...]:
        """Return ids of accepted statements; empty unless the outcome is CODED."""
        if self.outcome is not Outcome.CODED:
            return ()
        return tuple(s for s, v in self.statements if v is Verdict.ACCEPTED)

    def to_json(self) -> dict[str, Any]:
        """Return plain data; :meth:`from_json` gives the same decision back."""
        return {
            "v": DECISION_FORMAT,
            "outcome": self.outcome.value,
            "statements": [[s, v.value] for s, v in self.statements],
            "topics": list(self.topics),
            "i_statements": list(self.i_statements),
            "evidence_category": self.evidence_category,
            "polarity": self.polarity.value if self.polarity else None,
            "note": self.note,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Decision:
        """Rebuild a decision.

        Raises
        ------
        KeyError, ValueError
            The data are not from :meth:`to_json`, or from a newer program's.
        """
        if data.get("v", DECISION_FORMAT) > DECISION_FORMAT:
            raise ValueError(f"decision of format {data['v']}; this program reads up to {DECISION_FORMAT}")
        polarity = data.get("polarity")
        return cls(
            outcome=Outcome(data["outcome"]),
            statements=tuple((s, Verdict(v)) for s, v in data.get("statements", ())),
            topics=tuple(data.get("topics", ())),
            i_statements=tuple(data.get("i_statements", ())),
            evidence_category=data.get("evidence_category"),
            polarity=Polarity(polarity) if polarity else None,
            note=data.get("note"),
        )


DECISION_FORMAT = 1
"""Version of :meth:`Decision.to_json`: events are never rewritten, so each says how it is to be read."""


class EventAction(StrEnum):
    """What an event records."""

    DECIDED = "decided"
    """A coder's decision on a passage."""
    UNDONE = "undone"
    """An earlier decision is taken back; the one before it, if any, holds again."""
    SOURCE_TYPE_SET = "source-type-set"
    """A person said what kind of paper a document is."""
    CARRIED = "carried-over"
    """A decision went along to the same words in a new version; the coder is who decided, not the time."""
    WITHDRAWN = "document-withdrawn"
    """A person said that a document must not count."""
    RESTORED = "document-restored"
    """A person said that a withdrawn document counts again."""
    HEAD_TRAINED = "head-trained"
    """The project's own head was learned from its decisions, and kept or not."""
    HEAD_CHOSEN = "head-chosen"
    """A person chose which head suggestions use: one of the project's, or the shipped one."""
    FLAGGED = "flagged"
    """A passage was put to a colleague's notice, or taken off again."""
    RECUT = "passage-recut"
    """A person changed where a passage begins and ends."""
    CLAIM = "claim-recorded"
    """A claim was written, changed, linked to evidence or withdrawn."""
    SCORE = "score-entered"
    """A person entered a score of their own for a statement, or took it off."""
    RETURN_ITEM = "return-item-recorded"
    """A list of information-return items was brought in, or evidence was put under an item."""
    CASE = "case-recorded"
    """Documents were grouped into a case, or what a person said of a case changed."""
    AUDIT = "audit-recorded"
    """An audit form or its mapping was brought in, or a moderator answered a finding."""
    SAMPLE = "sample-drawn"
    """A sample was drawn for blind coding or moderation; its seed is in the payload."""
    ADJUDICATED = "adjudicated"
    """A person settled where coders disagree."""
    RELEASED = "released"
    """Something left the project in full, such as an export with names, or came in from another tool."""
    FORGOTTEN = "forgotten"
    """Every trace of a document or case was erased; this is the tombstone."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the append-only record."""

    sequence: int
    """One-based, in order of writing; 0 before it is stored."""
    id: str
    at: str
    """UTC, ISO 8601, microseconds."""
    coder: str
    action: EventAction
    subject: str
    """Passage id; document id for SOURCE_TYPE_SET, WITHDRAWN and RESTORED; head id, or ``shipped``, for
    the heads."""
    framework: str
    """``id@version``."""
    run_id: str | None
    """The suggestion run the coder was looking at; None when there was none."""
    payload: Mapping[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """Return what happened: the words kept with it, such as ``flagged for Priya``, else the action's."""
        return str(self.payload.get("words") or self.action.value.replace("-", " "))


@dataclass(frozen=True, slots=True)
class RunSpec:
    """What rebuilds a suggestion run: named in every suggestion and every coding made from it."""

    artefact: str
    """``name@version`` of the classifier."""
    artefact_sha256: str
    framework: str
    """``id@version``."""
