"""Suggestions from phrasings alone, and the framework key that holds them."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import Ridge
from tests.workflow.learn_data import CHARTER

from evidence_mapper import frameworks
from evidence_mapper.classify import ClassifierInput, load_classifier
from evidence_mapper.classify.definitions import DefinitionClassifier, descriptions
from evidence_mapper.classify.phrased import PhrasedScorer, has_phrasings
from evidence_mapper.domain.framework import Framework


@pytest.fixture(scope="module")
def ours() -> Framework:
    return frameworks.load_text(CHARTER, "charter")


def test_phrasings_are_read_and_describe_a_statement(ours: Framework) -> None:
    meals = ours.statement("good-meals")
    assert meals.phrasings == ("The soup was cold.", "I enjoyed every dinner.")
    assert descriptions(ours, meals) == [
        "Good meals", "What there is to eat and drink.", "The soup was cold.", "I enjoyed every dinner.",
    ]  # fmt: skip
    assert has_phrasings(ours)
    assert not has_phrasings(frameworks.load("cqc-local-authority"))


def test_phrasings_that_are_no_texts_are_refused() -> None:
    faults = frameworks.check_text(
        CHARTER.replace('["The soup was cold.", "I enjoyed every dinner."]', '"Soup"'), "x"
    )
    assert [f.key for f in faults] == ["statement[3].phrasings"]


def test_the_scorer_is_the_closed_form_of_ridge_regression() -> None:
    generator = np.random.default_rng(0)
    texts = [["red apple", "green apple pie"], ["blue boat"], ["long road", "road home", "old road"]]
    vectors = [generator.normal(size=(len(t), 5)).astype(np.float32) for t in texts]
    scorer = PhrasedScorer.of(texts, vectors)
    flat = [t for group in texts for t in group]
    counted = np.zeros((6, len(scorer.words.vocabulary)))
    for row, text in zip(counted, flat, strict=True):
        columns, values = scorer.words.row(text)
        row[columns] = values
    x = np.hstack([np.concatenate(vectors), np.sqrt(0.3) * counted])
    truth = np.eye(3)[[0, 0, 1, 2, 2, 2]]
    wanted = Ridge(alpha=1.0, fit_intercept=False).fit(x, truth - truth.mean(axis=0)).predict(x)
    assert scorer.scores(flat, np.concatenate(vectors)) == pytest.approx(
        wanted + truth.mean(axis=0), abs=1e-5
    )


def test_comments_are_placed_by_phrasings(ours: Framework) -> None:
    classifier = load_classifier(ours, threads=1)
    assert isinstance(classifier, DefinitionClassifier)
    assert not classifier.calibrated
    said = ["Lunch was tasteless.", "Nobody has written back to me.", "Cobwebs in the corridor."]
    found = classifier.suggest([ClassifierInput(t) for t in said])
    assert [s.statements[0].id for s in found] == ["good-meals", "quick-answers", "clean-rooms"]
    assert all(0 <= c.probability <= 1 for s in found for c in s.statements)
