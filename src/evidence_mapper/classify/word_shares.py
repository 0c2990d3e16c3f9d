"""What each word of a passage says for one statement and against the others: the exact parts of a sum.

The heads over words are linear. With ``x[t]`` the weight of term ``t`` in the text (TF-IDF, the whole text at
unit length) and ``W[t, s]`` its coefficient for statement ``s``, words score a statement ``z[s] = b[s] +
sum_t x[t] * W[t, s]``. A term's share of statement ``s`` is::

    share[t, s] = x[t] * (W[t, s] - mean of W[t, r] over the other statements r)

so a word that speaks for all statements alike has no share. Over all terms of the text the shares and the
same difference of the biases make up exactly ``z[s] - mean of z[r]``. "None" is not among the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from evidence_mapper.classify.base import ClassifierInput
from evidence_mapper.classify.lexical import LexicalFeatures, places
from evidence_mapper.domain.passage import Span

_MOST: Final = 8


@dataclass(frozen=True, slots=True)
class WordPart:
    """The linear part of a classifier that reads nothing but words."""

    words: LexicalFeatures
    weights: npt.NDArray[Any]
    """Shape (n_terms, n_statements); may be half precision."""


class ReadsWords(Protocol):
    """A classifier, asked what its words say."""

    @property
    def statements(self) -> tuple[str, ...]:
        """Ids of the statements, in column order."""

    @property
    def word_part(self) -> WordPart | None:
        """None where no part reads words alone."""

    def texts(self, inputs: Sequence[ClassifierInput], /) -> list[str]:
        """Return what is read for each input: its text, or its text after its heading."""


@dataclass(frozen=True, slots=True)
class WordShare:
    """What one word, or pair of neighbouring words, says for a statement."""

    term: str
    """In lower case, as the classifier knows it; the words of a pair stand apart by one space."""
    share: float
    """Of the statement's score from words; above 0 speaks for it, below 0 for other statements."""
    spans: tuple[Span, ...]
    """Everywhere it stands in the passage's text, in order.

    Empty where it stands in the heading alone, or is the heading's last word with the passage's first.
    """

    @property
    def of_heading(self) -> bool:
        """Whether it was read in the heading and stands nowhere in the passage."""
        return not self.spans


def word_shares(
    classifier: ReadsWords, item: ClassifierInput, statements: Sequence[str], most: int | None = _MOST
) -> list[tuple[WordShare, ...]]:
    """Return what the words of a passage say for each of several statements, the heaviest first.

    Parameters
    ----------
    classifier
        The one that made the suggestion.
    item
        The passage, with the heading it was read under.
    statements
        Ids of the statements.
    most
        Most terms of a statement, those for and those against it together; None takes all.

    Returns
    -------
    list of tuple of WordShare
        One tuple a statement, by falling size of the share whatever its sign; all empty where the classifier
        has no part that reads words alone, or knows none of the passage's.

    Raises
    ------
    KeyError
        The classifier does not know a statement.
    """
    column = {statement: k for k, statement in enumerate(classifier.statements)}
    wanted = [column[s] for s in statements]
    part = classifier.word_part
    if part is None:
        return [() for _ in wanted]
    [read] = classifier.texts([item])
    columns, values = part.words.row(read)
    each = values.astype(np.float64)[:, None] * part.weights[columns].astype(np.float64)
    terms = [part.words.vocabulary[c] for c in columns]
    stands = _in_passage(read, len(read) - len(item.text))
    return [_heaviest(terms, _lead(each, k), stands, most) for k in wanted]


def _lead(each: npt.NDArray[np.float64], column: int) -> npt.NDArray[np.float64]:
    """Return a column less the mean of the others, shape (n_terms,); a lone statement leads nothing but 0."""
    own = each[:, column]
    return np.asarray(own - (each.sum(axis=1) - own) / max(each.shape[1] - 1, 1))


def _in_passage(read: str, start: int) -> dict[str, tuple[Span, ...]]:
    """Return where each term stands in the passage, which begins at ``start`` of what is read."""
    found: dict[str, list[Span]] = defaultdict(list)
    for term, first, last in places(read):
        if first >= start:
            found[term].append(Span(first - start, last - start))
    return {term: tuple(spans) for term, spans in found.items()}


def _heaviest(
    terms: Sequence[str],
    shares: npt.NDArray[np.float64],
    stands: dict[str, tuple[Span, ...]],
    most: int | None,
) -> tuple[WordShare, ...]:
    order = [k for k in np.argsort(-np.abs(shares), kind="stable").tolist() if shares[k]]
    return tuple(WordShare(terms[k], float(shares[k]), stands.get(terms[k], ())) for k in order[:most])
