"""The queue: which passages, in which order.

A page is found in two steps: the keys from one narrow index, then the texts of that page only. A
count of what is left to review is taken as everything that meets the filter less what the coder has
decided, so that neither part looks up every passage. A review takes the keys of its whole queue once
(:func:`numbers`) and then asks for rows alone.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, select, tuple_

from evidence_mapper.domain.coding import Decision
from evidence_mapper.domain.document import SourceLocation
from evidence_mapper.domain.project import QueueFilter, QueueOrder, QueueRow, QueueStamp, ReviewState
from evidence_mapper.store import orders, ranking, schema, settled
from evidence_mapper.store.codec import loads
from evidence_mapper.store.filters import ITEMS, conditions
from evidence_mapper.store.flags import flagged
from evidence_mapper.store.queries import chunks

LARGE: Final = 50_000
"""Passages from which the first of a queue is looked for before the whole is taken."""
EXCERPT: Final = 120
"""Characters of a passage shown in the queue."""

_items, _held = schema.queue_items, schema.decisions

_KEYS: Final[dict[QueueOrder, tuple[ColumnElement[Any], ...]]] = {
    QueueOrder.LIKELY: (ITEMS.likely_key, ITEMS.document_number, ITEMS.ordinal, ITEMS.passage_number),
    QueueOrder.UNCERTAIN: (ITEMS.uncertain_key, ITEMS.document_number, ITEMS.ordinal, ITEMS.passage_number),
    QueueOrder.DOCUMENT: (ITEMS.document_number, ITEMS.ordinal, ITEMS.passage_number),
}


def count(connection: Connection, coder: str, where: QueueFilter, run_number: int | None) -> int:
    """Return how many passages the filter leaves for a coder."""
    return _count(connection, coder, where.state, _conditions(connection, where, run_number))


def page(
    connection: Connection,
    coder: str,
    where: tuple[QueueFilter, QueueOrder],
    part: tuple[int, int],
    run_number: int | None,
) -> list[QueueRow]:
    """Return part of the queue; ``part`` is (zero-based offset, most rows)."""
    chosen, order = where
    offset, limit = part
    if order not in _KEYS:
        found = numbers(connection, coder, where, run_number)[offset : offset + limit]
        return list(rows(connection, coder, found, run_number).values())
    query = _matching(coder, chosen.state, _conditions(connection, chosen, run_number), ITEMS.passage_number)
    query = query.order_by(*_KEYS[order]).offset(offset).limit(limit)
    wanted = list(connection.execute(query).scalars())
    return list(rows(connection, coder, wanted, run_number).values())


def numbers(
    connection: Connection, coder: str, where: tuple[QueueFilter, QueueOrder], run_number: int | None
) -> array[int]:
    """Return the keys of a whole queue, in order."""
    chosen, order = where
    met = _conditions(connection, chosen, run_number)
    if order is QueueOrder.NEWEST:
        columns = (ITEMS.document_number, ITEMS.passage_number)
        query = _matching(coder, chosen.state, met, *columns).order_by(*_KEYS[QueueOrder.DOCUMENT])
        return orders.newest_first(connection, connection.execute(query))
    keys = _KEYS.get(order, _KEYS[QueueOrder.LIKELY])
    query = _matching(coder, chosen.state, met, ITEMS.passage_number).order_by(*keys)
    found = connection.execute(query).scalars()
    if order is QueueOrder.STATEMENT:
        return orders.by_statement(connection, found, run_number)
    if order is QueueOrder.GAP:
        return orders.gaps_first(connection, found, run_number)
    return array("q", found)


def first(
    connection: Connection, coder: str, where: tuple[QueueFilter, QueueOrder], run_number: int | None
) -> str | None:
    """Return the id of the first passage of a large queue, found without taking the whole.

    None when the queue is not large, is empty, or its first is not to be told without the whole.
    """
    chosen, order = where
    largest = connection.execute(select(func.max(ITEMS.passage_number))).scalar() or 0
    if largest < LARGE or order not in (*_KEYS, QueueOrder.GAP):
        return None
    met = _conditions(connection, chosen, run_number)
    query = _matching(coder, chosen.state, met, ITEMS.passage_number)
    likely = connection.execute(query.order_by(*_KEYS.get(order, _KEYS[QueueOrder.LIKELY]))).scalars()
    if order is QueueOrder.GAP:
        number = orders.first_gap(connection, likely, run_number)
    else:
        number = next(iter(likely), None)
    p = schema.passages.c
    return connection.execute(select(p.id).where(p.number == number)).scalar()


def rows(
    connection: Connection, coder: str, wanted: Sequence[int], run_number: int | None
) -> dict[int, QueueRow]:
    """Return the rows of passages by their keys, in the order given; keys of none are left out."""
    found: dict[int, QueueRow] = {}
    for piece in chunks(wanted):
        for row in connection.execute(_details(coder, run_number).where(schema.passages.c.number.in_(piece))):
            found[row.number] = _queue_row(row)
    return {number: found[number] for number in wanted if number in found}


def stamp(connection: Connection, coder: str, run_number: int | None) -> QueueStamp:
    """Return what says whether a coder's queue, once taken, still stands."""
    query = select(func.count(), func.max(_held.c.sequence)).where(_held.c.coder == coder)
    decided, latest = connection.execute(query).one()
    return QueueStamp(run_number or 0, ranking.generation(connection), decided, latest or 0)


