"""Fit the drift reference. Not imported when suggestions are made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.cluster import KMeans

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

PARTS: Final = 10
"""Parts that stand for writers where those are not known."""
TOGETHER: Final = 5
"""Texts, on average, behind each place where no text may be told again."""


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
    words = {w for r in learned for w in words_of(r.read)}
    found: dict[str, npt.NDArray[Any]] = {
        "words": np.array(sorted(word_hash(w) for w in words), dtype=np.int64),
        "places": unit(places.embeddings).astype(np.float16),
        "unseen": unseen_sorted,
        "distance": distance_sorted,
        "strangeness": np.sort(strange),
        "signs": np.sort(sign_share([r.read for r in reference.rows])),
    }
    return {f"drift_{name}": array for name, array in found.items()}


def fit_drift_by_parts(texts: Sequence[str], embeddings: Embeddings) -> dict[str, npt.NDArray[Any]]:
    """Return what :func:`fit_drift` does where nobody says who wrote what, and no text may be told again.

    Each tenth of the texts, drawn at random, stands for a writer. Texts of one table are more alike than
    those of a stranger, so a stranger's ordinary passages are called unlike rather too often than too seldom.
    Places are means of several texts' vectors, and words are those of two texts or more.

    Parameters
    ----------
    texts
        Every text the classifier learned from; at least as many as parts.
    embeddings
        Shape (n_texts, width).
    """
    part = np.random.default_rng(0).permutation(len(texts)) % PARTS
    rows = [_standing_for(f"part{part[i]}", i, text) for i, text in enumerate(texts)]
    places, centres = [], []
    for k in range(PARTS):
        mine = np.unique(embeddings[part == k], axis=0)
        means = KMeans(max(1, min(PLACES // PARTS, len(mine) // TOGETHER)), random_state=0).fit(mine)
        centres.append(means.cluster_centers_)
        places += [_standing_for(f"part{k}", i, "") for i in range(len(means.cluster_centers_))]
    found = fit_drift(rows, Placed(places, np.concatenate(centres)), Placed(rows, embeddings))
    counts = Counter(w for text in texts for w in set(words_of(text)))
    shared = sorted(word_hash(w) for w, n in counts.items() if n > 1)
    return found | {"drift_words": np.array(shared, dtype=np.int64)}


def _standing_for(hand: str, number: int, text: str) -> LabelledPassage:
    return LabelledPassage(f"{hand}-{number}", text, (), (), (), None, None, None)


def _unseen_by_others(learned: Sequence[LabelledPassage], reference: Placed) -> Doubles:
    """Return the share of each reference passage's words that no other writer uses."""
    users: dict[str, set[str]] = {}
    for row in learned:
        for word in words_of(row.read):
            users.setdefault(word, set()).add(row.hand)
    out = np.zeros(len(reference.rows))
    for i, row in enumerate(reference.rows):
        known = {w for w in words_of(row.read) if users.get(w, set()) - {row.hand}}
        out[i] = unseen_words([row.read], known)[0]
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
