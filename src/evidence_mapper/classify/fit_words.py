"""Fit the heads over words. Not imported when suggestions are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from evidence_mapper.classify.base import Embeddings
from evidence_mapper.classify.fit_targets import Targets
from evidence_mapper.classify.labels import Labels
from evidence_mapper.classify.reading import BY_KIND

Array = npt.NDArray[Any]
_Matrix = Any  # scipy sparse or ndarray; scipy has no type information
NEVER: Final = -12.0
"""Score of a class with no training passage."""


@dataclass(frozen=True, slots=True)
class FitSpec:
    """Numbers that rebuild a classifier; saved in its manifest."""

    c: float = 10.0
    """Inverse regularisation of the heads over words."""
    min_df: int = 3
    """Terms in fewer passages are left out."""
    recall: float = 0.90
    """Share of each statement's evidence its threshold must suggest, of passages like the calibration's."""
    recall_confidence: float | None = 0.8
    """How sure of that share, in (0, 1); None keeps it on average over draws of calibration passages."""
    none_loss: float = 0.03
    """Largest share of evidence that may be suggested as "none", on the calibration passages."""
    heading_below_words: int | None = None
    """See :class:`~evidence_mapper.classify.reading.HeadingRule`; so is the next."""
    heading_below_words_of: Mapping[str, int] = field(default_factory=lambda: dict(BY_KIND))


@dataclass
class EncoderHeads:
    """Heads trained with the encoder: (weights of shape (width, n_outputs), bias) by name."""

    parts: Mapping[str, tuple[Array, Array]]

    def scores(self, embeddings: Embeddings) -> dict[str, Array]:
        """Return scores, shape (n, n_outputs) a head."""
        return {name: embeddings @ weights + bias for name, (weights, bias) in self.parts.items()}


class WordHeads:
    """Linear heads over TF-IDF, by name: (weights of shape (n_terms, n_outputs), bias)."""

    def __init__(self, spec: FitSpec, labels: Labels) -> None:
        self.spec = spec
        self.labels = labels
        self.vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=spec.min_df)
        self.parts: dict[str, tuple[Array, Array]] = {}

    def fit(self, texts: Sequence[str], y: Targets) -> WordHeads:
        """Learn vocabulary and heads from texts and their targets."""
        words = self.vectorizer.fit_transform(texts).tocsr()
        labels = self.labels
        self._softmax("lex", words, y.main, len(labels.statements) + 1)
        self._softmax("words_topic", words, y.topic, len(labels.topics) + 1)
        for name, target, n in (
            ("category", y.category, len(labels.categories)),
            ("polarity", y.polarity, len(labels.polarities)),
        ):
            known = np.flatnonzero((target >= 0) & (y.main < len(labels.statements)))
            self._softmax(name, words[known], target[known], n)
        self._binary("i", words, y.i_statements)
        return self

    def _softmax(self, name: str, x: _Matrix, target: Array, classes: int) -> None:
        model = LogisticRegression(C=self.spec.c, max_iter=400).fit(x, target)
        coef = np.zeros((classes, x.shape[1]))
        bias = np.full(classes, NEVER)
        coef[model.classes_], bias[model.classes_] = model.coef_, model.intercept_
        self.parts[name] = coef.T, bias

    def _binary(self, name: str, x: _Matrix, target: Array) -> None:
        coef = np.zeros((target.shape[1], x.shape[1]))
        bias = np.full(target.shape[1], NEVER)
        for k in range(target.shape[1]):
            model = LogisticRegression(C=self.spec.c, max_iter=400).fit(x, target[:, k])
            coef[k], bias[k] = model.coef_[0], model.intercept_[0]
        self.parts[name] = coef.T, bias

    def scores(self, texts: Sequence[str]) -> dict[str, Array]:
        """Return scores, shape (n, n_outputs) a head."""
        words = self.vectorizer.transform(texts)
        return {name: words @ coef + bias for name, (coef, bias) in self.parts.items()}

    def vocabulary(self) -> tuple[str, ...]:
        """Return the terms in column order."""
        return tuple(str(t) for t in self.vectorizer.get_feature_names_out())

    def layout(self, encoder: EncoderHeads) -> dict[str, tuple[int, int]]:
        """Return where each head's outputs lie among all, as (start, end)."""
        places, start = {}, 0
        for name in _names(self.parts, encoder):
            width = len((self.parts.get(name) or encoder.parts[name])[1])
            places[name] = (start, start + width)
            start += width
        return places

    def arrays(self, encoder: EncoderHeads) -> dict[str, Array]:
        """Return all heads side by side: what an artefact holds of words and encoder.

        Heads that read words come first; ``lexical`` has columns for them alone.
        """
        n_terms, layout = len(self.vectorizer.idf_), self.layout(encoder)
        width = len(next(iter(encoder.parts.values()))[0])
        total, worded = max(end for _, end in layout.values()), max(layout[name][1] for name in self.parts)
        lexical, dense, bias = np.zeros((n_terms, worded)), np.zeros((width, total)), np.zeros(total)
        for name, (start, end) in layout.items():
            if name in self.parts:
                lexical[:, start:end] = self.parts[name][0]
                bias[start:end] += self.parts[name][1]
            if name in encoder.parts:
                dense[:, start:end] = encoder.parts[name][0]
                bias[start:end] += encoder.parts[name][1]
        return {
            "lexical": lexical.astype(np.float16),
            "dense": dense.astype(np.float32),
            "bias": bias.astype(np.float32),
            "idf": self.vectorizer.idf_.astype(np.float32),
        }


def _names(words: Mapping[str, object], encoder: EncoderHeads) -> list[str]:
    return [*words, *(n for n in encoder.parts if n not in words)]
