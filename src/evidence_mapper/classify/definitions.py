"""Suggestions for a framework nobody has labelled passages for: nearness to its own words.

Each statement is described by its wording, definition, topics and I statements. A passage's score for
a statement is the mean of its two nearest descriptions, after the mean embedding of ordinary passages
is taken from both sides. One logistic curve, fitted on another framework's labelled passages, turns
the score into a probability; for this framework it was never checked, and ``calibrated`` says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from evidence_mapper.classify.artefact import Artefact
from evidence_mapper.classify.base import ClassifierInput, Embeddings, Encoder
from evidence_mapper.classify.heads import sigmoid
from evidence_mapper.classify.statement_classifier import classifier_text
from evidence_mapper.domain.coding import SuggestedCode, Suggestion
from evidence_mapper.domain.framework import Framework, Statement

_NEAREST: Final = 2


def descriptions(framework: Framework, statement: Statement) -> list[str]:
    """Return the texts that describe a statement, none empty."""
    texts = [statement.title.text]
    if statement.wording:
        texts.append(statement.wording.text)
    if statement.definition:
        texts.append(statement.definition)
    texts += [t.definition for t in framework.topics_of(statement.id)]
    return [t for t in texts if t.strip()]


def nearness(
    passages: Embeddings, described: Sequence[Embeddings], centre: npt.NDArray[np.floating]
) -> Embeddings:
    """Return scores, shape (n_passages, n_statements): mean of the two nearest descriptions' cosine."""
    rows = _centred(passages, centre)
    columns = []
    for texts in described:
        similar = np.sort(rows @ _centred(texts, centre).T, axis=1)
        columns.append(similar[:, -_NEAREST:].mean(axis=1))
    return np.stack(columns, axis=1).astype(np.float32)


def _centred(vectors: Embeddings, centre: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
    moved = vectors - centre
    lengths = np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
    return np.asarray(moved / lengths, dtype=np.float32)


def features(scores: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Return shape (n_passages, n_statements, 2): the score and its lead over the best rival."""
    order = np.sort(scores, axis=1)
    best = order[:, -1:]
    rival = order[:, -2:-1] if scores.shape[1] > 1 else np.zeros_like(best)
    lead = scores - np.where(scores == best, rival, best)
    return np.stack([scores, lead], axis=2).astype(np.float64)


class DefinitionClassifier:
    """Suggestions by nearness to definitions; evidence category and polarity are not suggested."""

    calibrated = False

    def __init__(self, artefact: Artefact, encoder: Encoder, framework: Framework) -> None:
        self.name = artefact.name
        self.sha256 = artefact.manifest_sha256
        self.encoder = encoder
        self._framework = framework
        self._arrays = artefact.arrays
        self._heading_below = int(artefact.manifest["spec"]["heading_below_words"])
        self._described = [encoder.encode(descriptions(framework, s)) for s in framework.statements]

    def texts(self, inputs: Sequence[ClassifierInput]) -> list[str]:
        """Return the text the encoder must see for each input."""
        return [classifier_text(item, self._heading_below) for item in inputs]

    def suggest(
        self, inputs: Sequence[ClassifierInput], embeddings: Embeddings | None = None
    ) -> list[Suggestion]:
        """Return one suggestion an input, in order; ``embeddings`` as for :meth:`texts`."""
        if not inputs:
            return []
        dense = self.encoder.encode(self.texts(inputs)) if embeddings is None else embeddings
        a = self._arrays
        scores = nearness(dense, self._described, a["centre"])
        probabilities = sigmoid(features(scores) @ a["coef"] + a["bias"])
        none = sigmoid(scores.max(axis=1, keepdims=True) @ a["none_coef"] + a["none_bias"])
        return [self._suggestion(p, float(q)) for p, q in zip(probabilities, none, strict=True)]

    def _suggestion(self, probabilities: npt.NDArray[np.float64], none: float) -> Suggestion:
        none_suggested = none >= float(self._arrays["none_threshold"].item())
        threshold = float(self._arrays["threshold"].item())
        ids = [s.id for s in self._framework.statements]
        order = np.argsort(-probabilities, kind="stable")
        codes = tuple(
            SuggestedCode(
                ids[k],
                round(float(probabilities[k]), 6),
                bool(probabilities[k] >= threshold) and not none_suggested,
            )
            for k in order
        )
        return Suggestion(
            statements=codes,
            topics=(),
            i_statements=(),
            evidence_category=None,
            polarity=None,
            none_probability=round(none, 6),
            abstained=not none_suggested and not any(c.suggested for c in codes),
            none_suggested=none_suggested,
        )
