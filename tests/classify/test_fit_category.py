"""Evidence category: what a source type adds is fitted, and stays small where little is known."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from evidence_mapper.classify.base import ClassifierInput
from evidence_mapper.classify.fit import _fit_category
from evidence_mapper.classify.fit_targets import Targets, targets
from evidence_mapper.classify.heads import log_softmax
from evidence_mapper.classify.labels import Labels, labels_of
from evidence_mapper.classify.statement_classifier import StatementClassifier
from evidence_mapper.domain.framework import Framework


@pytest.fixture
def labels(framework: Framework) -> Labels:
    return labels_of(framework)


def _y(labels: Labels, category: list[int], source: list[int]) -> Targets:
    return dataclasses.replace(
        targets([], labels), category=np.array(category, np.int64), source=np.array(source, np.int64)
    )


def test_a_source_type_that_decides_is_learned(labels: Labels) -> None:
    category, source = [0, 1] * 60, [3, 4] * 60
    scores = np.zeros((120, len(labels.categories)))
    found = _fit_category(scores, _y(labels, category, source), labels)
    shift = found["source_shift"]
    assert shift.shape == (len(labels.source_types), len(labels.categories))
    assert log_softmax(shift[3])[0] > np.log(0.9)
    assert log_softmax(shift[4])[1] > np.log(0.9)
    assert not shift[5].any()  # nothing is known of it


@pytest.mark.parametrize(("passages", "followed"), [(1, False), (60, True)])
def test_a_source_type_seen_once_decides_nothing(labels: Labels, passages: int, followed: bool) -> None:
    generator = np.random.default_rng(0)
    category = generator.integers(0, 4, 200).tolist()
    scores = 3.0 * np.eye(len(labels.categories))[category] + generator.normal(size=(200, 4))
    blank = np.zeros((passages, 4))  # scores that say nothing, of a source type that is always the first
    found = _fit_category(
        np.vstack([scores, blank]), _y(labels, category + [0] * passages, [2] * 200 + [7] * passages), labels
    )
    leaning = np.array([0.0, 1.0, 0.0, 0.0]) * found["category_scale"] + found["source_shift"][7]
    assert (leaning.argmax() == 0) == followed


def test_without_passages_of_a_category_nothing_breaks(labels: Labels) -> None:
    found = _fit_category(np.zeros((0, len(labels.categories))), _y(labels, [], []), labels)
    assert np.isfinite(found["source_shift"]).all()
    assert found["category_scale"].item() == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("source", "category"), [("partner-feedback", "partners"), ("staff-feedback", "staff-leaders")]
)
def test_feedback_is_whoever_gave_it(classifier: StatementClassifier, source: str, category: str) -> None:
    text = "The duty desk picks up within a minute now and we hear the same day what was decided."
    (found,) = classifier.suggest([ClassifierInput(text, None, source)])
    assert found.evidence_category is not None
    assert found.evidence_category.id == category
