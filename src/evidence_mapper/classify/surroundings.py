"""Passages side by side in a document: what stands around one speaks for or against "none".

A dry line read alone ("Waiting list, 143.") looks like other council business; among passages about
care it seldom is. So "none" is taken back where it is too little likely together with the passages around it:
among other business it stays, alone in its document it stays, among care it must be all but certain. The rule
can only take "none" back, never add it: the share of evidence that the thresholds let go is not raised. Its
numbers were chosen on 200 passages of real council papers, the level for papers on 1,149, that for what
people say on 457 real comments and some invented ones (models/EXPERIMENTS.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from evidence_mapper.classify.project_head import Doubles, log_odds
from evidence_mapper.classify.reading import VOICES

REACH: Final = 40
"""Passages looked at on either side, of those given together."""
_CLIP: Final = 3.0
"""Log odds of one neighbour count at most this, either way."""
_SHRINK: Final = 3
"""Neighbours that are not there, added to every mean: with few real ones it stays near theirs."""
_UNSAID: Final = _CLIP
"""Log odds of each of those: with them alone, what is "none" read alone stays so."""
LEVEL: Final = 0.8
""""None" stays where it is at least this probable with the neighbours' mean added."""
LEVEL_OF_VOICES: Final = 0.65
"""The level in papers of what people say: how probable none is in one answer says little of the next."""
LEAST: Final = 0.2
"""A statement is suggested where "none" was taken back only from this probability: below, nothing is."""
SPEC: Final = {
    "reach": REACH,
    "clip": _CLIP,
    "shrink": _SHRINK,
    "unsaid": _UNSAID,
    "level": LEVEL,
    "level_of_voices": LEVEL_OF_VOICES,
    "voices": list(VOICES),
    "least": LEAST,
}
"""The rule, for an artefact's manifest: a change of it is another artefact."""


def surroundings(none: Doubles) -> Doubles:
    """Return the shrunk mean log odds of "none" of each passage's neighbours, shape (n,), in [-3, 3].

    Of n neighbours it is (their sum, each within 3, + 3 * 3) / (n + 3).

    Parameters
    ----------
    none
        Shape (n,): probabilities of "none" of passages that follow one another, each read alone.
    """
    odds = np.clip(log_odds(none), -_CLIP, _CLIP)
    others = np.ones(2 * REACH + 1)
    others[REACH] = 0.0
    around, counted = (np.convolve(v, others)[REACH:-REACH] for v in (odds, np.ones(len(odds))))
    return np.asarray((around + _SHRINK * _UNSAID) / (counted + _SHRINK))


def levels_of(kinds: Sequence[str | None]) -> Doubles:
    """Return the level of each passage by its kind of paper, a value of SourceType, shape (n,)."""
    return np.array([LEVEL_OF_VOICES if kind in VOICES else LEVEL for kind in kinds])


def none_stands(none: Doubles, levels: Doubles) -> npt.NDArray[np.bool_]:
    """Return where the neighbours leave "none" standing, shape (n,); ``none`` as above, ``levels`` (n,)."""
    return np.asarray(log_odds(none) + surroundings(none) >= log_odds(levels))
