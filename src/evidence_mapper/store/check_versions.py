"""Checks of what became of passages, of the decisions that went along, and of documents withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, exists, select

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.domain.version import Fate
from evidence_mapper.store import schema
from evidence_mapper.store.carry import NOT_CARRIED
from evidence_mapper.store.codec import loads
from evidence_mapper.store.records import Disagreement
from evidence_mapper.store.rows import ERASED

_MALFORMED = (KeyError, ValueError, TypeError, AttributeError)
_e, _along, _p = schema.events, schema.carried, schema.passages


def check_carried(connection: Connection) -> Iterator[Disagreement]:
    """Check that each decision carried over says what its coder said, and is undone where that is."""
    made, old, new = _e.alias("made"), _p.alias("old"), _p.alias("new")
    query = (
        select(
            _e,
            _along.c.sequence.label("noted"),
            made.c.id.label("made_id"),
            made.c.at.label("made_at"),
            made.c.coder.label("made_by"),
            made.c.action.label("made_as"),
            made.c.payload.label("made_payload"),
            old.c.id.label("old_id"),
            new.c.id.label("new_id"),
        )
        .outerjoin(_along, _along.c.sequence == _e.c.sequence)
        .outerjoin(made, made.c.sequence == _along.c.origin)
        .outerjoin(old, old.c.number == _along.c.from_number)
        .outerjoin(new, new.c.number == _along.c.passage_number)
        .where(_e.c.action == EventAction.CARRIED.value, _e.c.subject != ERASED)
        .order_by(_e.c.sequence)
    )
    for row in connection.execute(query):
        if (problem := _carried_problem(row)) is not None:
            yield Disagreement(f"event {row.sequence}", problem)
    kind = _e.c.action != EventAction.CARRIED.value
    other = select(_along.c.sequence).join(_e, _e.c.sequence == _along.c.sequence).where(kind)
    for (sequence,) in connection.execute(other):
        yield Disagreement(f"event {sequence}", "it is noted as carried over but is no such event")
    yield from _left_standing(connection)


def _carried_problem(row: Row[Any]) -> str | None:
    if row.noted is None:
        return "it carries a decision over but is not noted as such"
    try:
        said, made = loads(row.payload), loads(row.made_payload)
        way = said["carried"]
        names = (way["event"], way["decided_at"], way["from"], row.subject, row.coder)
        Fate(way["fate"])
    except _MALFORMED as error:
        return f"its payload cannot be read: {error!r}"
    if row.made_as != EventAction.DECIDED:
        return "what it carries over is not a decision"
    if names != (row.made_id, row.made_at, row.old_id, row.new_id, row.made_by):
        return "it does not name the decision, passage, coder and time it carries over"
    if _content(said) != _content(made):
        return "it says something else than the decision it carries over"
    return None


def _content(payload: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in payload.items() if key not in NOT_CARRIED}


def _left_standing(connection: Connection) -> Iterator[Disagreement]:
    """Yield decisions carried over that hold although the decision they come from is undone."""
    undoing, also = _e.alias("undoing"), _e.alias("also")
    query = select(_along.c.sequence).where(
        exists().where(undoing.c.undoes == _along.c.origin),
        ~exists().where(also.c.undoes == _along.c.sequence),
    )
    for (sequence,) in connection.execute(query):
        yield Disagreement(f"event {sequence}", "the decision it carries over is undone, and it is not")


def check_fates(connection: Connection) -> Iterator[Disagreement]:
    """Check that what is noted of passages agrees with their words and their documents."""
    fates, changes, keys = schema.passage_fates, schema.version_changes, schema.passage_keys
    old, new = _p.alias("old"), _p.alias("new")
    said, says = keys.alias("said"), keys.alias("says")
    query = (
        select(
            fates,
            changes.c.document_number,
            changes.c.to_revision,
            old.c.id,
            old.c.document_number.label("old_document"),
            new.c.revision_number.label("new_revision"),
            said.c.key.label("said"),
            says.c.key.label("says"),
        )
        .join(changes, changes.c.number == fates.c.change_number)
        .join(old, old.c.number == fates.c.old_number)
        .outerjoin(new, new.c.number == fates.c.new_number)
        .outerjoin(said, said.c.passage_number == fates.c.old_number)
        .outerjoin(says, says.c.passage_number == fates.c.new_number)
        .order_by(fates.c.change_number, fates.c.old_number)
    )
    for row in connection.execute(query):
        fate = Fate(row.fate)
        subject = f"passage {row.id}"
        if (row.new_number is None) != (fate is Fate.VANISHED):
            yield Disagreement(subject, f"is noted as {fate.value}, which its successor does not bear out")
        elif row.old_document != row.document_number or row.new_revision not in (None, row.to_revision):
            yield Disagreement(subject, "its successor is not of the version that replaced its own")
        elif fate.carries and row.said != row.says:
            yield Disagreement(subject, "its successor does not say the same words")


def check_withdrawals(connection: Connection) -> Iterator[Disagreement]:
    """Check that the documents withdrawn are those the events say."""
    d, w = schema.documents, schema.withdrawals
    actions = (EventAction.WITHDRAWN.value, EventAction.RESTORED.value)
    last: dict[str, tuple[int, str]] = {}
    query = select(_e.c.subject, _e.c.sequence, _e.c.action).where(
        _e.c.action.in_(actions), _e.c.subject != ERASED
    )
    for subject, sequence, action in connection.execute(query.order_by(_e.c.sequence)):
        last[subject] = (sequence, action)
    said = {subject: n for subject, (n, action) in last.items() if action == EventAction.WITHDRAWN}
    rows = connection.execute(select(d.c.id, w.c.sequence).join(w, w.c.document_number == d.c.number))
    kept = {row.id: row.sequence for row in rows}
    for document in sorted(said.keys() | kept.keys()):
        if said.get(document) != kept.get(document):
            yield Disagreement(f"document {document}", "is withdrawn, or not, against what the events say")
