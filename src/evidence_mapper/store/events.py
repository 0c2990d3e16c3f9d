"""The append-only record, and the decisions and codings that follow from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, delete, exists, func, insert, or_, select

from evidence_mapper.domain.coding import Decision, Event, EventAction, Verdict
from evidence_mapper.domain.document import SourceType
from evidence_mapper.domain.ids import derived_id
from evidence_mapper.domain.project import CoderDecision
from evidence_mapper.errors import StoreError
from evidence_mapper.store import ranking, schema, suggestions
from evidence_mapper.store.codec import dumps
from evidence_mapper.store.queries import passage_number
from evidence_mapper.store.rows import ERASED, decision_of, event_of
from evidence_mapper.store.suggestions import I_STATEMENT, STATEMENT, TOPIC

_e, _held, _codings = schema.events, schema.decisions, schema.codings

JUDGING: Final = (EventAction.DECIDED.value, EventAction.CARRIED.value)
"""Actions whose events put a decision on a passage."""

ENTRIES: Final = frozenset(
    {
        EventAction.HEAD_TRAINED,
        EventAction.HEAD_CHOSEN,
        EventAction.FLAGGED,
        EventAction.CLAIM,
        EventAction.SCORE,
        EventAction.RETURN_ITEM,
        EventAction.CASE,
        EventAction.AUDIT,
        EventAction.SAMPLE,
        EventAction.ADJUDICATED,
        EventAction.RELEASED,
    }
)
"""Actions that are kept as they are: what follows from them is worked out when they are read."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An event before it is stored."""

    coder: str
    action: EventAction
    subject: str
    at: str
    payload: Mapping[str, Any]
    framework: str
    run_id: str | None
    """Run whose suggestions the coder saw."""
    run_number: int | None
    """Key of the current run, by which the queue is sorted."""


def append(connection: Connection, draft: Draft) -> Event:
    """Append an event and bring what follows from it up to date.

    Raises
    ------
    StoreError
        The subject does not exist, the payload is not one of the action's, or the decision to undo
        is not this coder's decision that holds.
    """
    if not draft.coder.strip():
        raise StoreError("a decision needs the coder's name; nothing was recorded")
    if draft.action is EventAction.DECIDED:
        return _decide(connection, draft)
    if draft.action is EventAction.UNDONE:
        return _undo(connection, draft)
    if draft.action in ENTRIES:
        return write(connection, draft)
    if draft.action in (EventAction.WITHDRAWN, EventAction.RESTORED):
        return _set_counting(connection, draft)
    if draft.action is EventAction.CARRIED:
        raise StoreError("a decision is carried over by a new version alone; nothing was recorded")
    if draft.action is EventAction.SOURCE_TYPE_SET:
        return _set_source_type(connection, draft)
    raise StoreError(f"'{draft.action.value}' is not recorded this way; nothing was changed")


def latest_holding(connection: Connection, coder: str) -> int | None:
    """Return the sequence of a coder's latest decision not undone; None when there is none.

    What was carried over is no act of the coder's, and is undone by its sequence only.
    """
    along = exists().where(schema.carried.c.sequence == _held.c.sequence)
    query = select(func.max(_held.c.sequence)).where(_held.c.coder == coder, ~along)
    return connection.execute(query).scalar()


def by_sequence(connection: Connection, sequence: int) -> Event:
    """Return one event.

    Raises
    ------
    StoreError
        No such event.
    """
    row = connection.execute(select(_e).where(_e.c.sequence == sequence)).one_or_none()
    if row is None:
        raise StoreError(f"no event {sequence} in this project; nothing was changed")
    return event_of(row)


def history(connection: Connection, coder: str | None, subject: str | None, limit: int) -> list[Event]:
    """Return events, newest first; None for any coder, any subject."""
    query = select(_e).order_by(_e.c.sequence.desc()).limit(limit)
    if coder is not None:
        query = query.where(_e.c.coder == coder)
    if subject is not None:
        query = query.where(_e.c.subject == subject)
    return [event_of(row) for row in connection.execute(query)]


def entries(
    connection: Connection, actions: Collection[EventAction], subject: str | None, after: int
) -> list[Event]:
    """Return the events of some actions, oldest first, from beyond a sequence; None for any subject."""
    wanted = _e.c.action.in_([a.value for a in actions])
    query = select(_e).where(wanted, _e.c.sequence > after, _e.c.subject != ERASED)
    if subject is not None:
        query = query.where(_e.c.subject == subject)
    return [event_of(row) for row in connection.execute(query.order_by(_e.c.sequence))]


