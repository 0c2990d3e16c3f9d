"""Decisions go along with the words they were made on, from one version of a document to the next.

A decision on words that stand in the new version is put on the passage that has them now, as an event
of its own that names the passage before, the coder and the time of the decision. What was changed or
has gone is only noted. The older version and the decisions on it stay as they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, delete, exists, func, insert, select

from evidence_mapper.domain.coding import Event, EventAction, Outcome
from evidence_mapper.domain.project import CoderDecision
from evidence_mapper.domain.version import Fate, words_key
from evidence_mapper.store import carry_entries, events, reread, schema
from evidence_mapper.store.codec import dumps, loads
from evidence_mapper.store.events import Draft
from evidence_mapper.store.matching import Match, Said, match
from evidence_mapper.store.named import Named
from evidence_mapper.store.queries import chunks
from evidence_mapper.store.records import IngestedDocument
from evidence_mapper.store.rows import decision_of

NOT_CARRIED: Final = frozenset({"batch", "carried", "same_as"})
"""Parts of an event's payload that say how it came about, not what was decided."""

_p, _e, _held, _r = schema.passages, schema.events, schema.decisions, schema.revisions
_fates, _changes, _along = schema.passage_fates, schema.version_changes, schema.carried
_cur = schema.current_revisions


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of the passages of one revision, worked out before anything is written."""

    newest: int | None
    """Key of the newest revision when it was worked out; None for a document that was not there."""
    before: int | None
    """Key of the revision whose place is taken; None when the reading takes no other's."""
    fates: tuple[tuple[int, int | None, Fate, float], ...]
    """(key of the old passage, ordinal of the new one, fate, similarity)."""
    known: int | None = None
    """Key of the reading of the same file that is there; None when there is none."""
    apart: bool = False
    """Whether another reading of the newest version's file is a version of its own: see ``reread``."""


def plan(connection: Connection, ingested: IngestedDocument, named: Named) -> Plan:
    """Return what a reading does to the document's newest passages.

    Takes seconds for a long document that was rewritten, so it is done before the file is locked.
    """
    d = schema.documents.c
    document = connection.execute(select(d.number).where(d.name == ingested.document.name)).scalar()
    current = newest(connection, ingested.document.name)
    if document is None or current is None:
        return Plan(current, None, ())
    known = reread.latest(connection, document, ingested.revision.file_sha256)
    apart = reread.stands_apart(connection, ingested, known, named)
    again = known is not None and known == current and not apart
    before = _before(connection, current) if again else current
    if before is None or (again and not ingested.reread):
        return Plan(current, None, (), known, apart)
    stored = None if known is None or ingested.reread else _said(connection, known)
    new = _said_in(ingested) if stored is None else [said for _, said in stored]
    old = _said(connection, before)
    left = _left_behind(connection, document, {before, known})
    found = _fates_of(old, new) + _fates_of(left, new)
    return Plan(current, before, tuple(found), known, apart)


def still_holds(connection: Connection, plan: Plan, ingested: IngestedDocument, named: Named) -> bool:
    """Return whether nothing that a plan rests on has changed since it was worked out."""
    if newest(connection, ingested.document.name) != plan.newest:
        return False
    return reread.stands_apart(connection, ingested, plan.known, named) == plan.apart


def newest(connection: Connection, name: str) -> int | None:
    """Return the key of the newest revision of the document of a name; None when there is none."""
    d = schema.documents.c
    query = select(_cur.c.revision_number).join(schema.documents, d.number == _cur.c.document_number)
    return _scalar(connection, query.where(d.name == name))


def follow(connection: Connection, plan: Plan, revision_number: int, draft: Draft) -> None:
    """Write what became of the passages, and put decisions on the passages that say the same words.

    Parameters
    ----------
    plan
        From :func:`plan`; its revision is still the one that is replaced.
    revision_number
        Key of the newest revision, its passages written.
    draft
        Whose time and current run the events take.
    """
    if plan.before is None:
        return
    document = connection.execute(
        select(_r.c.document_number).where(_r.c.number == revision_number)
    ).scalar_one()
    _forget(connection, plan.before, revision_number)
    values = {
        "document_number": document,
        "from_revision": plan.before,
        "to_revision": revision_number,
        "at": draft.at,
    }
    change = connection.execute(insert(_changes).returning(_changes.c.number), values).scalar_one()
    there = connection.execute(
        select(_p.c.ordinal, _p.c.number).where(_p.c.revision_number == revision_number)
    )
    numbers = {row.ordinal: row.number for row in there}
    rows = [
        {
            "change_number": change,
            "old_number": old,
            "new_number": None if new is None else numbers[new],
            "fate": fate.value,
            "similarity": alike,
        }
        for old, new, fate, alike in plan.fates
    ]
    if rows:
        connection.execute(insert(_fates), rows)
    held = _held_on(connection, [row["old_number"] for row in rows])
    ways = [(old, numbers[new], fate) for old, new, fate, _ in plan.fates if fate.carries and new is not None]
    for way in ways:
        for decision in held.get(way[0], ()):
            _carry(connection, way, decision, draft)
    carry_entries.carry(connection, ways, draft)


