"""Forgets documents: every trace goes, and a tombstone without names says so.

The record of events is append-only and each event's id follows from what it says and from the event
before. An event that is erased keeps its place, its id, who, when and what kind; its subject and payload
go. A row of ``erasures`` keeps the id and the hash of what is left, and the tombstone, itself an event of
the chain, holds a digest of all its rows: :func:`check_erasures` finds whatever was changed otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from evidence_mapper.domain.coding import Decision, Event, EventAction
from evidence_mapper.domain.forgetting import Forgetting
from evidence_mapper.domain.ids import derived_id, sha256_text
from evidence_mapper.errors import StoreError
from evidence_mapper.store import events, ranking, schema, words
from evidence_mapper.store.codec import dumps, loads
from evidence_mapper.store.copies import SOURCE_PATH
from evidence_mapper.store.forget_words import Redactor, Traces
from evidence_mapper.store.guards import GUARDS
from evidence_mapper.store.queries import STREAM, chunks
from evidence_mapper.store.records import Disagreement
from evidence_mapper.store.rows import ERASED
from evidence_mapper.store.wipe import PENDING

_d, _r, _p, _e = schema.documents, schema.revisions, schema.passages, schema.events
_era, _held = schema.erasures, schema.decisions
_ONE: Final = {
    "documents": "document",
    "versions": "version",
    "passages": "passage",
    "suggestions": "suggestion",
    "decisions": "decision",
    "entries": "entry",
    "entries_in_part": "entry in part",
    "copies": "copy",
    "vectors": "vector",
}
_TELLING: Final = 4
"""Ids of cases with fewer characters, or in small letters only, are looked for as subjects only."""
_GUARD: Final = "events_no_update"


@dataclass(frozen=True, slots=True)
class Target:
    """The documents to forget, by their keys, with what names them."""

    documents: tuple[int, ...]
    revisions: tuple[int, ...]
    passages: tuple[int, ...]
    traces: Traces


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks for what to be forgotten, and why."""

    document_ids: tuple[str, ...]
    subjects: tuple[str, ...]
    """Further ids and names of entries that go as well, such as a case's; empty for none."""
    reason: str
    kept_vectors: frozenset[str]
    """Hashes of the texts whose vectors stay: every other goes, for a vector tells of its text."""


def erase(connection: Connection, request: Request, draft: events.Draft) -> Event:
    """Forget documents and return the tombstone; the caller's transaction makes it whole or not at all.

    Parameters
    ----------
    request
        What to forget.
    draft
        Of the tombstone; its subject and payload are worked out here.

    Raises
    ------
    StoreError
        No such document, or the reason names one; nothing was changed.
    """
    target = _target(connection, request)
    redactor = Redactor(target.traces)
    if redactor.text(request.reason) != request.reason:
        raise StoreError(
            "the reason names the document or quotes it, and stays for good; say it without; "
            "nothing was forgotten"
        )
    tombstone = _last(connection) + 1
    changed = _redact_events(connection, redactor, {*target.traces.ids, *request.subjects}, tombstone)
    counts = _counts(connection, target, changed)
    _redact_rest(connection, redactor, target)
    counts["vectors"] = _drop_vectors(connection, request.kept_vectors)
    _delete(connection, target)
    event = _write_tombstone(connection, draft, request.reason, (counts, changed))
    ranking.refresh(connection, draft.run_number, _p.c.number < 0)  # counts up: open screens read anew
    connection.execute(delete(schema.project).where(schema.project.c.key == PENDING))
    connection.execute(insert(schema.project), {"key": PENDING, "value": str(event.sequence)})
    return event


def reindex(connection: Connection) -> None:
    """Make the index of words afresh after :func:`erase`; apart, because a trial need not wait for it."""
    words.rebuild(connection)


def of_tombstone(event: Event) -> Forgetting:
    """Return a tombstone's counts."""
    return Forgetting(event.sequence, event.at, event.coder, str(event.payload["reason"]),
                      {str(k): int(v) for k, v in event.payload["counts"].items()})  # fmt: skip


