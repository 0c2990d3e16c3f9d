"""What became of a document's passages when a new version of it came in, and passages with the same words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from evidence_mapper.domain.ids import sha256_text
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.project import CoderDecision


class Fate(StrEnum):
    """What became of a passage of the version before."""

    UNCHANGED = "unchanged"
    """The same words, in the same order among the passages."""
    MOVED = "moved"
    """The same words at another place."""
    CHANGED = "changed"
    """Nearly the same words, or the same within others: a person must look before a decision holds."""
    VANISHED = "vanished"
    """The document no longer says this."""

    @property
    def carries(self) -> bool:
        """Whether decisions go along without a person's looking again."""
        return self in (Fate.UNCHANGED, Fate.MOVED)


def plain(text: str) -> str:
    """Return text with every run of white space made one space: what "the same words" compares."""
    return " ".join(text.split())


def words_key(text: str, context: str | None) -> str:
    """Return a short hash, the same for passages that say the same in answer to the same question.

    The context (a survey's question, a list's stem) counts: the same answer to another question is
    another piece of evidence.
    """
    return sha256_text(plain(text) + "\0" + plain(context or "")).removeprefix("sha256:")[:24]


@dataclass(frozen=True, slots=True)
class PassageFate:
    """One passage of an earlier version, and what became of it."""

    fate: Fate
    old: Passage
    new: Passage | None
    """The passage that took its place; None when it vanished."""
    similarity: float
    """Of the words, in [0, 1]; 1 for the same words, 0 when it vanished."""
    decisions: tuple[CoderDecision, ...] = ()
    """Decisions that hold on ``old``."""
    settled: bool = False
    """Whether somebody has answered on ``new``, other than by being unsure; False when it vanished."""


@dataclass(frozen=True, slots=True)
class VersionChange:
    """What a document's newest version did to the passages of the one before."""

    document_id: str
    before: str
    """Id of the revision that was replaced."""
    after: str
    """Id of the revision that replaced it."""
    at: str
    """UTC, ISO 8601."""
    counts: tuple[tuple[Fate, int], ...]
    """Passages of the version before by fate, each fate once."""
    new: int
    """Passages of the newest version that took no other's place."""
    carried: int
    """Decisions that went along and hold."""
    to_confirm: int
    """Changed passages with a decision that nobody has answered anew."""
    gone: int
    """Vanished passages with a decision that holds."""

    def count(self, fate: Fate) -> int:
        """Return how many passages met a fate."""
        return dict(self.counts).get(fate, 0)


@dataclass(frozen=True, slots=True)
class DocumentVersion:
    """One version of a document, as it was read."""

    revision_id: str
    file_sha256: str
    read_at: str
    """UTC, ISO 8601."""
    passages: int
    decisions: int
    """That hold on its passages, of all coders."""
    newest: bool
    reader: str = ""
    """Name and version of what read it, such as ``pdf/2``."""


@dataclass(frozen=True, slots=True)
class Twin:
    """A passage that says the same as another, in the same document or elsewhere."""

    passage_id: str
    document_name: str
    location_label: str
    decided_by: tuple[str, ...]
    """Coders whose decision holds on it, in alphabetical order."""
