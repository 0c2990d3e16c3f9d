"""Disagreements that were settled: what counts in place of the decisions they settle, which all stay.

A settlement is an entry of the record; the latest on a passage is the one that may stand. It stands for as
long as exactly the decisions it names hold on the passage: who decides anew, or takes a decision back,
opens the question again, and so does a person whose entry takes the settlement off. It goes along to the same
words in a new version of the document; words that changed are to be answered again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    Text,
    bindparam,
    column,
    func,
    select,
    union_all,
)

from evidence_mapper.domain.agreement import Settlement
from evidence_mapper.domain.coding import Decision, Event, EventAction
from evidence_mapper.domain.project import CoderDecision
from evidence_mapper.store import events, schema
from evidence_mapper.store.codec import dumps
from evidence_mapper.store.queries import chunks
from evidence_mapper.store.rows import decision_of

_COLUMNS: Final = ("passage_number", "coder", "kind", "code", "verdict", "evidence_category", "polarity")


def standing(connection: Connection) -> dict[int, Settlement]:
    """Return the settlements that stand, by the keys of their passages."""
    latest: dict[str, Event] = {}
    for event in events.entries(connection, [EventAction.ADJUDICATED], None, 0):
        if event.action is EventAction.ADJUDICATED:  # else it was erased with its document
            latest[event.subject] = event
    said = {passage: of_event(event) for passage, event in latest.items() if event.payload.get("decision")}
    held = _held(connection, list(said))
    return {
        number: said[passage]
        for passage, (number, sequences) in held.items()
        if said[passage].between == tuple(sorted(sequences))
    }


def double_decisions(connection: Connection) -> dict[str, list[CoderDecision]]:
    """Return the decisions on live passages that two coders or more decided on.

    By passage id, in the order of documents and of reading, each passage's by coder.
    """
    d, p, e, item = schema.decisions.c, schema.passages.c, schema.events.c, schema.queue_items.c
    twice = select(d.passage_number).group_by(d.passage_number).having(func.count() > 1)
    query: Select[Any] = (
        select(p.id.label("passage"), e.coder, e.at, e.payload, e.sequence)
        .join_from(schema.decisions, schema.events, e.sequence == d.sequence)
        .join(schema.passages, p.number == d.passage_number)
        .join(schema.queue_items, item.passage_number == d.passage_number)
        .where(d.passage_number.in_(twice), item.live == 1)
        .order_by(p.document_number, p.ordinal, p.id, e.coder)
    )
    found: dict[str, list[CoderDecision]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.passage].append(decision_of(row))
    return dict(found)


def of_event(event: Event) -> Settlement:
    """Return the settlement an entry records; its payload has a decision."""
    said = event.payload
    return Settlement(
        sequence=event.sequence,
        passage_id=event.subject,
        coder=event.coder,
        at=str((said.get("carried") or {}).get("at") or event.at),
        decision=Decision.from_json(said["decision"]),
        taken=said.get("taken"),
        why=str(said.get("why") or ""),
        between=tuple(int(sequence) for sequence in said["between"]),
        coders=tuple(said["coders"]),
        run_id=event.run_id,
        framework=event.framework,
    )


def _held(connection: Connection, passage_ids: list[str]) -> dict[str, tuple[int, list[int]]]:
    """Return, by passage id, its key and the sequences of the decisions that hold on it."""
    p, d, item = schema.passages.c, schema.decisions.c, schema.queue_items.c
    found: dict[str, tuple[int, list[int]]] = {}
    sequences: dict[int, list[int]] = defaultdict(list)
    for piece in chunks(passage_ids):
        query = (
            select(p.id, p.number, d.sequence)
            .join_from(schema.passages, schema.decisions, d.passage_number == p.number)
            .join(schema.queue_items, item.passage_number == p.number)
            .where(p.id.in_(piece), item.live == 1)
        )
        for row in connection.execute(query):
            sequences[row.number].append(row.sequence)
            found[row.id] = (row.number, sequences[row.number])
    return found


def counted(settlements: Mapping[int, Settlement]) -> FromClause:
    """Return the codings that count: a coder's each, but the settlement's alone where there is one.

    It has the columns of ``codings``.
    """
    if not settlements:
        return schema.codings
    rows = [
        [row[name] for name in _COLUMNS]
        for number, settlement in settlements.items()
        for row in events.coding_rows(settlement.coder, number, settlement.decision)
    ]
    given = func.json_each(bindparam("settled_rows", dumps(rows), Text)).table_valued("value", name="given")
    values: list[ColumnElement[Any]] = [
        func.json_extract(
            given.c.value, f"$[{k}]", type_=Integer if name == "passage_number" else Text
        ).label(name)
        for k, name in enumerate(_COLUMNS)
    ]
    c = schema.codings.c
    keys = func.json_each(bindparam("settled_keys", dumps(list(settlements)), Text)).table_valued(
        column("value", Integer), name="settled"
    )
    others = select(*(c[name] for name in _COLUMNS)).where(c.passage_number.not_in(select(keys.c.value)))
    return union_all(others, select(*values)).subquery("counted")
