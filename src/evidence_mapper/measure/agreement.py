"""How far two coders agree, beyond chance, and how surely.

Percent agreement is counted; Cohen's kappa (1960) is scikit-learn's; Krippendorff's alpha (2011), and its
form for sets with Passonneau's MASI distance (2006), are NLTK's. The bootstrap works both coefficients out
again for every draw at once, by the same formulas on counts.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from evidence_mapper.measure.intervals import Interval, Weights, exact_interval, percentile, ratio

Label = Hashable
"""What a coder said: a code, True or False, or a frozenset of codes."""

_NONE: Final = frozenset({""})
"""Stands for the empty set, whose MASI distance to itself is not defined."""


@dataclass(frozen=True, slots=True)
class AgreementFigures:
    """Two coders on the same passages. A figure is None where it is not defined."""

    passages: int
    agreed: int
    percent: float | None
    """Share of the passages on which both said the same, in [0, 1]."""
    percent_interval: Interval | None
    """Exact (Clopper-Pearson), at 95 %."""
    kappa: float | None
    """Cohen's kappa, at most 1; None without passages, or where both said one and the same of all."""
    kappa_interval: Interval | None
    """Bootstrap over passages, at 95 %; None where they never differ, which no draw can then."""
    alpha: float | None
    """Krippendorff's alpha, at most 1; None where nothing varies."""
    alpha_interval: Interval | None


def agreement(
    first: Sequence[Label], second: Sequence[Label], weights: Weights, *, sets: bool = False
) -> AgreementFigures:
    """Return how far two coders agree.

    Parameters
    ----------
    first, second
        What each said, shape (n,), passage by passage.
    weights
        Bootstrap draws of these passages, shape (draws, n).
    sets
        The labels are frozensets: alpha counts sets that overlap as nearer, by MASI; percent and kappa
        count identical sets alone.
    """
    n = len(first)
    agreed = sum(a == b for a, b in zip(first, second, strict=True))
    if not n:
        return AgreementFigures(0, 0, None, None, None, None, None, None)
    codes = None if agreed == n else _Coded(first, second, sets=sets)
    return AgreementFigures(
        n,
        agreed,
        agreed / n,
        exact_interval(agreed, n),
        cohen_kappa(first, second),
        percentile(codes.kappas(weights)) if codes else None,
        krippendorff_alpha([first, second], sets=sets),
        percentile(codes.alphas(weights)) if codes else None,
    )


def cohen_kappa(first: Sequence[Label], second: Sequence[Label]) -> float | None:
    """Return Cohen's kappa of two coders; None where chance alone would make them agree on everything."""
    from sklearn.metrics import cohen_kappa_score

    names = {label: k for k, label in enumerate(dict.fromkeys([*first, *second]))}
    if len(names) < 2:
        return None
    return float(cohen_kappa_score([names[a] for a in first], [names[b] for b in second]))


def krippendorff_alpha(by_coder: Sequence[Sequence[Label | None]], *, sets: bool = False) -> float | None:
    """Return Krippendorff's alpha of any number of coders.

    Parameters
    ----------
    by_coder
        What each coder said, shape (coders, n); None where a coder said nothing. Passages of fewer than
        two coders are left out.
    sets
        The labels are frozensets, compared by MASI.

    Returns
    -------
    float or None
        None where nothing can be compared, or nothing varies.
    """
    from nltk.metrics.agreement import AnnotationTask
    from nltk.metrics.distance import binary_distance

    items = [[label for label in item if label is not None] for item in zip(*by_coder, strict=True)]
    items = [item for item in items if len(item) > 1]
    if len({label for item in items for label in item}) < 2:
        return None
    said = [(str(c), str(i), label) for i, item in enumerate(items) for c, label in enumerate(item)]
    if sets:
        said = [(c, i, label or _NONE) for c, i, label in said]
    return float(AnnotationTask(said, masi if sets else binary_distance).alpha())


def masi(first: frozenset[str], second: frozenset[str]) -> float:
    """Return Passonneau's distance of two sets, in [0, 1]; that of the empty set to itself is 0."""
    from nltk.metrics.distance import masi_distance

    return float(masi_distance(first or _NONE, second or _NONE))


class _Coded:
    """Labels as numbers, with the distances between them."""

    def __init__(self, first: Sequence[Label], second: Sequence[Label], *, sets: bool) -> None:
        names = {label: k for k, label in enumerate(dict.fromkeys([*first, *second]))}
        self._a = np.array([names[label] for label in first])
        self._b = np.array([names[label] for label in second])
        eye = np.eye(len(names))
        self._of_a, self._of_b = eye[self._a], eye[self._b]
        self._far = _distances(list(names), masi) if sets else 1.0 - eye

    def kappas(self, weights: Weights) -> npt.NDArray[np.float64]:
        """Return kappa in each draw, shape (draws,); NaN where it is not defined."""
        total = weights.sum(axis=1)
        observed = ratio(weights @ (self._a == self._b).astype(np.float64), total)
        chance = ratio(((weights @ self._of_a) * (weights @ self._of_b)).sum(axis=1), total**2)
        return ratio(observed - chance, np.where(np.isclose(chance, 1.0), 0.0, 1.0 - chance))

    def alphas(self, weights: Weights) -> npt.NDArray[np.float64]:
        """Return alpha in each draw, shape (draws,); NaN where nothing varies in it."""
        observed = ratio(weights @ self._far[self._a, self._b], weights.sum(axis=1))
        counts = weights @ (self._of_a + self._of_b)
        values = counts.sum(axis=1)
        expected = ratio(((counts @ self._far) * counts).sum(axis=1), values * (values - 1))
        return np.asarray(1.0 - ratio(observed, expected))


def _distances(labels: Sequence[Any], far: Callable[[Any, Any], float]) -> npt.NDArray[np.float64]:
    return np.array([[far(a, b) for b in labels] for a in labels])