def key_of(connection: Connection, passage_id: str) -> int | None:
    """Return the key of a passage; None when there is no such."""
    query = select(schema.passages.c.number).where(schema.passages.c.id == passage_id)
    return connection.execute(query).scalar()


def holds(
    connection: Connection, coder: str, where: QueueFilter, number: int, run_number: int | None
) -> bool:
    """Return whether a passage is in a coder's queue."""
    here = [*_conditions(connection, where, run_number, of=number), ITEMS.passage_number == number]
    return connection.execute(_matching(coder, where.state, here, ITEMS.passage_number)).first() is not None


def position(
    connection: Connection,
    coder: str,
    where: tuple[QueueFilter, QueueOrder],
    passage_id: str,
    run_number: int | None,
) -> int | None:
    """Return the zero-based place of a passage in the queue; None when it is not in it."""
    chosen, order = where
    met = _conditions(connection, chosen, run_number)
    if order not in _KEYS:
        key = key_of(connection, passage_id)
        everything = numbers(connection, coder, where, run_number)
        return everything.index(key) if key is not None and key in everything else None
    keys = _KEYS[order]
    number = select(schema.passages.c.number).where(schema.passages.c.id == passage_id).scalar_subquery()
    here = [*met, ITEMS.passage_number == number]
    found = connection.execute(_matching(coder, chosen.state, here, *keys)).one_or_none()
    if found is None:
        return None
    return _count(connection, coder, chosen.state, [*met, tuple_(*keys) < tuple_(*found)])


def _conditions(
    connection: Connection, where: QueueFilter, run_number: int | None, *, of: int | None = None
) -> list[ColumnElement[bool]]:
    return conditions(where, run_number, settled.standing(connection) if where.confirmed else None, of=of)


def _matching(
    coder: str, state: ReviewState, met: list[ColumnElement[bool]], *columns: ColumnElement[Any]
) -> Select[Any]:
    """Return the query of a coder's queue in no particular order."""
    query = select(*columns)
    mine = and_(_held.c.passage_number == ITEMS.passage_number, _held.c.coder == coder)
    if state is ReviewState.ANY:
        query = query.select_from(_items)
    elif state is ReviewState.TO_REVIEW:
        query = query.outerjoin_from(_items, _held, mine)
        query = query.where(ITEMS.live == 1, _held.c.passage_number.is_(None))
    else:
        query = query.join_from(_held, _items, mine).where(_held.c.outcome == state.value)
    return query.where(*met)


def _count(connection: Connection, coder: str, state: ReviewState, met: list[ColumnElement[bool]]) -> int:
    if state is not ReviewState.TO_REVIEW:
        query = _matching(coder, state, met, func.count())
        return int(connection.execute(query).scalar_one())
    live = [*met, ITEMS.live == 1]
    everything = select(func.count()).select_from(_items).where(*live)
    mine = and_(_held.c.passage_number == ITEMS.passage_number, _held.c.coder == coder)
    decided = select(func.count()).select_from(_held).join(_items, mine).where(*live)
    left = everything.scalar_subquery() - decided.scalar_subquery()
    return int(connection.execute(select(left)).scalar_one())


def _details(coder: str, run_number: int | None) -> Select[Any]:
    p, s, e = schema.passages.c, schema.suggestions.c, schema.events
    mine = and_(_held.c.passage_number == p.number, _held.c.coder == coder)
    return (
        select(
            p.number,
            p.id,
            p.text,
            p.location,
            schema.documents.c.name,
            s.top_statement,
            s.top_probability,
            _held.c.outcome,
            e.c.payload,
            p.id.in_(flagged()).label("flagged"),
        )
        .select_from(schema.passages)
        .join(schema.documents, schema.documents.c.number == p.document_number)
        .outerjoin(schema.suggestions, and_(s.run_number == run_number, s.passage_number == p.number))
        .outerjoin(_held, mine)
        .outerjoin(e, e.c.sequence == _held.c.sequence)
    )


def _queue_row(row: Row[Any]) -> QueueRow:
    accepted = Decision.from_json(loads(row.payload)).accepted() if row.payload else ()
    return QueueRow(
        passage_id=row.id,
        document_name=row.name,
        location_label=SourceLocation.from_json(loads(row.location)).label(),
        excerpt=row.text[:EXCERPT],
        state=ReviewState(row.outcome) if row.outcome else ReviewState.TO_REVIEW,
        statement=accepted[0] if accepted else row.top_statement,
        probability=None if accepted else row.top_probability,
        flagged=bool(row.flagged),
    )
