"""Suggestions for a framework nobody has labelled passages for: nearness to its own words.

Each statement is described by its title, wording, definition and topics. A passage's score for a
statement is the mean of its two nearest descriptions, after the mean embedding of ordinary passages is
taken from both sides. Where every statement also has phrasings, ways in which people put it, the score
is learned from those (:mod:`~evidence_mapper.classify.phrased`). One logistic curve for each of the two,
fitted on another framework's labelled passages, turns the score into a probability; for this framework
it was never checked, and ``calibrated`` says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from evidence_mapper.classify.artefact import Artefact
from evidence_mapper.classify.base import ClassifierInput, Embeddings, Encoder
from evidence_mapper.classify.headed import Headed
from evidence_mapper.classify.heads import sigmoid
from evidence_mapper.classify.phrased import PhrasedScorer, has_phrasings
from evidence_mapper.classify.project_head import ProjectHead
from evidence_mapper.classify.reading import HeadingRule
from evidence_mapper.domain.coding import SuggestedCode, Suggestion
from evidence_mapper.domain.framework import Framework, Statement

_NEAREST: Final = 2
PHRASED: Final = "phrased_"
"""Before the names of the arrays of the curve for phrasings."""


def descriptions(framework: Framework, statement: Statement) -> list[str]:
    """Return the texts that describe a statement, none empty."""
    texts = [statement.title.text]
    if statement.wording:
        texts.append(statement.wording.text)
    if statement.definition:
        texts.append(statement.definition)
    texts += [t.definition for t in framework.topics_of(statement.id)]
    texts += statement.phrasings
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


class DefinitionClassifier(Headed):
    """Suggestions by nearness to definitions; evidence category and polarity are not suggested."""

    calibrated = False

    def __init__(self, artefact: Artefact, encoder: Encoder, framework: Framework) -> None:
        self.name = artefact.name
        self.sha256 = artefact.manifest_sha256
        self.encoder = encoder
        self._framework = framework
        self._arrays = artefact.arrays
        self._project: ProjectHead | None = None
        self.statements = tuple(s.id for s in framework.statements)
        self._reading = HeadingRule.of(artefact.manifest["spec"])
        described = [descriptions(framework, s) for s in framework.statements]
        self._described = [encoder.encode(texts) for texts in described]
        self._phrased = PhrasedScorer.of(described, self._described) if has_phrasings(framework) else None
        self._curve = "" if self._phrased is None else PHRASED

    def texts(self, inputs: Sequence[ClassifierInput]) -> list[str]:
        """Return the text the encoder must see for each input."""
        return [self._reading.text(item) for item in inputs]

    def suggest(
        self, inputs: Sequence[ClassifierInput], embeddings: Embeddings | None = None
    ) -> list[Suggestion]:
        """Return one suggestion an input, in order; ``embeddings`` as for :meth:`texts`."""
        if not inputs:
            return []
        dense = self.encoder.encode(self.texts(inputs)) if embeddings is None else embeddings
        probabilities, none = self.shipped_probabilities(inputs, dense)
        if self._project is not None:
            probabilities, none = self._project.apply(probabilities, none, dense)
        return [self._suggestion(p, float(q)) for p, q in zip(probabilities, none, strict=True)]

    def shipped_probabilities(
        self,
        inputs: Sequence[ClassifierInput],
        embeddings: Embeddings,
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return probabilities of statements (n, n_statements) and none (n,), without a project's head."""
        if self._phrased is None:
            scores: npt.NDArray[np.floating] = nearness(embeddings, self._described, self._arrays["centre"])
        else:
            scores = self._phrased.scores(self.texts(inputs), embeddings)
        probabilities = sigmoid(features(scores) @ self._array("coef") + self._array("bias"))
        best = scores.max(axis=1, keepdims=True)
        return probabilities, sigmoid(best @ self._array("none_coef") + self._array("none_bias"))

    def _array(self, name: str) -> npt.NDArray[np.floating]:
        """Return an array of the curve for this framework's kind of description."""
        return np.asarray(self._arrays[self._curve + name])

    def shipped_thresholds(self) -> dict[str, npt.NDArray[np.float64]]:
        """Return ``thresholds`` (n_statements,), all alike, and ``none_threshold`` (1,)."""
        one = np.full(len(self.statements), float(self._array("threshold").item()))
        return {"thresholds": one, "none_threshold": self._array("none_threshold").astype(np.float64)}

    def _suggestion(self, probabilities: npt.NDArray[np.float64], none: float) -> Suggestion:
        levels = self.shipped_thresholds() if self._project is None else self._project.thresholds()
        none_suggested = none >= float(levels["none_threshold"].item())
        threshold = levels["thresholds"]
        ids = self.statements
        order = np.argsort(-probabilities, kind="stable")
        codes = tuple(
            SuggestedCode(
                ids[k],
                round(float(probabilities[k]), 6),
                bool(probabilities[k] >= threshold[k]) and not none_suggested,
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
