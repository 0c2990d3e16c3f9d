"""The information return: the list of items, and what people put under each."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from evidence_mapper.domain.coding import Event, EventAction
from evidence_mapper.domain.document import Document
from evidence_mapper.domain.framework import Verification
from evidence_mapper.domain.ids import sha256_file
from evidence_mapper.domain.return_item import ReturnItem, ReturnLink, ReturnList
from evidence_mapper.domain.wording import counted
from evidence_mapper.errors import StoreError, UsageError
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.confirmed import Confirmed, ConfirmedPassage, read_confirmed
from evidence_mapper.workflow.documents import find_document
from evidence_mapper.workflow.item_list import ItemColumns, read_items
from evidence_mapper.workflow.project import Project

if TYPE_CHECKING:
    from evidence_mapper.workflow.claim_evidence import Evidence

_LIST: Final = "list"
_LINKED, _UNLINKED = "linked", "unlinked"


@dataclass(frozen=True, slots=True)
class LinkedDocument:
    """A document a person put under an item, as it stands now."""

    document: Document
    date: str
    """Empty when none was found."""
    whole: bool
    """Whether the whole document is to be sent, rather than sections of it."""
    sections: tuple[str, ...]
    """Places of the passages linked, in reading order."""
    passages: tuple[str, ...]
    """Ids of the passages linked, in the same order."""
    links: tuple[ReturnLink, ...]
    problems: tuple[str, ...] = ()
    """Why it should be looked at before it is sent; empty when nothing is wrong."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document with confirmed evidence on the item's statements, that nobody linked to it."""

    document: Document
    date: str
    sections: tuple[str, ...]
    """Places of the confirmed passages, in reading order."""
    passages: tuple[str, ...]
    """Ids of the confirmed passages, in the same order."""


@dataclass(frozen=True, slots=True)
class ItemEvidence:
    """One item with what is there for it."""

    item: ReturnItem
    linked: tuple[LinkedDocument, ...]
    candidates: tuple[Candidate, ...]
    """Most confirmed passages first; empty for an item that serves every statement, or names none."""


@dataclass(frozen=True, slots=True)
class ReturnBoard:
    """The whole return."""

    list: ReturnList
    items: tuple[ItemEvidence, ...]
    elsewhere: tuple[ReturnLink, ...]
    """Links under ids that the list does not have, such as those of a list since replaced, and links to
    documents that were erased."""


def current_list(project: Project) -> ReturnList | None:
    """Return the list a person brought in last, else the unofficial one; None when there is neither."""
    from evidence_mapper.frameworks.published import return_list

    # An item may be called "list" too: what was put under it holds no items.
    entries = [e for e in project.store.entries([EventAction.RETURN_ITEM], subject=_LIST) if _is_list(e)]
    return _list_of(entries[-1]) if entries else return_list(project.framework)


def import_items(
    project: Project, path: Path, *, coder: str, columns: ItemColumns | None = None
) -> ReturnList:
    """Bring in a list of items, in place of the one there was; links stay with the ids they name.

    Raises
    ------
    UsageError
        See :func:`~evidence_mapper.workflow.item_list.read_items`. Nothing was recorded.
    """
    read = read_items(path, project.framework, columns or ItemColumns())
    payload = {
        "words": f"{counted(len(read.items), 'return item')} brought in from {path.name}",
        "file": path.name,
        "file_sha256": sha256_file(path),
        "items": [{"id": i.id, "text": i.text, "statements": list(i.statements)} for i in read.items],
        "left_out": list(read.left_out),
    }
    return _list_of(_record(project, _LIST, coder, payload))


def link(
    project: Project,
    item: str,
    *,
    coder: str,
    document: str | None = None,
    passage: str | None = None,
    note: str | None = None,
) -> ReturnLink:
    """Record that a person puts a document, or one passage, under an item.

    Parameters
    ----------
    project
        An open project.
    item
        Id of an item in the current list.
    coder
        Who says so.
    document
        Name or id of the document to send whole; None with ``passage``.
    passage
        Id of the passage to point to; None with ``document``.
    note
        Why, in the person's words.

    Raises
    ------
    UsageError
        There is no such item, document or passage, both or neither is named, or it is linked already.
    """
    found, (document_id, passage_id) = find_item(project, item), _target(project, document, passage)
    if _same(links(project), found.id, document_id, passage_id):
        raise UsageError(f"that is linked to {found.id} already. See: evidence-mapper return-items list")
    words = f"{_named(project, document_id, passage_id)} put under return item {found.id}"
    event = _record(project, found.id, coder, _payload(words, _LINKED, document_id, passage_id, note))
    return ReturnLink(found.id, document_id, passage_id, event.coder, event.at, note)


