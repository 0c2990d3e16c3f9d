"""Thresholds of a learned classifier, and figures of passages its heads have not learned from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from evidence_mapper.classify.project_head import Doubles

Bools = npt.NDArray[np.bool_]

_HAIR: Final = 1e-9
"""Below a score that must be reached, so that rounding on another machine does not lose it."""


def levels(
    probabilities: Doubles, truth: Bools, n: int, wanted: tuple[float, float], without: float
) -> dict[str, npt.NDArray[Any]]:
    """Return ``thresholds`` (n,), ``none_threshold`` (1,) and ``calibrated_on`` (n,).

    Parameters
    ----------
    probabilities, truth
        Shape (rows, n), or one more column for "none".
    n
        Number of statements.
    wanted
        Share of each statement's evidence to suggest (split conformal, on average over draws of
        passages), and the largest share of evidence to be suggested as none.
    without
        Threshold of a statement without evidence.
    """
    recall, loss = wanted
    evidence = truth[:, :n].any(axis=1)
    none_threshold, lost = 1.0, np.zeros(len(truth), dtype=bool)
    if truth.shape[1] > n:
        scores = np.sort(probabilities[evidence, n])[::-1]
        allowed = int(np.floor(loss * (len(scores) + 1) + _HAIR))
        none_threshold = float(scores[min(allowed, len(scores) - 1)]) + _HAIR
        lost = probabilities[:, n] >= none_threshold
    reached = np.where(lost[:, None], 0.0, probabilities[:, :n])
    there = truth[:, :n].sum(axis=0)
    found = [_conformal(reached[truth[:, k], k], recall) if there[k] else without for k in range(n)]
    return {
        "thresholds": np.array(found),
        "none_threshold": np.array([none_threshold]),
        "calibrated_on": there,
    }


def _conformal(scores: Doubles, recall: float) -> float:
    """Return what a new passage of the same kind reaches with probability ``recall``.

    Without enough passages for that, none is promised: half of the lowest score, so that a statement
    learned from few passages is still suggested, but not everywhere.
    """
    rank = int(np.floor((1 - recall) * (len(scores) + 1) + _HAIR))
    if rank >= 1:
        return max(0.0, float(np.sort(scores)[rank - 1]) - _HAIR)
    return float(np.min(scores)) / 2


def balance_threshold(probabilities: Doubles, truth: Bools, n: int) -> float:
    """Return the threshold, alike for all statements, with the best micro F1."""
    p, there = probabilities[:, :n], truth[:, :n]
    grid = np.linspace(0.05, 0.6, 56)
    return float(grid[int(np.argmax([_f1(p >= t, there) or 0.0 for t in grid]))])


def figures_of(
    probabilities: Doubles, truth: Bools, n: int, mode: str, texts: Sequence[str],
    set_levels: dict[str, npt.NDArray[Any]],
) -> dict[str, Any]:  # fmt: skip
    """Return figures of cross-fitted probabilities, as plain data; all in [0, 1] but the counts.

    ``unseen`` are the passages whose text, apart from case and spaces, occurs once.
    """
    balance = balance_threshold(probabilities, truth, n)
    once = Counter(_plain(t) for t in texts)
    unseen = np.array([once[_plain(t)] == 1 for t in texts])
    out: dict[str, Any] = {"passages": len(texts), "balance_threshold": balance}
    for name, rows in (("all", np.ones(len(texts), dtype=bool)), ("unseen", unseen)):
        if rows.any():
            out[name] = _part(probabilities[rows], truth[rows], n, mode, (balance, set_levels))
    return out


def _part(
    p: Doubles, truth: Bools, n: int, mode: str, at: tuple[float, dict[str, npt.NDArray[Any]]]
) -> dict[str, Any]:
    balance, set_levels = at
    none = p[:, n] >= set_levels["none_threshold"].item() if p.shape[1] > n else np.zeros(len(p), dtype=bool)
    suggested = (p[:, :n] >= set_levels["thresholds"]) & ~none[:, None]
    hits, wanted = int((suggested & truth[:, :n]).sum()), int(truth[:, :n].sum())
    found: dict[str, Any] = {
        "passages": len(p),
        "recall": hits / max(wanted, 1),
        "suggestions": float(suggested.sum(axis=1).mean()),
        "calibration_error": _calibration_error(p[:, :n], truth[:, :n]),
    }
    if mode == "single":
        first, right = p.argmax(axis=1), truth.argmax(axis=1)
        found |= {"accuracy": float((first == right).mean()), "macro_f1": _macro(first, right)}
        found["by_statement"] = [_f1(first == k, right == k) for k in range(n)]
        return found
    made = p[:, :n] >= balance
    found |= {"micro_f1": _f1(made, truth[:, :n]), "macro_f1": _macro_many(made, truth[:, :n])}
    found["by_statement"] = [_f1(made[:, k], truth[:, k]) for k in range(n)]
    return found


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _f1(made: Bools, truth: Bools) -> float | None:
    total = int(made.sum() + truth.sum())
    return 2 * int((made & truth).sum()) / total if total else None


def _macro(first: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> float:
    return float(np.mean([_f1(first == k, right == k) for k in np.union1d(first, right)]))


def _macro_many(made: Bools, truth: Bools) -> float:
    known = [f for k in range(truth.shape[1]) if (f := _f1(made[:, k], truth[:, k])) is not None]
    return float(np.mean(known)) if known else 0.0


def _calibration_error(p: Doubles, truth: Bools) -> float:
    """Return the mean gap of probability and frequency over ten parts of [0, 1], weighted by size."""
    part = np.minimum((p * 10).astype(int), 9)
    gaps = [abs(p[part == b].sum() - truth[part == b].sum()) for b in range(10)]
    return float(sum(gaps) / p.size)
