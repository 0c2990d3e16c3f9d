"""What leaves the project: a view of it in which names in people's own stories are replaced."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, cast

from evidence_mapper.domain.coding import Event, EventAction
from evidence_mapper.domain.document import Document
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.project import DocumentProgress, EvidenceRow, Refusal
from evidence_mapper.domain.version import Fate, PassageFate
from evidence_mapper.domain.wording import counted
from evidence_mapper.errors import EvidenceMapperError, UsageError
from evidence_mapper.store.base import Store
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.export_formats import ExportReport, ExportRequest
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.redaction_key import Key, read_key, write_key
from evidence_mapper.workflow.redactor import Redactor
from evidence_mapper.workflow.stories import Stories

_KEPT_FACTS: Final = ("date", "date_source", "source_type_probability")
"""What is said of a story's file beside its text; title, author and paths may name people."""
_WRITTEN: Final = frozenset({EventAction.CLAIM, EventAction.RETURN_ITEM, EventAction.SCORE})
"""Entries that hold words of whoever prepares the assessment."""
_OWN_WORDS: Final = ("text", "note", "words", "reason")
NO_REFI: Final = (
    "whole texts go into this file, with the names of people whose own stories are told in {stories} of the "
    "project. Nothing was written; to write them as they are, and have the history say so: add --identifiable"
)


class ReleasedStore:
    """A project's store whose passages, rows and documents come with names replaced; all else is its own.

    Parameters
    ----------
    store
        The open project.
    redactor
        Replaces the names.
    """

    def __init__(self, store: Store, redactor: Redactor) -> None:
        self._own = store
        self.redactor = redactor
        self.written: int | None = None
        """Passages of stories in the document that is written; None until its writer says how many."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the store has
        """Return what this view does not change."""
        return getattr(self._own, name)

    def evidence_rows(self, *, confirmed: bool) -> Iterator[EvidenceRow]:
        """Yield the rows with names replaced."""
        return map(self.redactor.row, self._own.evidence_rows(confirmed=confirmed))

    def gave_out(self, passage_id: str) -> bool:
        """Return whether a passage was read with its names replaced."""
        if self._own.passage_key(passage_id) is None:
            return False
        return self._own.passage(passage_id) in self.redactor.passages

    def outlined(self) -> OutlinedStore:
        """Return the same to count by."""
        return OutlinedStore(self._own, self.redactor)

    def documents(self) -> list[Document]:
        """Return the documents under the names they may be shown by."""
        return [self.redactor.document(document) for document in self._own.documents()]

    def document(self, document_id: str) -> Document:
        """Return a document under the name it may be shown by."""
        return self.redactor.document(self._own.document(document_id))

    def document_by_name(self, name: str) -> Document | None:
        """Return a document by its own name, or by the one it is shown by."""
        found = self._own.document_by_name(name)
        if found is not None:
            return self.redactor.document(found)
        return next((document for document in self.documents() if document.name == name), None)

    def document_progress(self, coder: str) -> list[DocumentProgress]:
        """Return the documents with counts, without what else is known of files that tell stories."""
        return [self._progress(row) for row in self._own.document_progress(coder)]

    def facts(self) -> dict[str, dict[str, str]]:
        """Return, by the name a document is shown by, what is known of it; of stories the date alone."""
        shown = self.redactor.shown_names()
        return {
            shown.get(name, name): _kept(facts) if name in shown else facts
            for name, facts in self._own.facts().items()
        }

    def entries(
        self, actions: Sequence[EventAction], *, subject: str | None = None, after: int = 0
    ) -> list[Event]:
        """Return entries; claims' own words and people's notes without names, where there are stories."""
        found = self._own.entries(actions, subject=subject, after=after)
        if not any(event.action in _WRITTEN for event in found) or not self.redactor.any_story():
            return found
        return [self._written(event) if event.action in _WRITTEN else event for event in found]

    def refusals(self) -> list[Refusal]:
        """Return what was refused; where the project holds stories, file names are looked through too."""
        found = self._own.refusals()
        if not self.redactor.any_story():
            return found
        return [replace(refusal, name=self.redactor.file_name(refusal.name)) for refusal in found]

    def passage(self, passage_id: str) -> Passage:
        """Return a passage with names replaced."""
        return self.redactor.shown(self._own.passage(passage_id))

    def passages(self, document_id: str) -> Iterator[Passage]:
        """Yield a document's passages with names replaced."""
        return map(self.redactor.shown, self._own.passages(document_id))

    def passage_fates(self, document_id: str, *, decided: bool, kinds: Sequence[Fate]) -> list[PassageFate]:
        """Return what became of passages, with names replaced."""
        found = self._own.passage_fates(document_id, decided=decided, kinds=kinds)
        shown = self.redactor.shown
        return [replace(f, old=shown(f.old), new=None if f.new is None else shown(f.new)) for f in found]

    def _written(self, event: Event) -> Event:
        data = event.payload
        about = [*data.get("passages", ()), *data.get("against", ()), data.get("passage")]
        about = [passage_id for passage_id in about if passage_id]
        told = {name: data[name] for name in _OWN_WORDS if data.get(name)}
        given: dict[str, Any] = {
            name: self.redactor.own_words(about, str(words)) for name, words in told.items()
        }
        if isinstance(origin := data.get("origin"), dict) and origin.get("text"):
            given["origin"] = {**origin, "text": self.redactor.own_words(about, str(origin["text"]))}
        return replace(event, payload={**data, **given})

    def _progress(self, row: DocumentProgress) -> DocumentProgress:
        if not self.redactor.is_story(row.document):
            return row
        facts = tuple((name, value) for name, value in row.facts if name in _KEPT_FACTS)
        copies = tuple(self.redactor.file_name(name) for name in row.copies)
        return replace(row, document=self.redactor.document(row.document), facts=facts, copies=copies)


