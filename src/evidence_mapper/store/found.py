"""Passages as they are shown among what was found, and the texts and vectors a search by meaning needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, select

from evidence_mapper.domain.coding import EventAction, Outcome, Verdict
from evidence_mapper.domain.project import QueueFilter
from evidence_mapper.domain.search import FoundPassage, HitState, WordQuery
from evidence_mapper.store import schema, words
from evidence_mapper.store.codec import loads
from evidence_mapper.store.filters import ITEMS, conditions
from evidence_mapper.store.queries import STREAM, chunks, passage_select
from evidence_mapper.store.records import LiveText, StoredVector
from evidence_mapper.store.rows import DOCUMENT_COLUMNS, document_of, passage_of
from evidence_mapper.store.suggestions import STATEMENT

_codes = schema.suggested_codes.c
# What changes decisions only: the texts are the same after them.
_DECISIONS: Final = frozenset({EventAction.DECIDED, EventAction.UNDONE})


@dataclass(frozen=True, slots=True)
class _Standing:
    state: HitState
    statements: tuple[str, ...]


def met(where: QueueFilter, run_number: int | None) -> list[ColumnElement[bool]]:
    """Return the conditions on ``queue_items`` that a search's filter makes.

    As for the queue, but that ``confirmed`` False without a code leaves those with a suggested statement.
    """
    found = conditions(where, run_number)
    if where.confirmed is False and where.statement is None and where.topic is None:
        suggested = exists().where(
            _codes.run_number == run_number,
            _codes.passage_number == ITEMS.passage_number,
            _codes.kind == STATEMENT,
        )
        found.append(suggested)
    return found


def allowed(
    connection: Connection, query: WordQuery, where: QueueFilter, run_number: int | None
) -> list[int] | None:
    """Return the live passages that filter, phrases and words to leave out allow; None for all."""
    conditions = [*met(where, run_number), *words.required(query)]
    if not conditions:
        return None
    found = select(ITEMS.passage_number).where(ITEMS.live == 1, *conditions)
    return list(connection.execute(found).scalars())


def details(
    connection: Connection, query: WordQuery, numbers: Sequence[int], run_number: int | None
) -> list[FoundPassage]:
    """Return live passages with their documents and standing, in the order given; others are left out."""
    where_words_stand = words.places(connection, query, numbers)
    found = {}
    for piece in chunks(numbers):
        standing = _standing(connection, piece, run_number)
        for row in connection.execute(_shown(piece)):
            stands = standing[row.number]
            found[row.number] = FoundPassage(
                number=row.number,
                passage=passage_of(row),
                document=document_of(row),
                state=stands.state,
                statements=stands.statements,
                matched=where_words_stand.get(row.number, ()),
            )
    return [found[number] for number in numbers if number in found]


def live_texts(connection: Connection) -> Iterator[LiveText]:
    """Yield what a classifier reads of each live passage, by number."""
    p = schema.passages.c
    query = (
        select(p.number, p.text, p.heading_path, p.context)
        .join_from(schema.queue_items, schema.passages, p.number == ITEMS.passage_number)
        .where(ITEMS.live == 1)
        .order_by(p.number)
    )
    for row in connection.execution_options(**STREAM).execute(query):
        yield LiveText(row.number, row.text, tuple(loads(row.heading_path)), row.context)


def vectors_of(connection: Connection, encoder_id: str) -> Iterator[StoredVector]:
    """Yield every vector of an encoder, in no particular order."""
    v = schema.vectors.c
    query = select(v.text_sha256, v.dtype, v.width, v.data).where(v.encoder_id == encoder_id)
    for row in connection.execution_options(**STREAM).execute(query):
        yield StoredVector(row.text_sha256, row.dtype, row.width, row.data)


def texts_version(connection: Connection, encoder_id: str) -> tuple[int, ...]:
    """Return figures that change when live texts or an encoder's vectors do."""
    v = schema.vectors.c
    others = [action.value for action in EventAction if action not in _DECISIONS]
    figures = (
        select(func.max(schema.passages.c.number)),
        select(func.count()).select_from(schema.queue_items).where(ITEMS.live == 1),
        select(func.count()).select_from(schema.vectors).where(v.encoder_id == encoder_id),
        select(func.max(schema.events.c.sequence)).where(schema.events.c.action.in_(others)),
    )
    return tuple(int(connection.execute(figure).scalar() or 0) for figure in figures)


def _shown(numbers: Iterable[int]) -> Select[Any]:
    p = schema.passages.c
    return (
        passage_select(*DOCUMENT_COLUMNS[1:])
        .join(schema.queue_items, and_(ITEMS.passage_number == p.number, ITEMS.live == 1))
        .where(p.number.in_(list(numbers)))
    )


def _standing(connection: Connection, numbers: Sequence[int], run_number: int | None) -> dict[int, _Standing]:
    c, d = schema.codings.c, schema.decisions.c
    accepted = _by_passage(
        connection,
        select(c.passage_number, c.code).where(
            c.passage_number.in_(numbers), c.kind == STATEMENT, c.verdict == Verdict.ACCEPTED.value
        ),
    )
    suggested = _by_passage(
        connection,
        select(_codes.passage_number, _codes.code).where(
            _codes.run_number == run_number, _codes.passage_number.in_(numbers), _codes.kind == STATEMENT
        ),
    )
    held = select(d.passage_number).where(d.passage_number.in_(numbers), d.outcome != Outcome.UNSURE.value)
    decided = set(connection.execute(held).scalars())
    return {n: _stands(accepted.get(n, ()), suggested.get(n, ()), n in decided) for n in numbers}


def _stands(accepted: tuple[str, ...], suggested: tuple[str, ...], decided: bool) -> _Standing:
    if accepted:
        return _Standing(HitState.CONFIRMED, accepted)
    if decided:
        return _Standing(HitState.SET_ASIDE, ())
    return _Standing(HitState.SUGGESTED, suggested) if suggested else _Standing(HitState.OPEN, ())


def _by_passage(connection: Connection, query: Select[Any]) -> dict[int, tuple[str, ...]]:
    found: dict[int, set[str]] = defaultdict(set)
    for number, code in connection.execute(query):
        found[number].add(code)
    return {number: tuple(sorted(codes)) for number, codes in found.items()}
