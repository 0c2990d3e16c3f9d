"""The store over SQL: each method is one transaction around functions of the query modules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any

from evidence_mapper.domain.coding import Event, EventAction, RunSpec, Suggestion
from evidence_mapper.domain.document import Document, DocumentRevision, Exclusion
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.project import (
    CoderDecision,
    DocumentProgress,
    EvidenceRow,
    Matrix,
    Progress,
    QueueFilter,
    QueueOrder,
    QueueRow,
    Refusal,
)
from evidence_mapper.errors import StoreError
from evidence_mapper.store import (
    documents,
    events,
    passages,
    project,
    queue,
    ranking,
    suggestions,
    verify,
    views,
)
from evidence_mapper.store.base import Disagreement, IngestedDocument, ProjectInfo, StoredVector
from evidence_mapper.store.database import Database


class SqlStore:
    """One project in a database; implements :class:`evidence_mapper.store.base.Store`.

    May be called from any thread. Use :func:`evidence_mapper.store.engine.open_project` to make one.

    Parameters
    ----------
    database
        The file, at this program's schema version.

    Raises
    ------
    StoreError
        The project's facts cannot be read.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.read() as connection:
            self._info = project.read_info(connection)

    @property
    def info(self) -> ProjectInfo:
        """What the project says of itself."""
        return self._info

    # documents ---------------------------------------------------------------------------------
    def add_document(self, ingested: IngestedDocument) -> None:
        """Write document, revision, passages and exclusions together, and drop its refusal if any.

        See :func:`evidence_mapper.store.documents.add` for names and contents already there.
        """
        with self._database.write() as connection:
            run = project.current_run(connection)
            documents.add(connection, ingested, run.number if run else None)

    def document_by_name(self, name: str) -> Document | None:
        """Return the document of a name; None when there is none."""
        with self._database.read() as connection:
            return documents.by_name(connection, name)

    def documents(self) -> list[Document]:
        """Return every document, in the order they were added."""
        with self._database.read() as connection:
            return documents.every(connection)

    def document(self, document_id: str) -> Document:
        """Return a document with its newest revision's facts; StoreError when there is none."""
        with self._database.read() as connection:
            return documents.one(connection, document_id)

    def document_progress(self, coder: str) -> list[DocumentProgress]:
        """Return every document with one coder's counts."""
        with self._database.read() as connection:
            return documents.progress(connection, coder)

    def revision(self, revision_id: str) -> DocumentRevision:
        """Return a revision; StoreError when there is none."""
        with self._database.read() as connection:
            return documents.revision(connection, revision_id)

    def exclusions(self, document_id: str) -> list[Exclusion]:
        """Return what the document's newest revision left out."""
        with self._database.read() as connection:
            return documents.exclusions(connection, document_id)

    def source_paths(self) -> dict[str, str]:
        """Return, by document name, the absolute path the newest revision was read from, where known."""
        with self._database.read() as connection:
            return documents.source_paths(connection)

    def record_refusal(self, refusal: Refusal) -> None:
        """Keep why a file was not read, replacing what was kept for the same name."""
        with self._database.write() as connection:
            documents.record_refusal(connection, refusal)

    def forget_refusals(self, names: Sequence[str]) -> None:
        """Drop what was kept on files and folders that can be read now."""
        with self._database.write() as connection:
            documents.forget_refusals(connection, names)

    def refusals(self) -> list[Refusal]:
        """Return what was refused, by name."""
        with self._database.read() as connection:
            return documents.refusals(connection)

    # passages ----------------------------------------------------------------------------------
    def passage(self, passage_id: str) -> Passage:
        """Return a passage of any revision; StoreError when there is none."""
        with self._database.read() as connection:
            return passages.one(connection, passage_id)

    def passages(self, document_id: str) -> Iterator[Passage]:
        """Yield the passages of a document's newest revision, in reading order."""
        with self._database.read() as connection:
            yield from passages.of_document(connection, document_id)

    def neighbours(
        self, passage_id: str, before: int = 2, after: int = 2
    ) -> tuple[list[Passage], list[Passage]]:
        """Return passages above (nearest last) and below (nearest first) in the same revision."""
        with self._database.read() as connection:
            return passages.neighbours(connection, passage_id, before, after)

    def passage_count(self) -> int:
        """Return how many passages the newest revisions hold."""
        with self._database.read() as connection:
            return passages.count(connection)

    # suggestions -------------------------------------------------------------------------------
    def start_run(self, spec: RunSpec, at: str) -> str:
        """Make a spec's run the current one and return its id."""
        with self._database.write() as connection:
            run, changed = project.start_run(connection, spec, at)
            if changed:
                ranking.refresh(connection, run.number)
        return run.id

    def current_run(self) -> tuple[str, RunSpec] | None:
        """Return the current run; None before the first."""
        with self._database.read() as connection:
            run = project.current_run(connection)
        return None if run is None else (run.id, run.spec)

    def unsuggested_chunks(self, run_id: str, size: int) -> Iterator[list[Passage]]:
        """Yield whole chunks of which at least one passage has no suggestion in the run."""
        if size < 1:
            raise StoreError(f"a chunk has at least one passage, not {size}")
        with self._database.read() as connection:
            number = project.run_number(connection, run_id)
            places = suggestions.unsuggested_chunks(connection, number, size)
        for revision_number, first in places:
            with self._database.read() as connection:
                part = suggestions.chunk(connection, revision_number, first, size)
            yield part

    def unsuggested_count(self, run_id: str) -> int:
        """Return how many passages of the newest revisions have no suggestion in the run."""
        with self._database.read() as connection:
            return suggestions.unsuggested_count(connection, project.run_number(connection, run_id))

    def save_suggestions(
        self,
        run_id: str,
        suggestions: Sequence[tuple[str, Suggestion]],
        encoder_id: str | None = None,
        vectors: Sequence[StoredVector] = (),
    ) -> None:
        """Write suggestions and vectors together, replacing any for the same run and passage."""
        if vectors and encoder_id is None:
            raise StoreError("vectors need the encoder's id; nothing was written")
        with self._database.write() as connection:
            number = project.run_number(connection, run_id)
            current = project.current_run(connection)
            is_current = current is not None and current.number == number
            _save(connection, (number, is_current), suggestions)
            if encoder_id is not None:
                _save_vectors(connection, encoder_id, vectors)

    def suggestion(self, passage_id: str) -> Suggestion | None:
        """Return the current run's suggestion for a passage; None when none was made."""
        with self._database.read() as connection:
            run = project.current_run(connection)
            return suggestions.of_passage(connection, run.number, passage_id) if run else None

    def vectors(self, encoder_id: str, text_hashes: Sequence[str]) -> dict[str, StoredVector]:
        """Return an encoder's vectors by text hash; hashes without one are left out."""
        with self._database.read() as connection:
            return suggestions.vectors(connection, encoder_id, text_hashes)

    # decisions ---------------------------------------------------------------------------------
    def append_event(
        self,
        *,
        coder: str,
        action: EventAction,
        subject: str,
        at: str,
        payload: Mapping[str, Any],
        run_id: str | None = None,
    ) -> Event:
        """Append an event and bring the codings up to date; on disk when this returns.

        ``run_id`` None records the current run; StoreError when there is no such run.
        """
        with self._database.write() as connection:
            if run_id is not None:
                project.run_number(connection, run_id)
            run = project.current_run(connection)
            draft = self._draft(run, (coder, action, subject, at), payload)
            if run_id is not None:
                draft = replace(draft, run_id=run_id)
            return events.append(connection, draft)

    def undo(self, coder: str, at: str, sequence: int | None = None) -> Event | None:
        """Take back a coder's latest decision, or the one of an event; None when there is none."""
        with self._database.write() as connection:
            target = events.latest_holding(connection, coder) if sequence is None else sequence
            if target is None:
                return None
            undone = events.by_sequence(connection, target)
            run = project.current_run(connection)
            draft = self._draft(run, (coder, EventAction.UNDONE, undone.subject, at), {"undoes": undone.id})
            return events.append(connection, draft)

    def history(
        self, *, coder: str | None = None, subject: str | None = None, limit: int = 200
    ) -> list[Event]:
        """Return events, newest first."""
        with self._database.read() as connection:
            return events.history(connection, coder, subject, limit)

    def decisions(self, passage_id: str) -> list[CoderDecision]:
        """Return the decisions that hold on a passage, by coder."""
        with self._database.read() as connection:
            return events.decisions(connection, passage_id)

    def coders(self) -> list[str]:
        """Return the names of everyone who has an event."""
        with self._database.read() as connection:
            return events.coders(connection)

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

    # upkeep ------------------------------------------------------------------------------------
    def verify(self) -> list[Disagreement]:
        """Return everything stored that does not match its own hash, span or event; empty when sound."""
        return verify.verify(self._database)

    def close(self) -> None:
        """Close the project; a second call does nothing."""
        self._database.close()

    def __enter__(self) -> SqlStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _draft(
        self,
        run: project.CurrentRun | None,
        said: tuple[str, EventAction, str, str],
        payload: Mapping[str, Any],
    ) -> events.Draft:
        coder, action, subject, at = said
        return events.Draft(
            coder=coder,
            action=action,
            subject=subject,
            at=at,
            payload=payload,
            framework=f"{self._info.framework_id}@{self._info.framework_version}",
            run_id=run.id if run else None,
            run_number=run.number if run else None,
        )


# The method of this name has a parameter called ``suggestions``, as the contract asks.
_save = suggestions.save
_save_vectors = suggestions.save_vectors
