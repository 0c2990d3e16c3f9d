"""Cards kept at hand: the same as read anew at every moment, and read anew as seldom as can be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.builders import NOW, STATEMENTS, reading, suggestion

from evidence_mapper import frameworks
from evidence_mapper.domain.coding import Decision, Outcome, RunSpec
from evidence_mapper.domain.project import QueueFilter, QueueOrder
from evidence_mapper.store.base import Store
from evidence_mapper.store.engine import create_project, open_project
from evidence_mapper.workflow.review import ReviewSession

TEXTS = ("One", "Two", "Three", "Four", "Two")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "p.db"
    with create_project(path, framework_id="f", framework_version="1", framework_text="", now=NOW) as store:
        ingested = reading("a.txt", TEXTS)
        store.add_document(ingested)
        run = store.start_run(RunSpec("a@1", "sha256:0", "f@1"), NOW)
        pairs = [(p.id, suggestion((STATEMENTS[0], 0.5 + n / 30))) for n, p in enumerate(ingested.passages)]
        store.save_suggestions(run, pairs)
    return path


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with open_project(path) as opened:
        yield opened


def session(store: Store, coder: str = "ann") -> ReviewSession:
    return ReviewSession(store, frameworks.load("cqc-local-authority"), coder, lambda: NOW)


def ids(store: Store) -> list[str]:
    (document,) = store.documents()
    return [passage.id for passage in store.passages(document.id)]


class Reads:
    """Counts how often a card is read from the store."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        read = store.neighbours

        def counting(passage_id: str) -> object:
            self.count += 1
            return read(passage_id)

        monkeypatch.setattr(store, "neighbours", counting)


def test_own_decisions_elsewhere_leave_a_card_at_hand(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    review, passages = session(store), ids(store)
    review.card(passages[1])
    reads = Reads(store, monkeypatch)
    review.decide(passages[0], Decision(Outcome.NONE))
    assert review.card(passages[1]) == session(store).card(passages[1])
    assert reads.count == 1, "only the session that has none at hand reads it"


def test_what_was_taken_back_leaves_the_card_as_it_was(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    review, passages = session(store), ids(store)
    before = review.card(passages[0])
    reads = Reads(store, monkeypatch)
    review.decide(passages[0], Decision(Outcome.UNSURE), shown=before)
    review.undo()
    assert review.card(passages[0]) == before
    assert reads.count == 0


def test_another_reviewers_decision_is_on_the_next_card(path: Path, store: Store) -> None:
    review, passages = session(store), ids(store)
    assert review.card(passages[1]).others == ()
    with open_project(path) as other:
        session(other, "bob").decide(passages[1], Decision(Outcome.NONE))
    assert [held.coder for held in review.card(passages[1]).others] == ["bob"]


def test_the_coders_other_window_counts_as_another(path: Path, store: Store) -> None:
    review, passages = session(store), ids(store)
    assert review.card(passages[1]).mine is None
    with open_project(path) as other:
        session(other).decide(passages[1], Decision(Outcome.NONE))
    mine = review.card(passages[1]).mine
    assert mine is not None
    assert mine.decision.outcome is Outcome.NONE


def test_a_flag_a_kind_of_paper_and_a_new_run_are_seen(store: Store) -> None:
    review, passages = session(store), ids(store)
    review.card(passages[1])
    review.flag(passages[1], "Priya", "who checks this?")
    assert review.card(passages[1]).flag is not None
    run = store.start_run(RunSpec("b@1", "sha256:1", "f@1"), NOW)
    assert review.card(passages[1]).suggestion is None
    store.save_suggestions(run, [(passages[1], suggestion((STATEMENTS[1], 0.8)))])
    assert review.card(passages[1]).run_id == run
    assert review.card(passages[1]).suggestion is not None


STEPS = st.lists(
    st.tuples(st.sampled_from(["none", "unsure", "undo", "other", "flag"]), st.integers(0, 4)), max_size=12
)


@given(STEPS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_leaves_the_cards_a_new_session_reads(path: Path, steps: list[tuple[str, int]]) -> None:
    with open_project(path) as store, open_project(path) as elsewhere:
        review, other, passages = session(store), session(elsewhere, "bob"), ids(store)
        for what, number in steps:
            if what == "undo":
                review.undo()
            elif what == "other":
                other.decide(passages[number], Decision(Outcome.NONE))
            elif what == "flag":
                other.flag(passages[number], "", f"step {number}")
            else:
                review.decide(passages[number], Decision(Outcome(what)))
            for passage in passages:
                assert review.card(passage) == session(store).card(passage)
            assert review.progress() == store.progress("ann")


def test_a_small_queue_has_no_glimpse_and_a_large_ones_is_its_first(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = session(store)
    assert review.glimpse(QueueFilter(), QueueOrder.GAP) is None
    monkeypatch.setattr("evidence_mapper.store.queue.LARGE", 1)
    for _ in range(len(TEXTS)):
        store.keep_counts()
        for order in QueueOrder:
            first = review.page(QueueFilter(), order, 0, 1)[0].passage_id
            seen = review.glimpse(QueueFilter(), order)
            assert seen is None or seen.passage.id == first
            told = order not in (QueueOrder.STATEMENT, QueueOrder.NEWEST)
            assert (seen is not None) == told, order
        top = review.page(QueueFilter(), QueueOrder.GAP, 0, 1)[0].passage_id
        review.decide(top, Decision(Outcome.NONE))
    assert review.glimpse(QueueFilter(), QueueOrder.GAP) is None
