"""What each passage says, as a key: passages with the same key say the same, wherever they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, distinct, func, insert, select

from evidence_mapper.domain.document import SourceLocation
from evidence_mapper.domain.version import Twin, words_key
from evidence_mapper.store import schema
from evidence_mapper.store.codec import loads
from evidence_mapper.store.queries import chunks, passage_number

_k, _p, _d, _i = schema.passage_keys, schema.passages, schema.documents, schema.queue_items


def write(connection: Connection, where: ColumnElement[bool]) -> None:
    """Write anew what the passages that meet a condition say."""
    connection.execute(delete(_k).where(_k.c.passage_number.in_(select(_p.c.number).where(where))))
    rows = connection.execute(select(_p.c.number, _p.c.text, _p.c.context).where(where)).all()
    if rows:
        connection.execute(
            insert(_k), [{"passage_number": n, "key": words_key(text, context)} for n, text, context in rows]
        )


def write_all(connection: Connection) -> None:
    """Write what every passage says that has no key yet, a part at a time."""
    query = select(_p.c.number).outerjoin(_k, _k.c.passage_number == _p.c.number)
    numbers = connection.execute(query.where(_k.c.key.is_(None)).order_by(_p.c.number)).scalars().all()
    for piece in chunks(numbers):
        write(connection, _p.c.number.in_(piece))


def twins(connection: Connection, passage_id: str) -> list[Twin]:
    """Return the other passages of newest revisions that say the same, by document and place.

    Raises
    ------
    StoreError
        No such passage.
    """
    number = passage_number(connection, passage_id)
    query = (
        select(_p.c.number, _p.c.id, _p.c.location, _d.c.name)
        .join_from(_k, _p, _p.c.number == _k.c.passage_number)
        .join(_i, _i.c.passage_number == _p.c.number)
        .join(_d, _d.c.number == _p.c.document_number)
        .where(_k.c.key == _key_of(number), _i.c.live == 1, _p.c.number != number)
        .order_by(_d.c.name, _p.c.ordinal)
    )
    rows = connection.execute(query).all()
    coders = _deciders(connection, rows)
    return [
        Twin(
            passage_id=row.id,
            document_name=row.name,
            location_label=SourceLocation.from_json(loads(row.location)).label(),
            decided_by=coders.get(row.number, ()),
        )
        for row in rows
    ]


def also_in(connection: Connection, passage_id: str) -> tuple[int, tuple[str, ...]]:
    """Return how many other live passages say the same, and the names of the other documents among them.

    Raises
    ------
    StoreError
        No such passage.
    """
    number = passage_number(connection, passage_id)
    own = select(_p.c.document_number).where(_p.c.number == number).scalar_subquery()
    query = (
        select(_d.c.name, (_d.c.number == own).label("own"), func.count().label("n"))
        .join_from(_k, _i, _i.c.passage_number == _k.c.passage_number)
        .join(_d, _d.c.number == _i.c.document_number)
        .where(_k.c.key == _key_of(number), _i.c.live == 1, _k.c.passage_number != number)
        .group_by(_d.c.number)
        .order_by(_d.c.name)
    )
    rows = connection.execute(query).all()
    return sum(row.n for row in rows), tuple(row.name for row in rows if not row.own)


def shared(connection: Connection) -> Mapping[str, tuple[str, ...]]:
    """Return, by key, the names of documents that say it, in order: only what more than one says."""
    several = (
        select(_k.c.key)
        .join(_i, _i.c.passage_number == _k.c.passage_number)
        .where(_i.c.live == 1)
        .group_by(_k.c.key)
        .having(func.count(distinct(_i.c.document_number)) > 1)
    )
    query = (
        select(_k.c.key, _d.c.name)
        .join_from(_k, _i, _i.c.passage_number == _k.c.passage_number)
        .join(_d, _d.c.number == _i.c.document_number)
        .where(_i.c.live == 1, _k.c.key.in_(several))
        .distinct()
        .order_by(_k.c.key, _d.c.name)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for key, name in connection.execute(query):
        found[key].append(name)
    return {key: tuple(names) for key, names in found.items()}


def _key_of(number: int) -> Any:  # noqa: ANN401 - a scalar subquery, whose type SQLAlchemy does not export
    return select(_k.c.key).where(_k.c.passage_number == number).scalar_subquery()


def _deciders(connection: Connection, rows: list[Row[Any]] | Any) -> dict[int, tuple[str, ...]]:  # noqa: ANN401
    held = schema.decisions.c
    found: dict[int, list[str]] = defaultdict(list)
    for piece in chunks([row.number for row in rows]):
        query = (
            select(held.passage_number, held.coder).where(held.passage_number.in_(piece)).order_by(held.coder)
        )
        for number, coder in connection.execute(query):
            found[number].append(coder)
    return {number: tuple(coders) for number, coders in found.items()}
