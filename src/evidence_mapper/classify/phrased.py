"""Scores learned from phrasings alone: each way a statement is put is one example of it.

Ridge regression from a phrasing's vector and words to its statement, solved in closed form over the few
hundred descriptions of a framework. Numbers of phrasings act as prior: a statement people speak of
often deserves more of them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from evidence_mapper.classify.base import Embeddings
from evidence_mapper.classify.lexical import LexicalFeatures, terms
from evidence_mapper.domain.framework import Framework

Doubles = npt.NDArray[np.float64]

_RIDGE: Final = 1.0
_WORDS: Final = 0.3
"""Weight of the words' inner products beside the vectors'. Of nine settings of both numbers, those that read
words differ by 0.015 in micro F1: see ``models/EXPERIMENTS.md``."""


@dataclass(frozen=True)
class PhrasedScorer:
    """A linear map from vectors and words to statements."""

    words: LexicalFeatures
    dense: Doubles
    """Shape (width, n_statements)."""
    lexical: Doubles
    """Shape (n_words, n_statements)."""
    offset: Doubles
    """Shape (n_statements,): each statement's share of the descriptions."""

    @classmethod
    def of(cls, described: Sequence[Sequence[str]], vectors: Sequence[Embeddings]) -> PhrasedScorer:
        """Return the scorer of descriptions.

        Parameters
        ----------
        described
            The texts of each statement, none empty.
        vectors
            The same by the encoder, each of shape (n_texts, width).
        """
        texts = [text for group in described for text in group]
        owner = np.repeat(np.arange(len(described)), [len(group) for group in described])
        words = _words_of(texts)
        counted = np.zeros((len(texts), len(words.vocabulary)))
        for row, text in zip(counted, texts, strict=True):
            columns, values = words.row(text)
            row[columns] = values
        dense = np.concatenate(vectors).astype(np.float64)
        truth = np.eye(len(described))[owner]
        offset = truth.mean(axis=0)
        gram = dense @ dense.T + _WORDS * counted @ counted.T
        solved = np.linalg.solve(gram + _RIDGE * np.eye(len(texts)), truth - offset)
        return cls(words, dense.T @ solved, _WORDS * counted.T @ solved, offset)

    def scores(self, texts: Sequence[str], vectors: Embeddings) -> Doubles:
        """Return scores, shape (n_texts, n_statements); around 1 for a phrasing itself, 0 for no likeness."""
        return self.words.project(texts, self.lexical) + vectors @ self.dense + self.offset


def has_phrasings(framework: Framework) -> bool:
    """Whether every statement says how people put it."""
    return all(s.phrasings for s in framework.statements)


def _words_of(texts: Sequence[str]) -> LexicalFeatures:
    """Return single words of the texts with smoothed inverse document frequencies."""
    found = Counter(w for text in texts for w in {t for t in terms(text) if " " not in t})
    vocabulary = tuple(sorted(found))
    idf = [math.log((1 + len(texts)) / (1 + found[w])) + 1 for w in vocabulary]
    return LexicalFeatures(vocabulary, np.array(idf, dtype=np.float32))
