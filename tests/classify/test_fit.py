"""Fitting on small invented data."""

from __future__ import annotations

import numpy as np
import pytest

from evidence_mapper.classify.fit import recall_threshold


def test_threshold_is_reached_as_often_as_promised() -> None:
    """Over many draws of 60 calibration scores, a new score reaches the threshold 9 times in 10."""
    generator = np.random.default_rng(5)
    hits = []
    for _ in range(4000):
        scores = generator.beta(4, 2, size=61)
        hits.append(scores[-1] >= recall_threshold(scores[:-1], 0.9))
    assert np.mean(hits) == pytest.approx(0.9, abs=0.015)


def test_too_few_scores_suggest_always() -> None:
    assert recall_threshold(np.array([0.9, 0.8]), 0.9) == 0.0


def test_threshold_is_one_of_the_scores() -> None:
    scores = np.linspace(0.01, 0.99, 99)
    assert recall_threshold(scores, 0.9) == pytest.approx(0.1)
