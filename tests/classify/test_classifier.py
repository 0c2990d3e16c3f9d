"""Suggestions of the shipped classifier."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from evidence_mapper import frameworks
from evidence_mapper.classify import ClassifierInput, load_classifier
from evidence_mapper.classify.corpus import corpus_files, read_passages, split_of
from evidence_mapper.classify.statement_classifier import StatementClassifier
from evidence_mapper.domain.framework import Framework

PASSAGES = Path(__file__).resolve().parents[2] / "corpora" / "passages"
CLEAR = [
    ("I waited seven months for somebody to come and do my assessment.", "assessing-needs"),
    ("Reablement got Dad back to making his own breakfast within five weeks.", "healthier-lives"),
    ("Section 42 enquiries were opened within two days of the concern in most cases.", "safeguarding"),
    ("The leaflet was never put into Bengali, and no interpreter came.", "equity"),
    ("Two home care agencies handed back their contracts and people went without visits.", "care-provision"),
]


@pytest.mark.parametrize(("text", "statement"), CLEAR)
def test_clear_passage_gets_its_statement(classifier: StatementClassifier, text: str, statement: str) -> None:
    (suggestion,) = classifier.suggest([ClassifierInput(text)])
    assert statement in suggestion.suggested_statements()


def test_other_council_business_is_none(classifier: StatementClassifier) -> None:
    text = "Resurfacing of the car park at Mill Lane will begin in May and residents' permits are extended."
    (suggestion,) = classifier.suggest([ClassifierInput(text)])
    assert suggestion.none_suggested
    assert suggestion.suggested_statements() == ()
    assert not suggestion.abstained


def test_shape_of_a_suggestion(classifier: StatementClassifier, framework: Framework) -> None:
    (suggestion,) = classifier.suggest([ClassifierInput("She came home with no plan and no key safe.")])
    assert {s.id for s in suggestion.statements} == {s.id for s in framework.statements}
    assert {i.id for i in suggestion.i_statements} == {i.id for i in framework.i_statements}
    for codes in (suggestion.statements, suggestion.topics, suggestion.i_statements):
        probabilities = [c.probability for c in codes]
        assert probabilities == sorted(probabilities, reverse=True)
        assert all(0 <= p <= 1 for p in probabilities)
    for choice in (suggestion.evidence_category, suggestion.polarity):
        assert choice is not None
        assert choice.id == choice.distribution[0][0]
        assert sum(p for _, p in choice.distribution) == pytest.approx(1, abs=1e-4)


def test_suggested_topics_belong_to_suggested_statements(
    classifier: StatementClassifier, framework: Framework
) -> None:
    rows = [r for r in read_passages(corpus_files(PASSAGES)) if split_of(r.id) == "test"]
    parent = {t.id: t.statement_id for t in framework.topics}
    for suggestion in classifier.suggest([ClassifierInput(r.text) for r in rows[:60]]):
        assert all(
            parent[t.id] in suggestion.suggested_statements() for t in suggestion.topics if t.suggested
        )


def test_order_and_batch_do_not_change_a_suggestion(classifier: StatementClassifier) -> None:
    inputs = [ClassifierInput(text) for text, _ in CLEAR]
    together = classifier.suggest(inputs)
    backwards = classifier.suggest(inputs[::-1])[::-1]
    for one, other in zip(together, backwards, strict=True):
        pairs = zip(one.statements, other.statements, strict=True)
        assert all(a.id == b.id and a.probability == pytest.approx(b.probability, abs=1e-4) for a, b in pairs)


def test_no_input_no_suggestion(classifier: StatementClassifier) -> None:
    assert classifier.suggest([]) == []


@pytest.mark.parametrize("text", ["?", "\N{FAMILY}" * 50, "a " * 5000, "\u202e\x1b[31m", "0"])
def test_odd_text_gets_a_suggestion(classifier: StatementClassifier, text: str) -> None:
    (suggestion,) = classifier.suggest([ClassifierInput(text)])
    assert len(suggestion.statements) == 9
    assert np.isfinite([s.probability for s in suggestion.statements]).all()


def test_accuracy_on_the_test_split_does_not_fall_back(classifier: StatementClassifier) -> None:
    """Loose floors well under the measured figures: they catch a broken build, not noise."""
    rows = [r for r in read_passages(corpus_files(PASSAGES)) if split_of(r.id) == "test"]
    evidence = [r for r in rows if r.statements]
    assert len(evidence) > 350
    suggestions = classifier.suggest([ClassifierInput(r.text, None, r.source_type) for r in evidence])
    first = [s.statements[0].id == r.statements[0] for s, r in zip(suggestions, evidence, strict=True)]
    hits = sum(
        len(set(s.suggested_statements()) & set(r.statements))
        for s, r in zip(suggestions, evidence, strict=True)
    )
    assert np.mean(first) > 0.72
    assert hits / sum(len(r.statements) for r in evidence) > 0.84


def test_framework_without_labelled_passages_is_served_by_its_definitions() -> None:
    framework = frameworks.load("cqc-integrated-care-systems")
    loaded = load_classifier(framework, threads=1)
    assert not loaded.calibrated
    (suggestion,) = loaded.suggest([ClassifierInput("Safeguarding adults partners share concerns quickly.")])
    assert len(suggestion.statements) == len(framework.statements)
    assert suggestion.evidence_category is None
    assert framework.statement(suggestion.statements[0].id).title.text == "Safeguarding"
