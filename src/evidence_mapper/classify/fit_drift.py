"""Fit the drift reference. Not imported when suggestions are made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from evidence_mapper.classify.base import Embeddings
from evidence_mapper.classify.corpus import LabelledPassage
from evidence_mapper.classify.drift import (
    Doubles,
    distances,
    sign_share,
    strangeness,
    tail,
    unit,
    unseen_words,
    word_hash,
    words_of,
)

PLACES: Final = 500
"""Training passages kept as places to be near: more found no more in what was measured."""


@dataclass(frozen=True)
class Placed:
    """Passages with their place in the encoder's space."""

    rows: Sequence[LabelledPassage]
    embeddings: Embeddings
    """Shape (n_rows, width)."""


def sample(rows: Sequence[LabelledPassage], size: int = PLACES) -> list[LabelledPassage]:
    """Return ``size`` of the rows, or all when there are fewer: the same ones each time, in their order."""
    order = np.random.default_rng(0).permutation(len(rows))[:size]
    return [rows[i] for i in np.sort(order)]


def fit_drift(
    learned: Sequence[LabelledPassage], places: Placed, reference: Placed
) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of a :class:`~evidence_mapper.classify.drift.DriftModel`, named ``drift_``.

    A reference passage is compared with the words and places of all writers but its own: what the
    reference holds is how unlike a new writer's passages are.

    Parameters
    ----------
    learned
        Every passage the classifier learned from: their words are known.
    places
        Some of those the encoder learned from, as of :func:`sample`.
    reference
        Passages the encoder did not learn from.

    Raises
    ------
    ValueError
        The places are all one writer's: nobody can be left out.
    """
    if len({r.hand for r in places.rows}) < 2:
        raise ValueError("the places for the drift reference are of one writer; give those of two or more")
    unseen, distance = _unseen_by_others(learned, reference), _far_from_others(places, reference)
    unseen_sorted, distance_sorted = np.sort(unseen), np.sort(distance)
    strange = strangeness(tail(unseen, unseen_sorted), tail(distance, distance_sorted))
    words = {w for r in learned for w in words_of(r.text)}
    found: dict[str, npt.NDArray[Any]] = {
        "words": np.array(sorted(word_hash(w) for w in words), dtype=np.int64),
        "places": unit(places.embeddings).astype(np.float16),
        "unseen": unseen_sorted,
        "distance": distance_sorted,
        "strangeness": np.sort(strange),
        "signs": np.sort(sign_share([r.text for r in reference.rows])),
    }
    return {f"drift_{name}": array for name, array in found.items()}


def _unseen_by_others(learned: Sequence[LabelledPassage], reference: Placed) -> Doubles:
    """Return the share of each reference passage's words that no other writer uses."""
    users: dict[str, set[str]] = {}
    for row in learned:
        for word in words_of(row.text):
            users.setdefault(word, set()).add(row.hand)
    out = np.zeros(len(reference.rows))
    for i, row in enumerate(reference.rows):
        known = {w for w in words_of(row.text) if users.get(w, set()) - {row.hand}}
        out[i] = unseen_words([row.text], known)[0]
    return out


def _far_from_others(places: Placed, reference: Placed) -> Doubles:
    """Return each reference passage's distance to the nearest place of another writer."""
    hands = np.array([r.hand for r in places.rows])
    near = unit(places.embeddings)
    out = np.zeros(len(reference.rows))
    for hand in {r.hand for r in reference.rows}:
        mine = np.array([r.hand == hand for r in reference.rows])
        out[mine] = distances(reference.embeddings[mine], near[hands != hand])
    return out
