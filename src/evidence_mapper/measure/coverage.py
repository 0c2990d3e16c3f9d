"""What is gained by not answering where confidence is low."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """Answers given from a confidence upwards."""

    confidence: float
    """Lowest confidence among those answered."""
    answered: int
    share: float
    """Of all passages, in (0, 1]."""
    error: float
    """Share of the answered whose answer is wrong."""


def coverage_against_risk(
    confidence: npt.NDArray[np.floating], right: npt.NDArray[np.bool_], points: int = 20
) -> list[CoveragePoint]:
    """Return the error among the most confident 1/points, 2/points, ... of the passages.

    Parameters
    ----------
    confidence
        Shape (n,): probability of the answer given. Passages of one confidence are answered together.
    right
        Shape (n,): whether the answer is right.
    points
        Steps from few to all, at least 1.
    """
    order = np.argsort(-confidence, kind="stable")
    ranked, errors = confidence[order], np.cumsum(~right[order])
    n, found = len(ranked), {}
    for k in range(1, points + 1):
        last = max(1, round(n * k / points)) - 1
        if not n:
            break
        # All passages as confident as the last one are answered as well.
        answered = int(np.searchsorted(-ranked, -ranked[last], side="right"))
        found[answered] = CoveragePoint(
            float(ranked[last]), answered, answered / n, float(errors[answered - 1]) / answered
        )
    return list(found.values())


def confusion_matrix(names: list[str], truth: list[str], given: list[str]) -> list[list[int]]:
    """Return counts: a row for what a passage is, a column for what it was taken for, both as ``names``."""
    index = {name: i for i, name in enumerate(names)}
    counts = [[0] * len(names) for _ in names]
    for t, g in zip(truth, given, strict=True):
        counts[index[t]][index[g]] += 1
    return counts