class OutlinedStore(ReleasedStore):
    """The same for a first look that only counts: rows of stories have no words."""

    def evidence_rows(self, *, confirmed: bool) -> Iterator[EvidenceRow]:
        """Yield the rows without words of stories."""
        return map(self.redactor.outline, self._own.evidence_rows(confirmed=confirmed))


def _kept(facts: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in facts.items() if name in _KEPT_FACTS}


@dataclass(frozen=True, slots=True)
class Release:
    """How a project leaves."""

    project: Project
    """What the writer of the format reads: with names replaced, unless they are to stay."""
    key: Key | None = None

    def note(self) -> str:
        """Return what the person is told; empty where no names were replaced."""
        return released_note(self.project, None, command=True)


def release(project: Project, request: ExportRequest) -> Release:
    """Return a project as an export may read it.

    Raises
    ------
    UsageError
        The key cannot be read, lies beside the file that is written, or goes with names left as they are.
    """
    if request.identifiable:
        if request.key is not None:
            raise UsageError("--identifiable replaces no names, so there is nothing for --key: leave one out")
        return Release(project)
    key = None
    if request.key is not None:
        key = read_key(request.key) if request.key.exists() else Key()
    redactor = Redactor(project.store, key=key, progress=request.progress)
    store = cast("Store", ReleasedStore(project.store, redactor))
    return Release(Project(project.path, store, project.framework), key)


def check_key(key: Path, output: Path) -> None:
    """Refuse a key in the folder of the file it undoes.

    Raises
    ------
    UsageError
        It lies there.
    """
    if key.resolve().parent == output.resolve().parent:
        raise UsageError(
            f"the key {key} would lie beside {output}, which it undoes; name a place apart with --key"
        )


def to_count(project: Project) -> Project:
    """Return a project for a look that only counts its rows: those of stories come without their words.

    It is the project itself where no names are replaced in it.
    """
    store = project.store
    if not isinstance(store, ReleasedStore) or not store.redactor.any_story():
        return project
    return Project(project.path, cast("Store", store.outlined()), project.framework)


def released_note(project: Project, passages: Iterable[str] | int | None, *, command: bool = False) -> str:
    """Return the line every document says of replaced names; empty where none of its words were looked at.

    Parameters
    ----------
    project
        As the writer of the document got it.
    passages
        Ids of the passages in the document, or how many of them are of stories; None takes all that were
        read.
    command
        Whether it is for who runs the program: a reader of the document has no use for commands.
    """
    if not isinstance(project.store, ReleasedStore):
        return ""
    store = project.store
    if not store.redactor.any_story():
        return ""
    if isinstance(passages, int):
        store.written = passages
    elif passages is not None:
        store.written = sum(map(store.gave_out, set(passages)))
    count = len(store.redactor.passages) if store.written is None else store.written
    if not count:
        return ""
    replaced = f"Names in people's own stories are replaced ({counted(count, 'passage')})"
    if not command:
        return f"{replaced}. Redaction is by machine and misses some names: read before you pass this on."
    from evidence_mapper.workflow.redaction import NOT_ALL  # with the recogniser, which is at hand by now

    return f"{replaced}; `--identifiable` exports them as written. {NOT_ALL[0].upper()}{NOT_ALL[1:]}."


def finish(project: Project, found: Release, request: ExportRequest, report: ExportReport) -> ExportReport:
    """Keep the key, or record that names left, and return the report with what the person is told.

    Raises
    ------
    StoreError
        That names left could not be recorded; the file was taken away again.
    """
    if request.identifiable:
        record_names(project, report.path, request.coder, report.confirmed + report.suggested)
        return report
    if request.key is not None and found.key is not None:
        write_key(found.key, request.key)
    note = found.note()
    return replace(report, notes=(*report.notes, note)) if note else report


def record_names(project: Project, path: Path, coder: str, rows: int) -> None:
    """Record that a file left the project with names in it.

    Raises
    ------
    StoreError
        It could not be recorded; the file was taken away again.
    """
    payload = {
        "words": f"exported {path.name} with names",
        "file": path.name,
        "format": path.suffix.lower().removeprefix("."),
        "rows": rows,
    }
    try:
        project.store.append_event(
            coder=coder,
            action=EventAction.RELEASED,
            subject=project.store.info.id,
            at=utc_now(),
            payload=payload,
        )
    except EvidenceMapperError:  # names do not leave unrecorded
        path.unlink(missing_ok=True)
        raise


def refuse_whole_texts(project: Project, *, identifiable: bool) -> None:
    """Refuse a format that carries whole texts while they tell people's stories.

    Raises
    ------
    UsageError
        They do, and nobody asked for names.
    """
    stories = Stories(project.store)
    count = sum(stories.is_story(document) for document in project.store.documents())
    if count and not identifiable:
        raise UsageError(NO_REFI.format(stories=counted(count, "document")))
