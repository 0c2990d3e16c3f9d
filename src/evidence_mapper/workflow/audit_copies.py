"""Comments that stand on more than one case, in the same words or nearly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

import numpy as np

LIKENESS: Final = 0.75
"""Share of words two comments have in common, in order, from which one is taken for a copy of the other."""
FEWEST_WORDS: Final = 8
"""Shorter comments are not compared: two people may well write "Good plan, clearly written" unaided."""
_BLOCK: Final = 2048


@dataclass(frozen=True, slots=True)
class Copies:
    """Comments that are alike, as places in the list that was compared."""

    members: tuple[int, ...]
    """At least two, ascending."""
    likeness: float
    """Lowest likeness of a member to the member it is most like, in [LIKENESS, 1]."""

    @property
    def exact(self) -> bool:
        """Whether all say the same but for case, space and marks."""
        return self.likeness == 1.0


def words_of(comment: str) -> tuple[str, ...]:
    """Return a comment's words as they are compared: lower case, without marks."""
    return tuple(re.findall(r"[^\W_]+(?:['’][^\W_]+)?", comment.casefold()))


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """Return twice the words in common, in order, over the words of both, in [0, 1]."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def find_copies(comments: Sequence[str], cases: Sequence[str]) -> list[Copies]:
    """Return groups of comments that are alike and stand on different cases.

    Parameters
    ----------
    comments
        Texts; those below :data:`FEWEST_WORDS` words are not compared.
    cases
        The case of each comment: two comments on one case are never copies of each other.

    Returns
    -------
    list of Copies
        Largest group first. Comments are joined through chains: the second may be like the first and the
        third like the second.
    """
    words = [words_of(comment) for comment in comments]
    long = [i for i, found in enumerate(words) if len(found) >= FEWEST_WORDS]
    best: dict[int, float] = {}
    root = {i: i for i in long}
    for i, j in _alike_in_words([words[i] for i in long]):
        one, other = long[i], long[j]
        if cases[one] == cases[other]:
            continue
        alike = likeness(words[one], words[other])
        if alike >= LIKENESS:
            best[one], best[other] = max(best.get(one, 0.0), alike), max(best.get(other, 0.0), alike)
            root[_top(root, other)] = _top(root, one)
    groups: dict[int, list[int]] = {}
    for i in sorted(best):
        groups.setdefault(_top(root, i), []).append(i)
    found = [Copies(tuple(members), min(best[m] for m in members)) for members in groups.values()]
    return sorted(found, key=lambda c: (-len(c.members), c.members))


def _alike_in_words(words: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Return pairs that share enough words, in whatever order, to be worth comparing in order."""
    from scipy.sparse import csr_matrix

    if len(words) < 2:
        return []
    names = {word: n for n, word in enumerate(dict.fromkeys(w for found in words for w in found))}
    places = [(i, names[w]) for i, found in enumerate(words) for w in set(found)]
    rows, columns = (np.array(values) for values in zip(*places, strict=True))
    table = csr_matrix((np.ones(len(places)), (rows, columns)), shape=(len(words), len(names)))
    sizes = np.asarray(table.sum(axis=1)).ravel()
    pairs: list[tuple[int, int]] = []
    for start in range(0, len(words), _BLOCK):
        shared = (table[start : start + _BLOCK] @ table.T).tocoo()
        left = shared.row + start
        # Repeated words can make the ordered likeness higher than this one: the bound is set lower.
        near = 2 * shared.data / (sizes[left] + sizes[shared.col]) >= LIKENESS - 0.15
        keep = near & (left < shared.col)
        pairs += list(zip(left[keep].tolist(), shared.col[keep].tolist(), strict=True))
    return pairs


def _top(root: dict[int, int], i: int) -> int:
    while root[i] != i:
        root[i] = root[root[i]]
        i = root[i]
    return i
