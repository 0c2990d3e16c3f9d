"""Precision, recall, F1 and average precision of codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class CodeFigures:
    """One code. A figure is None where its denominator is zero."""

    code: str
    support: int
    """Passages that have the code."""
    precision: float | None
    recall: float | None
    f1: float | None
    average_precision: float | None
    """Mean of the precision at each passage that has the code, passages ranked by probability."""


def figures_by_code(
    codes: Sequence[str],
    truth: npt.NDArray[np.bool_],
    suggested: npt.NDArray[np.bool_],
    probabilities: npt.NDArray[np.floating],
) -> list[CodeFigures]:
    """Return figures a code; all arrays have shape (n_passages, n_codes)."""
    return [_figures(code, truth[:, k], suggested[:, k], probabilities[:, k]) for k, code in enumerate(codes)]


def _figures(
    code: str,
    truth: npt.NDArray[np.bool_],
    suggested: npt.NDArray[np.bool_],
    probabilities: npt.NDArray[np.floating],
) -> CodeFigures:
    hits, made, there = int((truth & suggested).sum()), int(suggested.sum()), int(truth.sum())
    return CodeFigures(
        code,
        there,
        hits / made if made else None,
        hits / there if there else None,
        2 * hits / (made + there) if made + there else None,
        average_precision(truth, probabilities) if there else None,
    )


def average_precision(truth: npt.NDArray[np.bool_], probabilities: npt.NDArray[np.floating]) -> float:
    """Return the average precision; ties keep the order given."""
    ranked = truth[np.argsort(-probabilities, kind="stable")]
    precision = np.cumsum(ranked) / np.arange(1, len(ranked) + 1)
    return float(precision[ranked].mean())


def macro_f1(codes: Sequence[str], truth: Sequence[str], given: Sequence[str]) -> float:
    """Return the mean F1 over codes of a single-choice field; a code never seen nor given is left out."""
    scores = []
    for code in codes:
        hits = sum(t == g == code for t, g in zip(truth, given, strict=True))
        total = sum(t == code for t in truth) + sum(g == code for g in given)
        if total:
            scores.append(2 * hits / total)
    return float(np.mean(scores)) if scores else 0.0
