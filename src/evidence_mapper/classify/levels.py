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
        """Return one suggestion a text; where "none" reaches its level no statement is suggested."""
        none = found.none >= self.arrays["none_threshold"].item()
        return self._made(found, none, (found.statements >= self.arrays["thresholds"]) & ~none[:, None])

    def without_none(self, suggestion: Suggestion) -> Suggestion:
        """Return the suggestion with "none" taken back.

        Statements that reach their thresholds, and 0.2, are suggested instead, or nothing.
        """
        found = self._again(suggestion)
        reached = found.statements >= np.maximum(self.arrays["thresholds"], LEAST)
        made = self._made(found, np.zeros(1, dtype=bool), reached)[0]
        return replace(made, none_taken_back=True)

    def _again(self, suggestion: Suggestion) -> Probabilities:
        """Return the probabilities a suggestion shows; 0 for topics it leaves out."""
        labels, category, polarity = self.labels, suggestion.evidence_category, suggestion.polarity

        def row(ids: Sequence[str], given: Mapping[str, float]) -> Doubles:
            return np.array([[given.get(name, 0.0) for name in ids]])

        return Probabilities(
            row(labels.statements, {c.id: c.probability for c in suggestion.statements}),
            np.array([suggestion.none_probability]),
            row(labels.topics, {c.id: c.probability for c in suggestion.topics}),
            row(labels.i_statements, {c.id: c.probability for c in suggestion.i_statements}),
            row(labels.categories, dict(category.distribution) if category else {}),
            row(labels.polarities, dict(polarity.distribution) if polarity else {}),
        )

    def _made(self, found: Probabilities, none: _Flags, reached: _Flags) -> list[Suggestion]:
        """Return suggestions; ``none`` has shape (n,), ``reached`` (n, n_statements)."""
        labels, coded = self.labels, reached.any(axis=1)
        under = reached[:, list(labels.topic_statement)]
        topics = (found.topics >= self.arrays["topic_threshold"].item()) & under
        told = coded & self._tells_experience(found.category)
        first = (found.i_statements >= self.arrays["i_thresholds"]) & told[:, None]
        columns = zip(
            _codes(labels.statements, found.statements, reached),
            _codes(labels.topics, found.topics, topics, _TOPIC_SHOWN),
            _codes(labels.i_statements, found.i_statements, first),
            _choices(labels.categories, found.category),
            _choices(labels.polarities, found.polarity),
            np.round(found.none, 6).tolist(),
            (~coded & ~none).tolist(),
            none.tolist(),
            strict=True,
        )
        return [Suggestion(*column) for column in columns]

    def _tells_experience(self, category: Doubles) -> _Flags:
        """Whether passages may tell how it is for a person; shape (n,)."""
        if PEOPLE not in self.labels.categories:
            return np.ones(len(category), dtype=bool)
        return np.asarray(category[:, self.labels.categories.index(PEOPLE)] >= _EXPERIENCE)


def _codes(
    ids: Sequence[str], probabilities: Doubles, reached: _Flags, shown: float = 0.0
) -> list[tuple[SuggestedCode, ...]]:
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
