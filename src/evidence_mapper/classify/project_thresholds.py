"""Thresholds of a project's head, and the figures by which it is held against the shipped one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]

_FEW: Final = 20
"""Fewer pieces of a statement's evidence than this say too little for a threshold of its own."""
_ENOUGH: Final = 50
"""Without a guard set, fewer pieces of evidence than this say too little for a lower threshold of none."""
_WORTH: Final = 25
"""So many pieces of evidence the share weighs that was lost to none before, beside the share wanted."""
_HAIR: Final = 1e-9
"""Below a score that must be reached, so that rounding on another machine does not lose it."""


@dataclass(frozen=True)
class Levels:
    """Thresholds, and what they were set to keep."""

    thresholds: Doubles
    """Shape (n_statements,)."""
    none_threshold: float
    recall: float
    none_loss: float


@dataclass(frozen=True)
class Held:
    """Probabilities of passages a head has not learned from, beside the truth; the last column is "none"."""

    probabilities: Doubles
    truth: npt.NDArray[np.bool_]

    def evidence(self) -> npt.NDArray[np.bool_]:
        """Return which passages bear on a statement, shape (n,)."""
        return np.asarray(self.truth[:, :-1].any(axis=1))

    def lost(self, none_threshold: float) -> npt.NDArray[np.bool_]:
        """Return which passages are suggested as none, shape (n,)."""
        return np.asarray(self.probabilities[:, -1] >= none_threshold)

    def suggested(self, levels: Levels) -> npt.NDArray[np.bool_]:
        """Return which statements are suggested, shape (n, n_statements)."""
        reached = self.probabilities[:, :-1] >= levels.thresholds
        return np.asarray(reached & ~self.lost(levels.none_threshold)[:, None])


def find_thresholds(
    shipped: Levels,
    own: tuple[Held, Held],
    checked: tuple[Held, Held] | None,
    *,
    none_stays: bool = False,
) -> Levels:
    """Return thresholds for a new head.

    With a guard set, each suggests as much of a statement's evidence as the shipped classifier does, on the
    guard set and on guard set and decisions together, and more where less than the wanted share of the
    decisions' evidence would be suggested. Without one, the decisions alone say (split conformal).
    No more of the guard set's evidence is suggested as none than before, and no more of the decisions':
    the more of it there is, the nearer to the wanted share.

    Parameters
    ----------
    shipped
        The shipped classifier's.
    own
        The decisions by the shipped classifier and, each, by a new head that had not learned from it.
    checked
        The guard set by the shipped classifier and by the new head; None without a guard set.
    none_stays
        The threshold of none is the shipped one.
    """
    none = shipped.none_threshold if none_stays else _none_threshold(shipped, own, checked)
    mine = _reached(own[1], none)
    truth = own[1].truth[:, :-1]
    found = shipped.thresholds.astype(np.float64).copy()
    if checked is not None:
        sets = [checked, (own[0], own[1])]
        before = [pair[0].suggested(shipped) for pair in sets]
        after = [_reached(pair[1], none) for pair in sets]
        there = [pair[1].truth[:, :-1] for pair in sets]
        for k in range(len(found)):
            hits = [b[t[:, k], k] for b, t in zip(before, there, strict=True)]
            scores = [a[t[:, k], k] for a, t in zip(after, there, strict=True)]
            together = _as_many(np.concatenate(hits), np.concatenate(scores), found[k])
            found[k] = min(_as_many(hits[0], scores[0], found[k]), together)
    for k in range(len(found)):
        enough = int(truth[:, k].sum()) >= _FEW
        if enough or (checked is None and int(truth.sum()) >= _FEW):
            wanted = _conformal(mine[truth[:, k], k] if enough else mine[truth], shipped.recall)
            found[k] = wanted if checked is None else min(found[k], wanted)
    return Levels(found, none, shipped.recall, shipped.none_loss)


def _reached(held: Held, none_threshold: float) -> Doubles:
    """Return probabilities of statements, 0 where the passage is suggested as none."""
    return np.where(held.lost(none_threshold)[:, None], 0.0, held.probabilities[:, :-1])


def _none_threshold(shipped: Levels, own: tuple[Held, Held], checked: tuple[Held, Held] | None) -> float:
    """Return a threshold that loses no more guard evidence than before, nor too much of the decisions'."""
    found = shipped.none_threshold
    if checked is not None:
        found = _above(_scores_of_evidence(checked[1]), _lost_before(shipped, checked[0]))
    scores = _scores_of_evidence(own[1])
    if not len(scores):
        return found
    wanted = _above(scores, _allowed(shipped.none_loss, _lost_before(shipped, own[0]), len(scores)))
    return wanted if checked is None and len(scores) >= _ENOUGH else max(found, wanted)


def _scores_of_evidence(held: Held) -> Doubles:
    return np.asarray(held.probabilities[held.evidence(), -1])


def _lost_before(shipped: Levels, before: Held) -> int:
    return int((before.lost(shipped.none_threshold) & before.evidence()).sum())


def _allowed(wanted: float, lost: int, pieces: int) -> int:
    """Return how many of so many pieces of evidence may be lost: no more than were before.

    A weighed mean of the share lost before and the share wanted, the first worth 25 pieces.
    """
    share = (wanted * pieces + lost / pieces * _WORTH) / (pieces + _WORTH)
    return min(lost, int(np.floor(share * pieces + _HAIR)))


def _above(scores: Doubles, allowed: int) -> float:
    """Return a threshold that so many scores reach."""
    highest = np.sort(scores)[::-1]
    return float(highest[allowed]) + _HAIR if allowed < len(highest) else 0.0


def _conformal(scores: Doubles, recall: float) -> float:
    """Return what a new passage of the same kind reaches with probability ``recall``: split conformal.

    Scores of 0 are lost to none: no threshold is lowered to nothing for them.
    """
    rank = int(np.floor((1 - recall) * (len(scores) + 1) + _HAIR))
    reachable = scores[scores > 0.0]
    if rank < 1 or not len(reachable):
        return 0.0
    return float(max(np.sort(scores)[rank - 1], np.min(reachable))) - _HAIR


def _as_many(before: npt.NDArray[np.bool_], after: Doubles, otherwise: float) -> float:
    """Return a threshold that as many scores reach as were suggested before.

    Scores of 0 are lost to none: no threshold is lowered for them. ``otherwise`` is for no hit at all.
    """
    hits = min(int(before.sum()), int((after > 0.0).sum()))
    return float(np.sort(after)[::-1][hits - 1]) - _HAIR if hits else otherwise


def gate_figures(held: Held, main: npt.NDArray[np.int64], levels: Levels) -> dict[str, float]:
    """Return macro F1 of the main statement, recall and number of suggestions, and evidence lost to none.

    ``main`` is the index of each passage's main statement, n_statements for none; all figures but the
    number of passages are of evidence alone.
    """
    truth, evidence = held.truth[:, :-1], held.evidence()
    first = held.probabilities[:, :-1].argmax(axis=1)[evidence]
    right = main[evidence]
    scores = []
    for k in range(truth.shape[1]):
        total = int((first == k).sum() + (right == k).sum())
        if total:
            scores.append(2 * int(((first == k) & (right == k)).sum()) / total)
    suggested = held.suggested(levels)
    return {
        "passages": float(len(main)),
        "macro_f1": float(np.mean(scores)),
        "recall": float((suggested & truth).sum()) / float(truth.sum()),
        "suggestions": float(suggested[evidence].sum(axis=1).mean()),
        "none_loss": float(held.lost(levels.none_threshold)[evidence].mean()),
    }