def unlink(
    project: Project, item: str, *, coder: str, document: str | None = None, passage: str | None = None
) -> ReturnLink:
    """Record that what a person put under an item is off it again; returns the link that was.

    Raises
    ------
    UsageError
        There is no such document or passage, both or neither is named, or it is not linked.
    """
    document_id, passage_id = _target(project, document, passage)
    there = _same(links(project), item, document_id, passage_id)
    if not there:
        raise UsageError(f"that is not linked to {item}. See: evidence-mapper return-items list")
    words = f"{_named(project, document_id, passage_id)} taken off return item {item}"
    _record(project, item, coder, _payload(words, _UNLINKED, document_id, passage_id, None))
    return there[0]


def links(project: Project) -> list[ReturnLink]:
    """Return the links that stand, in the order they were made."""
    held: dict[tuple[str, str, str | None], ReturnLink] = {}
    for event in project.store.entries([EventAction.RETURN_ITEM]):
        if _is_list(event):
            continue
        data = event.payload
        key = (event.subject, str(data["document"]), data.get("passage"))
        held.pop(key, None)
        if data["state"] == _LINKED:
            held[key] = ReturnLink(*key, event.coder, event.at, data.get("note"))
    return list(held.values())


def find_item(project: Project, name: str) -> ReturnItem:
    """Return an item of the current list by its id.

    Raises
    ------
    UsageError
        There is no list, or no such item; names the nearest.
    """
    listed = _needed(project)
    for item in listed.items:
        if item.id.casefold() == name.strip().casefold():
            return item
    ids = [i.id for i in listed.items]
    near = difflib.get_close_matches(name, ids, n=3, cutoff=0.4)
    meant = f"; did you mean {', '.join(near)}?" if near else "."
    raise UsageError(f"no return item '{name}'{meant} List them: evidence-mapper return-items list")


def return_board(project: Project, confirmed: Confirmed | None = None) -> ReturnBoard:
    """Return every item with what people put under it and, apart from that, the candidates.

    Parameters
    ----------
    project
        An open project.
    confirmed
        The confirmed evidence where it is read already; None reads it.

    Raises
    ------
    UsageError
        There is no list.
    """
    listed, known = _needed(project), confirmed or read_confirmed(project)
    standing = links(project)
    look = _Look(project, known)
    every = len(project.framework.statements)
    items = []
    for item in listed.items:
        linked = look.linked([k for k in standing if k.item == item.id and look.has(k.document_id)])
        # Every document serves an item on every statement: proposing them all would say nothing.
        wanted = item.statements if len(item.statements) < every or every == 1 else ()
        items.append(ItemEvidence(item, linked, look.candidates(wanted, {d.document.id for d in linked})))
    ids = {i.id for i in listed.items}
    lost = [k for k in standing if k.item not in ids or not look.has(k.document_id)]
    return ReturnBoard(listed, tuple(items), tuple(lost))