def decisions(connection: Connection, passage_id: str) -> list[CoderDecision]:
    """Return the decisions that hold on a passage, by coder.

    Raises
    ------
    StoreError
        No such passage.
    """
    number = passage_number(connection, passage_id)
    query: Select[Any] = (
        select(_e.c.coder, _e.c.at, _e.c.payload, _e.c.sequence)
        .join(_held, _held.c.sequence == _e.c.sequence)
        .where(_held.c.passage_number == number)
        .order_by(_e.c.coder)
    )
    return [decision_of(row) for row in connection.execute(query)]


def coders(connection: Connection) -> list[str]:
    """Return the names of everyone who has an event, in alphabetical order."""
    return list(connection.execute(select(schema.coders.c.name).order_by(schema.coders.c.name)).scalars())


def event_id(previous: str, event: Mapping[str, Any]) -> str:
    """Return an event's id, derived from all it says and from the event before it.

    Parameters
    ----------
    previous
        Id of the event before; empty for the first.
    event
        The columns of the event; ``payload`` as canonical JSON.
    """
    names = ("at", "coder", "action", "subject", "framework", "run_id", "payload")
    return derived_id("evt", previous, *(str(event[name] or "") for name in names))


def decision_row(coder: str, number: int, sequence: int, at: str, decision: Decision) -> dict[str, Any]:
    """Return the row of the decisions table that follows from an event."""
    return {
        "coder": coder,
        "passage_number": number,
        "sequence": sequence,
        "outcome": decision.outcome.value,
        "evidence_category": decision.evidence_category,
        "polarity": decision.polarity.value if decision.polarity else None,
        "note": decision.note,
        "decided_at": at,
    }


def coding_rows(coder: str, number: int, decision: Decision) -> list[dict[str, Any]]:
    """Return the rows of the codings table that follow from a decision."""
    verdicts = dict(decision.statements)
    codes = [(STATEMENT, code, verdict) for code, verdict in verdicts.items()]
    codes += [(TOPIC, code, Verdict.ACCEPTED) for code in dict.fromkeys(decision.topics)]
    codes += [(I_STATEMENT, code, Verdict.ACCEPTED) for code in dict.fromkeys(decision.i_statements)]
    return [
        {
            "passage_number": number,
            "coder": coder,
            "kind": kind,
            "code": code,
            "verdict": verdict.value,
            "evidence_category": decision.evidence_category or "",
            "polarity": decision.polarity.value if decision.polarity else "",
        }
        for kind, code, verdict in codes
    ]


def _decide(connection: Connection, draft: Draft) -> Event:
    number = passage_number(connection, draft.subject)
    try:
        decision = Decision.from_json(draft.payload)
    except (KeyError, ValueError, TypeError) as error:
        raise StoreError(f"not a decision on {draft.subject}: {error!r}; nothing was recorded") from error
    event = write(connection, draft)
    hold(connection, draft, number, CoderDecision(draft.coder, draft.at, decision, event.sequence))
    return event


def _undo(connection: Connection, draft: Draft) -> Event:
    undone = _target(connection, draft)
    number = passage_number(connection, draft.subject)
    event = write(connection, draft, undoes=undone)
    hold(connection, draft, number, before(connection, draft.coder, draft.subject))
    return event


def _target(connection: Connection, draft: Draft) -> int:
    """Return the sequence of the decision to take back, after checking that it may be."""
    named = draft.payload.get("undoes")
    row = connection.execute(select(_e).where(_e.c.id == named)).one_or_none()
    if row is None or row.action not in JUDGING:
        raise StoreError(f"no decision with event id {named}; nothing was undone")
    if row.coder != draft.coder:
        raise StoreError(f"decision {row.sequence} is {row.coder}'s; {draft.coder} cannot undo it")
    if row.subject != draft.subject:
        raise StoreError(f"decision {row.sequence} is on {row.subject}, not on {draft.subject}")
    if connection.execute(select(_e.c.sequence).where(_e.c.undoes == row.sequence)).first():
        raise StoreError(f"decision {row.sequence} is already undone; nothing was changed")
    if not connection.execute(select(_held.c.sequence).where(_held.c.sequence == row.sequence)).first():
        raise StoreError(
            f"decision {row.sequence} on {row.subject} was replaced by a later one; undo the later one first"
        )
    return int(row.sequence)


