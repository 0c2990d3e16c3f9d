"""Quicker suggestions: word vectors decide where they are sure, the encoder reads the rest.

The quick reading is the same classifier with other arrays: in place of the encoder's vector, the mean of
the word vectors of the encoder's own table, rare words weighing more. Its stack, calibration and scales
were fitted without the encoder on passages neither had seen; the thresholds were set on what both
together say, so the promise on recall is that of the mixture.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from evidence_mapper.classify.artefact import Artefact
from evidence_mapper.classify.base import ClassifierInput, Embeddings
from evidence_mapper.classify.encoder import OnnxEncoder
from evidence_mapper.classify.project_head import ProjectHead
from evidence_mapper.classify.statement_classifier import Doubles, StatementClassifier
from evidence_mapper.classify.word_table import WordTable
from evidence_mapper.domain.coding import Suggestion
from evidence_mapper.domain.ids import sha256_text
from evidence_mapper.errors import SpecMismatch

QUICK: Final = "quick_"
"""Starts the names of the quick reading's arrays in an artefact."""
SPEEDS: Final = ("fast", "balanced")
"""Cascades an artefact may hold: ``fast`` reads least with the encoder."""
_LEVELS: Final = ("thresholds", "none_threshold")


class StaticEncoder:
    """Mean of word vectors, weighted, at unit length.

    Parameters
    ----------
    tokens
        Texts to token ids.
    words
        The word vectors.
    weights
        Shape (n_words,): 0 leaves a word out.
    encoder_id
        Names the weights.
    """

    def __init__(
        self,
        tokens: Callable[[Sequence[str]], list[list[int]]],
        words: WordTable,
        weights: npt.NDArray[np.floating],
        encoder_id: str,
    ) -> None:
        self._tokens = tokens
        self._words = words
        self._weights = weights.astype(np.float32)
        self.id = encoder_id
        self.width = words.width

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """Return vectors, shape (n_texts, width); a text with no known word gets zeros."""
        return self.encode_tokens(self._tokens(texts))

    def encode_tokens(self, tokens: Sequence[Sequence[int]]) -> Embeddings:
        """Return vectors, shape (n_texts, width), of texts given as token ids."""
        out = np.zeros((len(tokens), self.width), dtype=np.float32)
        for i, ids in enumerate(tokens):
            found = np.array(ids, dtype=np.int64)
            out[i] = self._weights[found] @ self._words.look_up(found)
        return np.asarray(out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9))


class CascadeClassifier(StatementClassifier):
    """The shipped classifier, its encoder used only where a quick reading is unsure.

    Parameters
    ----------
    artefact
        Fitted with a cascade.
    encoder
        The encoder the artefact was fitted with.
    speed
        One of :data:`SPEEDS`.

    Raises
    ------
    SpecMismatch
        The artefact holds no such cascade.
    """

    def __init__(self, artefact: Artefact, encoder: OnnxEncoder, speed: str) -> None:
        arrays = artefact.arrays
        if f"{speed}_cut" not in arrays or encoder.words is None:
            raise SpecMismatch(
                f"classifier {artefact.name} was fitted without the setting '{speed}'; leave the option out, "
                "or rebuild the artefact with scripts/build_models.py"
            )
        levels = {name: arrays[f"{speed}_{name}"] for name in _LEVELS}
        super().__init__(replace(artefact, arrays={**arrays, **levels}), encoder)
        quick = {name.removeprefix(QUICK): a for name, a in arrays.items() if name.startswith(QUICK)}
        self._tokens = encoder.tokens
        self._static = StaticEncoder(
            encoder.tokens, encoder.words, quick["word_weights"], f"{encoder.id}/words"
        )
        self._quick = StatementClassifier(
            replace(artefact, arrays={**arrays, **quick, **levels}), self._static
        )
        self._cut = float(arrays[f"{speed}_cut"].item())
        self.name = f"{artefact.name}+{speed}"
        self.sha256 = cascade_sha256(artefact.manifest_sha256, speed)

    def with_head(self, head: ProjectHead) -> Self:
        """Refuse: a project's head reads the encoder's vector of every passage.

        Raises
        ------
        SpecMismatch
            Always.
        """
        raise SpecMismatch(
            f"head {head.number} reads the encoder's vector of every passage, which {self.name} does not "
            "make; leave out --fast and --balanced, or go back to the shipped classifier with "
            "`evidence-mapper train --off`"
        )

    def _reader(self, *, encoded: bool) -> StatementClassifier:
        return self if encoded else self._quick

    def quickly(self, inputs: Sequence[ClassifierInput]) -> tuple[list[Suggestion], list[int]]:
        """Return the quick reading's suggestions, and the positions of those it is unsure of, rising."""
        tokens = self._tokens(self.texts(inputs))
        found = self._quick.suggest(inputs, self._static.encode_tokens(tokens))
        left_open = doubt(np.array(list(map(_lead, found))), np.array([len(ids) for ids in tokens]))
        return found, [int(i) for i in np.flatnonzero(left_open > self._cut)]

    def suggest(
        self, inputs: Sequence[ClassifierInput], embeddings: Embeddings | None = None
    ) -> list[Suggestion]:
        """Return one suggestion an input, in order.

        Parameters
        ----------
        inputs
            Passages.
        embeddings
            Shape (n_inputs, width); None encodes those that need it.
        """
        found, unsure = self.quickly(inputs)
        return self.carefully(inputs, (found, unsure), None if embeddings is None else embeddings[unsure])

    def carefully(
        self,
        inputs: Sequence[ClassifierInput],
        read: tuple[list[Suggestion], list[int]],
        embeddings: Embeddings | None = None,
    ) -> list[Suggestion]:
        """Return the suggestions of :meth:`quickly`, those it is unsure of made with the encoder.

        ``embeddings`` has shape (n_unsure, width); None encodes here.
        """
        found, unsure = list(read[0]), read[1]
        careful = super().suggest([inputs[i] for i in unsure], embeddings)
        for i, suggestion in zip(unsure, careful, strict=True):
            found[i] = suggestion
        return found


def cascade_sha256(manifest_sha256: str, speed: str) -> str:
    """Return the hash that names a cascade in a run's spec."""
    return sha256_text(f"{manifest_sha256}\0{speed}")


def doubt(lead: Doubles, tokens: npt.NDArray[np.int64]) -> Doubles:
    """Return what a quick reading leaves open for each token the encoder would have to read, in [0, 1].

    Parameters
    ----------
    lead
        Shape (n_texts,): how far the likeliest of statements and none is ahead of the next, in [0, 1].
    tokens
        Shape (n_texts,): tokens of each, 1 or more. Short texts cost little, and words say least of them.
    """
    return np.asarray((1.0 - lead) ** 2 / tokens)


def _lead(suggestion: Suggestion) -> float:
    """Return how far the likeliest of statements and none is ahead of the next, in [0, 1]."""
    first = sorted((suggestion.none_probability, *(s.probability for s in suggestion.statements[:2])))
    return first[-1] - first[-2]
