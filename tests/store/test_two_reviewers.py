"""Two people review one project at once, in two processes; and one of them is killed at any moment."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.store.builders import NOW, STATEMENTS, reading, suggestion

from evidence_mapper.domain.coding import EventAction, RunSpec
from evidence_mapper.domain.project import QueueFilter, QueueOrder, ReviewState
from evidence_mapper.store.engine import create_project, open_project

PASSAGES = 60

REVIEWER = """
import sys
from pathlib import Path
from evidence_mapper.domain.coding import Decision, Outcome
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.project import QueueFilter, QueueOrder
from evidence_mapper import frameworks
from evidence_mapper.store.engine import open_project
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.review import ReviewSession

path, coder = Path(sys.argv[1]), sys.argv[2]
with open_project(path) as store:
    session = ReviewSession(store, frameworks.load("cqc-local-authority"), coder, utc_now)
    where, order = QueueFilter(), QueueOrder.GAP
    session.count(where, order)
    print("ready", flush=True)
    sys.stdin.readline()
    number = 0
    while rows := session.page(where, order, 0, 5):
        card = session.card(rows[0].passage_id)
        assert card.mine is None, "a passage came twice"
        answer = Decision(Outcome.UNSURE if number % 3 == 0 else Outcome.NONE)
        event = session.decide(card.passage.id, answer, shown=card)
        print(event.sequence, event.id, event.subject, flush=True)
        if number % 7 == 6:
            undone = session.undo()
            print(undone.sequence, undone.id, undone.subject, flush=True)
            event = session.decide(card.passage.id, answer, shown=card)
            print(event.sequence, event.id, event.subject, flush=True)
        number += 1
    progress = session.progress()
    print("end", progress.decided, session.count(where, order), flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "p.db"
    with create_project(path, framework_id="f", framework_version="1", framework_text="", now=NOW) as store:
        ingested = reading("a.txt", [f"Passage {n}" for n in range(PASSAGES)])
        store.add_document(ingested)
        run = store.start_run(RunSpec("a@1", "sha256:0", "f@1"), NOW)
        made = [(p.id, suggestion((STATEMENTS[n % 9], 0.7))) for n, p in enumerate(ingested.passages)]
        store.save_suggestions(run, made)
    return path


def reviewer(path: Path, coder: str) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", REVIEWER, str(path), coder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n", child.stderr and child.stderr.read()
    return child


def begin(child: subprocess.Popen[str]) -> None:
    assert child.stdin is not None
    child.stdin.write("go\n")
    child.stdin.flush()


def test_two_reviewers_each_go_through_everything_at_once(path: Path) -> None:
    children = {coder: reviewer(path, coder) for coder in ("ann", "bob")}
    for child in children.values():
        begin(child)
    for coder, child in children.items():
        out, err = child.communicate(timeout=120)
        assert child.returncode == 0, (coder, err)
        assert out.splitlines()[-1] == f"end {PASSAGES} 0"
    with open_project(path) as store:
        held = store.held_decisions()
        assert len(held) == 2 * PASSAGES
        assert {h.decision.coder for h in held} == {"ann", "bob"}
        assert store.verify() == []


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_reviewer_killed_at_any_moment_loses_nothing_and_disturbs_nobody(path: Path, seed: int) -> None:
    victim, other = reviewer(path, "ann"), reviewer(path, "bob")
    begin(victim)
    begin(other)
    time.sleep(random.Random(seed).uniform(0.02, 0.8))
    victim.send_signal(signal.SIGKILL)
    seen, _ = victim.communicate(timeout=60)
    out, err = other.communicate(timeout=120)
    assert other.returncode == 0, err
    assert out.splitlines()[-1] == f"end {PASSAGES} 0"
    # The last line may be cut off: what it tells of was never shown as recorded.
    lines = [line for line in seen.splitlines(keepends=True) if line.endswith("\n")]
    told = [line.split() for line in lines if not line.startswith("end")]
    with open_project(path) as store:
        record = {e.id: e for e in store.history(limit=10_000)}
        for sequence, event_id, subject in told:
            assert (record[event_id].sequence, record[event_id].subject) == (int(sequence), subject)
        mine = [e for e in record.values() if e.coder == "ann"]
        # All but the one it was about to tell of was told.
        assert len(mine) <= len(told) + 1
        decided = {e.subject for e in mine if e.action is EventAction.DECIDED}
        left = store.queue_count("ann", QueueFilter())
        assert left >= PASSAGES - len(decided)
        assert len(store.queue("bob", QueueFilter(state=ReviewState.ANY), QueueOrder.GAP, 0, 99)) == PASSAGES
        assert store.verify() == []
