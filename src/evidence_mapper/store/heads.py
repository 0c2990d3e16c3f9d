"""Heads learned from the project's decisions: what they learn from, which are kept, which is in use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, delete, insert, select

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.domain.ids import derived_id, sha256_bytes
from evidence_mapper.domain.project import CoderDecision
from evidence_mapper.errors import StoreError
from evidence_mapper.store import schema
from evidence_mapper.store.codec import dumps, loads
from evidence_mapper.store.queries import STREAM, passage_select
from evidence_mapper.store.records import Disagreement, HeldDecision, StoredHead
from evidence_mapper.store.rows import decision_of, passage_of
from evidence_mapper.store.suggestions import STATEMENT

SHIPPED: Final = "shipped"
"""Subject of the event that goes back to the shipped classifier as it is."""
_IN_USE: Final = "head_in_use"
_HEAD_ACTIONS: Final = (EventAction.HEAD_TRAINED.value, EventAction.HEAD_CHOSEN.value)

_h, _project = schema.heads, schema.project


def held_decisions(connection: Connection) -> list[HeldDecision]:
    """Return every decision that holds, with what its run suggested, oldest first."""
    held, e, runs, s = schema.decisions.c, schema.events.c, schema.runs.c, schema.suggestions
    query = (
        passage_select(e.coder, e.at, e.payload, e.sequence, e.run_id, held.passage_number, s.c.run_number)
        .join(schema.decisions, held.passage_number == schema.passages.c.number)
        .join(schema.events, e.sequence == held.sequence)
        .outerjoin(schema.runs, runs.id == e.run_id)
        .outerjoin(s, and_(s.c.run_number == runs.number, s.c.passage_number == held.passage_number))
        # What was carried over says the same as the decision it comes from: it counts once.
        .where(e.action == EventAction.DECIDED.value)
        .order_by(e.sequence)
    )
    seen = _suggested(connection)
    return [
        HeldDecision(
            passage_of(row),
            decision_of(row),
            row.run_id,
            None if row.run_number is None else seen.get((row.run_number, row.passage_number), ()),
        )
        for row in connection.execute(query)
    ]


def decisions_made(connection: Connection) -> Iterator[tuple[str, CoderDecision]]:
    """Yield (passage id, decision) of decisions that hold and were not carried over, by event."""
    held, e = schema.decisions.c, schema.events.c
    query: Select[Any] = (
        select(schema.passages.c.id, e.coder, e.at, e.payload, e.sequence)
        .select_from(schema.events)
        .join(schema.decisions, held.sequence == e.sequence)
        .join(schema.passages, schema.passages.c.number == held.passage_number)
        .where(e.action == EventAction.DECIDED.value)
        .order_by(e.sequence)
    )
    for row in connection.execution_options(**STREAM).execute(query):
        yield row.id, decision_of(row)


def _suggested(connection: Connection) -> dict[tuple[int, int], tuple[str, ...]]:
    """Return the statements suggested for decided passages, most likely first, by (run, passage)."""
    codes = schema.suggested_codes.c
    decided = select(schema.decisions.c.passage_number)
    query = (
        select(codes.run_number, codes.passage_number, codes.code)
        .where(codes.kind == STATEMENT, codes.passage_number.in_(decided))
        .order_by(codes.probability.desc(), codes.code)
    )
    found: dict[tuple[int, int], tuple[str, ...]] = {}
    for run, passage, code in connection.execute(query):
        found[run, passage] = (*found.get((run, passage), ()), code)
    return found


def head_id(head: StoredHead) -> str:
    """Return the id of a head: the same for the same base, spec and arrays."""
    return derived_id("head", head.base_sha256, dumps(dict(head.spec)), sha256_bytes(head.data))


def keep(connection: Connection, head: StoredHead) -> StoredHead:
    """Store a head unless it is there, and make it the one in use."""
    kept_id = head_id(head)
    if connection.execute(select(_h.c.number).where(_h.c.id == kept_id)).first() is None:
        values = {
            "id": kept_id,
            "at": head.at,
            "coder": head.coder,
            "base": head.base,
            "base_sha256": head.base_sha256,
            "decisions": head.decisions,
            "spec": dumps(dict(head.spec)),
            "data": head.data,
            "data_sha256": sha256_bytes(head.data),
        }
        connection.execute(insert(_h), values)
    _use(connection, kept_id)
    return _head(connection.execute(select(_h).where(_h.c.id == kept_id)).one())


def choose(connection: Connection, number: int | None) -> str | None:
    """Make a head the one in use and return its id; None goes back to the shipped classifier.

    Raises
    ------
    StoreError
        No head has the number.
    """
    if number is None:
        _use(connection, None)
        return None
    chosen = connection.execute(select(_h.c.id).where(_h.c.number == number)).scalar()
    if chosen is None:
        known = ", ".join(
            str(n) for n in connection.execute(select(_h.c.number).order_by(_h.c.number)).scalars()
        )
        raise StoreError(
            f"no head {number} in this project; there are: {known or 'none'}; nothing was changed: "
            "list them with `evidence-mapper train --list`"
        )
    _use(connection, chosen)
    return str(chosen)


def every(connection: Connection) -> list[StoredHead]:
    """Return every head, oldest first."""
    return [_head(row) for row in connection.execute(select(_h).order_by(_h.c.number))]


def in_use(connection: Connection) -> StoredHead | None:
    """Return the head in use; None when suggestions come from the shipped classifier as it is."""
    named = select(_project.c.value).where(_project.c.key == _IN_USE).scalar_subquery()
    row = connection.execute(select(_h).where(_h.c.id == named)).one_or_none()
    return None if row is None else _head(row)


def _use(connection: Connection, head: str | None) -> None:
    connection.execute(delete(_project).where(_project.c.key == _IN_USE))
    if head is not None:
        connection.execute(insert(_project), {"key": _IN_USE, "value": head})


def _head(row: Row[Any]) -> StoredHead:
    return StoredHead(
        at=row.at,
        coder=row.coder,
        base=row.base,
        base_sha256=row.base_sha256,
        decisions=row.decisions,
        spec=loads(row.spec),
        data=row.data,
        number=row.number,
        id=row.id,
    )


def check_heads(connection: Connection) -> Iterator[Disagreement]:
    """Check each head against its hashes, and the one in use against the events."""
    known = set()
    for row in connection.execute(select(_h).order_by(_h.c.number)):
        known.add(row.id)
        subject = f"head {row.number}"
        if sha256_bytes(row.data) != row.data_sha256:
            yield Disagreement(subject, "its arrays do not match their hash")
        elif derived_id("head", row.base_sha256, row.spec, row.data_sha256) != row.id:
            yield Disagreement(subject, "its id does not follow from its classifier, spec and arrays")
    used = connection.execute(select(_project.c.value).where(_project.c.key == _IN_USE)).scalar()
    if used is not None and used not in known:
        yield Disagreement(f"head {used}", "is in use but not among the heads")
    if (said := _last_chosen(connection)) != used:
        yield Disagreement("head in use", f"is {used or SHIPPED}, the events say {said or SHIPPED}")


def _last_chosen(connection: Connection) -> str | None:
    e = schema.events.c
    query = select(e.payload).where(e.action.in_(_HEAD_ACTIONS)).order_by(e.sequence.desc())
    for (payload,) in connection.execute(query):
        try:
            said = loads(payload)
        except ValueError:
            continue  # named by the check of the events
        if "in_use" in said:
            return None if said["in_use"] is None else str(said["in_use"])
    return None
