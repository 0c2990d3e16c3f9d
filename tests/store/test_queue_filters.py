"""Filters of the queue by document, date, coder, sample, probability and I statement, and what finds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, event
from tests.store.builders import NOW, coded, reading, suggestion

from evidence_mapper.domain.coding import Decision, EventAction, Outcome, RunSpec
from evidence_mapper.domain.document import SourceType
from evidence_mapper.domain.project import QueueFilter, QueueOrder, ReviewState
from evidence_mapper.store.engine import create_project
from evidence_mapper.store.sql_store import SqlStore

DATES = ("2024", "2024-06", "2024-06-15", "2025-01-02", None)
ANY = QueueFilter(state=ReviewState.ANY)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    made = create_project(
        tmp_path / "p.db", framework_id="f", framework_version="1", framework_text="", now=NOW
    )
    assert isinstance(made, SqlStore)
    run = made.start_run(RunSpec("a@1", "sha256:0", "f@1"), NOW)
    for number, date in enumerate(DATES):
        ingested = reading(f"{number}.txt", [f"Document {number}, passage {n}" for n in range(2)])
        kind = SourceType.POLICY if number % 2 else SourceType.CASE_RECORD
        ingested = replace(
            ingested,
            document=replace(ingested.document, source_type=kind),
            metadata=(("title", "t"), *((("date", date),) if date else ())),
        )
        made.add_document(ingested)
        made.save_suggestions(
            run, [(p.id, suggestion(("statement-1", 0.1 + number / 5))) for p in ingested.passages]
        )
    yield made
    made.close()


def names(store: SqlStore, where: QueueFilter, order: QueueOrder = QueueOrder.DOCUMENT) -> list[str]:
    rows = store.queue("ann", where, order, 0, 100)
    assert len(rows) == store.queue_count("ann", where)
    return list(dict.fromkeys(row.document_name[0] for row in rows))


@pytest.mark.parametrize(
    ("earliest", "latest", "found"),
    [
        ("2024", "2024", "012"),
        ("2024-06", "2024-06", "012"),
        ("2024-06-16", "2024-12", "01"),
        ("2024-07", None, "03"),
        (None, "2024-05", "0"),
        (None, "2023", ""),
        ("2025", "2025-01-02", "3"),
        ("2025-01-03", None, ""),
    ],
)
def test_a_date_meets_every_range_it_may_lie_in(
    store: SqlStore, earliest: str | None, latest: str | None, found: str
) -> None:
    where = replace(ANY, dated_from=earliest, dated_to=latest)
    assert names(store, where) == list(found)


def test_the_newest_document_comes_first_and_undated_ones_last(store: SqlStore) -> None:
    assert names(store, ANY, QueueOrder.NEWEST) == ["3", "2", "1", "0", "4"]
    first = store.queue("ann", ANY, QueueOrder.NEWEST, 0, 2)
    assert [row.excerpt[-1] for row in first] == ["0", "1"]


def test_source_type_probability_and_i_statement(store: SqlStore) -> None:
    assert names(store, replace(ANY, source_type="policy")) == ["1", "3"]
    assert names(store, replace(ANY, min_probability=0.7)) == ["3", "4"]
    assert names(store, replace(ANY, i_statement="i-1")) == ["0", "1", "2", "3", "4"]
    assert names(store, replace(ANY, i_statement="i-2")) == []


def test_decided_by_means_a_decision_that_holds(store: SqlStore) -> None:
    rows = store.queue("ann", ANY, QueueOrder.DOCUMENT, 0, 100)
    answers = {rows[0].passage_id: Decision(Outcome.NONE), rows[4].passage_id: coded("statement-1")}
    for passage, answer in answers.items():
        store.append_event(
            coder="bob", action=EventAction.DECIDED, subject=passage, at=NOW, payload=answer.to_json()
        )
    assert names(store, replace(ANY, decided_by="bob")) == ["0", "2"]
    assert names(store, replace(ANY, decided_by="bob", confirmed=True)) == ["2"]
    assert names(store, replace(ANY, decided_by="ann")) == []
    store.undo("bob", NOW)
    assert names(store, replace(ANY, decided_by="bob")) == ["0"]


def test_no_view_of_a_review_looks_through_all_passages(store: SqlStore) -> None:
    """Plans, not times: what is asked for after every key goes by indexes."""
    asked: list[tuple[str, tuple[object, ...]]] = []
    engine = store._database._engine

    def note(
        connection: object, cursor: object, statement: str, parameters: tuple[object, ...], *_: object
    ) -> None:
        asked.append((statement, parameters))

    rows = store.queue("ann", QueueFilter(), QueueOrder.LIKELY, 0, 5)
    key = store.passage_key(rows[0].passage_id)
    assert key is not None
    event.listen(engine, "before_cursor_execute", note)
    store.queue_rows("ann", [key])
    store.queue_stamp("ann")
    store.queue_holds("ann", QueueFilter(), key)
    store.passage(rows[0].passage_id)
    store.neighbours(rows[0].passage_id)
    store.decisions(rows[0].passage_id)
    store.suggestion(rows[0].passage_id)
    store.append_event(
        coder="ann",
        action=EventAction.DECIDED,
        subject=rows[0].passage_id,
        at=NOW,
        payload=coded("statement-1").to_json(),
    )
    store.undo("ann", NOW)
    event.remove(engine, "before_cursor_execute", note)
    with store._database.read() as connection:
        plans = {statement: plan(connection, statement, parameters) for statement, parameters in asked}
    assert len(plans) > 15
    large = ("passages", "queue_items", "suggestions", "suggested_codes", "passage_keys")
    for statement, lines in plans.items():
        scans = [line for line in lines if line.startswith("SCAN") and line.split()[1] in large]
        assert not scans, (statement, scans)


def plan(connection: Connection, statement: str, parameters: tuple[object, ...]) -> list[str]:
    if not statement.lstrip().upper().startswith(("SELECT", "INSERT", "DELETE", "UPDATE", "WITH")):
        return []
    cursor = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    return [str(row[3]) for row in cursor]
