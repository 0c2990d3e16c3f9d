"""A topic is judged against the others of its statement."""

from __future__ import annotations

import numpy as np
import pytest

from evidence_mapper.classify.labels import Labels
from evidence_mapper.classify.topics import stacked_topics, topic_features

LABELS = Labels(
    statements=("s", "t"),
    topics=("s1", "s2", "t1"),
    topic_statement=(0, 0, 1),
    i_statements=(),
    categories=(),
    polarities=(),
    source_types=(),
)


def test_the_lead_is_over_the_best_other_topic_of_the_statement() -> None:
    scores = np.log(np.array([[0.6, 0.1, 0.2, 0.1]]))
    found = topic_features({"words_topic": scores, "topic": scores}, np.array([[0.7, 0.2]]), LABELS)
    assert found.shape == (1, 3, 4)
    assert found[0, 0, 3] == pytest.approx(np.log(6))
    assert found[0, 1, 3] == pytest.approx(-np.log(6))
    assert found[0, 2, 3] == 8.0  # no rival under its statement


def test_no_topic_is_likelier_than_its_statement() -> None:
    features = np.zeros((1, 3, 4))
    features[0, :, 0] = [4.0, -4.0, 4.0]
    arrays = {"topic_coef": np.array([1.0, 0.0, 0.0, 0.0]), "topic_bias": np.array([0.0])}
    found = stacked_topics(features, np.array([[0.7, 0.02]]), LABELS, arrays)
    assert found[0, 0] == pytest.approx(0.7)  # as likely as its statement, though alone it were likelier
    assert found[0, 1] == pytest.approx(1 / (1 + np.exp(4)))
    assert found[0, 2] == pytest.approx(0.02)
