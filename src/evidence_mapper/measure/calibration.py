"""Whether a probability of 0.7 comes true seven times in ten."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Predictions whose probability lies in one band."""

    low: float
    """Lower edge, included."""
    high: float
    """Upper edge, excluded but for 1."""
    count: int
    mean_probability: float
    share_true: float


def reliability(
    truth: npt.NDArray[np.bool_], probabilities: npt.NDArray[np.floating], bins: int = 10
) -> list[ReliabilityBin]:
    """Return the bins that hold a prediction; arrays of any equal shape, bins of equal width."""
    flat, true = probabilities.ravel(), truth.ravel()
    place = np.minimum((flat * bins).astype(int), bins - 1)
    return [
        ReliabilityBin(
            low=k / bins,
            high=(k + 1) / bins,
            count=int((place == k).sum()),
            mean_probability=float(flat[place == k].mean()),
            share_true=float(true[place == k].mean()),
        )
        for k in range(bins)
        if (place == k).any()
    ]


def expected_calibration_error(
    truth: npt.NDArray[np.bool_], probabilities: npt.NDArray[np.floating], bins: int = 10
) -> float:
    """Return the mean distance of probability and frequency over bins, weighted by count; 0 is perfect.

    Source: Naeini, Cooper and Hauskrecht (2015), with equal-width bins.
    """
    found = reliability(truth, probabilities, bins)
    total = sum(b.count for b in found)
    if not total:
        return 0.0
    return sum(b.count * abs(b.mean_probability - b.share_true) for b in found) / total