class _Look:
    """Documents and passages as they stand now, looked up once."""

    def __init__(self, project: Project, confirmed: Confirmed) -> None:
        self._project = project
        self._store = project.store
        self._confirmed = confirmed
        self._progress = {p.document.id: p for p in project.store.document_progress("")}
        self._newest: dict[str, set[str]] = {}
        self._evidence: Evidence | None = None

    def has(self, document_id: str) -> bool:
        return document_id in self._progress

    def linked(self, found: Sequence[ReturnLink]) -> tuple[LinkedDocument, ...]:
        by_document: dict[str, list[ReturnLink]] = {}
        for each in found:
            by_document.setdefault(each.document_id, []).append(each)
        return tuple(self._linked(document_id, each) for document_id, each in by_document.items())

    def _linked(self, document_id: str, found: Sequence[ReturnLink]) -> LinkedDocument:
        progress = self._progress[document_id]
        problems = ["the document was withdrawn"] if progress.withdrawn else []
        passages = []
        for each in found:
            if each.passage_id is None:
                continue
            now = self._known().of(each.passage_id)
            passage = now.passage
            if passage is None:
                problems.append(f"{each.passage_id} was erased")
                continue
            if passage.id not in self._ids(document_id):
                passage = self._store.passage(self._store.successors([passage.id])[passage.id])
            if passage.id not in self._ids(document_id) and not progress.withdrawn:
                problems.append(f"{passage.id} is not in the newest version of the document")
            passages.append(passage)
        passages.sort(key=lambda p: p.ordinal)
        return LinkedDocument(
            document=progress.document,
            date=dict(progress.facts).get("date", ""),
            whole=any(each.passage_id is None for each in found),
            sections=tuple(p.location.label() for p in passages),
            passages=tuple(p.id for p in passages),
            links=tuple(found),
            problems=tuple(problems),
        )

    def _known(self) -> Evidence:
        from evidence_mapper.workflow.claim_evidence import Evidence

        if self._evidence is None:
            wanted = {each.passage_id for each in links(self._project) if each.passage_id is not None}
            self._evidence = Evidence.read(self._project, wanted)
        return self._evidence

    def _ids(self, document_id: str) -> set[str]:
        if document_id not in self._newest:
            self._newest[document_id] = {p.id for p in self._store.passages(document_id)}
        return self._newest[document_id]

    def candidates(self, statements: Iterable[str], linked: set[str]) -> tuple[Candidate, ...]:
        wanted = set(statements)
        by_document: dict[str, list[ConfirmedPassage]] = {}
        for passage in self._confirmed.passages:
            if passage.document.id not in linked and wanted & {s for r in passage.rows for s in r.statements}:
                by_document.setdefault(passage.document.id, []).append(passage)
        found = [
            Candidate(
                document=passages[0].document,
                date=passages[0].date,
                sections=tuple(p.passage.location.label() for p in passages),
                passages=tuple(p.passage.id for p in passages),
            )
            for passages in by_document.values()
        ]
        return tuple(sorted(found, key=lambda c: (-len(c.passages), c.document.name)))


def _is_list(event: Event) -> bool:
    return event.subject == _LIST and "items" in event.payload


def _needed(project: Project) -> ReturnList:
    found = current_list(project)
    if found is None:
        raise UsageError(
            f"no list of return items is kept for the framework {project.framework.id}; bring in your own: "
            "evidence-mapper return-items import FILE"
        )
    return found


def _list_of(event: Event) -> ReturnList:
    data = event.payload
    items = tuple(
        ReturnItem(i["id"], i["text"], tuple(i["statements"]), Verification.OWN) for i in data["items"]
    )
    note = f"Brought in from {data['file']} by {event.coder}."
    if rows := data.get("left_out"):
        note += f" Left out, as they do not say what is asked for: rows {', '.join(map(str, rows))}."
    return ReturnList(
        f"Information return: {data['file']}",
        unofficial=False,
        note=note,
        items=items,
        by=event.coder,
        at=event.at,
    )


def _target(project: Project, document: str | None, passage: str | None) -> tuple[str, str | None]:
    if (document is None) == (passage is None):
        raise UsageError("name one of --document NAME and --passage ID: what is to be put under the item")
    if document is not None:
        return find_document(project, document).id, None
    assert passage is not None
    try:
        found = project.store.passage(passage)
    except StoreError as error:
        raise UsageError(
            f"no passage '{passage}' in the project; find one: evidence-mapper search \"WORDS\""
        ) from error
    return found.document_id, found.id


def _same(
    held: Iterable[ReturnLink], item: str, document_id: str, passage_id: str | None
) -> list[ReturnLink]:
    wanted = item.strip().casefold(), document_id, passage_id
    return [k for k in held if (k.item.casefold(), k.document_id, k.passage_id) == wanted]


def _named(project: Project, document_id: str, passage_id: str | None) -> str:
    name = project.store.document(document_id).name
    if passage_id is None:
        return name
    place = project.store.passage(passage_id).location.label()
    return f"{name}, {place}" if place else f"{name}, {passage_id}"


def _payload(
    words: str, state: str, document_id: str, passage_id: str | None, note: str | None
) -> dict[str, Any]:
    return {"words": words, "state": state, "document": document_id, "passage": passage_id, "note": note}


def _record(project: Project, subject: str, coder: str, payload: dict[str, Any]) -> Event:
    return project.store.append_event(
        coder=coder, action=EventAction.RETURN_ITEM, subject=subject, at=utc_now(), payload=payload
    )
