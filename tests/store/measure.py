"""Times the queue on a made-up project: ``python -m tests.store.measure FOLDER [PASSAGES]``."""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

from tests.store.builders import CATEGORIES, NOW, STATEMENTS, coded, reading, suggestion

from evidence_mapper.domain.coding import Decision, EventAction, Outcome, RunSpec
from evidence_mapper.domain.project import QueueFilter, QueueOrder, ReviewState
from evidence_mapper.store.base import Store
from evidence_mapper.store.engine import create_project, open_project

WORDS = ("people", "carers", "support", "review", "staff", "home", "plan", "safe", "choice", "work")
PER_DOCUMENT = 500
DECIDED = 20_000


def build(path: Path, total: int) -> None:
    """Make the project with suggestions and, from the top of the queue, DECIDED decisions by "ann"."""
    chance = random.Random(7)
    with create_project(path, framework_id="f", framework_version="1", framework_text="x", now=NOW) as store:
        run = store.start_run(RunSpec("a@1", "sha256:0", "f@1"), NOW)
        for number in range(total // PER_DOCUMENT):
            texts = [f"{number} {n} " + " ".join(chance.choices(WORDS, k=60)) for n in range(PER_DOCUMENT)]
            ingested = reading(f"doc-{number}.txt", texts)
            store.add_document(ingested)
            made = [
                (
                    p.id,
                    suggestion(
                        *((s, chance.betavariate(0.5, 2)) for s in chance.sample(STATEMENTS, 3)),
                        none=chance.random(),
                        category=chance.choice(CATEGORIES),
                    ),
                )
                for p in ingested.passages
            ]
            store.save_suggestions(run, made)
        decide(store, min(DECIDED, total // 5))


def decide(store: Store, number: int) -> None:
    """Decide the first passages of the queue."""
    for row in store.queue("ann", QueueFilter(), QueueOrder.LIKELY, 0, number):
        choice = coded(row.statement or "", category="processes")
        answer = choice if hash(row.passage_id) % 3 else Decision(Outcome.NONE)
        store.append_event(
            coder="ann", action=EventAction.DECIDED, subject=row.passage_id, at=NOW, payload=answer.to_json()
        )


def say(line: str) -> None:
    """Write one line."""
    sys.stdout.write(line + "\n")


def report(name: str, call: Callable[[], Any], times: int = 15) -> None:
    """Print the median and the slowest of some calls, in milliseconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        taken.append((time.perf_counter() - start) * 1000)
    say(f"{name:44} median {statistics.median(taken):8.2f} ms   slowest {max(taken):8.2f} ms")


def main(folder: Path, total: int) -> None:
    """Build the project if need be and time the calls."""
    path = folder / f"measure-{total}.db"
    if not path.exists():
        start = time.perf_counter()
        build(path, total)
        say(f"built in {time.perf_counter() - start:.1f} s")
    with open_project(path) as store:
        measure(store)
        start = time.perf_counter()
        found = store.verify()
        seconds = time.perf_counter() - start
    say(f"verify {seconds:.1f} s, {len(found)} disagreements; {path.stat().st_size >> 20} MB")


def measure(store: Store) -> None:
    """Time each call, for a coder with decisions (ann) and one without (bob)."""
    likely, place = QueueOrder.LIKELY, store.passage_count() * 2 // 5
    todo, one = QueueFilter(), QueueFilter(statement=STATEMENTS[2])
    cell = QueueFilter(statement=STATEMENTS[2], category="processes")
    filters = {"to review": todo, "statement": one, "cell": cell, "any": QueueFilter(state=ReviewState.ANY)}
    say(f"{store.queue_count('ann', todo)} to review of {store.passage_count()}; {store.progress('ann')}")
    for (name, where), coder in product(filters.items(), ("ann", "bob")):
        report(f"count, {name}, {coder}", partial(store.queue_count, coder, where))
        for order in QueueOrder:
            report(f"page 1, {name}, {order}, {coder}", partial(store.queue, coder, where, order, 0, 50))
    for order in (likely, QueueOrder.DOCUMENT):
        report(f"page at {place}, {order}", partial(store.queue, "ann", todo, order, place, 50))
    deep = store.queue("ann", todo, likely, place, 1)[0].passage_id
    report(f"position {place}", partial(store.queue_position, "ann", todo, likely, deep))
    report("position, statement", partial(store.queue_position, "ann", one, likely, deep))
    mine = QueueFilter(state=ReviewState.CODED)
    report("page 1, coded", partial(store.queue, "ann", mine, likely, 0, 50))
    report("count, coded", partial(store.queue_count, "ann", mine))
    report("page 1, text", partial(store.queue, "ann", QueueFilter(text="safe choice"), likely, 0, 50), 3)
    report("count, text", partial(store.queue_count, "ann", QueueFilter(text="safe choice")), 3)
    report("matrix", store.matrix, 5)
    report("progress", partial(store.progress, "ann"))
    report("document progress", partial(store.document_progress, "ann"))
    record = partial(store.append_event, coder="cat", action=EventAction.DECIDED, subject=deep, at=NOW)
    report("append_event", partial(record, payload=coded(STATEMENTS[0], category="processes").to_json()), 30)
    report("undo", partial(store.undo, "cat", NOW), 20)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000)
