"""Which passages are nearest in meaning: the vectors kept with their suggestions against the query's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from evidence_mapper.classify.base import Embeddings
from evidence_mapper.store.records import StoredVector

BLOCK: Final = 8_192
"""Vectors multiplied at once: 12 MB of 384 numbers each."""
KEEP_AT_MOST: Final = 300_000
"""Vectors kept between searches, 230 MB of 384 numbers each; of more, each search reads them anew."""

Half = npt.NDArray[np.float16]
Vectors = Callable[[], Iterable[StoredVector]]


class SearchIndex:
    """Vectors of the passages there are, at unit length.

    Parameters
    ----------
    texts
        (passage number, one or two hashes its vector may be kept under), one a passage; of two that are
        there the first is taken.
    vectors
        Returns all vectors of one encoder; called at once and, past ``keep_at_most``, at each search.
    width
        Numbers a vector.
    keep_at_most
        Most vectors kept in memory.
    """

    def __init__(
        self,
        texts: Iterable[tuple[int, Sequence[str]]],
        vectors: Vectors,
        width: int,
        *,
        keep_at_most: int = KEEP_AT_MOST,
    ) -> None:
        self._vectors, self._width = vectors, width
        self._wanted: dict[bytes, int] = {}
        numbers, ways = [], []
        for number, digests in texts:
            numbers.append(number)
            put = [self._wanted.setdefault(_key(d), len(self._wanted)) for d in digests]
            ways.append((put[0], put[-1]))
        self.passages = len(numbers)
        """How many passages there are."""
        first, other = np.array(ways, dtype=np.int64).reshape(-1, 2).T
        self._numbers = np.array(numbers, dtype=np.int64)
        keep = self.passages <= keep_at_most
        self._kept = list(self._read()) if keep else None
        self._known = np.zeros(len(self._wanted), dtype=bool)
        for places, _ in self._kept if self._kept is not None else self._read():
            self._known[places] = True
        self._rows = np.where(self._known[first], first, other)

    @property
    def encoded(self) -> int:
        """How many of the passages have a vector."""
        return int(self._known[self._rows].sum())

    def nearest(
        self, query: Embeddings, limit: int, allowed: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return (passage number, cosine in [-1, 1]) of the nearest passages, nearest first.

        Parameters
        ----------
        query
            Shape (width,).
        limit
            At most so many.
        allowed
            Only these passages; None takes all.
        """
        open_to = self._known[self._rows]
        if allowed is not None:
            open_to &= np.isin(self._numbers, np.array(allowed, dtype=np.int64))
        places = np.flatnonzero(open_to)
        if not len(places):
            return []
        scores = self._scores(query)[self._rows[places]]
        order = _best(scores, self._numbers[places], limit)
        return [(int(self._numbers[places[i]]), float(scores[i])) for i in order]

    def _scores(self, query: Embeddings) -> Embeddings:
        """Return a cosine a vector, shape (n_vectors,)."""
        unit = query / max(float(np.linalg.norm(query)), 1e-9)
        scores = np.zeros(len(self._wanted), dtype=np.float32)
        for places, block in self._kept if self._kept is not None else self._read():
            scores[places] = block.astype(np.float32) @ unit
        return scores

    def _read(self) -> Iterator[tuple[npt.NDArray[np.int64], Half]]:
        """Yield vectors at unit length, shape (n, width), with their places, in blocks."""
        places: list[int] = []
        rows: list[Embeddings] = []
        for vector in self._vectors():
            place = self._wanted.get(_key(vector.text_sha256))
            if place is None or vector.width != self._width:
                continue
            places.append(place)
            rows.append(np.frombuffer(vector.data, dtype=vector.dtype))
            if len(rows) == BLOCK:
                yield np.array(places), _unit(rows)
                places, rows = [], []
        if rows:
            yield np.array(places), _unit(rows)


def _key(digest: str) -> bytes:
    """Return the 32 bytes of a hash, ``sha256:<hex>``."""
    return bytes.fromhex(digest.split(":")[-1])


def _unit(rows: Sequence[Embeddings]) -> Half:
    block = np.stack(rows).astype(np.float32)
    lengths = np.linalg.norm(block, axis=1, keepdims=True)
    return np.asarray(block / np.maximum(lengths, 1e-9), dtype=np.float16)


def _best(scores: Embeddings, numbers: npt.NDArray[np.int64], limit: int) -> npt.NDArray[np.int64]:
    """Return places of the highest scores, highest first; of equal ones the lowest passage number."""
    if len(scores) > limit:
        edge = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        near = np.flatnonzero(scores >= edge)
    else:
        near = np.arange(len(scores))
    order = np.lexsort((numbers[near], -scores[near]))
    best: npt.NDArray[np.int64] = near[order[:limit]]
    return best
