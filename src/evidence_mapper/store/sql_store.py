"""The store over SQL: each method is one transaction around functions of the query modules."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any

from evidence_mapper.domain.coding import Event, EventAction, RunSpec, Suggestion
from evidence_mapper.domain.document import Document, DocumentRevision, Exclusion
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.project import (
    CoderDecision,
    DocumentProgress,
    Refusal,
)
from evidence_mapper.errors import StoreError
from evidence_mapper.store import (
    carry,
    copies,
    documents,
    events,
    heads,
    passages,
    project,
    ranking,
    suggestions,
    together,
    verify,
)
from evidence_mapper.store.database import Database
from evidence_mapper.store.named import Named
from evidence_mapper.store.records import (
    Disagreement,
    HeldDecision,
    IngestedDocument,
    Kept,
    ModelChoice,
    ProjectInfo,
    StoredHead,
    StoredVector,
)
from evidence_mapper.store.sql_forget import SqlForget
from evidence_mapper.store.sql_imports import SqlImports
from evidence_mapper.store.sql_review import SqlReview


class SqlStore(SqlReview, SqlImports, SqlForget):
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
        self._database, self._named = database, Named()
        with database.read() as connection:
            self._info = project.read_info(connection)

    @property
    def info(self) -> ProjectInfo:
        """What the project says of itself."""
        return self._info

    def use_model(self, model: ModelChoice | None) -> None:
        """Keep which learned classifier the project uses; None for the one shipped with the program."""
        with self._database.write() as connection:
            project.write_model(connection, model)

    def model(self) -> ModelChoice | None:
        """Return the learned classifier the project uses; None for the one shipped with the program."""
        with self._database.read() as connection:
            return project.read_model(connection)

    # documents ---------------------------------------------------------------------------------
    def add_document(self, ingested: IngestedDocument) -> Kept:
        """Write document, revision, passages and exclusions together, and drop its refusal if any.

        See :func:`evidence_mapper.store.documents.add` for names and contents already there.
        """
        said = ("", EventAction.CARRIED, "", ingested.revision.created_at)
        while True:
            with self._database.read() as connection:
                plan = carry.plan(connection, ingested, self._named)
            with self._database.write() as connection:
                # Worked out anew when another process replaced the newest version meanwhile.
                if carry.still_holds(connection, plan, ingested, self._named):
                    draft = self._draft(project.current_run(connection), said, {})
                    return documents.add(connection, ingested, draft, plan)

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

    def facts(self) -> dict[str, dict[str, str]]:
        """Return, by document name, what the newest reading says of the file."""
        with self._database.read() as connection:
            return copies.facts(connection)

    def record_copy(self, name: str, document_id: str, file_sha256: str, at: str) -> None:
        """Keep that a document's bytes were also met under another name, and drop that name's refusal."""
        with self._database.write() as connection:
            copies.record(connection, name, document_id, file_sha256, at)

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

    def suggested_among(self, run_id: str, passage_ids: Sequence[str]) -> set[str]:
        """Return those of the passages that have a suggestion in the run."""
        with self._database.read() as connection:
            number = project.run_number(connection, run_id)
            return suggestions.suggested_among(connection, number, passage_ids)

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

    def suggestion_of_run(self, run_id: str, passage_id: str) -> Suggestion | None:
        """Return an earlier run's suggestion, such as the one a coder saw; StoreError: no such run."""
        with self._database.read() as connection:
            number = project.run_number(connection, run_id)
            return suggestions.of_passage(connection, number, passage_id)

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

        ``run_id`` None records the current run, or none where the payload says ``blind``; StoreError when
        there is no such run.
        """
        with self._database.write() as connection:
            if run_id is not None:
                project.run_number(connection, run_id)
            run = project.current_run(connection)
            draft = self._draft(run, (coder, action, subject, at), payload)
            if run_id is not None or payload.get("blind"):  # who decides blind saw no run's suggestions
                draft = replace(draft, run_id=run_id)
            return carry.append(connection, draft)

    def decide_together(
        self,
        coder: str,
        at: str,
        decisions: Sequence[tuple[str, Mapping[str, Any]]],
        *,
        run_id: str | None = None,
    ) -> list[Event]:
        """Append a DECIDED event for each (passage id, payload) in one transaction, undone as one.

        ``run_id`` None records the current run; StoreError when there is no such run.
        """
        with self._database.write() as connection:
            if run_id is not None:
                project.run_number(connection, run_id)
            run = project.current_run(connection)
            drafts = [
                self._draft(run, (coder, EventAction.DECIDED, passage_id, at), payload)
                for passage_id, payload in decisions
            ]
            if run_id is not None:
                drafts = [replace(draft, run_id=run_id) for draft in drafts]
            return together.append(connection, drafts)

    def undo(self, coder: str, at: str, sequence: int | None = None) -> Event | None:
        """Take back a coder's latest decision, or the one of an event, with those recorded together with it.

        None when there is none.
        """
        with self._database.write() as connection:
            target = events.latest_holding(connection, coder) if sequence is None else sequence
            if target is None:
                return None
            undone = events.by_sequence(connection, target)
            run = project.current_run(connection)
            draft = self._draft(run, (coder, EventAction.UNDONE, undone.subject, at), {"undoes": undone.id})
            return together.undo(connection, draft, undone)

    def history(
        self, *, coder: str | None = None, subject: str | None = None, limit: int = 200
    ) -> list[Event]:
        """Return events, newest first."""
        with self._database.read() as connection:
            return events.history(connection, coder, subject, limit)

    def entries(
        self, actions: Collection[EventAction], *, subject: str | None = None, after: int = 0
    ) -> list[Event]:
        """Return the events of some actions, oldest first."""
        with self._database.read() as connection:
            return events.entries(connection, actions, subject, after)

    def decisions(self, passage_id: str) -> list[CoderDecision]:
        """Return the decisions that hold on a passage, by coder."""
        with self._database.read() as connection:
            return events.decisions(connection, passage_id)

    def held_decisions(self) -> list[HeldDecision]:
        """Return every decision that holds, of all coders and revisions, oldest first."""
        with self._database.read() as connection:
            return heads.held_decisions(connection)

    def coders(self) -> list[str]:
        """Return the names of everyone who has an event."""
        with self._database.read() as connection:
            return events.coders(connection)

    # heads -------------------------------------------------------------------------------------
    def keep_head(self, head: StoredHead, payload: Mapping[str, Any]) -> StoredHead:
        """Store a head, make it the one in use and record it as an event with the payload, in one go."""
        with self._database.write() as connection:
            kept_id = heads.head_id(head)
            said = (head.coder, EventAction.HEAD_TRAINED, kept_id, head.at)
            draft = self._draft(project.current_run(connection), said, {**payload, "in_use": kept_id})
            events.append(connection, draft)
            return heads.keep(connection, head)

    def choose_head(self, number: int | None, *, coder: str, at: str) -> Event:
        """Make a head the one in use, None for the shipped one; StoreError when there is none such."""
        with self._database.write() as connection:
            chosen = heads.choose(connection, number)
            said = (coder, EventAction.HEAD_CHOSEN, chosen or heads.SHIPPED, at)
            draft = self._draft(project.current_run(connection), said, {"in_use": chosen})
            return events.append(connection, draft)

    def heads(self) -> list[StoredHead]:
        """Return every head kept, oldest first."""
        with self._database.read() as connection:
            return heads.every(connection)

    def head_in_use(self) -> StoredHead | None:
        """Return the head suggestions use; None when that is the shipped one."""
        with self._database.read() as connection:
            return heads.in_use(connection)

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


# The method of this name has a parameter called ``suggestions``, as the contract asks.
_save = suggestions.save
_save_vectors = suggestions.save_vectors