def check_erasures(connection: Connection) -> Iterator[Disagreement]:
    """Check that each tombstone accounts for what was erased, and that a wipe is not left half done."""
    there: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(select(_era).order_by(_era.c.tombstone, _era.c.sequence)):
        there.setdefault(row.tombstone, []).append(row)
    query = select(_e.c.sequence, _e.c.payload, _e.c.subject).where(
        _e.c.action == EventAction.FORGOTTEN.value
    )
    stones = {row.sequence: loads(row.payload) for row in connection.execute(query)}
    for sequence in sorted(there.keys() | stones.keys()):
        rows = [(r.sequence, r.event_id, r.left_sha256) for r in there.get(sequence, ())]
        said = stones.get(sequence, {}).get("erased")
        if said != _digest(rows):
            yield Disagreement(f"event {sequence}", "what was erased is not what this tombstone says")
    if connection.execute(select(schema.project.c.value).where(schema.project.c.key == PENDING)).scalar():
        problem = "space that held forgotten text is not wiped yet: close other programs, open it again"
        yield Disagreement("project file", problem)


def erased(connection: Connection) -> dict[int, tuple[str, str]]:
    """Return (event id, hash of what is left) of each event of which something was erased."""
    query = select(_era.c.sequence, _era.c.event_id, _era.c.left_sha256).order_by(_era.c.tombstone)
    return {row.sequence: (row.event_id, row.left_sha256) for row in connection.execute(query)}


def left_sha256(subject: str, payload: str) -> str:
    """Return the hash of what is left of an event."""
    return sha256_text(f"{subject}\0{payload}")


def _target(connection: Connection, request: Request) -> Target:
    wanted = list(request.document_ids)
    # A case called "14" or "open" must not take these out of what others wrote and of what has a meaning.
    telling = [s for s in request.subjects if len(s) >= _TELLING and s != s.lower()]
    rows = connection.execute(select(_d).where(_d.c.id.in_(wanted)).order_by(_d.c.number)).all()
    missing = sorted(set(wanted) - {row.id for row in rows})
    if missing or not (rows or request.subjects):
        raise StoreError(f"no document {', '.join(missing) or 'named'} in this project; nothing was changed")
    numbers = tuple(row.number for row in rows)
    versions = _some(connection, _r, _r.c.document_number, numbers)
    keys = tuple(row.number for row in versions)
    passages = _some(connection, _p, _p.c.document_number, numbers)
    out = _some(connection, schema.exclusions, schema.exclusions.c.revision_number, keys)
    ids = {*wanted, *(r.id for r in versions), *(r.file_sha256 for r in versions),
           *(r.text_sha256 for r in versions), *(p.id for p in passages), *telling}  # fmt: skip
    texts = [r.text for r in versions] + [x.text for x in out] + [p.context for p in passages if p.context]
    names, needles = _names(connection, [r.name for r in rows], numbers, keys)
    traces = Traces(
        ids=frozenset(ids),
        names=frozenset(names),
        needles=(*needles, *telling),
        texts=tuple(texts),
        passages=frozenset(p.text for p in passages),
    )
    return Target(numbers, keys, tuple(p.number for p in passages), traces)


def _names(
    connection: Connection, documents: Sequence[str], numbers: Sequence[int], revisions: Sequence[int]
) -> tuple[set[str], set[str]]:
    """Return the names the record may hold as they are, and those to look for within words."""
    copies = _some(connection, schema.copies, schema.copies.c.document_number, numbers)
    facts = _some(connection, schema.document_facts, schema.document_facts.c.revision_number, revisions)
    said = [dict(loads(row.metadata)) for row in facts]
    paths = {str(s[SOURCE_PATH]) for s in said if s.get(SOURCE_PATH)}
    names = {*documents, *(row.name for row in copies), *paths}
    others = select(_d.c.name).where(_d.c.number.not_in(list(numbers)))
    kept = {_base(name) for name in connection.execute(others).scalars()}
    bases = {base for base in map(_base, names) if base not in kept and "." in base}
    titles = {str(s["title"]) for s in said if len(str(s.get("title") or "").split()) > 2}
    stems = {PurePosixPath(base).stem for base in bases}
    long = {stem for stem in stems if len(stem.replace("_", " ").replace("-", " ").split()) > 2}
    return names | bases, names | bases | titles | long


