"""Reads of the store that show what is there: versions, passages that say the same, the queue, the matrix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evidence_mapper.domain.project import (
    EarlierDecision,
    EvidenceRow,
    Matrix,
    Progress,
    QueueFilter,
    QueueOrder,
    QueueRow,
)
from evidence_mapper.domain.version import DocumentVersion, Fate, PassageFate, Twin, VersionChange
from evidence_mapper.store import keys, project, queue, versions, views
from evidence_mapper.store.database import Database


class SqlReads:
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

    def progress(self, coder: str) -> Progress:
        """Return a coder's counts over the newest revisions."""
        with self._database.read() as connection:
            return views.progress(connection, coder)

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
