"""What nobody has decided on yet, and what was found in it since a sample was drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select, distinct, exists, func, select

from evidence_mapper.domain.coding import Outcome, Verdict
from evidence_mapper.domain.remaining import Answer, SinceSample
from evidence_mapper.store import schema
from evidence_mapper.store.codec import suggestion_from_text
from evidence_mapper.store.events import JUDGING
from evidence_mapper.store.filters import ITEMS, undecided
from evidence_mapper.store.queries import STREAM, chunks
from evidence_mapper.store.suggestions import STATEMENT

_held, _codings = schema.decisions.c, schema.codings.c


def open_ids(connection: Connection) -> list[str]:
    """Return the ids of live passages that nobody has decided on, by document and place."""
    p = schema.passages.c
    query = (
        select(p.id)
        .join_from(schema.queue_items, schema.passages, p.number == ITEMS.passage_number)
        .where(ITEMS.live == 1, undecided(ITEMS.passage_number))
        .order_by(ITEMS.document_number, ITEMS.ordinal)
    )
    return list(connection.execute(query).scalars())


def open_probabilities(
    connection: Connection, run_number: int | None
) -> Iterator[tuple[tuple[str, float], ...]]:
    """Yield (statement, probability) pairs of each live passage nobody has decided on, of a run."""
    s = schema.suggestions.c
    query = (
        select(s.payload)
        .join_from(schema.queue_items, schema.suggestions, s.passage_number == ITEMS.passage_number)
        .where(s.run_number == run_number, ITEMS.live == 1, undecided(ITEMS.passage_number))
    )
    for (payload,) in connection.execution_options(**STREAM).execute(query):
        yield tuple((code.id, code.probability) for code in suggestion_from_text(payload).statements)


def since(connection: Connection, sequence: int) -> SinceSample:
    """Return what was decided, of what nobody had judged before an event."""
    decided = select(func.count(distinct(_held.passage_number))).where(_held.outcome != Outcome.UNSURE.value)
    decided = _fresh(decided.select_from(schema.decisions), _held.passage_number, sequence)
    found = select(_codings.code, func.count(distinct(_codings.passage_number))).where(
        _codings.kind == STATEMENT, _codings.verdict == Verdict.ACCEPTED.value
    )
    found = _fresh(found.select_from(schema.codings), _codings.passage_number, sequence)
    counts = connection.execute(found.group_by(_codings.code))
    return SinceSample(int(connection.execute(decided).scalar_one()), {code: int(n) for code, n in counts})


def _fresh(query: Select[Any], number: Any, sequence: int) -> Select[Any]:  # noqa: ANN401  # a column
    """Confine a query to live passages that nobody had decided on when an event was written."""
    p, e, undoing = schema.passages.c, schema.events.c, schema.events.alias("undoing").c
    before = exists().where(
        e.subject == p.id,
        e.action.in_(JUDGING),
        e.sequence <= sequence,
        func.json_extract(e.payload, "$.outcome") != Outcome.UNSURE.value,
        ~exists().where(undoing.undoes == e.sequence, undoing.sequence <= sequence),
    )
    return (
        query.join(schema.passages, p.number == number)
        .join(schema.queue_items, ITEMS.passage_number == number)
        .where(ITEMS.live == 1, ~before)
    )


def answers(connection: Connection, passage_ids: Sequence[str]) -> dict[str, Answer]:
    """Return how each of some passages is answered, all coders together; ids of none are left out."""
    found: dict[str, Answer] = {}
    p = schema.passages.c
    for piece in chunks(passage_ids):
        query = select(p.id, p.number, ITEMS.live).join_from(
            schema.passages, schema.queue_items, ITEMS.passage_number == p.number
        )
        rows = connection.execute(query.where(p.id.in_(piece))).all()
        numbers = [row.number for row in rows]
        decided = set(
            connection.execute(
                select(_held.passage_number).where(
                    _held.passage_number.in_(numbers), _held.outcome != Outcome.UNSURE.value
                )
            ).scalars()
        )
        accepted: dict[int, set[str]] = {}
        codes = select(_codings.passage_number, _codings.code).where(
            _codings.passage_number.in_(numbers),
            _codings.kind == STATEMENT,
            _codings.verdict == Verdict.ACCEPTED.value,
        )
        for number, code in connection.execute(codes):
            accepted.setdefault(number, set()).add(code)
        for row in rows:
            statements = frozenset(accepted.get(row.number, ()))
            found[row.id] = Answer(row.number in decided, bool(row.live), statements)
    return found
