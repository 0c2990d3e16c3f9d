"""Topics of a passage, from both views of them and from what their statements got."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from evidence_mapper.classify.heads import log_softmax, sigmoid
from evidence_mapper.classify.labels import Labels

Doubles = npt.NDArray[np.float64]

FLOOR: Final = 1e-6
"""Smallest probability a view may give, so that one view alone cannot veto."""
TOPIC_FEATURES: Final = 4
_FAR: Final = 8.0
"""Lead beyond which a topic's rivals do not matter."""


def topic_features(heads: dict[str, npt.NDArray[Any]], statements: Doubles, labels: Labels) -> Doubles:
    """Return shape (n_texts, n_topics, 4), as logs.

    Both topic views, the statement's probability, and how far the topic is ahead of the best other of its
    statement in the views' mean: below 0 when another is likelier.
    """
    n = len(labels.topics)
    parent = np.log(statements[:, list(labels.topic_statement)] + FLOOR)
    fine = [np.maximum(log_softmax(heads[k])[:, :n], np.log(FLOOR)) for k in ("words_topic", "topic")]
    return np.stack([*fine, parent, _lead((fine[0] + fine[1]) / 2, labels)], axis=2)


def stacked_topics(
    features: Doubles, statements: Doubles, labels: Labels, arrays: Mapping[str, npt.NDArray[Any]]
) -> Doubles:
    """Return probabilities of topics, shape (n_texts, n_topics), none above its statement's.

    ``features`` are those of :func:`topic_features`. A passage of a topic is a passage of its statement, so
    topics follow where a project's head lowers a statement.
    """
    alone = sigmoid(features @ arrays["topic_coef"] + arrays["topic_bias"])
    return np.minimum(alone, statements[:, list(labels.topic_statement)])


def _lead(scores: Doubles, labels: Labels) -> Doubles:
    """Return each topic's score less that of the best other topic of its statement, within +-8."""
    out = np.full_like(scores, _FAR)
    of = np.array(labels.topic_statement)
    for k, statement in enumerate(of):
        rivals = np.flatnonzero((of == statement) & (np.arange(len(of)) != k))
        if len(rivals):
            out[:, k] = np.clip(scores[:, k] - scores[:, rivals].max(axis=1), -_FAR, _FAR)
    return out
