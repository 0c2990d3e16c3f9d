"""A classifier learned from a framework's own labelled passages, on the general encoder and the one for care.

Two linear heads read a passage's words, its vector, the question it answers, and the vector once more
for that question; small networks read vector and question. A second layer, with one weight a view for
all statements, turns their scores and the nearness to the framework's descriptions into probabilities:
one distribution where a passage has one statement (``single``), else one probability a statement
(``multi``). numpy alone; :mod:`~evidence_mapper.classify.learn_framework` fits it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from evidence_mapper.classify.artefact import Artefact
from evidence_mapper.classify.base import ClassifierInput, Embeddings, Encoder
from evidence_mapper.classify.drift import DriftModel
from evidence_mapper.classify.guarantee import Guarantee
from evidence_mapper.classify.headed import Headed
from evidence_mapper.classify.heads import log_softmax, sigmoid
from evidence_mapper.classify.lexical import LexicalFeatures
from evidence_mapper.classify.network import network_input, network_scores
from evidence_mapper.classify.project_head import Doubles, ProjectHead
from evidence_mapper.classify.word_shares import WordPart
from evidence_mapper.domain.coding import SuggestedCode, Suggestion

KIND: Final = "learned"
"""What a manifest says of such an artefact."""
HEADS: Final = ("plain", "lifted")
"""The second lifts rare statements: their passages weigh as much as those of common ones."""
QUESTION: Final = 0.7
"""Weight of the vector for one question beside the vector for all."""


@dataclass(frozen=True)
class Passages:
    """n passages as the heads read them."""

    texts: Sequence[str]
    dense: Embeddings
    """Shape (n, width)."""
    question: npt.NDArray[np.int64]
    """Index of each passage's question among those known, -1 for none of them."""


def question_of(heading: str | None, known: Sequence[str]) -> int:
    """Return the index of the question a heading ends in, -1 when none of those known."""
    if heading is None:
        return -1
    asked = [heading.strip().casefold(), heading.rsplit(" > ", 1)[-1].strip().casefold()]
    places = {q.strip().casefold(): i for i, q in enumerate(known)}
    return next((places[a] for a in asked if a in places), -1)


def read_vectors(embeddings: Embeddings, arrays: Mapping[str, npt.NDArray[Any]]) -> Embeddings:
    """Return vectors as the heads read them, each encoder's of about unit length."""
    return np.asarray((embeddings - arrays["centre"]) * arrays["scale"], dtype=np.float32)


def view_scores(
    rows: Passages, words: LexicalFeatures, arrays: Mapping[str, npt.NDArray[Any]], described: Doubles
) -> Doubles:
    """Return what each view says, shape (n, n_columns, n_views): the heads, the networks, the descriptions.

    ``described`` has shape (n, n_statements); for the column "none" it says 0. Networks are a view only
    where the artefact has them.
    """
    linear = words.project(rows.texts, arrays["lexical"]) + rows.dense @ arrays["dense"] + arrays["bias"]
    for k in range(len(arrays["question_bias"])):
        asked = rows.question == k
        own = rows.dense[asked] @ arrays["question_dense"][k]
        linear[asked] += QUESTION * own + arrays["question_bias"][k]
    n, columns = len(linear), linear.shape[1] // len(HEADS)
    heads = np.moveaxis(linear.reshape(n, len(HEADS), columns), 1, 2).astype(np.float64)
    near = np.hstack([described, np.zeros((n, columns - described.shape[1]))])
    views = [heads, near[:, :, None]]
    if "net_in" in arrays:
        x = network_input(rows.dense, rows.question, len(arrays["question_bias"]))
        views.append(network_scores(x, arrays, columns)[:, :, None])
    return np.concatenate(views, axis=2)


def stack_input(views: Doubles, mode: str) -> Doubles:
    """Return the second layer's features, shape (n, n_columns, n_features).

    Where several statements can hold, the heads' leads over the best of the others are features too: a
    distribution over the columns compares them by itself.
    """
    if mode == "single":
        return views
    heads = views[:, :, : len(HEADS)]
    order = np.sort(heads, axis=1)
    best, second = order[:, -1:], order[:, -2:-1]
    return np.concatenate([views, heads - np.where(heads == best, second, best)], axis=2)


def stacked_learned(views: Doubles, arrays: Mapping[str, npt.NDArray[Any]], mode: str) -> Doubles:
    """Return probabilities of every column, shape (n, n_columns)."""
    scores = stack_input(views, mode) @ arrays["stack_coef"] + arrays["stack_bias"]
    return np.exp(log_softmax(scores)) if mode == "single" else sigmoid(scores)


