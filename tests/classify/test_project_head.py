"""A project's own head: what it changes, how it is kept, what refuses to be used."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_mapper.classify.base import ClassifierInput
from evidence_mapper.classify.project_head import ProjectHead, from_bytes, to_bytes
from evidence_mapper.classify.statement_classifier import StatementClassifier
from evidence_mapper.domain.coding import Suggestion
from evidence_mapper.errors import SpecMismatch, UntrustedArtefact

TEXTS = [
    ClassifierInput("I waited eight months for someone to come and assess my mother."),
    ClassifierInput("The board reviews the risk register every quarter."),
    ClassifierInput("The car park will be resurfaced in June."),
]


def zeros(classifier: StatementClassifier) -> dict[str, npt.NDArray[Any]]:
    width, columns = classifier.encoder.width, len(classifier.statements) + 1
    return {
        "mean": np.zeros(width),
        "scale": np.ones(width),
        "slope": np.zeros(columns),
        "bias": np.zeros(columns),
        "weights": np.zeros((width, columns)),
        **classifier.shipped_thresholds(),
    }


def head(classifier: StatementClassifier, **arrays: npt.NDArray[Any]) -> ProjectHead:
    kept = from_bytes(to_bytes({**zeros(classifier), **arrays}))
    return ProjectHead("head-1", 1, classifier.sha256, classifier.statements, kept)


def test_a_head_of_zeros_is_the_shipped_classifier(classifier: StatementClassifier) -> None:
    same = classifier.with_head(head(classifier))
    for before, after in zip(classifier.suggest(TEXTS), same.suggest(TEXTS), strict=True):
        assert before.suggested_statements() == after.suggested_statements()
        shipped = {s.id: s.probability for s in before.statements}
        assert {s.id: s.probability for s in after.statements} == pytest.approx(shipped, abs=2e-6)


def test_a_head_has_a_name_and_a_hash_of_its_own(classifier: StatementClassifier) -> None:
    headed = classifier.with_head(head(classifier))
    assert headed.name == f"{classifier.name}+head1"
    assert headed.sha256 != classifier.sha256
    assert classifier.with_head(replace(head(classifier), id="head-2")).sha256 != headed.sha256


def test_a_bias_lowers_its_statement_and_the_topics_follow(classifier: StatementClassifier) -> None:
    signing = [
        ClassifierInput("Nobody could sign, so my deaf daughter had no interpreter at the assessment.")
    ]
    bias = np.zeros(len(classifier.statements) + 1)
    bias[classifier.statements.index("equity")] = -12.0
    (before,) = classifier.suggest(signing)
    (after,) = classifier.with_head(head(classifier, bias=bias)).suggest(signing)
    assert "equity" in before.suggested_statements()
    assert "equity" not in after.suggested_statements()

    def chance(found: Suggestion) -> float:
        return max((t.probability for t in found.topics if t.id.startswith("eq-")), default=0.0)

    assert chance(after) < chance(before)


def test_the_shipped_classifier_is_left_as_it_was(classifier: StatementClassifier) -> None:
    before = classifier.suggest(TEXTS)
    classifier.with_head(head(classifier, bias=np.full(10, 5.0)))
    assert classifier.suggest(TEXTS) == before


def test_a_head_of_another_classifier_is_refused(classifier: StatementClassifier) -> None:
    other = replace(head(classifier), base_sha256="sha256:00")
    with pytest.raises(SpecMismatch, match="evidence-mapper train"):
        classifier.with_head(other)


@given(st.binary(max_size=300))
def test_bytes_that_are_no_head_are_refused(data: bytes) -> None:
    with pytest.raises(UntrustedArtefact, match="train --off"):
        from_bytes(data)


@pytest.mark.parametrize("name", ["weights", "thresholds", "mean"])
def test_arrays_that_do_not_fit_together_are_refused(classifier: StatementClassifier, name: str) -> None:
    arrays = zeros(classifier)
    arrays[name] = arrays[name][:-1]
    with pytest.raises(UntrustedArtefact, match="types or shapes"):
        from_bytes(to_bytes(arrays))


def test_numbers_that_are_not_finite_are_refused(classifier: StatementClassifier) -> None:
    arrays = {**zeros(classifier), "bias": np.full(len(classifier.statements) + 1, np.nan)}
    with pytest.raises(UntrustedArtefact):
        from_bytes(to_bytes(arrays))
