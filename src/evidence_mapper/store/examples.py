"""Passages confirmed for a statement, the newest first: what a person compares a passage with."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, select

from evidence_mapper.domain.coding import Verdict
from evidence_mapper.domain.project import Example
from evidence_mapper.store import schema
from evidence_mapper.store.queries import passage_number, passage_select
from evidence_mapper.store.rows import DOCUMENT_COLUMNS, decision_of, document_of, passage_of
from evidence_mapper.store.suggestions import STATEMENT

_held, _c, _k = schema.decisions, schema.codings.c, schema.passage_keys

_NEWEST: Final = 2000
"""Decisions looked through, newest first, before the codings of the statement are: a frequent statement is
met among the newest, a rare one has few codings, so that both are quick."""


def newest(connection: Connection, statement: str, but: str, limit: int) -> list[Example]:
    """Return confirmed passages of newest revisions, the latest decision first, each passage once.

    Parameters
    ----------
    statement
        Id of the statement.
    but
        Passage that is being looked at: neither it nor what says the same words is an example for it.
    limit
        Most examples.

    Raises
    ------
    StoreError
        No such passage.
    """
    number = passage_number(connection, but)
    own = select(_k.c.key).where(_k.c.passage_number == number).scalar_subquery()
    wanted = and_(
        exists().where(
            schema.queue_items.c.passage_number == _held.c.passage_number, schema.queue_items.c.live == 1
        ),
        ~exists().where(_k.c.passage_number == _held.c.passage_number, _k.c.key == own),
        _held.c.passage_number != number,
    )
    oldest = connection.execute(
        select(_held.c.sequence).order_by(_held.c.sequence.desc()).offset(_NEWEST - 1).limit(1)
    ).scalar()
    recent = wanted if oldest is None else and_(wanted, _held.c.sequence >= oldest)
    found = _newest_accepting(connection, statement, recent, limit)
    if len(found) < limit and oldest is not None:
        found = _accepting(connection, statement, wanted, limit)
    return [_example(connection, sequence) for sequence in found]


def _newest_accepting(
    connection: Connection, statement: str, wanted: ColumnElement[bool], limit: int
) -> list[int]:
    """Return what :func:`_accepting` does, by looking through the decisions from the newest on."""
    accepts = exists().where(
        _c.passage_number == _held.c.passage_number,
        _c.coder == _held.c.coder,
        _c.kind == STATEMENT,
        _c.code == statement,
        _c.verdict == Verdict.ACCEPTED.value,
    )
    query = select(_held.c.sequence, _held.c.passage_number).where(accepts, wanted)  # tried in this order
    return _one_a_passage(connection, query, limit)


def _accepting(connection: Connection, statement: str, wanted: ColumnElement[bool], limit: int) -> list[int]:
    """Return the sequences of the latest decisions that accept a statement, one a passage."""
    query = (
        select(_held.c.sequence, _held.c.passage_number)
        .join(
            schema.codings,
            and_(
                _c.passage_number == _held.c.passage_number,
                _c.coder == _held.c.coder,
                _c.kind == STATEMENT,
                _c.code == statement,
                _c.verdict == Verdict.ACCEPTED.value,
            ),
        )
        .where(wanted)
    )
    return _one_a_passage(connection, query, limit)


def _one_a_passage(connection: Connection, query: Select[Any], limit: int) -> list[int]:
    found: dict[int, int] = {}
    for row in connection.execute(query.order_by(_held.c.sequence.desc())):
        found.setdefault(row.passage_number, row.sequence)
        if len(found) == limit:
            break
    return list(found.values())


def _example(connection: Connection, sequence: int) -> Example:
    e, p = schema.events.c, schema.passages.c
    query: Select[Any] = (
        passage_select(*DOCUMENT_COLUMNS[1:], e.sequence, e.coder, e.at, e.payload)
        .join(_held, _held.c.passage_number == p.number)
        .join(schema.events, e.sequence == _held.c.sequence)
        .where(_held.c.sequence == sequence)
    )
    row = connection.execute(query).one()
    said = decision_of(row)
    return Example(passage_of(row), document_of(row), said.coder, said.at)
