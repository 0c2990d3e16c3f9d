"""Reads of the store that show what is there: versions, passages that say the same, the queue, the matrix."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection

from evidence_mapper.domain.project import (
    CoderDecision,
    EarlierDecision,
    EvidenceRow,
    Matrix,
    Progress,
    QueueFilter,
    QueueOrder,
    QueueRow,
    QueueStamp,
)
from evidence_mapper.domain.remaining import Answer, SinceSample
from evidence_mapper.domain.version import DocumentVersion, Fate, PassageFate, Twin, VersionChange
from evidence_mapper.store import heads, keys, project, queue, remaining, versions, views
from evidence_mapper.store.database import Database
from evidence_mapper.store.sql_search import SqlSearch


class SqlReads(SqlSearch):
    """Part of :class:`~evidence_mapper.store.sql_store.SqlStore`; each method is one read transaction."""

    _database: Database

    # versions ----------------------------------------------------------------------------------
    def versions(self, document_id: str) -> list[DocumentVersion]:
        """Return a document's versions, in the order they were first read; empty when there is no such."""
        with self._database.read() as connection:
            return versions.every(connection, document_id)

    def version_change(self, document_id: str) -> VersionChange | None:
        """Return what the newest version did to the one before; None when there was none before."""
        with self._database.read() as connection:
            return versions.change(connection, document_id)

    def passage_fates(self, document_id: str, *, decided: bool, kinds: Sequence[Fate]) -> list[PassageFate]:
        """Return what became of passages at the newest change, those with decisions first."""
        with self._database.read() as connection:
            return versions.fates(connection, document_id, decided=decided, kinds=kinds)

    def earlier_decisions(self, passage_id: str) -> list[EarlierDecision]:
        """Return the decisions on what a passage said before it was changed, latest first."""
        with self._database.read() as connection:
            return versions.earlier(connection, passage_id)

    def earlier_places(self) -> dict[tuple[str, str], str]:
        """Return, by (file hash, absolute path) of readings since replaced, the name of their document."""
        with self._database.read() as connection:
            return versions.earlier_places(connection)

    def twins(self, passage_id: str) -> list[Twin]:
        """Return other passages of newest revisions that say the same, by document and place."""
        with self._database.read() as connection:
            return keys.twins(connection, passage_id)

    def also_in(self, passage_id: str) -> tuple[int, tuple[str, ...]]:
        """Return how many twins a passage has, and the names of the other documents they stand in."""
        with self._database.read() as connection:
            return keys.also_in(connection, passage_id)

    # views -------------------------------------------------------------------------------------
    def queue_count(self, coder: str, where: QueueFilter) -> int:
        """Return how many passages the filter leaves for a coder."""
        with self._database.read() as connection:
            run = project.current_run(connection)
            return queue.count(connection, coder, where, run.number if run else None)

    def queue(
        self, coder: str, where: QueueFilter, order: QueueOrder, offset: int, limit: int
    ) -> list[QueueRow]:
        """Return part of a coder's queue."""
        with self._database.read() as connection:
            run = project.current_run(connection)
            number = run.number if run else None
            return queue.page(connection, coder, (where, order), (offset, limit), number)

    def queue_position(
        self, coder: str, where: QueueFilter, order: QueueOrder, passage_id: str
    ) -> int | None:
        """Return the zero-based place of a passage in the queue; None when it is not in it."""
        with self._database.read() as connection:
            run = project.current_run(connection)
            number = run.number if run else None
            return queue.position(connection, coder, (where, order), passage_id, number)

    def queue_stamp(self, coder: str) -> QueueStamp:
        """Return what says whether a coder's queue, once taken, still stands."""
        with self._database.read() as connection:
            return project.once(connection, f"stamp of {coder}", lambda: _stamp(connection, coder))

    def queue_numbers(self, coder: str, where: QueueFilter, order: QueueOrder) -> array[int]:
        """Return the keys of a coder's whole queue, in order."""
        with self._database.read() as connection:
            run = project.current_run(connection)
            return queue.numbers(connection, coder, (where, order), run.number if run else None)

    def queue_first(self, coder: str, where: QueueFilter, order: QueueOrder) -> str | None:
        """Return the id of the first passage of a large queue, where that is quick to find; else None."""
        with self._database.read() as connection:
            run = project.current_run(connection)
            return queue.first(connection, coder, (where, order), run.number if run else None)

    def queue_rows(self, coder: str, numbers: Sequence[int]) -> dict[int, QueueRow]:
        """Return rows by the keys of their passages, in the order given; keys of none are left out."""
        with self._database.read() as connection:
            run = project.current_run(connection)
            return queue.rows(connection, coder, numbers, run.number if run else None)

    def queue_holds(self, coder: str, where: QueueFilter, number: int) -> bool:
        """Return whether the passage of a key is in a coder's queue."""
        with self._database.read() as connection:
            run = project.current_run(connection)
            return queue.holds(connection, coder, where, number, run.number if run else None)

    def passage_key(self, passage_id: str) -> int | None:
        """Return the key of a passage; None when there is no such."""
        with self._database.read() as connection:
            return queue.key_of(connection, passage_id)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Make all reads of this thread within the block see one commit, at the cost of one read."""
        with self._database.shared():
            yield

    def progress(self, coder: str) -> Progress:
        """Return a coder's counts over the newest revisions."""
        with self._database.read() as connection:
            return views.progress(connection, coder)

    def open_ids(self) -> list[str]:
        """Return the ids of live passages that nobody has decided on, by document and place."""
        with self._database.read() as connection:
            return remaining.open_ids(connection)

    def open_probabilities(self) -> Iterator[tuple[tuple[str, float], ...]]:
        """Yield (statement, probability) pairs of each live passage nobody has decided on."""
        with self._database.read() as connection:
            run = project.current_run(connection)
            yield from remaining.open_probabilities(connection, run.number if run else None)

    def since_event(self, sequence: int) -> SinceSample:
        """Return what was decided, of what nobody had judged before an event."""
        with self._database.read() as connection:
            return remaining.since(connection, sequence)

    def answers(self, passage_ids: Sequence[str]) -> dict[str, Answer]:
        """Return how each of some passages is answered, all coders together; ids of none are left out."""
        with self._database.read() as connection:
            return remaining.answers(connection, passage_ids)

    def matrix(self) -> Matrix:
        """Return the counts of confirmed and suggested evidence."""
        with self._database.read() as connection:
            run = project.current_run(connection)
            return views.matrix(connection, run.number if run else None)

    def evidence_rows(self, *, confirmed: bool) -> Iterator[EvidenceRow]:
        """Yield confirmed rows, or suggested ones nobody has decided on, all from one commit."""
        with self._database.read() as connection:
            if confirmed:
                yield from views.confirmed_rows(connection)
            elif (run := project.current_run(connection)) is not None:
                yield from views.suggested_rows(connection, run)

    def decisions_made(self) -> Iterator[tuple[str, CoderDecision]]:
        """Yield (passage id, decision) of what persons decided and holds, by the order of events."""
        with self._database.read() as connection:
            yield from heads.decisions_made(connection)


def _stamp(connection: Connection, coder: str) -> QueueStamp:
    run = project.current_run(connection)
    return queue.stamp(connection, coder, run.number if run else None)
