"""Two encoders read side by side: the general one, and the one fine-tuned on care."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evidence_mapper.classify.base import Embeddings, Encoder


class PairEncoder:
    """Vectors of two encoders in one row, the first's before the second's.

    Parameters
    ----------
    first, second
        The encoders.
    """

    def __init__(self, first: Encoder, second: Encoder) -> None:
        self._first, self._second = first, second
        self.id = f"{first.id}+{second.id}"
        self.width = first.width + second.width

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """Return vectors, shape (n_texts, width)."""
        return np.hstack([self._first.encode(texts), self._second.encode(texts)])
