"""Linear heads over words and embedding, held side by side in two matrices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


def log_softmax(scores: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Return log probabilities along the last axis."""
    wide = scores.astype(np.float64)
    shifted = wide - wide.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


def sigmoid(scores: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Return ``1 / (1 + exp(-scores))`` without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * scores.astype(np.float64))))


@dataclass(frozen=True)
class Heads:
    """Named linear heads.

    Parameters
    ----------
    layout
        Head name to (first column, last column + 1) of the matrices.
    lexical
        Shape (n_terms, n_worded): the first outputs, of heads that read words; the others read none.
    dense
        Shape (width, n_outputs).
    bias
        Shape (n_outputs,).
    """

    layout: Mapping[str, tuple[int, int]]
    lexical: npt.NDArray[np.floating]
    dense: Floats
    bias: Floats

    def scores(
        self, words: npt.NDArray[np.floating], vectors: npt.NDArray[np.floating]
    ) -> dict[str, npt.NDArray[Any]]:
        """Return one array a head, shape (n_texts, n_outputs of it).

        ``words``, shape (n_texts, n_worded), is the texts' terms times ``lexical``; ``vectors`` has shape
        (n_texts, width).
        """
        found = vectors @ self.dense + self.bias
        found[:, : words.shape[1]] += words
        return self.split(found)

    def split(self, scores: npt.NDArray[np.floating]) -> dict[str, npt.NDArray[Any]]:
        """Return scores of shape (n_texts, n_outputs) cut into one array a head."""
        return {name: scores[:, start:end] for name, (start, end) in self.layout.items()}
