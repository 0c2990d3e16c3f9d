"""Thresholds that keep a promise on recall, and the promise in words.

The threshold comes from MAPIE's risk control, run when a classifier is fitted; suggesting needs the
numbers only, which the artefact keeps.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
_HAIR = 1e-9


@dataclass(frozen=True, slots=True)
class Guarantee:
    """What the thresholds were set to keep."""

    level: float
    """Share of each statement's evidence that is to be suggested, in (0, 1)."""
    confidence: float | None
    """How sure, over draws of the calibration passages, in (0, 1); None when the level holds on average
    over such draws."""
    calibrated_on: Mapping[str, int]
    """Statement id to the number of calibration passages that bear on it."""
    unkept: tuple[str, ...] = ()
    """Statements for which no threshold keeps the promise; theirs is 0."""

    @classmethod
    def of(
        cls, fit: Mapping[str, Any], statements: tuple[str, ...], arrays: Mapping[str, Array]
    ) -> Guarantee:
        """Return the promise an artefact states: ``fit`` of its manifest, and its arrays."""
        confidence = fit.get("recall_confidence")
        return cls(
            float(fit["recall"]),
            None if confidence is None else float(confidence),
            {s: int(n) for s, n in zip(statements, arrays["calibrated_on"], strict=True)},
            tuple(s for s, t in zip(statements, arrays["thresholds"], strict=True) if t <= 0),
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain data, with the promise in words."""
        return {
            "level": self.level,
            "confidence": self.confidence,
            "calibrated_on": dict(self.calibrated_on),
            "unkept": list(self.unkept),
            "sentence": self.sentence(),
        }

    def sentence(self) -> str:
        """Return the promise in words."""
        low, high = min(self.calibrated_on.values()), max(self.calibrated_on.values())
        sure = "on average" if self.confidence is None else f"with {self.confidence:.0%} confidence"
        text = (
            f"Thresholds are set so that {self.level:.0%} of each statement's evidence is suggested, {sure}; "
            f"calibrated on {low} to {high} passages a statement that the classifier had not learned from. "
            "The promise holds for passages like those."
        )
        if self.unkept:
            text += (
                f" For {', '.join(self.unkept)} no threshold keeps it: too few passages, or too many lost."
            )
        return text


def fewest(level: float, confidence: float | None = None) -> int:
    """Return the fewest calibration passages with which :func:`recall_threshold` can be above 0."""
    if confidence is None:
        return math.floor(1 / (1 - level) + 1e-9)
    return math.ceil(math.log(1 - confidence) / math.log(level) - 1e-9)


def recall_threshold(scores: Array, level: float, confidence: float | None = None) -> float:
    """Return the highest threshold that keeps the promise on recall.

    Parameters
    ----------
    scores
        Shape (n,): probabilities in [0, 1] of one statement for calibration passages that bear on it; 0
        where the passage would be lost whatever the threshold.
    level
        Share of evidence to suggest, in (0, 1).
    confidence
        None: a new passage of the same kind is suggested with probability ``level``, on average over
        draws of the calibration passages (conformal risk control; Angelopoulos and others 2022). A number
        in (0, 1): the recall of this very threshold is at least ``level`` with that confidence (learn then
        test with a fixed sequence; Angelopoulos and others 2021), which costs precision.

    Returns
    -------
    float
        Suggest where the probability is at least this; 0 when no threshold keeps the promise.

    Raises
    ------
    ImportError
        MAPIE is not installed; it is among the development requirements.
    """
    if len(scores) < fewest(level, confidence):
        return 0.0
    # Recall changes only at scores: just below each is every threshold worth trying, and MAPIE compares
    # with "greater than".
    # The end, 1.0, suggests nothing: without a risk that rises MAPIE takes the lowest threshold.
    grid = np.unique([0.0, *np.nextafter(np.unique(scores[scores > 0]), 0.0), 1.0])
    with warnings.catch_warnings():
        # MAPIE warns where nothing keeps the promise; the answer then is 0, as said above.
        warnings.simplefilter("ignore", UserWarning)
        return (
            _on_average(scores, level, grid)
            if confidence is None
            else _surely(scores, level, confidence, grid)
        )


def _on_average(scores: Array, level: float, grid: Array) -> float:
    from mapie.risk_control import MultiLabelClassificationController

    # A hair above, so that a risk of just 1 - level is not below it for a rounding error.
    aimed = level + _HAIR
    controller = MultiLabelClassificationController(
        lambda x: x, risk="recall", method="crc", target_level=aimed, predict_params=grid
    )
    controller.calibrate(scores[:, None], np.ones((len(scores), 1), dtype=int))
    if controller.r_hat_plus[0] >= 1 - aimed:
        return 0.0  # even the lowest threshold loses too much
    return float(np.ravel(controller.best_predict_param)[0])


def _surely(scores: Array, level: float, confidence: float, grid: Array) -> float:
    from mapie.risk_control import BinaryClassificationController

    controller = BinaryClassificationController(
        lambda x: np.hstack([1 - x, x]),
        risk="recall",
        target_level=level,
        confidence_level=confidence,
        list_predict_params=grid,
        fwer_method="fixed_sequence",
    )
    controller.calibrate(scores[:, None], np.ones(len(scores), dtype=int))
    return float(max(controller.valid_predict_params, default=0.0))