def before(connection: Connection, coder: str, subject: str) -> CoderDecision | None:
    """Return a coder's latest decision on a passage that is not undone; None when there is none."""
    undoing = _e.alias("undoing")
    query: Select[Any] = (
        select(_e.c.sequence, _e.c.coder, _e.c.at, _e.c.payload)
        .where(
            _e.c.subject == subject,
            _e.c.coder == coder,
            _e.c.action.in_(JUDGING),
            ~exists().where(undoing.c.undoes == _e.c.sequence),
        )
        .order_by(_e.c.sequence.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else decision_of(row)


def hold(connection: Connection, draft: Draft, number: int, held: CoderDecision | None) -> None:
    """Make one decision the one that holds for the draft's coder and passage; None for none."""
    for table in (_codings, _held):
        mine = and_(table.c.coder == draft.coder, table.c.passage_number == number)
        connection.execute(delete(table).where(mine))
    if held is not None:
        row = decision_row(draft.coder, number, held.sequence, held.at, held.decision)
        connection.execute(insert(_held), row)
        if codings := coding_rows(draft.coder, number, held.decision):
            connection.execute(insert(_codings), codings)
    item = schema.queue_items.c
    live = connection.execute(select(item.live).where(item.passage_number == number)).scalar()
    if live != 1:
        # Of an older revision: it is shown for as long as it carries a decision, and what took its
        # place is to be confirmed again for as long.
        fates = schema.passage_fates.c
        successors = select(fates.new_number).where(fates.old_number == number)
        p = schema.passages.c.number
        ranking.refresh(connection, draft.run_number, or_(p == number, p.in_(successors)))


def _set_source_type(connection: Connection, draft: Draft) -> Event:
    named = str(draft.payload.get("source_type"))
    try:
        source_type = SourceType(named)
    except ValueError as error:
        known = ", ".join(SourceType)
        raise StoreError(f"no source type {named!r}; there are: {known}; nothing was changed") from error
    d = schema.documents.c
    before = connection.execute(select(d.number, d.source_type).where(d.id == draft.subject)).one_or_none()
    if before is None:
        raise StoreError(f"no document {draft.subject} in this project; nothing was changed")
    connection.execute(
        schema.documents.update()
        .where(d.number == before.number)
        .values(source_type=source_type.value, source_type_by=draft.coder)
    )
    if before.source_type != source_type.value:
        # What was suggested of another kind of paper: what somebody decided on stays as it was seen.
        suggestions.take_back(connection, before.number, JUDGING)
        ranking.refresh(connection, draft.run_number, schema.passages.c.document_number == before.number)
    return write(connection, draft)


def _set_counting(connection: Connection, draft: Draft) -> Event:
    """Withdraw a document, or let it count again."""
    d, w = schema.documents.c, schema.withdrawals
    number = connection.execute(select(d.number).where(d.id == draft.subject)).scalar()
    if number is None:
        raise StoreError(f"no document {draft.subject} in this project; nothing was changed")
    there = connection.execute(select(w.c.sequence).where(w.c.document_number == number)).first()
    if (there is not None) == (draft.action is EventAction.WITHDRAWN):
        state = "is withdrawn already" if there else "is not withdrawn"
        raise StoreError(f"document {draft.subject} {state}; nothing was changed")
    event = write(connection, draft)
    if there is None:
        connection.execute(insert(w), {"document_number": number, "sequence": event.sequence})
    else:
        connection.execute(delete(w).where(w.c.document_number == number))
    ranking.refresh(connection, draft.run_number, schema.passages.c.document_number == number)
    return event


def write(connection: Connection, draft: Draft, undoes: int | None = None) -> Event:
    """Append the event's row; the coder is registered with their first event."""
    _register(connection, draft)
    last = connection.execute(select(_e.c.sequence, _e.c.id).order_by(_e.c.sequence.desc()).limit(1)).first()
    sequence, previous = (last.sequence + 1, last.id) if last else (1, "")
    values: dict[str, Any] = {
        "sequence": sequence,
        "at": draft.at,
        "coder": draft.coder,
        "action": draft.action.value,
        "subject": draft.subject,
        "framework": draft.framework,
        "run_id": draft.run_id,
        "payload": dumps(dict(draft.payload)),
        "undoes": undoes,
    }
    values["id"] = event_id(previous, values)
    connection.execute(insert(_e), values)
    return by_sequence(connection, sequence)


def _register(connection: Connection, draft: Draft) -> None:
    known = schema.coders
    if not connection.execute(select(known.c.name).where(known.c.name == draft.coder)).first():
        connection.execute(insert(known), {"name": draft.coder, "first_seen_at": draft.at})
