"""Bootstrap intervals of evaluation figures, by passage and by writer, from one set of draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from evidence_mapper.measure.intervals import Interval, Weights, draws, percentile, ratio

Bools = npt.NDArray[np.bool_]
_FEWEST: Final = 5
"""Fewer writers than this say nothing of the spread between writers."""


class Resampler:
    """Draws passages, and whole writers, with replacement.

    Parameters
    ----------
    writers
        Who wrote each passage, or the document it is from.
    seed, count
        Of the generator; number of draws.
    """

    def __init__(self, writers: Sequence[str], *, seed: int, count: int) -> None:
        self.clusters = len(set(writers))
        self._by: dict[str, Weights] = {"passage": draws(len(writers), count=count, seed=seed)}
        if self.clusters >= _FEWEST:
            self._by["writer"] = draws(len(writers), clusters=writers, count=count, seed=seed)

    def figure(self, values: Callable[[Weights], npt.NDArray[np.float64]]) -> dict[str, Any]:
        """Return ``passage`` and ``writer`` intervals of a figure computed from draws.

        ``values`` takes weights of shape (n_draws, n_passages) and returns shape (n_draws,). An interval
        is ``[low, high]``; None where no draw gives the figure, or there are too few writers.
        """
        return {kind: _plain(percentile(values(self._by[kind]))) if kind in self._by else None
                for kind in ("passage", "writer")}  # fmt: skip

    def share(self, hits: Bools, among: Bools) -> dict[str, Any]:
        """Return intervals of the share that ``hits`` are of ``among``; shapes (n,) or (n, k), summed."""
        top, bottom = _count(hits & among), _count(among)
        return self.figure(lambda w: ratio(_drawn(w, top), _drawn(w, bottom)))

    def macro_f1(self, truth: Bools, given: Bools) -> dict[str, Any]:
        """Return intervals of the mean F1 over codes that a draw holds or gives; shapes (n, k)."""
        hits, total = (truth & given).astype(float), truth.astype(float) + given.astype(float)

        def values(w: Weights) -> npt.NDArray[np.float64]:
            each = ratio(2 * _drawn(w, hits), _drawn(w, total))
            known = ~np.isnan(each)
            return ratio(np.where(known, each, 0.0).sum(axis=1), known.sum(axis=1))

        return self.figure(values)

    def codes(
        self, truth: Bools, suggested: Bools, probabilities: npt.NDArray[np.float64]
    ) -> list[dict[str, Any]]:
        """Return intervals of precision, recall, F1 and average precision, one dictionary a code."""
        return [
            {
                "precision": self.share(truth[:, k], suggested[:, k]),
                "recall": self.share(suggested[:, k], truth[:, k]),
                "f1": self.macro_f1(truth[:, k : k + 1], suggested[:, k : k + 1]),
                "average_precision": self.figure(_average_precision(truth[:, k], probabilities[:, k])),
            }
            for k in range(truth.shape[1])
        ]


def _average_precision(
    truth: Bools, probabilities: npt.NDArray[np.float64]
) -> Callable[[Weights], npt.NDArray[np.float64]]:
    order = np.argsort(-probabilities, kind="stable")
    ranked = truth[order].astype(float)

    def values(w: Weights) -> npt.NDArray[np.float64]:
        drawn = w[:, order]
        hits = drawn * ranked
        precision = ratio(np.cumsum(hits, axis=1), np.cumsum(drawn, axis=1))
        return ratio(np.where(hits > 0, hits * precision, 0.0).sum(axis=1), hits.sum(axis=1))

    return values


def _drawn(w: Weights, counts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return ``w @ counts`` without BLAS, whose threads wait for each other on a busy machine."""
    return np.asarray(np.einsum("dn,n...->d...", w, counts))


def _count(marks: Bools) -> npt.NDArray[np.float64]:
    return (marks if marks.ndim == 1 else marks.sum(axis=1)).astype(np.float64)


def _plain(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [interval.low, interval.high]
