"""Exact bounds from a random sample without replacement, and sums of unequal chances.

The stopping rule is that of Callaghan and Müller-Hansen (2020), "Statistical stopping criteria for
automated screening in systematic reviews", Systematic Reviews 9:273: a random sample of what has not been
read, and the hypergeometric distribution of what it finds.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from evidence_mapper.domain.remaining import Expected

MIDDLE = 0.9
"""Share of the distribution between the ends of an interval."""


def upper_bound(frame: int, sample: int, found: int, confidence: float) -> int:
    """Return the greatest number of relevant passages in a frame that a sample does not refute.

    It is the exact one-sided hypergeometric bound: whatever the true number, samples drawn at random give
    a bound below it in at most ``1 - confidence`` of draws.

    Parameters
    ----------
    frame
        Passages of which the sample was drawn, at least 1.
    sample
        Passages drawn, without replacement; 0 to ``frame``.
    found
        Relevant ones among them.
    confidence
        In (0, 1), such as 0.9.

    Raises
    ------
    ValueError
        The numbers cannot be those of a sample.
    """
    if not (0 <= found <= sample <= frame and frame >= 1 and 0 < confidence < 1):
        raise ValueError(f"no sample: {found} found in {sample} drawn of {frame}, confidence {confidence}")
    from scipy.stats import hypergeom

    low, high = found, frame - (sample - found)
    while low < high:
        middle = (low + high + 1) // 2
        if float(hypergeom.cdf(found, frame, middle, sample)) > 1 - confidence:
            low = middle
        else:
            high = middle - 1
    return low


def sample_needed(frame: int, allowed: int, confidence: float) -> int | None:
    """Return the smallest sample that, with nothing found, shows that at most ``allowed`` are relevant.

    None when only reading the whole frame would.
    """
    low, high = 1, frame
    while low < high:
        middle = (low + high) // 2
        if upper_bound(frame, middle, 0, confidence) <= allowed:
            high = middle
        else:
            low = middle + 1
    return low if low < frame else None


def expected_count(probabilities: Sequence[float] | npt.NDArray[np.float64]) -> Expected:
    """Return how many of some passages are to be expected relevant, each with a chance of its own.

    The interval is that of the exact Poisson-binomial distribution: it says how chance alone would
    scatter the count if every probability were right, and nothing of how right they are.
    """
    chances = np.clip(np.asarray(probabilities, dtype=np.float64), 0.0, 1.0)
    below = np.cumsum(_distribution(chances))
    tail = (1 - MIDDLE) / 2
    low, high = (int(np.searchsorted(below, level)) for level in (tail, 1 - tail))
    return Expected(float(chances.sum()), min(low, len(chances)), min(high, len(chances)))


def _distribution(chances: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the probability of each count from 0 to the number of chances: halves put together."""
    from scipy.signal import fftconvolve

    parts = [np.array([1 - p, p]) for p in chances] or [np.ones(1)]
    while len(parts) > 1:
        joined = []
        for left, right in zip(parts[::2], parts[1::2], strict=False):
            few = min(len(left), len(right)) < 100
            joined.append(np.convolve(left, right) if few else np.clip(fftconvolve(left, right), 0, 1))
        if len(parts) % 2:
            joined.append(parts[-1])
        parts = joined
    return np.asarray(parts[0])
