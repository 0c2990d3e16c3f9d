"""How far passages are from those the classifier learned from and was calibrated on.

Two questions a passage: are its words and its place in the encoder's space unlike those of the training
passages, and is it mostly figures. Both are answered by rank among passages of writers that were left out
of the comparison, so that a stranger's ordinary passage is called unlike one time in twenty.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from evidence_mapper.classify.base import Embeddings

Doubles = npt.NDArray[np.float64]

EXPECTED: Final = 0.05
"""Share of passages like the training passages that are called unlike all the same."""
STRANGE: Final = 0.04
"""Part of :data:`EXPECTED` spent on words and place."""
FIGURES: Final = EXPECTED - STRANGE
"""Part of :data:`EXPECTED` spent on passages that are mostly figures."""
_WORD: Final = re.compile(r"(?u)\b[^\W\d_]{2,}\b")
"""Words without figures: those are asked about apart."""


@dataclass(frozen=True)
class Likeness:
    """What was found, passage by passage; arrays of shape (n_passages,)."""

    strange: npt.NDArray[np.bool_]
    """Words or subject unlike the training passages'."""
    figures: npt.NDArray[np.bool_]
    """More figures and signs than the training passages hold."""

    @property
    def unlike(self) -> npt.NDArray[np.bool_]:
        """Either of the two."""
        return self.strange | self.figures


@dataclass(frozen=True)
class DriftModel:
    """The reference passages are compared with.

    Parameters
    ----------
    words
        :func:`word_hash` of every word of the training passages.
    places
        Shape (n_places, width), unit length: where training passages lie in the encoder's space.
    unseen, distance
        Shape (n_reference,), ascending: :func:`unseen_words` and :func:`distances` of reference passages.
    strangeness
        Shape (n_reference,), ascending: :func:`strangeness` of reference passages.
    signs
        Shape (n_reference,), ascending: :func:`sign_share` of reference passages.
    """

    words: Collection[int]
    places: Doubles
    unseen: Doubles
    distance: Doubles
    strangeness: Doubles
    signs: Doubles

    @classmethod
    def of(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> DriftModel | None:
        """Return the model an artefact holds, its arrays named ``drift_``; None when it holds none."""
        if "drift_words" not in arrays:
            return None
        names = ("places", "unseen", "distance", "strangeness", "signs")
        found = {name: arrays[f"drift_{name}"].astype(np.float64) for name in names}
        return cls(frozenset(arrays["drift_words"].tolist()), **found)

    def assess(self, texts: Sequence[str], embeddings: Embeddings) -> Likeness:
        """Return which passages are unlike the reference.

        Parameters
        ----------
        texts
            What the classifier read.
        embeddings
            Shape (n_texts, width), of the same texts by the classifier's encoder.
        """
        if not texts:
            return Likeness(np.zeros(0, bool), np.zeros(0, bool))
        words = {w for text in texts for w in words_of(text)}
        known = {w for w in words if word_hash(w) in self.words}
        found = strangeness(
            tail(unseen_words(texts, known), self.unseen),
            tail(distances(embeddings, self.places), self.distance),
        )
        # The least probability that n reference passages can give is 1 / (n + 1).
        return Likeness(
            tail(found, self.strangeness) <= STRANGE, tail(sign_share(texts), self.signs) <= FIGURES
        )


def words_of(text: str) -> list[str]:
    """Return the lower-case words of two or more letters."""
    return _WORD.findall(text.lower())


def word_hash(word: str) -> int:
    """Return 64 bits that stand for a word, so that an artefact of numbers can hold a word list."""
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little", signed=True)


def unseen_words(texts: Sequence[str], words: Collection[str]) -> Doubles:
    """Return the share of words not among ``words``, shape (n_texts,); few words are drawn towards 0."""
    found = [words_of(t) for t in texts]
    return np.array([(sum(w not in words for w in row) + 0.5) / (len(row) + 10) for row in found])


def distances(embeddings: Embeddings, places: npt.NDArray[np.floating]) -> Doubles:
    """Return 1 less the cosine to the nearest place, in [0, 2], shape (n_texts,)."""
    return np.asarray(1.0 - (unit(embeddings) @ places.T).max(axis=1), dtype=np.float64)


def unit(vectors: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Return the rows at unit length."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9))


def sign_share(texts: Sequence[str]) -> Doubles:
    """Return the share of characters, white space apart, that are no letters, shape (n_texts,)."""
    return np.array([_signs(t) for t in texts])


def _signs(text: str) -> float:
    marks = [c for c in text if not c.isspace()]
    return sum(not c.isalpha() for c in marks) / max(1, len(marks))


def tail(values: Doubles, reference: Doubles) -> Doubles:
    """Return, for each value, the share of reference passages at least as high, the value counted in.

    A conformal p-value (Bates and others 2023): for a passage of the same kind as the reference it is at
    most p with probability at most p.
    """
    above = len(reference) - np.searchsorted(reference, values, side="left")
    return np.asarray((1.0 + above) / (1.0 + len(reference)))


def strangeness(*tails: Doubles) -> Doubles:
    """Return how strange passages are: the sum of the negative logs of their tail shares (Fisher)."""
    return np.asarray(-np.sum(np.log(np.stack(tails)), axis=0))
