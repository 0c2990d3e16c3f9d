"""Passages read as they stand in a document: in fixed parts, each weighed by what stands around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from evidence_mapper.classify.base import ClassifierInput, Embeddings
from evidence_mapper.classify.cascade import CascadeClassifier
from evidence_mapper.classify.statement_classifier import StatementClassifier
from evidence_mapper.domain.coding import Suggestion
from evidence_mapper.workflow.base_classifier import AnyClassifier

CHUNK: Final = 512
"""Passages of one document weighed by each other and written together: the same ones while the document is
cut alike, so that a resumed run agrees, and a file with the same passages too. Few papers are longer."""


def suggest_in_place(
    classifier: AnyClassifier,
    inputs: Sequence[ClassifierInput],
    encode: Callable[[list[str]], Embeddings] | None = None,
) -> list[Suggestion]:
    """Return suggestions of passages that follow one another in a document, weighed by each other.

    Parameters
    ----------
    classifier
        The one in use.
    inputs
        One part of a document, in reading order: up to 512 passages from a multiple of 512 on.
    encode
        Returns vectors of texts, shape (n_texts, width), such as those a project keeps; None encodes anew.
    """
    vectors = encode or classifier.encoder.encode
    texts = classifier.texts(inputs)
    if isinstance(classifier, CascadeClassifier):
        read = classifier.quickly(inputs)
        careful = classifier.carefully(inputs, read, vectors([texts[i] for i in read[1]]))
        return classifier.among_neighbours(careful, inputs, set(read[1]))
    return among_neighbours(classifier, classifier.suggest(inputs, vectors(texts)), inputs)


def among_neighbours(
    classifier: AnyClassifier, suggestions: list[Suggestion], inputs: Sequence[ClassifierInput]
) -> list[Suggestion]:
    """Return suggestions of passages that follow one another in a document, weighed by each other.

    ``inputs`` are what they were made of. Only the council framework's classifier looks around; others give
    back what they are given.
    """
    if isinstance(classifier, StatementClassifier):
        return classifier.among_neighbours(suggestions, inputs)
    return suggestions
