"""TF-IDF over words and word pairs, as scikit-learn fits it, computed with numpy alone.

Loading scikit-learn takes a second on a laptop; a suggestion needs three of its lines. A test holds
the two implementations equal.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

_WORD: Final = re.compile(r"(?u)\b\w\w+\b")
"""scikit-learn's default token pattern."""


def terms(text: str) -> list[str]:
    """Return lower-case words of two or more characters, then the pairs of neighbours."""
    words = _WORD.findall(text.lower())
    return words + list(map(" ".join, pairwise(words)))


def places(text: str) -> list[tuple[str, int, int]]:
    """Return the same terms, each with where it stands: (term, start, end), half-open, in code points.

    A pair reaches from the start of its first word to the end of its second.
    """
    lower = text.lower()
    # One letter, the dotted capital I, is longer in lower case: places are told in the text as written.
    at = range(len(text)) if len(lower) == len(text) else [i for i, c in enumerate(text) for _ in c.lower()]
    words = [(m.group(), at[m.start()], at[m.end() - 1] + 1) for m in _WORD.finditer(lower)]
    return words + [(f"{a} {b}", start, end) for (a, start, _), (b, _, end) in pairwise(words)]


@dataclass(frozen=True)
class LexicalFeatures:
    """A fitted vocabulary with inverse document frequencies.

    Parameters
    ----------
    vocabulary
        Terms in column order.
    idf
        Shape (n_terms,): smoothed inverse document frequency, at least 1.
    """

    vocabulary: tuple[str, ...]
    idf: npt.NDArray[np.float32]

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", {term: i for i, term in enumerate(self.vocabulary)})

    def row(self, text: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """Return (columns, weights) of one text, weights of unit length; empty when no term is known.

        Weight of a term: ``(1 + ln count) * idf``, then divided by the row's Euclidean length
        (scikit-learn's ``sublinear_tf=True, norm="l2"``).
        """
        index: dict[str, int] = self.__dict__["_index"]
        counts = Counter(map(index.get, terms(text)))
        counts.pop(None, None)
        known = sorted((column, n) for column, n in counts.items() if column is not None)
        columns = np.array([column for column, _ in known], dtype=np.int64)
        if not known:
            return columns, np.zeros(0, dtype=np.float32)
        weights = (1.0 + np.log([n for _, n in known])) * self.idf[columns]
        return columns, (weights / np.sqrt(weights @ weights)).astype(np.float32)

    def project(self, texts: Sequence[str], weights: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
        """Return rows times weights.

        Parameters
        ----------
        texts
            n_texts strings.
        weights
            Shape (n_terms, n_outputs); may be half precision.

        Returns
        -------
        ndarray of shape (n_texts, n_outputs)
        """
        out = np.zeros((len(texts), weights.shape[1]), dtype=np.float32)
        for i, text in enumerate(texts):
            columns, values = self.row(text)
            if len(columns):
                out[i] = values @ weights[columns].astype(np.float32)
        return out
