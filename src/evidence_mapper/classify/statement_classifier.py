"""The shipped classifier: three views of a passage, combined and calibrated per statement.

The views are log probabilities over the statements and "none": from words (``lex``), from topics
predicted by words (``words_topic``) and from topics predicted by the fine-tuned encoder (``topic``),
both summed by statement. A logistic regression fitted on passages of writers and rows the views had
not seen turns them into one probability a statement; several statements can hold at once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from evidence_mapper.classify.artefact import Artefact
from evidence_mapper.classify.base import ClassifierInput, Embeddings, Encoder
from evidence_mapper.classify.drift import DriftModel
from evidence_mapper.classify.guarantee import Guarantee
from evidence_mapper.classify.headed import Headed
from evidence_mapper.classify.heads import Heads, log_softmax, sigmoid
from evidence_mapper.classify.labels import Labels
from evidence_mapper.classify.levels import PEOPLE, Levels, Probabilities
from evidence_mapper.classify.lexical import LexicalFeatures
from evidence_mapper.classify.project_head import ProjectHead
from evidence_mapper.classify.reading import HeadingRule
from evidence_mapper.classify.surroundings import levels_of, none_stands
from evidence_mapper.classify.topics import FLOOR, stacked_topics, topic_features
from evidence_mapper.classify.word_shares import WordPart
from evidence_mapper.domain.coding import Suggestion

Doubles = npt.NDArray[np.float64]


def views(heads: dict[str, npt.NDArray[Any]], labels: Labels) -> Doubles:
    """Return the three views, shape (3, n_texts, n_statements + 1); the last column is "none"."""
    lex = np.exp(log_softmax(heads["lex"]))
    by_words = by_statement(heads["words_topic"], labels)
    by_encoder = by_statement(heads["topic"], labels)
    return np.log(np.stack([lex, by_words, by_encoder]) + FLOOR)


def by_statement(scores: npt.NDArray[Any], labels: Labels) -> Doubles:
    """Return probabilities, shape (n_texts, n_statements + 1), of topic scores summed by statement."""
    fine = np.exp(log_softmax(scores))
    out = np.zeros((len(fine), len(labels.statements) + 1))
    for column, statement in enumerate(labels.topic_statement):
        out[:, statement] += fine[:, column]
    out[:, -1] = fine[:, len(labels.topics)]
    return out


def stack_features(seen: Doubles) -> Doubles:
    """Return shape (n_texts, n_statements + 1, 4): the three views and the lead over the best rival."""
    total = seen.sum(axis=0)
    order = np.sort(total, axis=1)
    best, second = order[:, -1:], order[:, -2:-1]
    lead = total - np.where(total == best, second, best)
    return np.concatenate([np.moveaxis(seen, 0, 2), lead[:, :, None]], axis=2)


def stacked(features: Doubles, arrays: Mapping[str, npt.NDArray[Any]]) -> tuple[Doubles, Doubles]:
    """Return calibrated probabilities of the statements, shape (n_texts, n_statements), and of none.

    ``features`` are those of :func:`stack_features`; ``arrays`` hold the fitted stack.
    """
    statements = sigmoid(features[:, :-1] @ arrays["stack_coef"] + arrays["stack_bias"])
    return statements, sigmoid(features[:, -1] @ arrays["none_coef"] + arrays["none_bias"])


def i_features(heads: Mapping[str, npt.NDArray[Any]], labels: Labels) -> Doubles:
    """Return shape (n_texts, n_i_statements, 2): the statement's score, log P(people's experience).

    An I statement is about how it is or was for a person; the second column is 0 for a framework that
    has no such evidence category.
    """
    scores = np.asarray(heads["i"], dtype=np.float64)
    voice = np.zeros(len(scores))
    if PEOPLE in labels.categories:
        voice = log_softmax(heads["category"])[:, labels.categories.index(PEOPLE)]
    return np.stack([scores, np.broadcast_to(voice[:, None], scores.shape)], axis=2)


class StatementClassifier(Headed):
    """Suggestions for one framework from a fitted artefact.

    Parameters
    ----------
    artefact
        As read by :func:`~evidence_mapper.classify.artefact.load_artefact`.
    encoder
        The encoder the artefact was fitted with.
    """

    calibrated = True

    def __init__(self, artefact: Artefact, encoder: Encoder) -> None:
        self.name = artefact.name
        self.sha256 = artefact.manifest_sha256
        self.encoder = encoder
        self.encoder_sha256 = artefact.encoder_sha256
        spec = artefact.manifest["spec"]
        self.labels = Labels(
            **{k: tuple(v) for k, v in spec["labels"].items()},
        )
        self.statements = self.labels.statements
        self._reading = HeadingRule.of(spec)
        self._arrays = artefact.arrays
        layout = {name: (int(a), int(b)) for name, (a, b) in spec["layout"].items()}
        self._heads = Heads(
            layout, artefact.arrays["lexical"], artefact.arrays["dense"], artefact.arrays["bias"]
        )
        self._words = LexicalFeatures(artefact.vocabulary, artefact.arrays["idf"])
        self._project: ProjectHead | None = None
        self.drift = DriftModel.of(artefact.arrays)
        """What passages are held against to see whether they are like those learned from; None: not kept."""
        self._fit = spec["fit"]

    def _take(self, head: ProjectHead) -> None:
        super()._take(head)
        self._arrays = {**self._arrays, **head.thresholds()}

    @property
    def word_part(self) -> WordPart:
        """The head that scores statements by words; "none", its last column, is left out."""
        start, end = self._heads.layout["lex"]
        return WordPart(self._words, self._heads.lexical[:, start : end - 1])

    def texts(self, inputs: Sequence[ClassifierInput]) -> list[str]:
        """Return the text the encoder must see for each input."""
        return [self._reading.text(item) for item in inputs]

    def suggest(
        self, inputs: Sequence[ClassifierInput], embeddings: Embeddings | None = None
    ) -> list[Suggestion]:
        """Return one suggestion an input, in order.

        Parameters
        ----------
        inputs
            Passages.
        embeddings
            Shape (n_inputs, width), for :meth:`texts` of the inputs; None encodes them here.
        """
        if not inputs:
            return []
        heads, dense = self._read(inputs, embeddings)
        statements, none, topics, i_statements = self.probabilities(heads, dense)
        category = self._category(heads["category"], inputs)
        polarity = np.exp(log_softmax(heads["polarity"] * self._number("polarity_scale")))
        found = Probabilities(statements, none, topics, i_statements, category, polarity)
        return self._levels.suggestions(found)

    def _read(
        self, inputs: Sequence[ClassifierInput], embeddings: Embeddings | None
    ) -> tuple[dict[str, npt.NDArray[Any]], Embeddings]:
        """Return the scores of every head, and the vectors, row ``i`` for input ``i``."""
        texts = self.texts(inputs)
        dense = self.encoder.encode(texts) if embeddings is None else embeddings
        words = self._words.project(texts, self._heads.lexical)
        return self._heads.scores(words, dense), dense

    def shipped_probabilities(
        self, inputs: Sequence[ClassifierInput], embeddings: Embeddings
    ) -> tuple[Doubles, Doubles]:
        """Return probabilities of statements and none as shipped, whatever the project's head.

        ``embeddings`` as for :meth:`suggest`.
        """
        heads, _ = self._read(inputs, embeddings)
        return stacked(stack_features(views(heads, self.labels)), self._arrays)

    def probabilities(
        self, heads: dict[str, npt.NDArray[Any]], dense: Embeddings
    ) -> tuple[Doubles, Doubles, Doubles, Doubles]:
        """Return calibrated probabilities in [0, 1].

        Parameters
        ----------
        heads
            Scores, one array a head.
        dense
            Shape (n_texts, width): the encoder's vectors, which a project's head reads.

        Returns
        -------
        statements : ndarray of shape (n_texts, n_statements)
        none : ndarray of shape (n_texts,)
        topics : ndarray of shape (n_texts, n_topics)
        i_statements : ndarray of shape (n_texts, n_i_statements)
        """
        a = self._arrays
        statements, none = stacked(stack_features(views(heads, self.labels)), a)
        if self._project is not None:
            statements, none = self._project.apply(statements, none, dense)
        topics = stacked_topics(topic_features(heads, statements, self.labels), statements, self.labels, a)
        first = i_features(heads, self.labels)
        i_statements = sigmoid((first * a["i_coef"]).sum(axis=2) + a["i_bias"])
        return statements, none, topics, i_statements

    @property
    def guarantee(self) -> Guarantee | None:
        """What the thresholds were set to keep; None with a project's head, or where it was not recorded."""
        if self._project is not None or "calibrated_on" not in self._arrays:
            return None
        return Guarantee.of(self._fit, self.statements, self._arrays)

    def shipped_thresholds(self) -> dict[str, npt.NDArray[Any]]:
        """Return ``thresholds`` (n_statements,) and ``none_threshold`` (1,), of one without a head."""
        return {name: self._arrays[name] for name in ("thresholds", "none_threshold")}

    def _category(self, scores: npt.NDArray[Any], inputs: Sequence[ClassifierInput]) -> Doubles:
        logits = log_softmax(scores * self._number("category_scale"))
        shift = np.zeros_like(logits)
        for i, item in enumerate(inputs):
            if item.source_type in self.labels.source_types:
                shift[i] = self._arrays["source_shift"][self.labels.source_types.index(item.source_type)]
        return np.exp(log_softmax(logits + shift))

    @property
    def _levels(self) -> Levels:
        return Levels(self.labels, self._arrays)

    def _number(self, name: str) -> float:
        return float(self._arrays[name].item())

    def among_neighbours(
        self,
        suggestions: Sequence[Suggestion],
        inputs: Sequence[ClassifierInput],
        encoded: Collection[int] | None = None,
    ) -> list[Suggestion]:
        """Return suggestions of passages that follow one another in a document, "none" taken back in places.

        Where the passages around one speak against "none" (:mod:`~evidence_mapper.classify.surroundings`),
        the statements that reach their thresholds, and 0.2, are suggested instead, or nothing.

        Parameters
        ----------
        suggestions
            As :meth:`suggest` gave them, in reading order.
        inputs
            What they were made of.
        encoded
            Positions that were read with the encoder; None means all.
        """
        probable = np.array([s.none_probability for s in suggestions])
        stands = none_stands(probable, levels_of([item.source_type for item in inputs]))
        return [
            self._reader(encoded=encoded is None or i in encoded)._levels.without_none(s)  # noqa: SLF001 - its kind
            if s.none_suggested and not stands[i]
            else s
            for i, s in enumerate(suggestions)
        ]

    def _reader(self, *, encoded: bool) -> StatementClassifier:
        """Return the reading, with its thresholds, that made a suggestion; here there is only one."""
        del encoded
        return self
