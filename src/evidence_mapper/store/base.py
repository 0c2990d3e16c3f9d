"""The only persistence interface other layers see."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Protocol

from evidence_mapper.domain.agreement import Settlement
from evidence_mapper.domain.coding import Event, EventAction, RunSpec, Suggestion
from evidence_mapper.domain.document import Document, DocumentRevision, Exclusion
from evidence_mapper.domain.forgetting import Forgetting
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.project import (
    CoderDecision,
    DocumentProgress,
    EarlierDecision,
    Example,
    Flag,
    Refusal,
)
from evidence_mapper.domain.version import DocumentVersion, Fate, PassageFate, Twin, VersionChange
from evidence_mapper.store.base_views import Views
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


class Store(Views, Protocol):
    """One project. Every method is its own transaction; reads see the last commit."""

    @property
    def info(self) -> ProjectInfo:
        """What the project says of itself."""

    # documents ---------------------------------------------------------------------------------
    def add_document(self, ingested: IngestedDocument) -> Kept:
        """Write document, revision, passages and exclusions together, and drop its refusal if any.

        Decisions, flags and settlements on words that stand in the new version of a document go along in
        the same transaction. Returns how it was kept.
        """

    def document_by_name(self, name: str) -> Document | None:
        """Return the document of a name; None when there is none."""

    def documents(self) -> list[Document]:
        """Return every document, in the order they were added."""

    def document(self, document_id: str) -> Document:
        """Return a document with its newest revision's facts; StoreError when there is none."""

    def document_progress(self, coder: str) -> list[DocumentProgress]:
        """Return every document with one coder's counts."""

    def revision(self, revision_id: str) -> DocumentRevision:
        """Return a revision; StoreError when there is none."""

    def exclusions(self, document_id: str) -> list[Exclusion]:
        """Return what the document's newest revision left out."""

    def source_paths(self) -> dict[str, str]:
        """Return, by document name, the absolute path the newest revision was read from, where known.

        For recognising files only: it never leaves the project.
        """

    def readers(self) -> list[tuple[str, str, str]]:
        """Return (document name, media type, name and version of its reader) of the newest revisions."""

    def facts(self) -> dict[str, dict[str, str]]:
        """Return, by document name, what the newest reading says of the file: title, date, author.

        ``source_path`` among them is for recognising files only: it never leaves the project.
        """

    def record_copy(self, name: str, document_id: str, file_sha256: str, at: str) -> None:
        """Keep that a document's bytes were also met under another name, and drop that name's refusal."""

    def record_refusal(self, refusal: Refusal) -> None:
        """Keep why a file was not read, replacing what was kept for the same name."""

    def forget_refusals(self, names: Sequence[str]) -> None:
        """Drop what was kept on files and folders that can be read now."""

    def refusals(self) -> list[Refusal]:
        """Return what was refused, by name."""

    # versions ----------------------------------------------------------------------------------
    def versions(self, document_id: str) -> list[DocumentVersion]:
        """Return a document's versions, in the order they were first read; empty when there is no such."""

    def version_change(self, document_id: str) -> VersionChange | None:
        """Return what the newest version did to the one before; None when there was none before."""

    def passage_fates(self, document_id: str, *, decided: bool, kinds: Sequence[Fate]) -> list[PassageFate]:
        """Return what became of passages at the newest change, those with decisions first.

        ``decided`` leaves out those without; passages of still older versions are among them when
        their decisions were left behind. Changed ones come before vanished ones.
        """

    def earlier_decisions(self, passage_id: str) -> list[EarlierDecision]:
        """Return the decisions on what a passage said before it was changed, latest first."""

    def successors(self, passage_ids: Collection[str]) -> dict[str, str]:
        """Return, for each passage, the one that says the same in the newest version; itself if none does."""

    def earlier_places(self) -> dict[tuple[str, str], str]:
        """Return, by (file hash, absolute path) of readings since replaced, the name of their document."""

    # passages ----------------------------------------------------------------------------------
    def passage(self, passage_id: str) -> Passage:
        """Return a passage of any revision; StoreError when there is none."""

    def passages(self, document_id: str) -> Iterator[Passage]:
        """Yield the passages of a document's newest revision, in reading order."""

    def neighbours(
        self, passage_id: str, before: int = 2, after: int = 2
    ) -> tuple[list[Passage], list[Passage]]:
        """Return passages above (nearest last) and below (nearest first) in the same revision."""

    def passage_count(self) -> int:
        """Return how many passages the newest revisions hold."""

    def twins(self, passage_id: str) -> list[Twin]:
        """Return other passages of newest revisions that say the same, by document and place."""

    def also_in(self, passage_id: str) -> tuple[int, tuple[str, ...]]:
        """Return how many twins a passage has, and the names of the other documents they stand in."""

    def examples(self, statement: str, *, but: str, limit: int = 2) -> list[Example]:
        """Return passages confirmed for a statement, newest decision first, without ``but`` and its twins."""

    def flag(self, passage_id: str) -> Flag | None:
        """Return the flag that stands on a passage; None when none does."""

    # suggestions -------------------------------------------------------------------------------
    def start_run(self, spec: RunSpec, at: str) -> str:
        """Return the run's id, the same for the same spec; makes the run the current one."""

    def prepare_run(self, spec: RunSpec, at: str) -> str:
        """Return the id of a spec's run, made if need be, without making it the current one."""

    def current_run(self) -> tuple[str, RunSpec] | None:
        """Return the current run; None before the first."""

    def unsuggested_chunks(self, run_id: str, size: int) -> Iterator[list[Passage]]:
        """Yield chunks that have no suggestion in this run.

        A chunk is a fixed part of one document: ordinals ``k*size`` to ``(k+1)*size``, so that the
        same passages are always encoded together. A chunk is yielded whole unless all of it is done.
        """

    def suggested_among(self, run_id: str, passage_ids: Sequence[str]) -> set[str]:
        """Return those of the passages that have a suggestion in the run."""

    def unsuggested_count(self, run_id: str) -> int:
        """Return how many passages of the newest revisions have no suggestion in the run."""

    def save_suggestions(
        self,
        run_id: str,
        suggestions: Sequence[tuple[str, Suggestion]],
        encoder_id: str | None = None,
        vectors: Sequence[StoredVector] = (),
    ) -> None:
        """Write suggestions and vectors together, replacing any for the same run and passage."""

    def suggestion(self, passage_id: str) -> Suggestion | None:
        """Return the current run's suggestion."""

    def suggestion_of_run(self, run_id: str, passage_id: str) -> Suggestion | None:
        """Return an earlier run's suggestion, such as the one a coder saw; StoreError: no such run."""

    def vectors(self, encoder_id: str, text_hashes: Sequence[str]) -> dict[str, StoredVector]:
        """Return an encoder's vectors by text hash; hashes without one are left out."""

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
        """Append an event and bring the codings up to date, in one transaction, durably.

        ``run_id`` is the run whose suggestions the coder saw: None for the current one, or for none where
        the payload says ``blind``; StoreError when there is no such run.
        """

    def decide_together(
        self,
        coder: str,
        at: str,
        decisions: Sequence[tuple[str, Mapping[str, Any]]],
        *,
        run_id: str | None = None,
    ) -> list[Event]:
        """Append a DECIDED event for each (passage id, payload) in one transaction, undone as one.

        ``run_id`` is the run whose suggestions the coder saw: None for the current one; StoreError when
        there is no such run.
        """

    def decide_imported(self, decisions: Sequence[tuple[str, str, str, Mapping[str, Any]]]) -> list[Event]:
        """Append a DECIDED event for each (coder, time, passage id, payload) in one transaction.

        For decisions made in another program: they name no run, and each is undone alone.
        """

    def undo(self, coder: str, at: str, sequence: int | None = None) -> Event | None:
        """Append an UNDONE event for a decision that holds, and for those recorded together with it.

        What was carried over from it to other versions is undone with it. ``sequence`` None takes this
        coder's latest decision not yet undone; None is returned when there is none.
        """

    def history(
        self, *, coder: str | None = None, subject: str | None = None, limit: int = 200
    ) -> list[Event]:
        """Return events, newest first."""

    def entries(
        self, actions: Collection[EventAction], *, subject: str | None = None, after: int = 0
    ) -> list[Event]:
        """Return the events of some actions, oldest first.

        ``subject`` None takes all; ``after`` leaves out those up to a sequence. The record is the truth of
        claims, scores, cases, flags and the like: the latest event on a subject says how it stands.
        """

    def decisions(self, passage_id: str) -> list[CoderDecision]:
        """Return the decisions that hold on a passage, by coder."""

    def held_decisions(self) -> list[HeldDecision]:
        """Return every decision that holds, of all coders and revisions, oldest first."""

    def double_decisions(self) -> dict[str, list[CoderDecision]]:
        """Return the decisions on live passages that two coders or more decided on, by passage, in order."""

    def settlements(self) -> dict[str, Settlement]:
        """Return the settlements that stand, by passage id."""

    def answered_count(self) -> int:
        """Return how many decisions hold that answer, of all coders and versions: "unsure" does not."""

    def coders(self) -> list[str]:
        """Return the names of everyone who has an event."""

    # heads -------------------------------------------------------------------------------------
    def keep_head(self, head: StoredHead, payload: Mapping[str, Any]) -> StoredHead:
        """Store a head, make it the one in use and record it as an event with the payload, in one go.

        A head that is there already is not stored twice.
        """

    def choose_head(self, number: int | None, *, coder: str, at: str) -> Event:
        """Make a head the one in use, None for the shipped one; StoreError when there is none such."""

    def heads(self) -> list[StoredHead]:
        """Return every head kept, oldest first."""

    def head_in_use(self) -> StoredHead | None:
        """Return the head suggestions use; None when that is the shipped one."""

    # model -------------------------------------------------------------------------------------
    def use_model(self, model: ModelChoice | None) -> None:
        """Keep which learned classifier the project uses; None for the one shipped with the program."""

    def model(self) -> ModelChoice | None:
        """Return the learned classifier the project uses; None for the one shipped with the program."""

    # spans -------------------------------------------------------------------------------------
    def recut(
        self, *, coder: str, at: str, taken: Sequence[str], put: Sequence[Passage], words: str
    ) -> Event:
        """Put passages in the place of others that follow each other in a newest revision.

        Those taken out stay, with their decisions and suggestions, but are no longer in the queue;
        putting them back in the place of the new ones undoes it.
        """

    # settings ----------------------------------------------------------------------------------
    def setting(self, name: str) -> str | None:
        """Return a setting kept with the project; None when it was never set."""

    def keep_setting(self, name: str, value: str) -> None:
        """Keep a setting with the project, in place of the value it had."""

    # forgetting --------------------------------------------------------------------------------
    def forget(
        self,
        document_ids: Sequence[str],
        *,
        coder: str,
        at: str,
        reason: str,
        subjects: Sequence[str] = (),
        kept_vectors: Collection[str] = (),
        trial: bool = False,
    ) -> Forgetting:
        """Erase every trace of documents and leave a tombstone, in one transaction.

        ``subjects`` are other ids that the record goes by, such as a case's; ``kept_vectors`` the hashes of
        texts whose vectors stay: every other vector goes. ``trial`` counts and changes nothing.
        StoreError: no such document, or the reason names one.
        """

    def wipe(self) -> bool:
        """Write the file anew so that nothing deleted is left in it; False when another program keeps it."""

    # upkeep ------------------------------------------------------------------------------------
    def verify(self) -> list[Disagreement]:
        """Return everything stored that does not match its own hash, span or event."""

    def close(self) -> None:
        """Close the project; a second call does nothing."""

    def __enter__(self) -> Store: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