def _base(name: str) -> str:
    return PureWindowsPath(name).name


def _redact_events(
    connection: Connection, redactor: Redactor, ids: Collection[str], tombstone: int
) -> list[tuple[Row[Any], str, str]]:
    """Erase what the events say of the documents; return each changed event as it was, with what is left."""
    changed = []
    order = select(_e).order_by(_e.c.sequence)
    for row in connection.execute(order.execution_options(**STREAM)):
        if row.action == EventAction.FORGOTTEN.value or row.subject == ERASED:
            continue
        subject, payload = _left_of(row, redactor, ids, tombstone)
        if (subject, payload) != (row.subject, row.payload):
            changed.append((row, subject, payload))
    connection.exec_driver_sql(f"DROP TRIGGER {_GUARD}")
    for row, subject, payload in changed:
        values = {"subject": subject, "payload": payload}
        connection.execute(update(_e).where(_e.c.sequence == row.sequence).values(**values))
        if row.action in events.JUDGING and subject != ERASED:
            note = Decision.from_json(loads(payload)).note
            connection.execute(update(_held).where(_held.c.sequence == row.sequence).values(note=note))
    connection.exec_driver_sql(GUARDS["sqlite"][_GUARD])
    return changed


def _left_of(row: Row[Any], redactor: Redactor, ids: Collection[str], tombstone: int) -> tuple[str, str]:
    payload = loads(row.payload)
    if row.subject in ids:
        return ERASED, dumps(_shell(row, payload, tombstone))
    if row.action == EventAction.UNDONE.value:
        return row.subject, row.payload
    if row.action in events.JUDGING:
        return row.subject, dumps(redactor.decision(payload))
    left = redactor.entry(payload)
    return (ERASED, dumps(_shell(row, payload, tombstone))) if left is None else (row.subject, dumps(left))


def _shell(row: Row[Any], payload: Mapping[str, Any], tombstone: int) -> dict[str, Any]:
    """Return the payload of an erased event; an undo keeps the id of the event it takes back."""
    undoes = {"undoes": payload["undoes"]} if row.action == EventAction.UNDONE.value else {}
    return {ERASED: tombstone, **undoes}


def _counts(
    connection: Connection, target: Target, changed: Sequence[tuple[Row[Any], str, str]]
) -> dict[str, int]:
    s = schema.suggestions
    suggested = _some(connection, s, s.c.passage_number, target.passages, s.c.passage_number)
    decided = [row for row, subject, _ in changed if row.action in events.JUDGING and subject == ERASED]
    copies = _some(connection, schema.copies, schema.copies.c.document_number, target.documents)
    return {
        "documents": len(target.documents),
        "versions": len(target.revisions),
        "passages": len(target.passages),
        "suggestions": len(suggested),
        "decisions": len(decided),
        "entries": sum(subject == ERASED for _, subject, _ in changed) - len(decided),
        "entries_in_part": sum(subject != ERASED for _, subject, _ in changed),
        "copies": len(copies),
    }


def _redact_rest(connection: Connection, redactor: Redactor, target: Target) -> None:
    """Take the documents' names out of what is kept of other files, and out of settings."""
    facts = schema.document_facts
    rows = connection.execute(
        select(facts).where(facts.c.revision_number.not_in(list(target.revisions)))
    ).all()
    for row in rows:
        metadata = dumps(redactor.pairs(loads(row.metadata)))
        warnings = dumps(redactor.pairs([loads(row.warnings)])[0])
        if (metadata, warnings) != (row.metadata, row.warnings):
            same = facts.c.revision_number == row.revision_number
            connection.execute(update(facts).where(same).values(metadata=metadata, warnings=warnings))
    refused, names = schema.refusals.c, target.traces.names
    for row in connection.execute(select(schema.refusals)).all():
        if row.name in names or row.file_sha256 in target.traces.ids:
            connection.execute(delete(schema.refusals).where(refused.name == row.name))
        elif (message := redactor.text(row.message)) != row.message:
            connection.execute(
                update(schema.refusals).where(refused.name == row.name).values(message=message)
            )
    kept = schema.project
    for row in connection.execute(select(kept).where(kept.c.key.startswith("setting:"))).all():
        if redactor.text(row.value) != row.value:
            connection.execute(delete(kept).where(kept.c.key == row.key))


