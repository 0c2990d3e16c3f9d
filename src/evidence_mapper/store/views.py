"""Progress, the matrix, and the rows an export is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    Text,
    and_,
    case,
    distinct,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)

from evidence_mapper.domain.agreement import Settlement
from evidence_mapper.domain.coding import Outcome, Polarity, Verdict
from evidence_mapper.domain.project import CellCount, EvidenceRow, Matrix, Progress
from evidence_mapper.domain.version import Fate
from evidence_mapper.store import keys, orders, passages, schema, settled
from evidence_mapper.store.codec import suggestion_from_text
from evidence_mapper.store.counts import Key, Suggested
from evidence_mapper.store.counts import undecided as undecided_counts
from evidence_mapper.store.filters import ITEMS, undecided
from evidence_mapper.store.project import CurrentRun
from evidence_mapper.store.queries import STREAM, passage_select
from evidence_mapper.store.rows import DOCUMENT_COLUMNS, decision_of, document_of, passage_of
from evidence_mapper.store.suggestions import I_STATEMENT, STATEMENT, TOPIC

_items, _held, _codings = schema.queue_items, schema.decisions, schema.codings

Cells = dict[tuple[str, str], CellCount]
_SORTED: Final = 4_000
"""Passages whose rows are sorted together, but for a document that has more."""


def progress(connection: Connection, coder: str) -> Progress:
    """Return a coder's counts over the passages of the newest revisions."""
    query = (
        select(_held.c.outcome, func.count().label("n"))
        .join(_items, ITEMS.passage_number == _held.c.passage_number)
        .where(_held.c.coder == coder, ITEMS.live == 1)
        .group_by(_held.c.outcome)
    )
    counts = {row.outcome: row.n for row in connection.execute(query)}
    coded, none, unsure = (counts.get(o.value, 0) for o in (Outcome.CODED, Outcome.NONE, Outcome.UNSURE))
    return Progress(passages.count(connection), coded, none, unsure)


def matrix(connection: Connection, run_number: int | None) -> Matrix:
    """Return the counts of confirmed and suggested passages by statement, topic and I statement."""
    counts = settled.counted(settled.standing(connection))
    suggested = undecided_counts(connection, run_number)
    cells = _cells(connection, suggested, (STATEMENT, counts), by_category=True)
    dates = orders.dates(connection)
    return Matrix(
        cells=cells,
        rows=_rows(connection, counts, cells),
        topics=_by_code(_cells(connection, suggested, (TOPIC, counts))),
        i_statements=_by_code(_cells(connection, suggested, (I_STATEMENT, counts))),
        superseded=_not_counted(connection, left_behind()),
        withdrawn=_not_counted(connection, _withdrawn(ITEMS.document_number)),
        newest=_newest(connection, (STATEMENT, counts), dates),
        i_newest={
            code: date for (code, _), date in _newest(connection, (I_STATEMENT, counts), dates).items()
        },
    )


def _rows(connection: Connection, counted: FromClause, cells: Cells) -> dict[str, CellCount]:
    """Return counts by statement: a suggestion has one category, a passage of two coders may have two."""
    rows: dict[str, CellCount] = defaultdict(CellCount)
    for (code, _), count in cells.items():
        rows[code] += CellCount(suggested=count.suggested, expected=count.expected)
    for row in connection.execute(_confirmed_counts((STATEMENT, counted), by_category=False)):
        rows[row.code] += CellCount(row.n, 0, row.strengths, row.concerns, superseded=row.superseded)
    return dict(rows)


def _newest(
    connection: Connection, counting: tuple[str, FromClause], dates: Mapping[int, str]
) -> dict[tuple[str, str], str]:
    """Return the latest date of a document with confirmed evidence, by code and evidence category.

    ``counting`` is (kind of code, codings that count). The category is "" for every I statement.
    """
    kind, counted = counting
    c = counted.c
    category = c.evidence_category if kind == STATEMENT else literal_column("''", Text)
    query = (
        select(c.code, category.label("category"), ITEMS.document_number)
        .join_from(counted, _items, ITEMS.passage_number == c.passage_number)
        .where(c.kind == kind, c.verdict == Verdict.ACCEPTED.value, ITEMS.live == 1)
        .distinct()
    )
    found: dict[tuple[str, str], str] = {}
    for code, of, document in connection.execute(query):
        if date := dates.get(document):
            found[code, of] = max(date, found.get((code, of), ""))
    return found


