"""The only persistence interface other layers see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol

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


@dataclass(frozen=True, slots=True)
class ProjectInfo:
    """What a project says of itself."""

    id: str
    created_at: str
    framework_id: str
    framework_version: str
    framework_text: str
    """The framework file as it was when the project was made."""
    schema_version: int


@dataclass(frozen=True, slots=True)
class IngestedDocument:
    """One file's reading, written in one transaction."""

    document: Document
    revision: DocumentRevision
    passages: Sequence[Passage]
    exclusions: Sequence[Exclusion] = ()
    unread_pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Something stored that does not match its own hash, span or event."""

    subject: str
    """Such as ``revision rev-0123`` or ``passage psg-0123``."""
    problem: str


@dataclass(frozen=True, slots=True)
class StoredVector:
    """One embedding as bytes."""

    text_sha256: str
    dtype: str
    """numpy name, little-endian, such as ``<f4``."""
    width: int
    data: bytes


class Store(Protocol):
    """One project. Every method is its own transaction; reads see the last commit."""

    @property
    def info(self) -> ProjectInfo:
        """What the project says of itself."""

    # documents ---------------------------------------------------------------------------------
    def add_document(self, ingested: IngestedDocument) -> None:
        """Write document, revision, passages and exclusions together, and drop its refusal if any."""

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

    def record_refusal(self, refusal: Refusal) -> None:
        """Keep why a file was not read, replacing what was kept for the same name."""

    def forget_refusals(self, names: Sequence[str]) -> None:
        """Drop what was kept on files and folders that can be read now."""

    def refusals(self) -> list[Refusal]:
        """Return what was refused, by name."""

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

    # suggestions -------------------------------------------------------------------------------
    def start_run(self, spec: RunSpec, at: str) -> str:
        """Return the run's id, the same for the same spec; makes the run the current one."""

    def current_run(self) -> tuple[str, RunSpec] | None:
        """Return the current run; None before the first."""

    def unsuggested_chunks(self, run_id: str, size: int) -> Iterator[list[Passage]]:
        """Yield chunks that have no suggestion in this run.

        A chunk is a fixed part of one document: ordinals ``k*size`` to ``(k+1)*size``, so that the
        same passages are always encoded together. A chunk is yielded whole unless all of it is done.
        """

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

        ``run_id`` is the run whose suggestions the coder saw: None for the current one; StoreError when
        there is no such run.
        """

    def undo(self, coder: str, at: str, sequence: int | None = None) -> Event | None:
        """Append an UNDONE event for a decision that holds.

        ``sequence`` None takes this coder's latest decision not yet undone; None is returned when
        there is none.
        """

    def history(
        self, *, coder: str | None = None, subject: str | None = None, limit: int = 200
    ) -> list[Event]:
        """Return events, newest first."""

    def decisions(self, passage_id: str) -> list[CoderDecision]:
        """Return the decisions that hold on a passage, by coder."""

    def coders(self) -> list[str]:
        """Return the names of everyone who has an event."""

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

    def progress(self, coder: str) -> Progress:
        """Return a coder's counts over the newest revisions."""

    def matrix(self) -> Matrix:
        """Return the counts of confirmed and suggested evidence."""

    def evidence_rows(self, *, confirmed: bool) -> Iterator[EvidenceRow]:
        """Yield confirmed rows or suggested ones (undecided by anyone), in document order."""

    # upkeep ------------------------------------------------------------------------------------
    def verify(self) -> list[Disagreement]:
        """Return everything stored that does not match its own hash, span or event."""

    def close(self) -> None:
        """Close the project; a second call does nothing."""

    def __enter__(self) -> Store: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
