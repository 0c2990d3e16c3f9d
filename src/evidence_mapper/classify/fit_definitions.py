"""Fit the curve of the classifier by definitions on another framework's labelled passages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from evidence_mapper.classify.base import Embeddings, Encoder
from evidence_mapper.classify.corpus import LabelledPassage
from evidence_mapper.classify.definitions import PHRASED, descriptions, features, nearness
from evidence_mapper.classify.phrased import PhrasedScorer
from evidence_mapper.domain.framework import Framework


def fit_definitions(
    rows: Sequence[LabelledPassage],
    embeddings: Embeddings,
    framework: Framework,
    encoder: Encoder,
    *,
    recall: float = 0.75,
    none_loss: float = 0.02,
) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of :class:`~evidence_mapper.classify.definitions.DefinitionClassifier`.

    Parameters
    ----------
    rows
        n labelled passages of ``framework``.
    embeddings
        Shape (n, width).
    framework
        The framework the labels belong to; its own words are the descriptions.
    encoder
        Encodes the descriptions.
    recall
        Share of evidence, over all statements, that the single threshold suggests.
    none_loss
        Largest share of evidence suggested as "none".
    """
    centre = embeddings.mean(axis=0)
    texts = [descriptions(framework, s) for s in framework.statements]
    described = [encoder.encode(t) for t in texts]
    truth = np.array([[s.id in r.statements for s in framework.statements] for r in rows])
    near = _curve(nearness(embeddings, described, centre), truth, recall, none_loss)
    learned = PhrasedScorer.of(texts, described).scores([r.text for r in rows], embeddings)
    phrased = _curve(learned, truth, recall, none_loss)
    return {
        "centre": centre.astype(np.float32),
        **near,
        **{PHRASED + name: array for name, array in phrased.items()},
    }


def _curve(
    scores: npt.NDArray[np.floating], truth: npt.NDArray[np.bool_], recall: float, none_loss: float
) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays that turn scores, shape (n, n_statements), into probabilities and suggestions."""
    x = features(scores).reshape(-1, 2)
    model = LogisticRegression(C=10.0).fit(x, truth.reshape(-1))
    best = scores.max(axis=1, keepdims=True)
    evidence = truth.any(axis=1)
    none = LogisticRegression(C=10.0).fit(best, ~evidence)
    probability = model.predict_proba(x)[:, 1].reshape(truth.shape)
    none_probability = none.predict_proba(best)[:, 1]
    return {
        "coef": model.coef_[0],
        "bias": model.intercept_,
        "none_coef": none.coef_[0],
        "none_bias": none.intercept_,
        "threshold": np.array([np.quantile(probability[truth], 1 - recall)]),
        "none_threshold": np.array([np.quantile(none_probability[evidence], 1 - none_loss)]),
    }
