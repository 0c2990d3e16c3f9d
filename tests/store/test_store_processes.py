"""Several processes and threads on one project."""

from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.store.builders import NOW, reading

from evidence_mapper.domain.coding import Decision, EventAction, Outcome
from evidence_mapper.domain.project import QueueFilter, QueueOrder, ReviewState
from evidence_mapper.store.engine import create_project, open_project

WRITER = """
import itertools, sys
from pathlib import Path
from evidence_mapper.domain.coding import Decision, EventAction, Outcome, Verdict
from evidence_mapper.store.engine import open_project

path, coder, times = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
answers = itertools.cycle(
    [Decision(Outcome.CODED, (("statement-1", Verdict.ACCEPTED),)), Decision(Outcome.NONE)]
)
with open_project(path) as store:
    ids = [passage.id for passage in store.passages(store.documents()[0].id)]
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(times) if times else itertools.count():
        event = store.append_event(
            coder=coder,
            action=EventAction.DECIDED,
            subject=ids[number % len(ids)],
            at=f"{number:06}",
            payload=next(answers).to_json(),
        )
        print(event.sequence, event.id, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "p.db"
    with create_project(path, framework_id="f", framework_version="1", framework_text="", now=NOW) as store:
        store.add_document(reading("a.txt", [f"Passage {n}" for n in range(40)]))
    return path


def start(path: Path, coder: str, times: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), coder, str(times)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def go(child: subprocess.Popen[str]) -> None:
    assert child.stdout is not None
    assert child.stdin is not None
    assert child.stdout.readline() == "ready\n", child.stderr and child.stderr.read()
    child.stdin.write("go\n")
    child.stdin.flush()


def test_two_processes_at_once_lose_no_decision(path: Path) -> None:
    children = {coder: start(path, coder, 100) for coder in ("ann", "bob")}
    for child in children.values():
        go(child)
    acknowledged: dict[str, list[str]] = {}
    for coder, child in children.items():
        out, err = child.communicate(timeout=120)
        assert child.returncode == 0, err
        acknowledged[coder] = out.splitlines()
    with open_project(path) as store:
        events = store.history(limit=1000)
        assert sorted(e.sequence for e in events) == list(range(1, 201))
        for coder, lines in acknowledged.items():
            stored = [f"{e.sequence} {e.id}" for e in reversed(events) if e.coder == coder]
            assert stored == lines
            decided = store.queue_count(coder, QueueFilter(state=ReviewState.TO_REVIEW))
            assert decided == 0
        assert store.verify() == []


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@pytest.mark.parametrize("after", [1, 17, 60])
def test_a_killed_process_loses_no_acknowledged_decision(path: Path, after: int) -> None:
    child = start(path, "ann", 0)
    go(child)
    assert child.stdout is not None
    lines = [child.stdout.readline() for _ in range(after)]
    child.send_signal(signal.SIGKILL)
    rest, _ = child.communicate(timeout=60)
    # The last line may be cut off: its decision was never acknowledged.
    lines += [line for line in rest.splitlines(keepends=True) if line.endswith("\n")]
    assert child.returncode == -signal.SIGKILL
    with open_project(path) as store:
        stored = {f"{e.sequence} {e.id}\n" for e in store.history(limit=100_000)}
        assert len(lines) >= after
        assert set(lines) <= stored
        assert len(stored) <= len(lines) + 2
        assert store.verify() == []
        assert store.undo("ann", NOW) is not None


def test_threads_share_one_store(path: Path) -> None:
    with open_project(path) as store, ThreadPoolExecutor(8) as pool:
        ids = [p.id for p in store.passages(store.documents()[0].id)]

        def work(number: int) -> int:
            store.append_event(
                coder=f"coder-{number % 4}",
                action=EventAction.DECIDED,
                subject=ids[number],
                at=NOW,
                payload=Decision(Outcome.NONE).to_json(),
            )
            store.queue(f"coder-{number % 4}", QueueFilter(), QueueOrder.LIKELY, 0, 10)
            return len(list(store.passages(store.documents()[0].id)))

        assert list(pool.map(work, range(40))) == [40] * 40
        assert len(store.history()) == 40
        assert store.verify() == []


def test_a_reader_of_rows_sees_one_commit_while_another_writes(path: Path) -> None:
    with open_project(path) as store:
        passages = store.passages(store.documents()[0].id)
        first = next(passages)
        with open_project(path) as other:
            other.add_document(reading("a.txt", ["New"]))
        assert [first.text, *(p.text for p in passages)] == [f"Passage {n}" for n in range(40)]
        assert store.passage_count() == 1
