"""The queue a review works through: taken once, and the same as the store's at every moment that matters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.builders import NOW, STATEMENTS, coded, reading, suggestion

from evidence_mapper import frameworks
from evidence_mapper.domain.coding import Decision, EventAction, Outcome, RunSpec
from evidence_mapper.domain.project import QueueFilter, QueueOrder, ReviewState
from evidence_mapper.store.base import Store
from evidence_mapper.store.engine import create_project, open_project
from evidence_mapper.workflow.review import ReviewSession

OPEN = QueueFilter()
LIKELY = QueueOrder.LIKELY


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "p.db"
    with create_project(path, framework_id="f", framework_version="1", framework_text="", now=NOW) as store:
        ingested = reading("a.txt", [f"Passage {n}" for n in range(12)])
        store.add_document(ingested)
        run = store.start_run(RunSpec("a@1", "sha256:0", "f@1"), NOW)
        made = [
            (p.id, suggestion((STATEMENTS[n % 3], 0.5 + n / 30))) for n, p in enumerate(ingested.passages)
        ]
        store.save_suggestions(run, made)
    return path


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with open_project(path) as opened:
        yield opened


def session(store: Store, coder: str = "ann") -> ReviewSession:
    return ReviewSession(store, frameworks.load("cqc-local-authority"), coder, lambda: NOW)


def ids(review: ReviewSession, where: QueueFilter = OPEN, order: QueueOrder = LIKELY) -> list[str]:
    return [row.passage_id for row in review.page(where, order, 0, 100)]


def fresh(store: Store, where: QueueFilter = OPEN, order: QueueOrder = LIKELY) -> list[str]:
    return [row.passage_id for row in store.queue("ann", where, order, 0, 100)]


STEPS = st.lists(
    st.tuples(st.sampled_from(["none", "unsure", "undo", "look"]), st.integers(0, 11)), max_size=14
)


@given(STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_leaves_what_the_store_would_say(path: Path, steps: list[tuple[str, int]]) -> None:
    with open_project(path) as store:
        review = session(store)
        while review.undo() is not None:
            pass
        anywhere = ids(review, QueueFilter(state=ReviewState.ANY))
        for what, number in steps:
            if what == "undo":
                review.undo()
            elif what == "look":
                ids(review, QueueFilter(state=ReviewState.NONE))
            else:
                review.decide(anywhere[number], Decision(Outcome(what)))
            assert ids(review) == fresh(store)
            assert review.count(OPEN) == len(fresh(store))
            assert review.progress() == store.progress("ann")


def test_a_decision_moves_nothing_else_in_the_order_by_gaps(store: Store) -> None:
    review = session(store)
    before = ids(review, order=QueueOrder.GAP)
    chosen = coded(STATEMENTS[2], category="processes")
    store_decide(store, before[0], chosen, "bob")
    store_decide(store, before[3], chosen, "bob")
    review.decide(before[0], Decision(Outcome.NONE))
    assert ids(review, order=QueueOrder.GAP) == before[1:]
    assert review.position(OPEN, QueueOrder.GAP, before[0]) is None
    assert review.position(OPEN, QueueOrder.GAP, before[4]) == 3
    review.undo()
    assert ids(review, order=QueueOrder.GAP) == before
    assert review.count(OPEN, QueueOrder.GAP, anew=True) == 12
    assert ids(review, order=QueueOrder.GAP) == fresh(store, order=QueueOrder.GAP) != before


def store_decide(store: Store, passage: str, decision: Decision, coder: str) -> None:
    store.append_event(
        coder=coder, action=EventAction.DECIDED, subject=passage, at=NOW, payload=decision.to_json()
    )


def test_gaps_come_before_what_is_covered(store: Store) -> None:
    queue = fresh(store, QueueFilter(state=ReviewState.ANY), QueueOrder.GAP)
    likely = fresh(store, QueueFilter(state=ReviewState.ANY))
    assert queue == likely, "nothing is confirmed: every cell is bare"
    for passage in likely[:3]:
        store_decide(store, passage, coded(STATEMENTS[2], category="processes"), "bob")
    bare = [i for i in likely if store_top(store, i) != STATEMENTS[2]]
    covered = [i for i in likely if store_top(store, i) == STATEMENTS[2]]
    assert fresh(store, QueueFilter(state=ReviewState.ANY), QueueOrder.GAP) == [*bare, *covered]


def store_top(store: Store, passage: str) -> str:
    made = store.suggestion(passage)
    assert made is not None
    return made.statements[0].id


def test_new_suggestions_and_documents_show_at_once(store: Store) -> None:
    review = session(store)
    first = ids(review)
    run = store.start_run(RunSpec("a@2", "sha256:1", "f@1"), NOW)
    store.save_suggestions(run, [(first[-1], suggestion((STATEMENTS[0], 0.99)))])
    assert ids(review)[0] == first[-1]
    store.add_document(reading("b.txt", ["Another"]))
    assert len(ids(review)) == review.count(OPEN) == 13


def test_the_same_coder_in_another_window_is_seen(path: Path, store: Store) -> None:
    review = session(store)
    first = ids(review)
    with open_project(path) as other:
        session(other).decide(first[0], Decision(Outcome.NONE))
    assert ids(review) == first[1:]
    assert review.progress().none == 1


def test_another_coder_changes_neither_queue_nor_counts(path: Path, store: Store) -> None:
    review = session(store)
    first = ids(review)
    with open_project(path) as other:
        session(other, "bob").decide(first[0], Decision(Outcome.NONE))
    assert ids(review) == first
    assert review.progress().decided == 0


def test_a_queue_of_flagged_passages_follows_the_flags(store: Store) -> None:
    review = session(store)
    flagged = QueueFilter(flagged=True)
    everything = ids(review)
    assert review.count(flagged, LIKELY) == 0
    review.flag(everything[2], "Priya", "who checks this?")
    assert ids(review, flagged) == [everything[2]]
    review.unflag(everything[2])
    assert ids(review, flagged) == []


def test_reads_at_once_see_one_commit(path: Path, store: Store) -> None:
    review = session(store)
    with review.at_once():
        first = review.count(OPEN)
        with open_project(path) as other:
            session(other).decide(ids(session(other))[0], Decision(Outcome.NONE))
        assert review.count(OPEN) == first
    assert review.count(OPEN) == first - 1
