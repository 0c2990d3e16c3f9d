"""What stands around a passage can take "none" back, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_mapper.classify import load_classifier
from evidence_mapper.classify.base import ClassifierInput
from evidence_mapper.classify.cascade import CascadeClassifier
from evidence_mapper.classify.statement_classifier import StatementClassifier
from evidence_mapper.classify.surroundings import (
    LEAST,
    LEVEL,
    LEVEL_OF_VOICES,
    REACH,
    SPEC,
    levels_of,
    none_stands,
    surroundings,
)
from evidence_mapper.domain.framework import Framework

MODELS = Path(__file__).parents[2] / "models"
SHORT = "A second van. I'm not joking. It's the van."
CARE = [
    "Carers wait eleven weeks for an assessment and nobody rings them while they wait.",
    "The occupational therapists told us that adaptations are ordered late and delivered later.",
    "Reablement workers see people within two days of leaving hospital, and most need no care after.",
    "People said that their social worker knew them and asked what they wanted from each day.",
]
OTHER = [
    "Resurfacing of Harbour Road begins in March; buses are diverted by the ring road for six weeks.",
    "The licensing committee noted the minutes of its last meeting and agreed the forward plan.",
    "Bin collections move to Tuesdays after the bank holiday, and garden waste every other week.",
    "A planning application for eleven houses beside the quarry was deferred for a site visit.",
]


def stands(none: Sequence[float], kind: str | None = None) -> list[bool]:
    """Return where "none" stands among passages of one paper that follow one another."""
    found: list[bool] = none_stands(np.array(none), levels_of([kind] * len(none))).tolist()
    return found


@pytest.fixture(scope="module")
def classifier(framework: Framework) -> StatementClassifier:
    loaded = load_classifier(framework)
    assert isinstance(loaded, StatementClassifier)
    return loaded


@given(st.lists(st.floats(0, 1), min_size=1, max_size=120))
def test_the_mean_is_of_the_neighbours_and_of_three_that_are_not_there(none: list[float]) -> None:
    probability = np.array(none)
    odds = np.log(np.clip(probability, 1e-6, 1 - 1e-6) / (1 - np.clip(probability, 1e-6, 1 - 1e-6)))
    for i, found in enumerate(surroundings(probability)):
        others = [odds[j] for j in range(len(none)) if j != i and abs(j - i) <= REACH]
        wanted = (np.clip(others, -3, 3).sum() + 9) / (len(others) + 3)
        assert found == pytest.approx(wanted, abs=1e-9)


@given(st.floats(0, 1))
def test_alone_in_its_document_none_stays_what_it_is_read_alone(
    classifier: StatementClassifier, none: float
) -> None:
    if none >= classifier.shipped_thresholds()["none_threshold"][0]:
        assert stands([none]) == [True]
        assert stands([none], "survey-comment") == [True]


@given(st.lists(st.floats(LEVEL, 1), min_size=1, max_size=60))
def test_neighbours_that_are_surely_none_leave_it_standing(none: list[float]) -> None:
    assert all(stands(none))


def test_neighbours_that_speak_against_it_must_outweigh_it() -> None:
    among_care = [0.02] * 20 + [0.9, 0.99] + [0.02] * 20
    assert stands(among_care)[20:22] == [False, True]


def test_among_answers_none_may_be_less_sure_than_in_a_paper() -> None:
    among_care = [0.04] * 20 + [0.97] + [0.04] * 20
    assert LEVEL_OF_VOICES < LEVEL
    for kind, kept in (
        (None, False),
        ("policy", False),
        ("case-record", False),
        ("case-audit", False),
        ("survey-comment", True),
    ):
        assert stands(among_care, kind)[20] is kept


def test_neighbours_that_speak_for_it_let_a_less_sure_none_stand() -> None:
    among_other, among_both = [0.98] * 20 + [0.5] + [0.98] * 20, [0.98, 0.02] * 10 + [0.5]
    assert stands(among_other)[20]
    assert not stands(among_both)[20]


def test_the_artefact_says_which_rule_it_was_made_for(classifier: StatementClassifier) -> None:
    manifest = json.loads((MODELS / "cqc-local-authority" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["spec"]["surroundings"] == SPEC


def test_a_cascade_keeps_to_the_thresholds_of_each_reading(framework: Framework) -> None:
    fast = load_classifier(framework, speed="fast")
    assert isinstance(fast, CascadeClassifier)
    inputs = [ClassifierInput(t) for t in (*CARE[:2], "The lift is out again.", *CARE[2:])] * 4
    read = fast.quickly(inputs)
    together = fast.carefully(inputs, read)
    found = fast.among_neighbours(together, inputs, set(read[1]))
    every = [fast.among_neighbours(together, inputs, set(which)) for which in ((), range(len(inputs)))]
    taken = [i for i, s in enumerate(found) if s.none_taken_back]
    assert taken
    for i in taken:
        assert found[i] == every[i in read[1]][i]


def test_none_is_taken_back_among_care_and_stays_among_other_business(
    classifier: StatementClassifier,
) -> None:
    alone = classifier.suggest([ClassifierInput(SHORT)])
    assert alone[0].none_suggested
    for around, taken in ((CARE, True), (OTHER, False)):
        inputs = [ClassifierInput(t) for t in (*around[:2], SHORT, *around[2:])]
        found = classifier.among_neighbours(classifier.suggest(inputs), inputs)[2]
        assert (found.none_taken_back, found.none_suggested) == (taken, not taken)
        assert found.none_probability == pytest.approx(alone[0].none_probability, abs=1e-5)
        assert found.abstained == (taken and not found.suggested_statements())


def test_it_can_only_take_none_back(classifier: StatementClassifier) -> None:
    inputs = [ClassifierInput(t) for pair in zip(CARE, OTHER, strict=True) for t in pair]
    read = classifier.suggest(inputs)
    for before, after in zip(read, classifier.among_neighbours(read, inputs), strict=True):
        assert before == after or (before.none_suggested and after.none_taken_back)


def test_what_is_suggested_instead_follows_the_thresholds(classifier: StatementClassifier) -> None:
    levels = dict(zip(classifier.statements, classifier.shipped_thresholds()["thresholds"], strict=True))
    inputs = [ClassifierInput(t) for t in (*CARE[:2], SHORT, *CARE[2:])]
    for found in classifier.among_neighbours(classifier.suggest(inputs), inputs):
        for code in found.statements:
            level = max(levels[code.id], LEAST) if found.none_taken_back else levels[code.id]
            assert code.suggested == (not found.none_suggested and code.probability >= level)
        if not found.suggested_statements():
            assert not any(c.suggested for c in (*found.topics, *found.i_statements))
