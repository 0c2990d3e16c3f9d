"""One passage asked about alone: the same answer as the whole queue gives, without going through it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from tests.store.builders import NOW, coded, reading, suggestion

from evidence_mapper.domain.coding import Decision, EventAction, Outcome, RunSpec
from evidence_mapper.domain.document import SourceType
from evidence_mapper.domain.project import QueueFilter, QueueOrder, ReviewState
from evidence_mapper.store.engine import create_project
from evidence_mapper.store.sql_store import SqlStore

ANY = QueueFilter(state=ReviewState.ANY)
FILTERS = (
    QueueFilter(),
    ANY,
    replace(ANY, statement="statement-1"),
    replace(ANY, statement="statement-2", confirmed=True),
    replace(ANY, statement="statement-1", confirmed=False),
    replace(ANY, statement="statement-1", category="processes"),
    replace(ANY, confirmed=True),
    replace(ANY, source_type="policy"),
    replace(ANY, dated_from="2024", dated_to="2024-12"),
    QueueFilter(statement="statement-2", source_type="policy", dated_from="2025"),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    made = create_project(
        tmp_path / "p.db", framework_id="f", framework_version="1", framework_text="", now=NOW
    )
    assert isinstance(made, SqlStore)
    run = made.start_run(RunSpec("a@1", "sha256:0", "f@1"), NOW)
    for number in range(6):
        read = reading(f"{number}.txt", [f"Document {number}, passage {n}" for n in range(3)])
        kind = SourceType.POLICY if number % 2 else SourceType.CASE_RECORD
        read = replace(
            read,
            document=replace(read.document, source_type=kind),
            metadata=(("date", f"202{3 + number % 3}-06"),),
        )
        made.add_document(read)
        codes = [("statement-1", 0.9), ("statement-2", 0.8), ("statement-3", 0.7)]
        made.save_suggestions(
            run, [(p.id, suggestion(code)) for p, code in zip(read.passages, codes, strict=True)]
        )
        said = (coded("statement-2"), Decision(Outcome.NONE), Decision(Outcome.UNSURE))[number % 3]
        made.append_event(
            coder=("ann", "bob")[number % 2],
            action=EventAction.DECIDED,
            subject=read.passages[0].id,
            at=NOW,
            payload=said.to_json(),
        )
    yield made
    made.close()


@pytest.mark.parametrize("where", FILTERS)
def test_one_passage_is_in_the_queue_if_the_whole_queue_has_it(store: SqlStore, where: QueueFilter) -> None:
    every = store.queue_numbers("ann", ANY, QueueOrder.DOCUMENT)
    whole = set(store.queue_numbers("ann", where, QueueOrder.DOCUMENT))
    assert {key for key in every if store.queue_holds("ann", where, key)} == whole
    assert len(every) == 18


def test_asking_of_one_reads_no_list_of_what_is_suggested(store: SqlStore) -> None:
    plans: list[str] = []

    def explain(_c: Any, cursor: Any, statement: str, parameters: Any, _x: Any, _m: bool) -> None:
        if statement.startswith("SELECT"):
            asked = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[-1] for row in asked)

    key = store.queue_numbers("ann", ANY, QueueOrder.DOCUMENT)[0]
    engine = store._database._engine
    event.listen(engine, "before_cursor_execute", explain)
    try:
        store.queue_holds("ann", replace(ANY, statement="statement-1"), key)
    finally:
        event.remove(engine, "before_cursor_execute", explain)
    (suggested,) = [plan for plan in plans if "suggested_codes" in plan]
    assert "passage_number=?" in suggested


def test_gaps_come_first_however_few_passages_are_asked_for(store: SqlStore) -> None:
    """Few passages are looked up by their keys, many by reading through all: the order is the same."""
    whole = list(store.queue_numbers("ann", ANY, QueueOrder.GAP))
    few = replace(ANY, source_type="policy", dated_from="2025")
    part = list(store.queue_numbers("ann", few, QueueOrder.GAP))
    assert 0 < len(part) * 3 <= len(whole)
    assert part == [key for key in whole if key in part]
