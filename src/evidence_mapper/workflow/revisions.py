"""New versions of documents: which file is one, what it changed, and what a person has to look at."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evidence_mapper.domain.coding import Event, EventAction
from evidence_mapper.domain.document import Document
from evidence_mapper.domain.version import DocumentVersion, Fate, PassageFate, VersionChange
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.discover import FoundFile
from evidence_mapper.workflow.documents import find_document
from evidence_mapper.workflow.project import Project

SAME: Final = " "
TAKEN_OUT: Final = "-"
PUT_IN: Final = "+"

_PIECE: Final = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Revisions:
    """A document's versions, and what the newest changed."""

    document: Document
    versions: tuple[DocumentVersion, ...]
    """In the order they were first read."""
    change: VersionChange | None
    """None while there is one version only."""
    changed: tuple[PassageFate, ...]
    """With a decision: to be confirmed again, those nobody has answered anew first."""
    vanished: tuple[PassageFate, ...]
    """With a decision: the document no longer says this."""
    undecided: tuple[PassageFate, ...]
    """Changed and vanished passages that nobody had decided on."""


def revisions(project: Project, name: str) -> Revisions:
    """Return a document's versions, and for the newest against the one before what needs a person.

    Raises
    ------
    UsageError
        No document has the name.
    """
    document, store = find_document(project, name), project.store
    found = store.passage_fates(document.id, decided=False, kinds=(Fate.CHANGED, Fate.VANISHED))
    decided = [f for f in found if f.decisions]
    return Revisions(
        document=document,
        versions=tuple(store.versions(document.id)),
        change=store.version_change(document.id),
        changed=tuple(sorted((f for f in decided if f.fate is Fate.CHANGED), key=lambda f: f.settled)),
        vanished=tuple(f for f in decided if f.fate is Fate.VANISHED),
        undecided=tuple(f for f in found if not f.decisions),
    )


def word_changes(old: str, new: str) -> list[tuple[str, str]]:
    """Return the pieces of two texts, word by word: (SAME, TAKEN_OUT or PUT_IN, the piece as it stands).

    The pieces that are not PUT_IN are ``old``, those that are not TAKEN_OUT are ``new``.
    """
    before, after = _PIECE.findall(old), _PIECE.findall(new)
    found: list[tuple[str, str]] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if kind == "equal":
            found.append((SAME, "".join(before[old_from:old_to])))
            continue
        if old_to > old_from:
            found.append((TAKEN_OUT, "".join(before[old_from:old_to])))
        if new_to > new_from:
            found.append((PUT_IN, "".join(after[new_from:new_to])))
    return found


def changes_of(project: Project, names: Sequence[str]) -> list[tuple[str, VersionChange]]:
    """Return (name, what its newest version changed) for documents that were replaced just now."""
    found = []
    for name in names:
        document = project.store.document_by_name(name)
        change = project.store.version_change(document.id) if document else None
        if change is not None:
            found.append((name, change))
    return found


def change_line(name: str, change: VersionChange, *, reread: bool = False) -> str:
    """Return one line on what a new version did to the decisions on the one before.

    ``reread`` says that its file is the same, read by another reader or with other columns.
    """
    same = change.count(Fate.UNCHANGED) + change.count(Fate.MOVED)
    what = "read anew, beside the reading before" if reread else "new version"
    words = f"{name}: {what}; {_passages(same)} as before ({_decisions(change.carried)} carried)"
    waiting = [(change.to_confirm, "changed"), (change.gone, "gone")]
    parts = [f"{count} {what}" for count, what in waiting if count]
    if parts:
        words += f", {' and '.join(parts)} had decisions: see `evidence-mapper revisions '{name}'`"
    return words


def as_versions_of(project: Project, files: Sequence[FoundFile], replaces: str | None) -> list[FoundFile]:
    """Return the files under the names of the documents they are versions of.

    Parameters
    ----------
    files
        With the names they would go by.
    replaces
        Name or id of the document that a person says the file is a new version of; None for the names
        as they are.

    Raises
    ------
    UsageError
        There is no such document, or not one file; or decisions rest on the file's own document.
    """
    if replaces is None:
        return list(files)
    document = find_document(project, replaces)
    if len(files) != 1:
        raise UsageError(f"--replaces takes one file, and {len(files)} were named; nothing was read")
    (file,) = files
    own = project.store.document_by_name(file.name)
    if own is not None and own.id != document.id:
        decisions = sum(v.decisions for v in project.store.versions(own.id))
        if decisions:
            raise UsageError(
                f"{own.name} is a document of its own, with {_decisions(decisions)}. Nothing was read. If it "
                f"is a version of {document.name} all the same, take it out first: "
                f"evidence-mapper documents '{own.name}' --withdraw"
            )
    return [FoundFile(document.name, file.path)]


def stand_in(project: Project, path: Path, document_name: str) -> Document | None:
    """Return the other document that was read from a file before it was known to be a version; None: none."""
    place = str(path.resolve())
    for name, kept in project.store.facts().items():
        if name != document_name and kept.get("source_path") == place:
            return project.store.document_by_name(name)
    return None


def namesakes(project: Project, added: Sequence[str]) -> list[tuple[str, str]]:
    """Return (new document, older document of the same file name elsewhere), to be asked about."""
    new = set(added)
    older: dict[str, str] = {}
    for row in project.store.document_progress(""):
        if row.document.name not in new and not row.withdrawn:
            older[_file_name(row.document.name)] = row.document.name
    return [(name, older[_file_name(name)]) for name in added if _file_name(name) in older]


def withdraw(project: Project, name: str, coder: str, reason: str | None = None) -> Event:
    """Record a person's word that a document must no longer count; all of it is kept.

    Raises
    ------
    UsageError
        No document has the name.
    StoreError
        It is withdrawn already.
    """
    return _say(project, name, coder, EventAction.WITHDRAWN, {"reason": reason} if reason else {})


def restore(project: Project, name: str, coder: str) -> Event:
    """Record a person's word that a withdrawn document counts again.

    Raises
    ------
    UsageError
        No document has the name.
    StoreError
        It is not withdrawn.
    """
    return _say(project, name, coder, EventAction.RESTORED, {})


def _say(project: Project, name: str, coder: str, action: EventAction, payload: dict[str, str]) -> Event:
    document = find_document(project, name)
    return project.store.append_event(
        coder=coder, action=action, subject=document.id, at=utc_now(), payload=payload
    )


def _file_name(name: str) -> str:
    return name.rpartition("/")[2].casefold()


def _passages(count: int) -> str:
    return "1 passage" if count == 1 else f"{count:,} passages"


def _decisions(count: int) -> str:
    return "1 decision" if count == 1 else f"{count:,} decisions"
