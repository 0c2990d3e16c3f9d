"""Checks of what follows from the events and from the suggestions: decisions, codings, the queue."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Connection, Row, except_, exists, func, select

from evidence_mapper.domain.coding import Decision, EventAction
from evidence_mapper.store import project, ranking, schema
from evidence_mapper.store.codec import loads, suggestion_from_text
from evidence_mapper.store.events import JUDGING, coding_rows, decision_row, event_id
from evidence_mapper.store.forget import erased, left_sha256
from evidence_mapper.store.records import Disagreement
from evidence_mapper.store.rows import ERASED, decision_of
from evidence_mapper.store.suggestions import code_rows, summary

MALFORMED: Final = (KeyError, ValueError, TypeError, AttributeError)
"""What reading JSON that is not what it should be may raise."""


def check_events(connection: Connection) -> Iterator[Disagreement]:
    """Check that the record has no holes and that each event says what it said when written."""
    expected, previous = 1, ""
    left = erased(connection)
    for row in connection.execute(select(schema.events).order_by(schema.events.c.sequence)):
        subject = f"event {row.sequence}"
        if row.sequence != expected:
            yield Disagreement(subject, f"events {expected} to {row.sequence - 1} are missing")
        elif row.sequence in left:
            if left[row.sequence] != (row.id, left_sha256(row.subject, row.payload)):
                yield Disagreement(subject, "it is not what was left of it when a document was forgotten")
        elif event_id(previous, row._asdict()) != row.id:
            yield Disagreement(subject, "its id does not follow from what it says and the event before it")
        if (problem := _event_problem(connection, row)) is not None:
            yield Disagreement(subject, problem)
        expected, previous = row.sequence + 1, row.id


def _event_problem(connection: Connection, row: Row[Any]) -> str | None:
    try:
        payload = loads(row.payload)
        if row.action in JUDGING and row.subject != ERASED:
            Decision.from_json(payload)
        if row.action != EventAction.UNDONE:
            return None if row.undoes is None else "it undoes a decision but is not an undo"
        query = select(schema.events).where(schema.events.c.sequence == row.undoes)
        undone = connection.execute(query).one_or_none()
        named = undone is not None and undone.id == payload["undoes"]
    except MALFORMED as error:
        return f"its payload cannot be read: {error!r}"
    if undone is None or not named or (undone.coder, undone.subject) != (row.coder, row.subject):
        return "the decision it undoes is not one of this coder's on this passage"
    return None


def check_decisions(connection: Connection) -> Iterator[Disagreement]:
    """Check that the decisions are those of a replay of the events, with the same codings."""
    e, undoing, held = schema.events.c, schema.events.alias("undoing"), schema.decisions.c
    replayed = (
        select(func.max(e.sequence).label("sequence"))
        .where(e.action.in_(JUDGING), e.subject != ERASED, ~exists().where(undoing.c.undoes == e.sequence))
        .group_by(e.subject, e.coder)
    )
    for (sequence,) in connection.execute(except_(replayed, select(held.sequence))):
        yield Disagreement(f"event {sequence}", "its decision holds but is not among the decisions")
    for (sequence,) in connection.execute(except_(select(held.sequence), replayed)):
        yield Disagreement(f"event {sequence}", "it is among the decisions but does not hold")
    yield from _decision_rows(connection)
    c = schema.codings.c
    orphan = ~exists().where(held.passage_number == c.passage_number, held.coder == c.coder)
    lost = select(schema.passages.c.id, c.coder, c.code).join(
        schema.passages, schema.passages.c.number == c.passage_number
    )
    for row in connection.execute(lost.where(orphan)):
        yield Disagreement(f"passage {row.id}", f"has {row.coder}'s coding {row.code} without a decision")


def _decision_rows(connection: Connection) -> Iterator[Disagreement]:
    held, c, e, p = schema.decisions, schema.codings, schema.events.c, schema.passages.c
    query = (
        select(
            held,
            e.coder.label("by"),
            e.at,
            e.subject,
            e.payload,
            p.id,
            c.c.kind,
            c.c.code,
            c.c.verdict,
            c.c.evidence_category.label("coding_category"),
            c.c.polarity.label("coding_polarity"),
        )
        .join(schema.events, e.sequence == held.c.sequence)
        .join(schema.passages, p.number == held.c.passage_number)
        .outerjoin(c, (c.c.passage_number == held.c.passage_number) & (c.c.coder == held.c.coder))
        .order_by(held.c.coder, held.c.passage_number)
    )
    rows = connection.execute(query)
    for (coder, number), group in groupby(rows, key=lambda row: (row.coder, row.passage_number)):
        lines = list(group)
        first = lines[0]
        subject = f"decision of {coder} on passage {first.id}"
        try:
            said = decision_of(first)
        except MALFORMED:
            continue  # named by the check of the events
        decision = said.decision
        expected = decision_row(first.by, number, first.sequence, said.at, decision)
        if first.subject != first.id or any(getattr(first, key) != value for key, value in expected.items()):
            yield Disagreement(subject, f"does not say what event {first.sequence} says")
        if _codings(lines) != _expected_codings(coder, number, decision):
            yield Disagreement(subject, f"its codings are not those of event {first.sequence}")


def _codings(lines: list[Row[Any]]) -> set[tuple[str, ...]]:
    return {
        (r.kind, r.code, r.verdict, r.coding_category, r.coding_polarity) for r in lines if r.kind is not None
    }


def _expected_codings(coder: str, number: int, decision: Decision) -> set[tuple[str, ...]]:
    return {
        (r["kind"], r["code"], r["verdict"], r["evidence_category"], r["polarity"])
        for r in coding_rows(coder, number, decision)
    }


def check_suggestions(connection: Connection) -> Iterator[Disagreement]:
    """Check that each suggestion can be read and that its columns and codes say what it says."""
    s, codes = schema.suggestions, schema.suggested_codes.c
    together = (codes.run_number == s.c.run_number) & (codes.passage_number == s.c.passage_number)
    query = (
        select(s, schema.passages.c.id, codes.kind, codes.code, codes.probability)
        .join(schema.passages, schema.passages.c.number == s.c.passage_number)
        .outerjoin(schema.suggested_codes, together)
        .order_by(s.c.run_number, s.c.passage_number)
    )
    rows = connection.execute(query)
    for key, group in groupby(rows, key=lambda row: (row.run_number, row.passage_number)):
        lines = list(group)
        problem = _suggestion_problem(key, lines)
        if problem is not None:
            yield Disagreement(f"suggestion for passage {lines[0].id}", problem)
    orphan = ~exists().where(together)
    for row in connection.execute(select(codes.passage_number, codes.code).where(orphan)):
        yield Disagreement(f"suggested code {row.code}", f"passage {row.passage_number} has no suggestion")


def _suggestion_problem(key: tuple[int, int], lines: list[Row[Any]]) -> str | None:
    try:
        suggestion = suggestion_from_text(lines[0].payload)
        expected = summary(*key, suggestion)
        codes = {(r["kind"], r["code"], r["probability"]) for r in code_rows(*key, suggestion)}
    except MALFORMED as error:
        return f"cannot be read: {error!r}"
    if any(getattr(lines[0], name) != value for name, value in expected.items()):
        return "its columns do not say what it says"
    if {(r.kind, r.code, r.probability) for r in lines if r.kind is not None} != codes:
        return "its suggested codes are not those it says"
    return None


def check_queue(connection: Connection) -> Iterator[Disagreement]:
    """Check that what the queue is sorted by follows from passages, suggestions and decisions."""
    run = project.current_run(connection)
    expected = ranking.expected_items(run.number if run else None)
    stored = select(*(schema.queue_items.c[name] for name in ranking.COLUMNS))
    names = schema.passages.c
    for query, problem in (
        (except_(expected, stored), "its place in the queue is missing or out of date"),
        (except_(stored, expected), "the queue says of it what does not follow from the rest"),
    ):
        wrong = query.subquery()
        number = next(iter(wrong.c))
        for (name,) in connection.execute(select(names.id).join(wrong, number == names.number)):
            yield Disagreement(f"passage {name}", problem)
