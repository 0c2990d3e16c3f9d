"""Learning and reading played through on labelled passages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from evidence_mapper.classify.base import Embeddings
from evidence_mapper.classify.corpus import LabelledPassage, corpus_files, read_passages, split_of
from evidence_mapper.classify.statement_classifier import StatementClassifier
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.simulate import ORDERS, reading_curves, simulate_learning


@pytest.fixture(scope="module")
def rows(root: Path) -> list[LabelledPassage]:
    """Return 60 survey comments of the test split."""
    found = read_passages(corpus_files(root / "corpora" / "passages"))
    return [r for r in found if split_of(r.id) == "test" and r.source_type == "survey-comment"][:60]


@pytest.fixture(scope="module")
def vectors(rows: list[LabelledPassage], classifier: StatementClassifier) -> Embeddings:
    """Return their vectors."""
    return classifier.encoder.encode([r.text for r in rows])


def test_a_point_for_each_size_that_leaves_enough_to_measure(
    rows: list[LabelledPassage], vectors: Embeddings, classifier: StatementClassifier
) -> None:
    points = simulate_learning(rows, classifier, (25, 50, 100), (0, 1), vectors=vectors)
    assert [(p.decisions, p.measured_on, p.seeds) for p in points] == [(25, 35, 2)]
    (point,) = points
    assert set(point.shipped) == set(point.head) == set(point.gain)
    for spread in (*point.shipped.values(), *point.head.values(), *point.gain.values()):
        assert spread.low <= spread.median <= spread.high
    if not point.kept:
        assert point.shipped == point.head
    assert points == simulate_learning(rows, classifier, (25,), (0, 1), vectors=vectors)


def test_too_few_passages_say_so(rows: list[LabelledPassage], classifier: StatementClassifier) -> None:
    with pytest.raises(UsageError, match="30 labelled passages are too few"):
        simulate_learning(rows[:30], classifier)


def test_reading_in_a_better_order_reads_less(
    rows: list[LabelledPassage], vectors: Embeddings, classifier: StatementClassifier
) -> None:
    curves = {c.order: c for c in reading_curves(rows, classifier, vectors=vectors)}
    assert set(curves) == set(ORDERS)
    for curve in curves.values():
        assert all(0 < share <= 1 for share in curve.by_statement.values())
        assert curve.saved == pytest.approx(0.95 - curve.mean)
        assert curve.mean == pytest.approx(np.mean(list(curve.by_statement.values())))
    assert curves["shipped"].mean < curves["random"].mean
    assert curves["retrained"].mean < curves["random"].mean


def test_reading_needs_evidence(rows: list[LabelledPassage], classifier: StatementClassifier) -> None:
    with pytest.raises(UsageError, match="no statement has 5"):
        reading_curves(rows[:3], classifier)
