"""Counts kept for the matrix: the same as counted anew, never used when they are of another state."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.store.builders import CATEGORIES, NOW, STATEMENTS, at, coded, reading, suggestion

from evidence_mapper.domain.coding import Decision, EventAction, Outcome, RunSpec
from evidence_mapper.store import counts
from evidence_mapper.store.base import Store
from evidence_mapper.store.engine import create_project, open_project
from evidence_mapper.store.sql_store import SqlStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "p.db"
    with create_project(path, framework_id="f", framework_version="1", framework_text="", now=NOW) as store:
        run = store.start_run(RunSpec("a@1", "sha256:0", "f@1"), NOW)
        for document in range(3):
            ingested = reading(f"{document}.txt", [f"Passage {document} {n}" for n in range(8)])
            store.add_document(ingested)
            made = [
                (p.id, suggestion((STATEMENTS[n % 4], 0.35 + n / 20), category=CATEGORIES[n % 3]))
                for n, p in enumerate(ingested.passages)
            ]
            store.save_suggestions(run, made)
    return path


@pytest.fixture
def store(path: Path) -> Iterator[SqlStore]:
    with open_project(path) as opened:
        yield opened


def ids(store: Store) -> list[str]:
    return [p.id for d in store.documents() for p in store.passages(d.id)]


def decide(store: Store, passage: str, decision: Decision, second: int, coder: str = "ann") -> None:
    store.append_event(
        coder=coder, action=EventAction.DECIDED, subject=passage, at=at(second), payload=decision.to_json()
    )


def is_kept(store: SqlStore) -> bool:
    with store._database.read() as connection:
        return counts.kept(connection, 1) is not None


def forget(path: Path) -> None:
    """Have nothing kept."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM project WHERE key = 'counts_stamp'")


def test_the_matrix_is_the_same_with_counts_kept_and_without(path: Path, store: SqlStore) -> None:
    passages = ids(store)
    acts: tuple[Callable[[], object], ...] = (
        lambda: decide(store, passages[0], coded(STATEMENTS[0]), 1),
        lambda: decide(store, passages[1], Decision(Outcome.UNSURE), 2),
        lambda: decide(store, passages[2], Decision(Outcome.NONE), 3, "bob"),
        lambda: decide(store, passages[2], coded(STATEMENTS[1]), 4),
        lambda: store.undo("ann", at(5)),
    )
    store.keep_counts()
    for act in acts:
        act()
        assert is_kept(store), "a decision leaves what is kept as it is"
        with_counts = store.matrix()
        forget(path)
        assert store.matrix() == with_counts
        store.keep_counts()
    assert store.verify() == []


def test_what_changes_the_suggestions_leaves_nothing_to_use(store: SqlStore) -> None:
    store.keep_counts()
    before = store.matrix()
    store.append_event(
        coder="ann", action=EventAction.WITHDRAWN, subject=store.documents()[0].id, at=at(1), payload={}
    )
    assert not is_kept(store)
    assert sum(c.suggested for c in store.matrix().rows.values()) < sum(
        c.suggested for c in before.rows.values()
    )
    store.keep_counts()
    assert is_kept(store)
    store.start_run(RunSpec("b@1", "sha256:1", "f@1"), NOW)
    assert not is_kept(store)
    assert store.matrix().rows == {}
    store.keep_counts()
    store.start_run(RunSpec("a@1", "sha256:0", "f@1"), NOW)
    assert store.matrix().rows != {}
    assert store.verify() == []


def test_nothing_is_kept_before_the_first_run(tmp_path: Path) -> None:
    path = tmp_path / "q.db"
    with create_project(path, framework_id="f", framework_version="1", framework_text="", now=NOW) as store:
        store.keep_counts()
        assert store.matrix().rows == {}
        assert store.verify() == []


@pytest.mark.parametrize(
    "change",
    ["UPDATE suggested_counts SET number = number + 1", "UPDATE suggested_counts SET parts = parts - 1"],
)
def test_counts_that_are_not_the_suggestions_are_found(path: Path, store: SqlStore, change: str) -> None:
    store.keep_counts()
    assert store.verify() == []
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"{change} WHERE code = '{STATEMENTS[0]}'")
    (first, *_) = store.verify()
    assert (first.subject, first.problem) == (
        f"counts of {STATEMENTS[0]}",
        "what is kept of them is not what is suggested",
    )


def test_counts_counted_while_the_project_changed_are_not_kept(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    count, passages = counts.counted, ids(store)

    def overtaken(connection: object, run_number: int, *, decided: bool = False) -> object:
        found = count(connection, run_number, decided=decided)  # type: ignore[arg-type]
        with open_project(store._database.path) as other:
            other.save_suggestions(_run(other), [(passages[0], suggestion((STATEMENTS[8], 0.9)))])
        return found

    monkeypatch.setattr(counts, "counted", overtaken)
    store.keep_counts()
    monkeypatch.undo()
    assert not is_kept(store)
    assert store.verify() == []


def _run(store: Store) -> str:
    run = store.current_run()
    assert run is not None
    return run[0]
