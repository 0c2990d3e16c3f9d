"""What goes into a classifier, and what an encoder is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from evidence_mapper.domain.coding import Suggestion

Embeddings = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ClassifierInput:
    """One passage as the classifier sees it."""

    text: str
    heading: str | None = None
    """Heading path joined with " > ", or the survey question; None when there is none."""
    source_type: str | None = None
    """A value of SourceType; None when unknown."""


class Encoder(Protocol):
    """Text to vector."""

    id: str
    """Names the weights and the pooling: vectors with the same id are comparable."""
    width: int
    """Number of dimensions."""

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """Return vectors, shape (n_texts, width), row ``i`` for text ``i``."""


class VectorCache(Protocol):
    """Keeps vectors between runs, keyed by the encoder and the text's hash."""

    def get(self, encoder_id: str, hashes: Sequence[str]) -> Mapping[str, Embeddings]:
        """Return the known vectors, each of shape (width,)."""

    def put(self, encoder_id: str, vectors: Mapping[str, Embeddings]) -> None:
        """Take new vectors."""


class Classifier(Protocol):
    """Passages to suggestions, for one framework."""

    name: str
    """``name@version``."""
    sha256: str
    """Hash of the artefact's manifest."""
    calibrated: bool
    """False when probabilities were never fitted to labelled passages."""

    def suggest(self, inputs: Sequence[ClassifierInput]) -> list[Suggestion]:
        """Return one suggestion an input, in order."""
