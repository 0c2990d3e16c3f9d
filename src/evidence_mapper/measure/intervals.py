"""How far a figure may be off: exact intervals of a share, and the bootstrap for everything else."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Weights = npt.NDArray[np.float64]
"""Shape (n_draws, n_passages): how often each draw holds each passage, as floats for fast products."""

CONFIDENCE: Final = 0.95
DRAWS: Final = 1000


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds of a figure at a stated confidence; both included."""

    low: float
    high: float


def exact_interval(hits: int, total: int, confidence: float = CONFIDENCE) -> Interval | None:
    """Return the Clopper-Pearson interval of ``hits`` out of ``total``; None when ``total`` is 0."""
    if not total:
        return None
    from scipy.stats import binomtest

    found = binomtest(hits, total).proportion_ci(confidence_level=confidence, method="exact")
    return Interval(float(found.low), float(found.high))


def draws(
    n: int, *, clusters: Sequence[Hashable] | None = None, count: int = DRAWS, seed: int = 0
) -> Weights:
    """Draw passages with replacement, the same for the same seed.

    Parameters
    ----------
    n
        Number of passages.
    clusters
        Who wrote each passage, or which document it is from: whole clusters are drawn, because passages
        of one hand resemble each other. None draws passage by passage.
    count
        Number of draws.
    seed
        Of the generator.

    Returns
    -------
    ndarray of shape (count, n)
        How often each draw holds each passage.
    """
    generator = np.random.default_rng(seed)
    if not n:
        return np.zeros((count, 0))
    if clusters is None:
        return generator.multinomial(n, np.full(n, 1 / n), size=count).astype(np.float64)
    names = {name: i for i, name in enumerate(dict.fromkeys(clusters))}
    place = np.array([names[c] for c in clusters], dtype=np.int64)
    drawn = generator.multinomial(len(names), np.full(len(names), 1 / len(names)), size=count)
    return np.asarray(drawn[:, place], dtype=np.float64)


def difference_interval(hits: int, total: int, other_hits: int, other_total: int) -> Interval | None:
    """Return the interval of one share less another, at 95 %; None when either has no passage.

    Newcombe's method 10 (1998), from two Wilson intervals: it holds for shares of 0 and 1, where a
    bootstrap shows no spread at all.
    """
    if not total or not other_total:
        return None
    from scipy.stats import binomtest

    a, b = hits / total, other_hits / other_total
    one = binomtest(hits, total).proportion_ci(CONFIDENCE, method="wilson")
    two = binomtest(other_hits, other_total).proportion_ci(CONFIDENCE, method="wilson")
    low = a - b - float(np.hypot(a - one.low, two.high - b))
    high = a - b + float(np.hypot(one.high - a, b - two.low))
    return Interval(low, high)


def ratio(top: npt.NDArray[np.number], bottom: npt.NDArray[np.number]) -> npt.NDArray[np.float64]:
    """Return ``top / bottom``, NaN where ``bottom`` is 0."""
    full = np.full(np.broadcast(top, bottom).shape, np.nan)
    np.divide(top, bottom, out=full, where=np.asarray(bottom) != 0)
    return full


def percentile(values: npt.NDArray[np.floating], confidence: float = CONFIDENCE) -> Interval | None:
    """Return the middle ``confidence`` of a bootstrap's values; NaN are left out, None when all are."""
    known = values[~np.isnan(values)]
    if not len(known):
        return None
    low, high = np.quantile(known, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Interval(float(low), float(high))