def confirmed_rows(connection: Connection) -> Iterator[EvidenceRow]:
    """Yield a row for each coder's coding of a passage that accepts a statement, in document order.

    Where coders disagreed and it was settled, the settlement's coding is the passage's one row, or none
    when it accepts no statement.
    """
    settlements = {s.passage_id: s for s in settled.standing(connection).values()}
    done: set[str] = set()
    p, c, e = schema.passages.c, _codings.c, schema.events.c
    said = (e.sequence, e.coder, e.at, e.payload, e.run_id, e.framework)
    withdrawn = _withdrawn(p.document_number).label("withdrawn")
    shared = keys.shared(connection)
    accepted = exists().where(
        c.passage_number == _held.c.passage_number,
        c.coder == _held.c.coder,
        c.kind == STATEMENT,
        c.verdict == Verdict.ACCEPTED.value,
    )
    query = (
        passage_select(*DOCUMENT_COLUMNS[1:], *said, ITEMS.live, schema.passage_keys.c.key, withdrawn)
        .join(_held, _held.c.passage_number == p.number)
        .join(schema.passage_keys, schema.passage_keys.c.passage_number == p.number)
        .join(_items, ITEMS.passage_number == p.number)
        .join(schema.events, e.sequence == _held.c.sequence)
        .where(_held.c.outcome == Outcome.CODED.value, accepted)
        .order_by(p.document_number, p.revision_number, p.ordinal, e.coder)
    )
    for row in _by_documents(connection, query):
        found = replace(_confirmed(row), also_in=_others(shared, row))
        settlement = settlements.get(found.passage.id)
        if settlement is None:
            yield found
        elif settlement.decision.accepted() and found.passage.id not in done:
            done.add(found.passage.id)
            yield _as_settled(found, settlement)


def suggested_rows(connection: Connection, run: CurrentRun) -> Iterator[EvidenceRow]:
    """Yield a row for each passage with a suggested statement that nobody has decided on."""
    p, s, codes = schema.passages.c, schema.suggestions.c, schema.suggested_codes.c
    shared = keys.shared(connection)
    has_statement = exists().where(
        codes.run_number == run.number, codes.passage_number == p.number, codes.kind == STATEMENT
    )
    query = (
        passage_select(*DOCUMENT_COLUMNS[1:], s.payload, schema.passage_keys.c.key)
        .join(schema.passage_keys, schema.passage_keys.c.passage_number == p.number)
        .join(_items, and_(ITEMS.passage_number == p.number, ITEMS.live == 1))
        .join(schema.suggestions, and_(s.run_number == run.number, s.passage_number == p.number))
        .where(has_statement, undecided(p.number))
        .order_by(p.document_number, p.ordinal)
    )
    for row in _by_documents(connection, query):
        yield replace(_suggested(row, run), also_in=_others(shared, row))


def _by_documents(connection: Connection, query: Select[Any]) -> Iterator[Row[Any]]:
    """Yield the rows of a query that is in document order, a few documents at a time.

    To sort all of a large project at once takes as much memory as its texts: nothing is sorted on disk, where
    words of the texts would be left behind.
    """
    number = schema.passages.c.document_number
    sizes = connection.execute(select(number, func.count()).group_by(number).order_by(number)).all()
    first, held = None, 0
    for document, size in sizes:
        first, held = document if first is None else first, held + size
        if held >= _SORTED or document == sizes[-1][0]:
            part = query.where(number.between(first, document))
            yield from connection.execution_options(**STREAM).execute(part)
            first, held = None, 0


def _others(shared: Mapping[str, tuple[str, ...]], row: Row[Any]) -> tuple[str, ...]:
    return tuple(name for name in shared.get(row.key, ()) if name != row.document_name)


def _cells(
    connection: Connection,
    suggested: Mapping[Key, Suggested],
    of: tuple[str, FromClause],
    *,
    by_category: bool = False,
) -> Cells:
    """Return counts by code and category; ``of`` is (kind of code, codings that count)."""
    cells: Cells = defaultdict(CellCount)
    for row in connection.execute(_confirmed_counts(of, by_category=by_category)):
        cells[row.code, row.category] += CellCount(
            row.n, 0, row.strengths, row.concerns, superseded=row.superseded
        )
    for (kind, code, category), count in suggested.items():
        if kind == of[0]:
            cells[code, category] += CellCount(suggested=count.number, expected=count.expected)
    return dict(cells)


