"""Intervals, coverage, confusion and groups of people, against worked examples and scipy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence_mapper.measure import (
    confusion_matrix,
    coverage_against_risk,
    difference_interval,
    draws,
    exact_interval,
    groups_named,
    people_groups,
)
from evidence_mapper.measure.groups import group_from
from evidence_mapper.measure.intervals import percentile, ratio


@given(st.integers(1, 60), st.data())
@settings(max_examples=40, deadline=None)
def test_exact_interval_holds_the_share_and_its_ends_mean_what_they_say(n: int, data: st.DataObject) -> None:
    from scipy.stats import binom

    hits = data.draw(st.integers(0, n))
    found = exact_interval(hits, n)
    assert found is not None
    assert found.low <= hits / n <= found.high
    if hits:
        assert binom.sf(hits - 1, n, found.low) == pytest.approx(0.025, abs=1e-6)
    if hits < n:
        assert binom.cdf(hits, n, found.high) == pytest.approx(0.025, abs=1e-6)


def test_nothing_measured_has_no_interval() -> None:
    assert exact_interval(0, 0) is None
    assert difference_interval(1, 2, 0, 0) is None
    assert percentile(np.array([np.nan, np.nan])) is None


def test_difference_of_newcombes_example() -> None:
    """Newcombe (1998), table II: 56/70 against 48/80 is 0.2, from 0.0524 to 0.3339."""
    found = difference_interval(56, 70, 48, 80)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_a_perfect_small_group_is_not_said_to_differ() -> None:
    found = difference_interval(5, 5, 88, 100)
    assert found is not None
    assert found.low < 0 < found.high


def test_draws_are_the_same_for_a_seed_and_hold_whole_writers() -> None:
    first, second = draws(30, count=50, seed=3), draws(30, count=50, seed=3)
    assert (first == second).all()
    assert not (first == draws(30, count=50, seed=4)).all()
    assert (first.sum(axis=1) == 30).all()
    writers = ["a"] * 10 + ["b"] * 5 + ["c"] * 15
    whole = draws(30, clusters=writers, count=50, seed=3)
    assert all(len(set(row[:10])) == len(set(row[10:15])) == len(set(row[15:])) == 1 for row in whole)


def test_the_bootstrap_covers_a_share_about_as_often_as_it_says() -> None:
    generator, inside = np.random.default_rng(0), 0
    for seed in range(200):
        marks = generator.random(80) < 0.7
        values = ratio(draws(80, count=300, seed=seed) @ marks, np.full(300, 80.0))
        found = percentile(values)
        assert found is not None
        inside += found.low <= 0.7 <= found.high
    assert 0.88 <= inside / 200 <= 0.99


def test_coverage_against_risk_of_a_worked_example() -> None:
    confidence = np.array([0.9, 0.9, 0.5, 0.1])
    right = np.array([True, False, True, False])
    found = coverage_against_risk(confidence, right, points=4)
    assert [(p.answered, p.share, round(p.error, 3)) for p in found] == [
        (2, 0.5, 0.5),  # two passages of the same confidence are answered together
        (3, 0.75, 0.333),
        (4, 1.0, 0.5),
    ]
    assert coverage_against_risk(np.zeros(0), np.zeros(0, bool)) == []


def test_confusion_matrix_of_a_worked_example() -> None:
    assert confusion_matrix(["a", "b"], ["a", "a", "b"], ["a", "b", "b"]) == [[1, 1], [0, 1]]


NAMED = {
    "older-people": "Older residents told us the bus no longer stops.",
    "learning-disability": "Adults with learning-disabilities chose their own flat.",
    "autistic": "Autistic adults wait longer.",
    "mental-ill-health": "Her Mental Health worker left.",
    "sensory": "A BSL interpreter was booked.",
    "physical-disability": "He uses a wheelchair.",
    "dementia": "Mum has Alzheimer’s.",
    "ethnic-minority": "Bangladeshi carers were not asked.",
    "faith": "Meals at the mosque are halal.",
    "lgbtq": "A gay couple moved into extra care.",
    "gypsy-roma-traveller": "We met Roma families on the site.",
    "homeless": "He had been sleeping rough.",
    "young-adults": "Young people turning 18 meet one worker.",
    "carers": "Unpaid carers get a break.",
    "refugees": "People seeking asylum were helped.",
    "rural": "In the villages nobody comes.",
    "substance-use": "Support with alcohol came late.",
}


def test_every_group_has_a_passage_that_names_it() -> None:
    assert {g.id for g in people_groups()} == set(NAMED)
    for group, text in NAMED.items():
        assert group in groups_named(text), text


@pytest.mark.parametrize(
    "text",
    [
        "The black and white leaflet was hard to read.",
        "Staff polish the floors and romance novels lie on the shelf.",
        "There is a blind spot in our data, and faith in the process is low.",
        "The pharmacy opens at nine.",
        "The contract was renewed for two years.",
    ],
)
def test_everyday_words_name_nobody(text: str) -> None:
    assert groups_named(text) == ()


def test_a_group_needs_a_word() -> None:
    with pytest.raises(ValueError, match="no word"):
        group_from({"id": "empty", "name": "Empty"})
    assert group_from({"id": "x", "name": "X", "words": ["a b*"]}).named_in("the A-bcd")