def _forget(connection: Connection, before: int, after: int) -> None:
    """Drop what an earlier change between the same two revisions said: the newest one says it again."""
    same = (_changes.c.from_revision == before, _changes.c.to_revision == after)
    numbers = select(_changes.c.number).where(*same)
    connection.execute(delete(_fates).where(_fates.c.change_number.in_(numbers)))
    connection.execute(delete(_changes).where(*same))


def append(connection: Connection, draft: Draft) -> Event:
    """Append an event with all that follows from it; raises what :func:`events.append` does."""
    event = events.append(connection, draft)
    _settle(connection, event, draft)
    return event


def _settle(connection: Connection, event: Event, draft: Draft) -> None:
    """Do what follows from an event for other versions of its document.

    A decision, flag or settlement on a version since replaced goes along to the newest one, as it would
    have if it had been made before; a decision that is undone is undone wherever it went.
    """
    if event.action is EventAction.UNDONE:
        _undo_along(connection, event, draft)
    if event.action in (EventAction.DECIDED, EventAction.UNDONE, *carry_entries.GOES_ALONG):
        _forward(connection, event, draft)


def origin(connection: Connection, sequence: int) -> int:
    """Return the sequence of the event in which a decision was made, however often it was carried."""
    found = _scalar(connection, select(_along.c.origin).where(_along.c.sequence == sequence))
    return sequence if found is None else found


def _forward(connection: Connection, event: Event, draft: Draft) -> None:
    number = _scalar(connection, select(_p.c.number).where(_p.c.id == event.subject))
    if number is None:
        return
    fate, here = Fate.UNCHANGED, number
    while (step := _newest_fate(connection, here)) is not None and not _is_newest(connection, here):
        if not Fate(step.fate).carries:
            return
        fate = Fate.MOVED if Fate.MOVED in (fate, step.fate) else fate
        here = step.new_number
    if here == number or not _is_newest(connection, here):
        return
    if event.action in carry_entries.GOES_ALONG:
        carry_entries.carry(connection, [(number, here, fate)], draft)
        return
    for decision in _held_on(connection, [number]).get(number, ()):
        if decision.coder == event.coder:
            _carry(connection, (number, here, fate), decision, draft)


def _undo_along(connection: Connection, event: Event, draft: Draft) -> None:
    undone = connection.execute(select(_e.c.undoes).where(_e.c.sequence == event.sequence)).scalar_one()
    undoing = _e.alias("undoing")
    query = (
        select(_e.c.id, _e.c.sequence, _p.c.id.label("subject"), _p.c.number)
        .join(_along, _along.c.sequence == _e.c.sequence)
        .join(_p, _p.c.number == _along.c.passage_number)
        .where(
            _along.c.origin == origin(connection, undone),
            _along.c.sequence > undone,
            ~exists().where(undoing.c.undoes == _e.c.sequence),
        )
        .order_by(_e.c.sequence)
    )
    for row in connection.execute(query).all():
        also = replace(draft, subject=row.subject, payload={"undoes": row.id})
        events.write(connection, also, undoes=row.sequence)
        events.hold(connection, also, row.number, events.before(connection, draft.coder, row.subject))


def _carry(connection: Connection, way: tuple[int, int, Fate], decision: CoderDecision, draft: Draft) -> None:
    """Put a decision on another passage, unless a later one of the coder holds there or it was there once."""
    old, new, fate = way
    made = origin(connection, decision.sequence)
    once = select(_along.c.sequence).where(_along.c.origin == made, _along.c.passage_number == new)
    if connection.execute(once).first() is not None:
        return
    mine = (_held.c.passage_number == new, _held.c.coder == decision.coder)
    there = _scalar(connection, select(_held.c.sequence).where(*mine))
    if there is not None and origin(connection, there) >= made:
        return
    both = connection.execute(select(_p.c.number, _p.c.id).where(_p.c.number.in_([old, new])))
    names = {row.number: row.id for row in both}
    said = connection.execute(select(_e).where(_e.c.sequence == made)).one()
    payload = {key: value for key, value in loads(said.payload).items() if key not in NOT_CARRIED}
    payload["carried"] = {
        "from": names[old],
        "event": said.id,
        "decided_at": said.at,
        "fate": fate.value,
    }
    along = Draft(
        coder=said.coder,
        action=EventAction.CARRIED,
        subject=names[new],
        at=draft.at,
        payload=payload,
        framework=said.framework,
        run_id=said.run_id,
        run_number=draft.run_number,
    )
    event = events.write(connection, along)
    row = {"sequence": event.sequence, "origin": made, "from_number": old, "passage_number": new}
    connection.execute(insert(_along), row)
    held = CoderDecision(said.coder, said.at, decision.decision, event.sequence)
    events.hold(connection, along, new, held)


