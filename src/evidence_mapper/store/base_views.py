"""The part of the store that queues, counts and finds."""

from __future__ import annotations

from collections.abc import Iterator, MutableSequence, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from evidence_mapper.domain.project import (
    CoderDecision,
    EvidenceRow,
    Matrix,
    Progress,
    QueueFilter,
    QueueOrder,
    QueueRow,
    QueueStamp,
)
from evidence_mapper.domain.remaining import Answer, SinceSample
from evidence_mapper.domain.search import FoundPassage, WordQuery
from evidence_mapper.store.records import (
    LiveText,
    StoredVector,
)


class Views(Protocol):
    """What a store says of passages and decisions together."""

    # views -------------------------------------------------------------------------------------
    def queue_count(self, coder: str, where: QueueFilter) -> int:
        """Return how many passages the filter leaves for a coder."""

    def queue(
        self, coder: str, where: QueueFilter, order: QueueOrder, offset: int, limit: int
    ) -> list[QueueRow]:
        """Return part of a coder's queue; ``offset`` is zero-based."""

    def queue_position(
        self, coder: str, where: QueueFilter, order: QueueOrder, passage_id: str
    ) -> int | None:
        """Return the zero-based place of a passage in the queue, None when it is not in it."""

    def queue_stamp(self, coder: str) -> QueueStamp:
        """Return what says whether a coder's queue, once taken, still stands."""

    def queue_numbers(self, coder: str, where: QueueFilter, order: QueueOrder) -> MutableSequence[int]:
        """Return the keys of a coder's whole queue, in order: a few bytes a passage."""

    def queue_first(self, coder: str, where: QueueFilter, order: QueueOrder) -> str | None:
        """Return the id of the first passage of a large queue, where that is quick to find; else None."""

    def queue_rows(self, coder: str, numbers: Sequence[int]) -> dict[int, QueueRow]:
        """Return rows by the keys of their passages, in the order given; keys of none are left out."""

    def queue_holds(self, coder: str, where: QueueFilter, number: int) -> bool:
        """Return whether the passage of a key is in a coder's queue."""

    def passage_key(self, passage_id: str) -> int | None:
        """Return the key of a passage; None when there is no such."""

    def at_once(self) -> AbstractContextManager[None]:
        """Make all reads of this thread within the block see one commit, at the cost of one read."""

    def progress(self, coder: str) -> Progress:
        """Return a coder's counts over the newest revisions."""

    def open_ids(self) -> list[str]:
        """Return the ids of live passages that nobody has decided on, by document and place."""

    def open_probabilities(self) -> Iterator[tuple[tuple[str, float], ...]]:
        """Yield (statement, probability) pairs of each live passage nobody has decided on."""

    def since_event(self, sequence: int) -> SinceSample:
        """Return what was decided, of what nobody had judged before an event."""

    def answers(self, passage_ids: Sequence[str]) -> dict[str, Answer]:
        """Return how each of some passages is answered, all coders together; ids of none are left out."""

    def matrix(self) -> Matrix:
        """Return the counts of confirmed and suggested evidence."""

    def keep_counts(self) -> None:
        """Count what is suggested, where that is not kept already, and keep it for the matrix."""

    def evidence_rows(self, *, confirmed: bool) -> Iterator[EvidenceRow]:
        """Yield confirmed rows or suggested ones (undecided by anyone), in document order."""

    def decisions_made(self) -> Iterator[tuple[str, CoderDecision]]:
        """Yield (passage id, decision) of what persons decided and holds, by the order of events.

        What was carried over to a new version counts once, where the person decided.
        """

    # search ------------------------------------------------------------------------------------
    def find_words(self, query: WordQuery, where: QueueFilter, limit: int) -> list[tuple[int, float]]:
        """Return (passage number, BM25 score) of the best passages of newest versions, best first.

        The filter's ``state``, which is one coder's, is not looked at; nor is it by :meth:`allowed`.
        """

    def allowed(self, query: WordQuery, where: QueueFilter) -> list[int] | None:
        """Return the passages that filter, phrases and words to leave out allow; None for all."""

    def found_passages(self, query: WordQuery, numbers: Sequence[int]) -> list[FoundPassage]:
        """Return passages as they are shown, in the order given, without those of older versions."""

    def live_texts(self) -> Iterator[LiveText]:
        """Yield what a classifier reads of each passage of a newest version, by number."""

    def vectors_of(self, encoder_id: str) -> Iterator[StoredVector]:
        """Yield every vector of an encoder, in no particular order."""

    def texts_version(self, encoder_id: str) -> tuple[int, ...]:
        """Return figures that change when texts of newest versions, or an encoder's vectors, do."""

    def reindex(self) -> None:
        """Make the index of words afresh; no word of passages that are gone is left in it."""