def _drop_vectors(connection: Connection, kept: Collection[str]) -> int:
    v, gone = schema.vectors, 0
    there = connection.execute(select(v.c.text_sha256).distinct()).scalars()
    for piece in chunks(sorted(set(there) - set(kept))):
        gone += connection.execute(delete(v).where(v.c.text_sha256.in_(piece))).rowcount
    return gone


def _delete(connection: Connection, target: Target) -> None:
    s, fates, changes, along = schema, schema.passage_fates.c, schema.version_changes, schema.carried.c
    of_documents = changes.c.document_number.in_(list(target.documents))
    gone = select(changes.c.number).where(of_documents)
    connection.execute(delete(s.passage_fates).where(fates.change_number.in_(gone)))
    by_passage: list[tuple[Table, ColumnElement[Any]]] = [
        (s.passage_fates, fates.old_number),
        (s.passage_fates, fates.new_number),
        (s.carried, along.from_number),
        (s.carried, along.passage_number),
        (s.codings, s.codings.c.passage_number),
        (s.decisions, s.decisions.c.passage_number),
        (s.suggested_codes, s.suggested_codes.c.passage_number),
        (s.suggestions, s.suggestions.c.passage_number),
        (s.queue_items, s.queue_items.c.passage_number),
        (s.passage_keys, s.passage_keys.c.passage_number),
        (s.passages, s.passages.c.number),
    ]
    for table, column in by_passage:
        _delete_in(connection, table, column, target.passages)
    for table in (changes, s.withdrawals, s.copies, s.current_revisions):
        _delete_in(connection, table, table.c.document_number, target.documents)
    for table in (s.document_facts, s.exclusions):
        _delete_in(connection, table, table.c.revision_number, target.revisions)
    _delete_in(connection, s.revisions, s.revisions.c.number, target.revisions)
    _delete_in(connection, s.documents, s.documents.c.number, target.documents)


def _write_tombstone(
    connection: Connection,
    draft: events.Draft,
    reason: str,
    done: tuple[dict[str, int], Sequence[tuple[Row[Any], str, str]]],
) -> Event:
    counts, changed = done
    rows = [(row.sequence, row.id, left_sha256(subject, payload)) for row, subject, payload in changed]
    many = ", ".join(f"{n} {_ONE.get(name, name) if n == 1 else name}" for name, n in counts.items() if n)
    many = many.replace("_", " ")
    event = events.write(
        connection,
        events.Draft(
            coder=draft.coder,
            action=EventAction.FORGOTTEN,
            subject=derived_id("fgt", draft.at, draft.coder, str(_last(connection))),
            at=draft.at,
            payload={
                "words": f"forgot {many}. Why: {reason}",
                "reason": reason,
                "counts": counts,
                "erased": _digest(rows),
            },
            framework=draft.framework,
            run_id=None,
            run_number=draft.run_number,
        ),
    )
    if rows:
        names = ("sequence", "event_id", "left_sha256")
        values = [{"tombstone": event.sequence, **dict(zip(names, row, strict=True))} for row in rows]
        connection.execute(insert(_era), values)
    return event


def _digest(rows: Sequence[tuple[int, str, str]]) -> str:
    return sha256_text(dumps([list(row) for row in rows]))


def _last(connection: Connection) -> int:
    return int(connection.execute(select(func.coalesce(func.max(_e.c.sequence), 0))).scalar_one())


def _some(
    connection: Connection, table: Table, column: Column[Any], values: Sequence[int], *only: Column[Any]
) -> list[Row[Any]]:
    """Return the rows of a table whose column is among the values, whole or some columns of them."""
    found: list[Row[Any]] = []
    for piece in chunks(values):
        query = select(*only) if only else select(table)
        found += connection.execute(query.where(column.in_(piece))).all()
    return found


def _delete_in(
    connection: Connection, table: Table, column: ColumnElement[Any], values: Sequence[int]
) -> None:
    for piece in chunks(values):
        connection.execute(delete(table).where(column.in_(piece)))
