"""What a search asks of the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from evidence_mapper.domain.project import QueueFilter
from evidence_mapper.domain.search import FoundPassage, WordQuery
from evidence_mapper.store import found, project, words
from evidence_mapper.store.database import Database
from evidence_mapper.store.records import LiveText, StoredVector


class SqlSearch:
    """Part of :class:`~evidence_mapper.store.sql_store.SqlStore`; each method is one transaction."""

    _database: Database

    def find_words(self, query: WordQuery, where: QueueFilter, limit: int) -> list[tuple[int, float]]:
        """Return (passage number, BM25 score) of the best passages of newest versions, best first."""
        with self._database.read() as connection:
            return words.ranked(connection, query, found.met(where, _run(connection)), limit)

    def allowed(self, query: WordQuery, where: QueueFilter) -> list[int] | None:
        """Return the passages that filter, phrases and words to leave out allow; None for all."""
        with self._database.read() as connection:
            return found.allowed(connection, query, where, _run(connection))

    def found_passages(self, query: WordQuery, numbers: Sequence[int]) -> list[FoundPassage]:
        """Return passages as they are shown, in the order given, without those of older versions."""
        with self._database.read() as connection:
            return found.details(connection, query, numbers, _run(connection))

    def live_texts(self) -> Iterator[LiveText]:
        """Yield what a classifier reads of each passage of a newest version, by number."""
        with self._database.read() as connection:
            yield from found.live_texts(connection)

    def vectors_of(self, encoder_id: str) -> Iterator[StoredVector]:
        """Yield every vector of an encoder, in no particular order."""
        with self._database.read() as connection:
            yield from found.vectors_of(connection, encoder_id)

    def texts_version(self, encoder_id: str) -> tuple[int, ...]:
        """Return figures that change when texts of newest versions, or an encoder's vectors, do."""
        with self._database.read() as connection:
            return found.texts_version(connection, encoder_id)

    def reindex(self) -> None:
        """Make the index of words afresh; no word of passages that are gone is left in it."""
        with self._database.write() as connection:
            words.rebuild(connection)


def _run(connection: Connection) -> int | None:
    run = project.current_run(connection)
    return run.number if run else None
