"""Passages the shipped classifier learned from, to show beside a suggestion what it is like.

They were invented and labelled for the program: never evidence, and said to be so wherever shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from evidence_mapper.classify.base import Embeddings
from evidence_mapper.classify.corpus import LabelledPassage
from evidence_mapper.classify.labelled_set import LabelledSet, SetKind, ShippedPassage, drawn, load_set
from evidence_mapper.classify.statement_classifier import StatementClassifier

EXAMPLES: Final = SetKind("set of examples", "examples", "examples.json", "scripts/build_examples.py")
TRAINING: Final = "training"


@dataclass(frozen=True, slots=True)
class LearnedFrom:
    """A training passage like the one at hand. Invented: not evidence."""

    id: str
    text: str
    similarity: float
    """Cosine of the embeddings, in [-1, 1]."""


def choose_examples(rows: Sequence[LabelledPassage], per_statement: int) -> list[ShippedPassage]:
    """Return up to so many passages of each main statement, always the same ones; none of "none"."""
    chosen = drawn([r for r in rows if r.statements], "examples", per_statement)
    return [ShippedPassage(r.id, r.text, r.statements, r.source_type, TRAINING) for r in chosen]


@lru_cache(maxsize=1)
def load_examples(classifier: StatementClassifier, folder: Path | None = None) -> LabelledSet:
    """Return the training passages shipped, checked; read once for a classifier.

    Raises
    ------
    ModelNotFound, UntrustedArtefact, SpecMismatch
        As :func:`~evidence_mapper.classify.labelled_set.load_set` does.
    """
    return load_set(EXAMPLES, classifier, folder)


def nearest(examples: LabelledSet, vector: Embeddings, statement: str, most: int = 2) -> list[LearnedFrom]:
    """Return the training passages of a statement most like a passage, most similar first.

    Parameters
    ----------
    examples
        As :func:`load_examples` gives them.
    vector
        The passage's, shape (width,).
    statement
        Those labelled with it are looked through; empty when there are none.
    most
        How many at most.
    """
    at = [i for i, p in enumerate(examples.passages) if statement in p.statements]
    if not at or not np.any(vector):
        return []
    there = examples.vectors[at]
    lengths = np.linalg.norm(there, axis=1) * np.linalg.norm(vector)
    cosines = there @ vector / np.maximum(lengths, 1e-9)
    order = np.argsort(-cosines, kind="stable")[:most]
    passages = [examples.passages[at[k]] for k in order]
    return [LearnedFrom(p.id, p.text, float(cosines[k])) for p, k in zip(passages, order, strict=True)]
