"""Figures against worked examples and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, f1_score

from evidence_mapper.measure import expected_calibration_error, figures_by_code, macro_f1, reliability

CODES = ["a", "b", "c"]


@given(st.lists(st.tuples(st.sampled_from(CODES), st.sampled_from(CODES)), min_size=1, max_size=40))
@settings(max_examples=100, deadline=None)
def test_macro_f1_equals_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    truth, given_ = [t for t, _ in pairs], [g for _, g in pairs]
    seen = sorted(set(truth) | set(given_))
    expected = f1_score(truth, given_, labels=seen, average="macro")
    assert macro_f1(CODES, truth, given_) == pytest.approx(expected)


@given(st.integers(0, 10_000))
@settings(max_examples=50, deadline=None)
def test_average_precision_equals_scikit_learn(seed: int) -> None:
    generator = np.random.default_rng(seed)
    truth = generator.random((30, 1)) < 0.4
    truth[0] = True
    probabilities = generator.permutation(30)[:, None] / 30  # no ties, which the two break differently
    (found,) = figures_by_code(["a"], truth, probabilities > 0.5, probabilities)
    assert found.average_precision == pytest.approx(average_precision_score(truth, probabilities))


def test_figures_of_a_worked_example() -> None:
    truth = np.array([[1, 0], [1, 0], [0, 0], [0, 0]], dtype=bool)
    suggested = np.array([[1, 0], [0, 0], [1, 0], [0, 0]], dtype=bool)
    first, second = figures_by_code(["a", "b"], truth, suggested, suggested.astype(float))
    assert (first.precision, first.recall, first.f1, first.support) == (0.5, 0.5, 0.5, 2)
    assert (second.precision, second.recall, second.average_precision) == (None, None, None)


def test_calibration_of_a_worked_example() -> None:
    probabilities = np.array([0.85, 0.85, 0.85, 0.85, 0.15, 1.0])
    truth = np.array([1, 1, 1, 0, 0, 1], dtype=bool)
    bins = reliability(truth, probabilities)
    assert [(b.count, round(b.share_true, 2)) for b in bins] == [(1, 0.0), (4, 0.75), (1, 1.0)]
    assert expected_calibration_error(truth, probabilities) == pytest.approx((0.15 + 4 * 0.1 + 0) / 6)
