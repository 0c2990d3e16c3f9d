"""A review of a million passages: what is read and held for it, which a busy machine does not change.

No time is measured here (``benchmarks/review.py`` does that): a key must ask few questions, none may go
through a whole table, and the process must stay small.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from benchmarks.review_copies import multiply
from benchmarks.review_project import CODER, build
from sqlalchemy import event

from evidence_mapper.domain.project import QueueFilter
from evidence_mapper.store.sql_store import SqlStore
from evidence_mapper.workflow.project import open_project
from evidence_mapper.workflow.review import ReviewSession, decision_from_suggestion
from evidence_mapper.workflow.undoing import undo_last

pytestmark = pytest.mark.slow

MADE, TIMES = 5_000, 200
LARGE = ("queue_items", "passages", "suggestions", "suggested_codes", "passage_keys")
"""Tables with a row, or several, for each passage."""

SITTING = """
import json, sys
from pathlib import Path
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.project import open_project
from evidence_mapper.workflow.review import ReviewSession, decision_from_suggestion

with open_project(Path(sys.argv[1])) as project:
    session = ReviewSession(project.store, project.framework, sys.argv[2], utc_now)
    where, order = session.opening
    session.glimpse(where, order)
    left = session.count(where, order, anew=True)
    for place in range(30):
        card = session.card(session.page(where, order, place, 1)[0].passage_id)
        session.examples(project.framework.statements[place % 9].id, card.passage.id)
        session.decide(card.passage.id, decision_from_suggestion(card.suggestion), shown=card)
    for _ in range(10):
        session.undo()
    session.matrix()
    session.documents()
    session.history()
    held = next(line for line in open("/proc/self/status") if line.startswith("VmHWM:"))
    print(json.dumps({"left": left, "MiB": int(held.split()[1]) / 1024}))
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a project of a million passages; without the index of words, which no key of a review asks."""
    path = tmp_path_factory.mktemp("million") / "p.sqlite"
    build(path, MADE, tell=False)
    multiply(path, TIMES, search=False)
    with open_project(path) as project:
        project.store.keep_counts()
    yield path
    path.unlink()


class Questions:
    """What a store is asked, while it is listened to."""

    def __init__(self, store: SqlStore) -> None:
        self.asked: list[tuple[str, Any]] = []
        event.listen(store._database._engine, "before_cursor_execute", self._hear)

    def _hear(self, _connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        if statement.lstrip().startswith("SELECT"):
            self.asked.append((statement, values))

    def scans(self, path: Path) -> list[str]:
        """Return the questions that go through a large table from end to end, with how."""
        found = []
        with closing(sqlite3.connect(path)) as connection:
            for statement, values in self.asked:
                plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)
                lines = [row[3] for row in plan]
                found += [
                    f"{line}: {' '.join(statement.split())[:200]}"
                    for line in lines
                    if line.startswith("SCAN") and line.split()[1] in LARGE
                ]
        return found


def test_the_first_passage_is_found_without_the_queue(path: Path) -> None:
    with open_project(path) as project:
        store = project.store
        assert isinstance(store, SqlStore)
        session = ReviewSession(store, project.framework, CODER, lambda: "2026-01-06")
        steps = 0

        def count() -> int:
            nonlocal steps
            steps += 1
            return 0

        @event.listens_for(store._database._engine, "begin")
        def listen(connection: Any) -> None:
            connection.connection.driver_connection.set_progress_handler(count, 1000)

        where, order = session.opening
        seen = session.glimpse(where, order)
        assert steps < 1000, f"{steps} thousand steps of SQLite for one passage"
        assert session.count(where, order, anew=True) > 900_000
        assert seen is not None
        assert seen.passage.id == session.page(where, order, 0, 1)[0].passage_id


def test_keys_ask_little_and_no_question_goes_through_a_table(path: Path) -> None:
    with open_project(path) as project:
        store = project.store
        assert isinstance(store, SqlStore)
        session = ReviewSession(store, project.framework, CODER, lambda: "2026-01-06T09:00:00.000000+00:00")
        where, order = session.opening
        session.count(where, order, anew=True)
        session.progress()
        first, second = (row.passage_id for row in session.page(where, order, 0, 50)[:2])
        card = session.card(first)
        session.card(second)  # read ahead, as the screen does
        questions = Questions(store)
        assert card.suggestion is not None
        decision = decision_from_suggestion(card.suggestion)
        assert decision is not None
        session.decide(first, decision, shown=card)
        with session.at_once():
            session.page(where, order, 0, 50)
            session.card(second)
            session.progress()
        decided = len(questions.asked)
        undo_last(session)
        with session.at_once():
            session.page(where, order, 0, 50)
            session.card(first)
            session.progress()
        undone = len(questions.asked) - decided
        session.card(session.page(where, order, 0, 50)[7].passage_id)
        session.examples(project.framework.statements[0].id, first)
        assert questions.scans(path) == []
        assert decided <= 30, f"{decided} questions for a decision and the next passage"
        assert undone <= 40, f"{undone} questions for an undo and the passage it returns to"


def test_the_matrix_is_counted_from_what_is_kept(path: Path) -> None:
    with open_project(path) as project:
        store = project.store
        assert isinstance(store, SqlStore)
        questions = Questions(store)
        matrix = store.matrix()
        assert questions.scans(path) == []
        assert not any("suggested_codes" in q and "IN (SELECT" not in q for q, _ in questions.asked)
        left = QueueFilter(statement=project.framework.statements[0].id, confirmed=False)
        assert store.queue_count("nobody", left) == matrix.row(project.framework.statements[0].id).suggested


@pytest.mark.skipif(sys.platform != "linux", reason="what a process held at most is read from /proc")
def test_a_sitting_holds_little(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SITTING, str(path), CODER], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    assert found["left"] > 900_000
    assert found["MiB"] < 300
