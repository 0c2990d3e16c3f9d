"""What a project held as confirmed evidence: now, or at the end of a day in the past.

The past is replayed from the record of events, which is never rewritten: decisions up to that day, less
those undone by then, on the versions of documents that were the newest then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from evidence_mapper.domain.coding import Decision, Event, EventAction
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.version import words_key
from evidence_mapper.errors import StoreError
from evidence_mapper.store.base import Store
from evidence_mapper.workflow.confirmed import as_of_day
from evidence_mapper.workflow.document_facts import shown_date
from evidence_mapper.workflow.project import Project

_JUDGING: Final = frozenset({EventAction.DECIDED, EventAction.CARRIED})
_REPLAYED: Final = (
    *_JUDGING,
    EventAction.UNDONE,
    EventAction.WITHDRAWN,
    EventAction.RESTORED,
    EventAction.RECUT,
    EventAction.ADJUDICATED,
)


@dataclass(frozen=True, slots=True)
class Place:
    """What a passage is known by from one project to another."""

    document: str
    """Name of the document."""
    key: str
    """Of its words and what they answer to."""
    nth: int
    """Zero-based, among passages of the document that say the same."""


@dataclass(frozen=True, slots=True)
class Said:
    """One coder's coding."""

    coder: str
    at: str
    """UTC, ISO 8601."""
    statements: tuple[str, ...]
    category: str
    """Empty where none was set."""
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A confirmed passage."""

    passage: Passage
    said: tuple[Said, ...]
    date: str
    """Of its document; empty when none was found."""


@dataclass(frozen=True, slots=True)
class PastDocument:
    """A document as it stood."""

    id: str
    name: str
    revision_id: str
    file_sha256: str
    read_at: str
    """When its newest version then was first read: UTC, ISO 8601."""
    withdrawn: tuple[str, str] | None = None
    """(coder, time) of who withdrew it; None while it counts."""


@dataclass(slots=True)
class Snapshot:
    """A project at one time."""

    label: str
    as_of: date
    """Ages are counted to this day."""
    documents: dict[str, PastDocument] = field(default_factory=dict)
    """By name."""
    passages: dict[Place, Kept] = field(default_factory=dict)
    """Confirmed, of the documents that counted, in the versions that were the newest."""
    latest: dict[str, Event] = field(default_factory=dict)
    """Passage id to the last event on it."""
    recut: dict[str, Event] = field(default_factory=dict)
    """Passage id to the event that took it out of its document, to cut its words another way."""
    erased: int = 0
    """Decisions that held on passages whose words are no longer in the project."""


def snapshot(project: Project, day: date | None) -> Snapshot:
    """Return what a project held.

    Parameters
    ----------
    project
        An open project; it is only read.
    day
        The day (UTC) at whose end; None for now.
    """
    events = [e for e in project.store.entries(_REPLAYED) if day is None or e.at[:10] <= day.isoformat()]
    as_of = day or as_of_day(project)
    label = f"{project.path.name}, now" if day is None else f"{project.path.name}, {day.isoformat()}"
    found = Snapshot(label, as_of, _documents(project.store, events, day))
    for event in events:
        if event.action in (*_JUDGING, EventAction.UNDONE):
            found.latest[event.subject] = event
        elif event.action is EventAction.RECUT:
            found.recut |= dict.fromkeys(event.payload.get("taken", ()), event)
            for passage_id in event.payload.get("put", ()):
                found.recut.pop(passage_id, None)
    _fill(found, project, _held(events))
    return found


def _documents(store: Store, events: Iterable[Event], day: date | None) -> dict[str, PastDocument]:
    withdrawn: dict[str, tuple[str, str]] = {}
    for event in events:
        if event.action is EventAction.WITHDRAWN:
            withdrawn[event.subject] = (event.coder, event.at)
        elif event.action is EventAction.RESTORED:
            withdrawn.pop(event.subject, None)
    found = {}
    for document in store.documents():
        version = _newest(store, document.id, day)
        if version is not None:
            found[document.name] = PastDocument(
                document.id, document.name, *version, withdrawn.get(document.id)
            )
    return found


def _newest(store: Store, document_id: str, day: date | None) -> tuple[str, str, str] | None:
    """Return (revision id, file hash, first read at) of the newest version then; None before the first."""
    there = [v for v in store.versions(document_id) if day is None or v.read_at[:10] <= day.isoformat()]
    if not there:
        return None
    change = store.version_change(document_id)
    chosen = max(there, key=lambda v: v.read_at)
    if day is None:
        chosen = next(v for v in there if v.newest)
    elif change is not None:
        # A file that came back is no new version: only the change itself tells what was the newest.
        last = change.after if change.at[:10] <= day.isoformat() else change.before
        chosen = next((v for v in there if v.revision_id == last), chosen)
    return chosen.revision_id, chosen.file_sha256, chosen.read_at


def _held(events: Sequence[Event]) -> Mapping[str, list[Event]]:
    """Return, by passage, the event of each coder whose decision held; where it was settled, that alone."""
    stacks: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in events:
        key = (event.subject, event.coder)
        if event.action in _JUDGING:
            stacks[key].append(event)
        elif event.action is EventAction.UNDONE:
            stacks[key] = [e for e in stacks[key] if e.id != event.payload.get("undoes")]
    held: dict[str, list[Event]] = defaultdict(list)
    settled: dict[str, Event] = {}
    for (subject, _), stack in stacks.items():
        if stack:
            held[subject].append(stack[-1])
    for event in events:
        if event.action is EventAction.ADJUDICATED and event.subject in held:
            settled[event.subject] = event
    for subject, event in settled.items():
        between = sorted(e.sequence for e in held[subject])
        if event.payload.get("decision") and list(event.payload["between"]) == between:
            held[subject] = [replace(event, payload=event.payload["decision"])]
    return held


def _fill(found: Snapshot, project: Project, held: Mapping[str, list[Event]]) -> None:
    """Put the confirmed passages in, in the order of documents and of reading."""
    dates = {name: shown_date(facts) for name, facts in project.store.facts().items()}
    counting = {d.revision_id: d for d in found.documents.values() if d.withdrawn is None}
    known = {row.passage.id: row.passage for row in project.store.evidence_rows(confirmed=True)}
    seen: dict[tuple[str, str], int] = defaultdict(int)
    for passage, said in _confirmed(found, project.store, held, known):
        document = counting.get(passage.revision_id)
        if document is None or document.id != passage.document_id or passage.id in found.recut:
            continue
        key = (document.name, words_key(passage.text, passage.context))
        found.passages[Place(*key, seen[key])] = Kept(passage, said, dates.get(document.name, ""))
        seen[key] += 1


def _confirmed(
    found: Snapshot, store: Store, held: Mapping[str, list[Event]], known: dict[str, Passage]
) -> Iterator[tuple[Passage, tuple[Said, ...]]]:
    pairs = []
    for subject, events in held.items():
        said = tuple(s for e in sorted(events, key=lambda e: e.coder) if (s := _said(e)) is not None)
        if not said:
            continue
        passage = known.get(subject) or _passage(store, subject)
        if passage is None:
            found.erased += 1
        else:
            pairs.append((passage, said))
    yield from sorted(pairs, key=lambda p: (p[0].document_id, p[0].revision_id, p[0].span, p[0].id))


def _said(event: Event) -> Said | None:
    decision = Decision.from_json(event.payload)
    if not decision.accepted():
        return None
    carried = event.payload.get("carried")
    at = event.at if carried is None else str(carried["decided_at"])
    return Said(
        event.coder, at, decision.accepted(), decision.evidence_category or "", tuple(decision.topics)
    )


def _passage(store: Store, passage_id: str) -> Passage | None:
    try:
        return store.passage(passage_id)
    except StoreError:
        return None