def _scalar(connection: Connection, query: Any) -> int | None:  # noqa: ANN401 - any select of one number
    found = connection.execute(query).scalar()
    return None if found is None else int(found)


def _before(connection: Connection, revision_number: int) -> int | None:
    """Return the revision that a revision last took the place of; None when it was the first."""
    query = select(_changes.c.from_revision).where(_changes.c.to_revision == revision_number)
    return _scalar(connection, query.order_by(_changes.c.number.desc()).limit(1))


def _newest_fate(connection: Connection, number: int) -> Row[Any] | None:
    query: Select[Any] = select(_fates.c.fate, _fates.c.new_number).where(_fates.c.old_number == number)
    return connection.execute(query.order_by(_fates.c.change_number.desc()).limit(1)).first()


def _is_newest(connection: Connection, number: int) -> bool:
    query = select(_p.c.number).join(_cur, _cur.c.revision_number == _p.c.revision_number)
    return connection.execute(query.where(_p.c.number == number)).first() is not None


def _fates_of(
    old: Sequence[tuple[int, Said]], new: Sequence[Said]
) -> list[tuple[int, int | None, Fate, float]]:
    found: Iterable[Match] = match([said for _, said in old], new)
    return [(old[m.old][0], m.new, m.fate, m.similarity) for m in found]


def _said(connection: Connection, revision_number: int) -> list[tuple[int, Said]]:
    return _said_by(connection, [_p.c.revision_number == revision_number, _p.c.ordinal >= 0])


def _said_by(connection: Connection, where: Sequence[Any]) -> list[tuple[int, Said]]:
    columns = (_p.c.number, _p.c.text, _p.c.context, _p.c.heading_path, _p.c.attributes)
    order = (_p.c.revision_number, _p.c.ordinal)
    rows = connection.execute(select(*columns).where(*where).order_by(*order)).all()
    held = _held_on(connection, [row.number for row in rows])
    return [
        (
            row.number,
            Said(
                key=words_key(row.text, row.context),
                text=row.text,
                place=(row.heading_path, row.attributes),
                judged=tuple((d.coder, d.decision) for d in held.get(row.number, ())),
            ),
        )
        for row in rows
    ]


def _said_in(ingested: IngestedDocument) -> list[Said]:
    return [
        Said(
            key=words_key(passage.text, passage.context),
            text=passage.text,
            place=(dumps(list(passage.heading_path)), dumps([list(pair) for pair in passage.attributes])),
        )
        for passage in ingested.passages
    ]


def _left_behind(connection: Connection, document: int, but: set[int | None]) -> list[tuple[int, Said]]:
    """Return passages of older versions whose decisions went nowhere: changed or gone, not answered since."""
    decided = exists().where(_held.c.passage_number == _p.c.number)
    older = [n for n in but if n is not None]
    query = select(_p.c.number).where(
        _p.c.document_number == document, _p.c.revision_number.not_in(older), decided
    )
    numbers = []
    for number in connection.execute(query).scalars().all():
        fate = _newest_fate(connection, number)
        if fate is None or not (Fate(fate.fate).carries or _answered(connection, fate.new_number)):
            numbers.append(number)
    found = []
    for piece in chunks(numbers):
        found += _said_by(connection, [_p.c.number.in_(piece)])
    return found


def _answered(connection: Connection, number: int | None) -> bool:
    query = select(func.count()).where(
        _held.c.passage_number == number, _held.c.outcome != Outcome.UNSURE.value
    )
    return bool(connection.execute(query).scalar_one())


def _held_on(connection: Connection, numbers: Sequence[int]) -> dict[int, list[CoderDecision]]:
    """Return the decisions that hold on passages, by passage and in the order they were recorded."""
    found: dict[int, list[CoderDecision]] = defaultdict(list)
    for piece in chunks(numbers):
        query: Select[Any] = (
            select(_held.c.passage_number, _e.c.coder, _e.c.at, _e.c.payload, _e.c.sequence)
            .join(_e, _e.c.sequence == _held.c.sequence)
            .where(_held.c.passage_number.in_(piece))
            .order_by(_e.c.sequence)
        )
        for row in connection.execute(query):
            found[row.passage_number].append(decision_of(row))
    return found
