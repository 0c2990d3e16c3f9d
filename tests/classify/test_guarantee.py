"""The promise on recall: MAPIE's answer, held against the closed form and against fresh draws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evidence_mapper.classify.guarantee import Guarantee, fewest, recall_threshold


def closed_form(scores: np.ndarray, level: float) -> float:
    """Return the score that MAPIE's rule, risk strictly below 1 - level, lands on: 0 where there is none."""
    allowed = math.ceil(round((1 - level) * (len(scores) + 1), 9)) - 1
    return float(np.sort(scores)[allowed - 1]) if allowed >= 1 else 0.0


@given(st.integers(1, 80), st.sampled_from([0.8, 0.9, 0.95]), st.integers(0, 1000))
@example(39, 0.95, 0)
@settings(max_examples=25, deadline=None)
def test_average_promise_equals_the_closed_form(n: int, level: float, seed: int) -> None:
    scores = np.random.default_rng(seed).beta(4, 2, size=n)
    found = recall_threshold(scores, level)
    expected = closed_form(scores, level)
    assert found == pytest.approx(expected, abs=1e-12)
    if expected:
        # Exactly as many scores are lost as the rule allows: the threshold lies just below a score.
        assert (scores >= found).sum() == (scores >= expected).sum()


def test_threshold_is_reached_as_often_as_promised() -> None:
    """Over many draws of 60 calibration scores, a new score reaches the threshold 9 times in 10."""
    generator = np.random.default_rng(5)
    hits = []
    for _ in range(100):
        scores = generator.beta(4, 2, size=60)
        threshold = recall_threshold(scores, 0.9)
        hits.append((generator.beta(4, 2, size=200) >= threshold).mean())
    assert np.mean(hits) == pytest.approx(0.9, abs=0.02)


def test_sure_promise_holds_for_most_draws_of_the_calibration() -> None:
    """With 80 % confidence, at most about a fifth of the thresholds may have a recall below 0.9."""
    generator = np.random.default_rng(6)
    broken = []
    for _ in range(200):
        threshold = recall_threshold(generator.random(60), 0.9, 0.8)
        broken.append(1 - threshold < 0.9)  # the recall of a threshold on uniform scores is 1 - threshold
    assert np.mean(broken) <= 0.27  # 0.2 and three standard errors


def test_sure_promise_is_never_above_the_average_one_at_high_confidence() -> None:
    scores = np.random.default_rng(7).random(120)
    assert recall_threshold(scores, 0.9, 0.9) <= recall_threshold(scores, 0.9)


@pytest.mark.parametrize(("confidence", "least"), [(None, 10), (0.9, 22)])
def test_too_few_passages_give_no_promise(confidence: float | None, least: int) -> None:
    assert fewest(0.9, confidence) == least
    scores = np.linspace(0.3, 0.9, least)
    assert recall_threshold(scores[:-1], 0.9, confidence) == 0.0
    assert recall_threshold(scores, 0.9, confidence) > 0.0


def test_evidence_lost_to_none_counts_as_missed() -> None:
    scores = np.concatenate([np.zeros(5), np.full(95, 0.6)])
    assert 0.0 < recall_threshold(scores, 0.9) < 0.6 + 1e-9
    assert recall_threshold(np.concatenate([np.zeros(15), np.full(85, 0.6)]), 0.9) == 0.0
    assert recall_threshold(np.zeros(50), 0.9) == 0.0


def test_the_promise_in_words_gives_level_and_size() -> None:
    arrays = {"calibrated_on": np.array([120, 7]), "thresholds": np.array([0.2, 0.0])}
    promise = Guarantee.of({"recall": 0.9}, ("a", "b"), arrays)
    assert promise.unkept == ("b",)
    assert "90% of each statement's evidence" in promise.sentence()
    assert "7 to 120 passages" in promise.sentence()
    assert "For b no threshold keeps it" in promise.sentence()
    assert promise.to_json()["calibrated_on"] == {"a": 120, "b": 7}
    sure = Guarantee.of({"recall": 0.9, "recall_confidence": 0.8}, ("a", "b"), arrays)
    assert "with 80% confidence" in sure.sentence()
