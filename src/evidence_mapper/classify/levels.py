"""Probabilities to suggestions: what reaches its level is suggested, the likeliest stand first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from evidence_mapper.classify.labels import Labels
from evidence_mapper.classify.surroundings import LEAST
from evidence_mapper.domain.coding import SuggestedChoice, SuggestedCode, Suggestion

Doubles = npt.NDArray[np.float64]
_Flags = npt.NDArray[np.bool_]
_Rows = list[tuple[SuggestedCode, ...]]

PEOPLE: Final = "peoples-experience"
"""Evidence category of what people say of their own care."""
_EXPERIENCE: Final = 0.1
"""Below this probability of people's experience no I statement is suggested: of 789 passages of the test
split, macro F1 0.643 instead of 0.547 over all, 0.679 instead of 0.686 over people's experience."""
_TOPIC_SHOWN: Final = 0.05
"""Topics below this probability are left out of a suggestion."""


@dataclass(frozen=True, slots=True)
class Probabilities:
    """Of n texts, all in [0, 1]; every array's first axis is n."""

    statements: Doubles
    none: Doubles
    """Shape (n,)."""
    topics: Doubles
    i_statements: Doubles
    category: Doubles
    """Rows sum to 1, as those of ``polarity`` do."""
    polarity: Doubles


@dataclass(frozen=True)
class Levels:
    """What a probability must reach to be suggested.

    Parameters
    ----------
    labels
        Ids in column order.
    arrays
        ``thresholds`` (n_statements,), ``none_threshold`` (1,), ``topic_threshold`` (1,) and
        ``i_thresholds`` (n_i_statements,).
    """

    labels: Labels
    arrays: Mapping[str, npt.NDArray[Any]]

    def suggestions(self, found: Probabilities) -> list[Suggestion]:
        """Return one suggestion a text; where "none" reaches its level no statement is suggested.

        A passage that reaches an I statement's level is not none: the two contradict each other, and what is
        missed costs more.
        """
        none = found.none >= self.arrays["none_threshold"].item()
        first = self._first_person(found.i_statements, found.category)
        none &= ~first.any(axis=1)
        reached = (found.statements >= self.arrays["thresholds"]) & ~none[:, None]
        columns = zip(
            *self._coded(found.statements, found.topics, reached),
            _codes(self.labels.i_statements, found.i_statements, first & reached.any(axis=1, keepdims=True)),
            _choices(self.labels.categories, found.category),
            _choices(self.labels.polarities, found.polarity),
            np.round(found.none, 6).tolist(),
            (~reached.any(axis=1) & ~none).tolist(),
            none.tolist(),
            strict=True,
        )
        return [Suggestion(*column) for column in columns]

    def without_none(self, suggestion: Suggestion) -> Suggestion:
        """Return the suggestion with "none" taken back.

        Statements that reach their thresholds, and 0.2, are suggested instead, or nothing. I statements stay
        as they are: a passage that reaches the level of one is never none.
        """
        labels = self.labels
        shown = _row(labels.statements, suggestion.statements)
        reached = shown >= np.maximum(self.arrays["thresholds"], LEAST)
        (statements,), (topics,) = self._coded(shown, _row(labels.topics, suggestion.topics), reached)
        return replace(
            suggestion,
            statements=statements,
            topics=topics,
            abstained=not reached.any(),
            none_suggested=False,
            none_taken_back=True,
        )

    def _coded(self, statements: Doubles, topics: Doubles, reached: _Flags) -> tuple[_Rows, _Rows]:
        """Return each text's statements and topics.

        ``reached``, shape (n, n_statements), says which statements are suggested.
        """
        labels = self.labels
        fine = (topics >= self.arrays["topic_threshold"].item()) & reached[:, list(labels.topic_statement)]
        return (
            _codes(labels.statements, statements, reached),
            _codes(labels.topics, topics, fine, _TOPIC_SHOWN),
        )

    def _first_person(self, i_statements: Doubles, category: Doubles) -> _Flags:
        """Whether passages reach the levels of I statements, shape (n, n_i_statements)."""
        reached = i_statements >= self.arrays["i_thresholds"]
        return np.asarray(reached & self._tells_experience(category).reshape(-1, 1))

    def _tells_experience(self, category: Doubles) -> _Flags:
        """Whether passages may tell how it is for a person; shape (n,)."""
        if PEOPLE not in self.labels.categories:
            return np.ones(len(category), dtype=bool)
        return np.asarray(category[:, self.labels.categories.index(PEOPLE)] >= _EXPERIENCE)


def _row(ids: Sequence[str], codes: Sequence[SuggestedCode]) -> Doubles:
    """Return the probabilities that codes show, shape (1, n_ids); 0 for those left out."""
    given = {code.id: code.probability for code in codes}
    return np.array([[given.get(name, 0.0) for name in ids]])


def _codes(ids: Sequence[str], probabilities: Doubles, reached: _Flags, shown: float = 0.0) -> _Rows:
    """Return each row's codes, likeliest first: those reached or with a probability of ``shown`` or more."""
    order = np.argsort(-probabilities, axis=1, kind="stable")
    rounded = np.take_along_axis(np.round(probabilities, 6), order, axis=1)
    hit = np.take_along_axis(reached, order, axis=1)
    kept = hit | (rounded >= shown)
    rows = zip(order.tolist(), rounded.tolist(), hit.tolist(), kept.tolist(), strict=True)
    return [
        tuple(SuggestedCode(ids[k], p, h) for k, p, h, there in zip(*row, strict=True) if there)
        for row in rows
    ]


def _choices(ids: Sequence[str], distributions: Doubles) -> list[SuggestedChoice]:
    order = np.argsort(-distributions, axis=1, kind="stable")
    rounded = np.take_along_axis(np.round(distributions, 6), order, axis=1)
    made = []
    for row, shares in zip(order.tolist(), rounded.tolist(), strict=True):
        pairs = tuple((ids[k], p) for k, p in zip(row, shares, strict=True))
        made.append(SuggestedChoice(pairs[0][0], pairs[0][1], pairs))
    return made