def _confirmed_counts(of: tuple[str, FromClause], *, by_category: bool) -> Select[Any]:
    kind, counted = of
    c = counted.c
    by, category = _grouping(c.code, c.evidence_category if by_category else None)

    def passages_where(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count(distinct(case((and_(*conditions), c.passage_number))))

    def marked(*polarities: Polarity) -> ColumnElement[int]:
        return passages_where(ITEMS.live == 1, c.polarity.in_([p.value for p in polarities]))

    return (
        select(
            c.code,
            category.label("category"),
            passages_where(ITEMS.live == 1).label("n"),
            passages_where(ITEMS.live == 0, left_behind(counted)).label("superseded"),
            marked(Polarity.STRENGTH, Polarity.MIXED).label("strengths"),
            marked(Polarity.CONCERN, Polarity.MIXED).label("concerns"),
        )
        .join_from(counted, _items, ITEMS.passage_number == c.passage_number)
        # Grouped as the index runs, the verdict too, so that a million codings are not sorted in memory; were
        # it said to be equal to one value, SQLite would leave it out and sort.
        .where(c.kind == kind, c.verdict.between(Verdict.ACCEPTED.value, Verdict.ACCEPTED.value))
        .group_by(by[0], c.verdict, *by[1:])
    )


def left_behind(codings: FromClause = _codings) -> ColumnElement[bool]:
    """Return the condition that a coding is of a version since replaced and did not go along.

    One that did is counted where it went, however many versions ago the coder decided.
    """
    c = codings.c
    return and_(~_withdrawn(ITEMS.document_number), tuple_(c.passage_number, c.coder).not_in(_went_along()))


def _went_along() -> Select[Any]:
    """Return the query of (passage, coder) of decisions that hold on a newest version as well."""
    fates, held, own = schema.passage_fates.c, schema.decisions.alias("held"), schema.carried.alias("own")
    there, now, later = (
        schema.decisions.alias("there").c,
        schema.queue_items.alias("now").c,
        schema.carried.alias("later").c,
    )
    origin = func.coalesce(own.c.origin, held.c.sequence)
    # Two conditions, not one with "or" inside: each is then found by an index.
    live = and_(now.passage_number == there.passage_number, now.live == 1)
    first = exists().where(live, there.sequence == origin)
    carried = exists().where(live, there.sequence == later.sequence, later.origin == origin)
    return (
        select(held.c.passage_number, held.c.coder)
        .join_from(schema.passage_fates, held, held.c.passage_number == fates.old_number)
        .outerjoin(own, own.c.sequence == held.c.sequence)
        .where(fates.fate.in_([fate.value for fate in Fate if fate.carries]), or_(first, carried))
    )


def _withdrawn(document_number: ColumnElement[int]) -> ColumnElement[bool]:
    return exists().where(schema.withdrawals.c.document_number == document_number)


def _not_counted(connection: Connection, why: ColumnElement[bool]) -> int:
    """Return how many passages with an accepted statement are not counted for a reason."""
    c = _codings.c
    query = (
        select(func.count(distinct(c.passage_number)))
        .join_from(_codings, _items, ITEMS.passage_number == c.passage_number)
        .where(ITEMS.live == 0, c.kind == STATEMENT, c.verdict == Verdict.ACCEPTED.value, why)
    )
    return int(connection.execute(query).scalar_one())


def _grouping(
    code: ColumnElement[str], category: ColumnElement[str] | None
) -> tuple[tuple[ColumnElement[str], ...], ColumnElement[str]]:
    """Return what to group by, and the category to show; None counts over all categories."""
    if category is None:
        return (code,), literal_column("''", Text)
    return (code, category), category


def _by_code(cells: Cells) -> dict[str, CellCount]:
    return {code: count for (code, _), count in cells.items()}


def _confirmed(row: Row[Any]) -> EvidenceRow:
    said = decision_of(row)
    decision = said.decision
    return EvidenceRow(
        passage=passage_of(row),
        document=document_of(row),
        status="confirmed",
        statements=decision.accepted(),
        topics=decision.topics,
        i_statements=decision.i_statements,
        evidence_category=decision.evidence_category,
        polarity=decision.polarity.value if decision.polarity else None,
        probability=None,
        coder=row.coder,
        decided_at=said.at,
        note=decision.note,
        run_id=row.run_id,
        framework=row.framework,
        superseded=not row.live and not row.withdrawn,
        withdrawn=bool(row.withdrawn),
        carried_from=said.carried.passage_id if said.carried else None,
    )


def _as_settled(row: EvidenceRow, settlement: Settlement) -> EvidenceRow:
    """Return a passage's row as it was settled; the note says between whom, and why."""
    decision = settlement.decision
    words = f"Settled between {' and '.join(settlement.coders)}"
    return replace(
        row,
        statements=decision.accepted(),
        topics=decision.topics,
        i_statements=decision.i_statements,
        evidence_category=decision.evidence_category,
        polarity=decision.polarity.value if decision.polarity else None,
        coder=settlement.coder,
        decided_at=settlement.at,
        note=f"{words}: {settlement.why}" if settlement.why else words,
        run_id=settlement.run_id,
        framework=settlement.framework,
        carried_from=None,
    )


def _suggested(row: Row[Any], run: CurrentRun) -> EvidenceRow:
    suggestion = suggestion_from_text(row.payload)
    chosen = [code for code in suggestion.statements if code.suggested]
    category, polarity = suggestion.evidence_category, suggestion.polarity
    return EvidenceRow(
        passage=passage_of(row),
        document=document_of(row),
        status="suggested",
        statements=tuple(code.id for code in chosen),
        topics=tuple(code.id for code in suggestion.topics if code.suggested),
        i_statements=tuple(code.id for code in suggestion.i_statements if code.suggested),
        evidence_category=category.id if category else None,
        polarity=polarity.id if polarity else None,
        probability=chosen[0].probability,
        coder=None,
        decided_at=None,
        note=None,
        run_id=run.id,
        framework=run.spec.framework,
    )
