"""What remains unseen: bounds that are right as often as they say, and the whole way through a project."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom
from tests.store.builders import NOW, coded, reading, suggestion

from evidence_mapper import frameworks
from evidence_mapper.domain.coding import Decision, EventAction, Outcome, RunSpec
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.project import QueueFilter, QueueOrder, ReviewState
from evidence_mapper.domain.remaining import Remaining, RemainingRow
from evidence_mapper.errors import UsageError
from evidence_mapper.store.base import Store
from evidence_mapper.store.engine import create_project
from evidence_mapper.workflow.remaining import remaining, sample_to_stop
from evidence_mapper.workflow.samples import draw_sample, latest_sample
from evidence_mapper.workflow.sampling import expected_count, sample_needed, upper_bound

SAFE, EQUITY = "safeguarding", "equity"


@given(st.integers(1, 60), st.data())
@settings(max_examples=60, deadline=None)
def test_the_bound_fails_no_more_often_than_it_says(frame: int, data: st.DataObject) -> None:
    sample = data.draw(st.integers(0, frame))
    relevant = data.draw(st.integers(0, frame))
    confidence = data.draw(st.sampled_from([0.8, 0.9, 0.95]))
    draws = np.arange(max(0, sample - (frame - relevant)), min(sample, relevant) + 1)
    chances = hypergeom.pmf(draws, frame, relevant, sample)
    holds = [upper_bound(frame, sample, int(found), confidence) >= relevant for found in draws]
    assert chances[holds].sum() >= confidence - 1e-9


def test_the_bound_is_no_larger_than_it_must_be() -> None:
    bound = upper_bound(1000, 100, 2, 0.9)
    assert hypergeom.cdf(2, 1000, bound, 100) > 0.1 >= hypergeom.cdf(2, 1000, bound + 1, 100)
    assert upper_bound(50, 50, 7, 0.9) == 7
    assert upper_bound(50, 0, 0, 0.9) == 50


@pytest.mark.parametrize(("frame", "sample", "found"), [(10, 11, 0), (10, 5, 6), (0, 0, 0)])
def test_no_bound_from_numbers_that_are_no_sample(frame: int, sample: int, found: int) -> None:
    with pytest.raises(ValueError, match="no sample"):
        upper_bound(frame, sample, found, 0.9)


def test_the_smallest_sample_that_shows_it() -> None:
    needed = sample_needed(1000, 20, 0.9)
    assert needed is not None
    assert upper_bound(1000, needed, 0, 0.9) <= 20 < upper_bound(1000, needed - 1, 0, 0.9)
    assert sample_needed(1000, 0, 0.9) is not None
    assert sample_needed(5, 0, 0.9) is None


def test_the_expected_count_is_that_of_every_way_it_can_come_out() -> None:
    chances = [0.9, 0.2, 0.55, 0.05, 0.7]
    exact = np.zeros(6)
    for outcome in itertools.product((0, 1), repeat=5):
        each = [p if hit else 1 - p for p, hit in zip(chances, outcome, strict=True)]
        exact[sum(outcome)] += np.prod(each)
    found = expected_count(chances)
    assert found.mean == pytest.approx(2.4)
    below = np.cumsum(exact)
    assert (found.low, found.high) == (int(np.argmax(below >= 0.05)), int(np.argmax(below >= 0.95)))


def test_the_expected_count_scatters_as_chance_does() -> None:
    chance = np.random.default_rng(4)
    chances = chance.beta(0.4, 4, size=3000)
    found = expected_count(chances)
    counts = (chance.random((2000, 3000)) < chances).sum(axis=1)
    assert 0.87 < np.mean((found.low <= counts) & (counts <= found.high)) < 0.95
    assert expected_count([]).high == 0


class World:
    """A project whose truth is known: every tenth passage bears on safeguarding."""

    def __init__(self, path: Path, size: int = 120) -> None:
        self.framework: Framework = frameworks.load("cqc-local-authority")
        self.store: Store = create_project(
            path, framework_id="cqc-local-authority", framework_version="1", framework_text="", now=NOW
        )
        texts = [f"{'Safe' if n % 10 == 0 else 'Other'} passage {n}" for n in range(size)]
        self.ingested = reading("a.txt", texts)
        self.store.add_document(self.ingested)
        self.truth = {p.id: p.text.startswith("Safe") for p in self.ingested.passages}
        run = self.store.start_run(RunSpec("a@1", "sha256:0", "f@1"), NOW)
        made = [
            (i, suggestion((SAFE, 0.8 if safe else 0.05), (EQUITY, 0.01))) for i, safe in self.truth.items()
        ]
        self.store.save_suggestions(run, made)

    def read(self, passage_ids: list[str] | tuple[str, ...]) -> None:
        for passage_id in passage_ids:
            answer = coded(SAFE) if self.truth[passage_id] else Decision(Outcome.NONE)
            self.decide(passage_id, answer)

    def decide(self, passage_id: str, answer: Decision) -> None:
        self.store.append_event(
            coder="ann", action=EventAction.DECIDED, subject=passage_id, at=NOW, payload=answer.to_json()
        )

    def estimate(self, **more: float) -> Remaining:
        return remaining(self.store, self.framework, **more)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "p.db")


def row(found: Remaining, statement: str = SAFE) -> RemainingRow:
    return next(r for r in found.rows if r.statement == statement)


def test_without_a_sample_only_the_probabilities_speak(world: World) -> None:
    found = world.estimate()
    safe = row(found)
    assert (found.undecided, found.without_suggestion, found.sample) == (120, 0, None)
    assert safe.expected is not None
    assert safe.expected.mean == pytest.approx(12 * 0.8 + 108 * 0.05)
    assert safe.bound is None
    assert not safe.may_stop


def test_a_sample_is_kept_and_drawn_again_from_its_seed(world: World) -> None:
    drawn = draw_sample(world.store, 30, coder="ann", now=lambda: NOW, seed=5)
    assert latest_sample(world.store) == drawn
    assert (drawn.frame, len(set(drawn.passages))) == (120, 30)
    again = draw_sample(world.store, 30, coder="ann", now=lambda: NOW.replace("09:", "10:"), seed=5)
    assert again.passages == drawn.passages
    where = QueueFilter(state=ReviewState.ANY, sample=drawn.id)
    rows = world.store.queue("ann", where, QueueOrder.DOCUMENT, 0, 100)
    assert {r.passage_id for r in rows} == set(drawn.passages)
    assert "drew 30 of 120" in world.store.history()[0].words


def test_what_is_not_read_of_a_sample_counts_as_evidence(world: World) -> None:
    drawn = draw_sample(world.store, 30, coder="ann", now=lambda: NOW, seed=5)
    unread = row(world.estimate())
    world.read(drawn.passages[:20])
    half = world.estimate()
    world.read(drawn.passages[20:])
    whole = world.estimate()
    assert (half.waiting, whole.waiting, whole.problem) == (10, 0, None)
    bounds = [r.bound.unseen for r in (unread, row(half), row(whole)) if r.bound]
    assert bounds == sorted(bounds, reverse=True)
    assert len(bounds) == 3
    left = sum(world.truth.values()) - row(whole).confirmed
    assert bounds[-1] >= left


def test_stopping_is_allowed_only_once_it_is_shown(world: World) -> None:
    safe = [i for i, is_safe in world.truth.items() if is_safe]
    world.read(safe)
    assert not row(world.estimate()).may_stop, "nothing shows it without a sample"
    drawn = draw_sample(world.store, 105, coder="ann", now=lambda: NOW, seed=1)
    assert not row(world.estimate()).may_stop, "nothing shows it before the sample is read"
    world.read(drawn.passages)
    found = world.estimate(recall=0.9)
    bound = row(found).bound
    assert bound is not None
    assert (bound.in_sample, bound.recall is not None and bound.recall >= 0.9) == (0, True)
    assert row(found).may_stop
    assert row(world.estimate(recall=1.0)).may_stop is (bound.unseen == 0)


def test_a_sample_no_longer_stands_once_documents_change(world: World) -> None:
    drawn = draw_sample(world.store, 30, coder="ann", now=lambda: NOW, seed=5)
    world.read(drawn.passages)
    assert world.estimate().problem is None
    world.store.add_document(reading("b.txt", ["New passage"]))
    found = world.estimate()
    assert found.problem is not None
    assert found.without_suggestion == 1
    assert all(r.bound is None and not r.may_stop for r in found.rows)


def test_unsure_and_undone_leave_a_passage_undecided(world: World) -> None:
    first, second = list(world.truth)[:2]
    world.decide(first, Decision(Outcome.UNSURE))
    world.read([second])
    world.store.undo("ann", NOW)
    drawn = draw_sample(world.store, 30, coder="ann", now=lambda: NOW, seed=5)
    assert drawn.frame == 120
    world.read([first, second])
    assert world.estimate().problem is None


def test_there_is_nothing_to_draw_from_when_all_is_decided(tmp_path: Path) -> None:
    small = World(tmp_path / "small.db", size=3)
    small.read(list(small.truth))
    with pytest.raises(UsageError, match="everything is decided"):
        draw_sample(small.store, 5, coder="ann", now=lambda: NOW)


def test_the_size_of_a_sample_that_would_do(world: World) -> None:
    world.read([i for i, is_safe in world.truth.items() if is_safe])
    found = world.estimate(recall=0.8)
    size = sample_to_stop(row(found), found)
    assert size is not None
    assert upper_bound(found.undecided, size, 0, found.confidence) <= 3


def test_the_bound_covers_the_truth_in_simulated_reviews() -> None:
    chance, held, total = random.Random(11), 0, 600
    for _ in range(total):
        frame, relevant = chance.randint(200, 2000), chance.randint(0, 40)
        size = chance.randint(20, 200)
        found = sum(n < relevant for n in chance.sample(range(frame), size))
        held += upper_bound(frame, size, found, 0.9) >= relevant
    assert held / total >= 0.9
