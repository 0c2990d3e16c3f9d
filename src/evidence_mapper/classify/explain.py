"""Which words of a passage carry a suggestion: what the probability loses without them.

Nothing is generated: pieces of the passage are left out one at a time and the whole classifier, words,
encoder and calibration, is asked again (occlusion).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from evidence_mapper.classify.base import ClassifierInput
from evidence_mapper.classify.project_head import Doubles, log_odds
from evidence_mapper.domain.coding import Suggestion
from evidence_mapper.domain.passage import Span

_WORD: Final = re.compile(r"\w[\w'’\-]*")
_PIECES: Final = 48
"""Most pieces a passage is cut into; longer passages are cut into runs of words."""
_SHARE: Final = 0.7
"""Highlights stop when they hold this share of all that the pieces carry."""
_MOST: Final = 8


class Suggests(Protocol):
    """Any classifier: it is only asked again."""

    def suggest(self, inputs: Sequence[ClassifierInput], /) -> list[Suggestion]:
        """Return one suggestion an input, in order."""


@dataclass(frozen=True, slots=True)
class Highlight:
    """A piece of the passage that carries a statement."""

    span: Span
    """In the passage's text."""
    weight: float
    """Fall of the log odds when the piece is left out; above 0."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a statement was suggested for a passage."""

    statement: str
    probability: float
    highlights: tuple[Highlight, ...]
    """Heaviest first; empty when no piece alone carries anything."""
    heading: float = 0.0
    """Fall of the log odds when the headings and the question it was read under are left out; 0 when they
    carry nothing beside the words, or there are none."""


def explain(classifier: Suggests, item: ClassifierInput, statement: str) -> Explanation:
    """Return the pieces of a passage that carry a statement.

    Parameters
    ----------
    classifier
        The classifier that made the suggestion.
    item
        The passage, with the heading it was read under.
    statement
        Id of the statement to explain.

    Raises
    ------
    KeyError
        The classifier does not know the statement.
    """
    return explain_each(classifier, item, (statement,))[0]


def explain_each(classifier: Suggests, item: ClassifierInput, statements: Sequence[str]) -> list[Explanation]:
    """Return the pieces that carry each of several statements: the passage is cut and read once for all.

    Parameters and errors as for :func:`explain`.
    """
    pieces = cut(item.text)
    texts = [item.text, *(without(item.text, [p]) for p in pieces)]
    inputs = [ClassifierInput(t or " ", item.heading, item.source_type) for t in texts]
    if item.heading:
        inputs.append(ClassifierInput(item.text, None, item.source_type))
    read = _by_statement(classifier.suggest(inputs))
    return [_explanation(s, pieces, log_odds(np.array([each[s] for each in read]))) for s in statements]


def _explanation(statement: str, pieces: Sequence[Span], odds: Doubles) -> Explanation:
    """``odds`` are of the passage, then without each piece, then, if it has one, without its heading."""
    falls = odds[0] - odds[1:]
    order = [int(k) for k in np.argsort(-falls, kind="stable") if falls[k] > 0]
    total, held, chosen, heading = float(falls[falls > 0].sum()), 0.0, [], 0.0
    for k in order[:_MOST]:
        if total and held >= _SHARE * total:
            break
        if k < len(pieces):
            chosen.append(Highlight(pieces[k], float(falls[k])))
        else:
            heading = float(falls[k])
        held += float(falls[k])
    probability = 1.0 / (1.0 + float(np.exp(-odds[0])))
    return Explanation(statement, probability, tuple(chosen), heading)


def probabilities(classifier: Suggests, inputs: Sequence[ClassifierInput], statement: str) -> list[float]:
    """Return the probability of one statement for each input."""
    return [each[statement] for each in _by_statement(classifier.suggest(inputs))]


def _by_statement(suggestions: Sequence[Suggestion]) -> list[dict[str, float]]:
    return [{s.id: s.probability for s in suggestion.statements} for suggestion in suggestions]


def cut(text: str) -> list[Span]:
    """Return the pieces of a text, in order: words, or runs of neighbouring words in a long text."""
    words = [Span(m.start(), m.end()) for m in _WORD.finditer(text)]
    size = max(1, -(-len(words) // _PIECES))
    runs = [words[k : k + size] for k in range(0, len(words), size)]
    return [Span(run[0].start, run[-1].end) for run in runs]


def without(text: str, spans: Sequence[Span]) -> str:
    """Return the text with spans taken out."""
    out, at = [], 0
    for span in sorted(spans):
        out.append(text[at : span.start])
        at = span.end
    return re.sub(r"\s+", " ", "".join([*out, text[at:]])).strip()