class LearnedClassifier(Headed):
    """Suggestions for a framework from a folder made by ``framework learn``.

    Parameters
    ----------
    artefact
        As read by :func:`~evidence_mapper.classify.artefact.load_artefact`.
    encoder
        The encoder the artefact was fitted with.
    """

    calibrated = True

    def __init__(self, artefact: Artefact, encoder: Encoder) -> None:
        spec = artefact.manifest["spec"]
        self.name = artefact.name
        self.sha256 = artefact.manifest_sha256
        self.encoder = encoder
        self.encoder_sha256 = artefact.encoder_sha256
        self.statements: tuple[str, ...] = tuple(spec["labels"]["statements"])
        self.mode = str(spec["mode"])
        self.questions: tuple[str, ...] = tuple(spec["questions"])
        """Questions with a share of the heads of their own."""
        self.balance_threshold = float(spec["figures"]["balance_threshold"])
        """Probability at which precision and recall balance; it is shown, suggestions do not use it."""
        self._fit = spec["fit"]
        self._arrays = artefact.arrays
        cut = int(spec["words"])
        self._words = LexicalFeatures(artefact.vocabulary[:cut], artefact.arrays["idf"])
        self._near = LexicalFeatures(artefact.vocabulary[cut:], artefact.arrays["near_idf"])
        self.drift = DriftModel.of(artefact.arrays)
        """What passages are compared with; None in a classifier learned by an earlier version."""
        self._project: ProjectHead | None = None

    def _take(self, head: ProjectHead) -> None:
        super()._take(head)
        self._arrays = {**self._arrays, **head.thresholds()}

    @property
    def word_part(self) -> WordPart:
        """The words of the first head, in which every passage weighs the same."""
        return WordPart(self._words, self._arrays["lexical"][:, : len(self.statements)])

    def texts(self, inputs: Sequence[ClassifierInput]) -> list[str]:
        """Return the text the encoder must see for each input."""
        return [item.text for item in inputs]

    def suggest(
        self, inputs: Sequence[ClassifierInput], embeddings: Embeddings | None = None
    ) -> list[Suggestion]:
        """Return one suggestion an input, in order; ``embeddings`` as for :meth:`texts`."""
        if not inputs:
            return []
        dense = self.encoder.encode(self.texts(inputs)) if embeddings is None else embeddings
        probabilities, none = self.shipped_probabilities(inputs, dense)
        if self._project is not None:
            probabilities, none = self._project.apply(probabilities, none, dense)
        return [self._suggestion(p, float(q)) for p, q in zip(probabilities, none, strict=True)]

    def shipped_probabilities(
        self, inputs: Sequence[ClassifierInput], embeddings: Embeddings
    ) -> tuple[Doubles, Doubles]:
        """Return probabilities of statements (n, n_statements) and none (n,), without a project's head."""
        texts = self.texts(inputs)
        asked = np.array([question_of(i.heading, self.questions) for i in inputs], dtype=np.int64)
        dense = read_vectors(embeddings, self._arrays)
        general = dense[:, : len(self._arrays["near_dense"])]
        near = self._near.project(texts, self._arrays["near_lexical"])
        described = near + general @ self._arrays["near_dense"] + self._arrays["near_offset"]
        rows = Passages(texts, dense, asked)
        views = view_scores(rows, self._words, self._arrays, described)
        columns = stacked_learned(views, self._arrays, self.mode)
        n = len(self.statements)
        none = columns[:, n] if columns.shape[1] > n else np.zeros(len(columns))
        return columns[:, :n], none

    def shipped_thresholds(self) -> dict[str, npt.NDArray[Any]]:
        """Return ``thresholds`` (n_statements,) and ``none_threshold`` (1,), of one without a head."""
        return {name: self._arrays[name] for name in ("thresholds", "none_threshold")}

    @property
    def guarantee(self) -> Guarantee | None:
        """What the thresholds were set to keep; None with a project's head."""
        if self._project is not None:
            return None
        return Guarantee.of(self._fit, self.statements, self._arrays)

    def _suggestion(self, probabilities: Doubles, none: float) -> Suggestion:
        none_suggested = none >= float(self._arrays["none_threshold"].item())
        reached = (probabilities >= self._arrays["thresholds"]) & (not none_suggested)
        order = np.argsort(-probabilities, kind="stable")
        codes = tuple(
            SuggestedCode(self.statements[k], round(float(probabilities[k]), 6), bool(reached[k]))
            for k in order
        )
        return Suggestion(
            statements=codes,
            topics=(),
            i_statements=(),
            evidence_category=None,
            polarity=None,
            none_probability=round(none, 6),
            abstained=not none_suggested and not any(c.suggested for c in codes),
            none_suggested=none_suggested,
        )
