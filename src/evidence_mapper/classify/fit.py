"""Fit the shipped classifier with scikit-learn. Not imported when suggestions are made."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from evidence_mapper.classify.base import Embeddings
from evidence_mapper.classify.corpus import LabelledPassage
from evidence_mapper.classify.heads import log_softmax
from evidence_mapper.classify.statement_classifier import FLOOR, Labels, stack_features, views

Array = npt.NDArray[Any]
_Matrix = Any  # scipy sparse or ndarray; scipy has no type information
_NEVER: Final = -12.0
"""Score of a class with no training passage."""


@dataclass(frozen=True, slots=True)
class FitSpec:
    """Numbers that rebuild a classifier; saved in its manifest."""

    lex_c: float = 10.0
    """Inverse regularisation of the word head."""
    sem_c: float = 10.0
    joint_c: float = 10.0
    """Of heads over words and embedding together."""
    dense_weight: float = 1.0
    """Factor on the embedding beside the words in joint heads."""
    min_df: int = 2
    """Terms in fewer passages are left out."""
    folds: int = 5
    recall: float = 0.90
    """Share of each statement's evidence its threshold must suggest, on out-of-fold passages."""
    none_loss: float = 0.02
    """Largest share of evidence that may be suggested as "none", on out-of-fold passages."""
    heading_below_words: int = 25


@dataclass
class Targets:
    """Training targets as arrays; rows follow the passages."""

    main: Array
    """Shape (n,): index of the main statement, n_statements for "none"."""
    statements: Array
    """Shape (n, n_statements), 0 or 1."""
    topic: Array
    """Shape (n,): index of the first topic of the main statement, n_topics for "none"."""
    topics: Array
    i_statements: Array
    category: Array
    """Shape (n,): -1 where none is given."""
    polarity: Array
    source: Array
    """Shape (n,): index of the source type, -1 where none is given."""


def targets(rows: Sequence[LabelledPassage], labels: Labels) -> Targets:
    """Turn labels into arrays.

    Raises
    ------
    ValueError
        A passage has a label the framework does not, or a statement but no topic of it.
    """

    def many(values: Sequence[Sequence[str]], names: tuple[str, ...]) -> Array:
        out = np.zeros((len(values), len(names)), dtype=np.int64)
        for i, row in enumerate(values):
            for name in row:
                out[i, names.index(name)] = 1
        return out

    def one(values: Sequence[str | None], names: tuple[str, ...]) -> Array:
        return np.array([names.index(v) if v in names else -1 for v in values], dtype=np.int64)

    main = [
        labels.statements.index(r.statements[0]) if r.statements else len(labels.statements) for r in rows
    ]
    return Targets(
        main=np.array(main),
        statements=many([r.statements for r in rows], labels.statements),
        topic=np.array([_main_topic(r, m, labels) for r, m in zip(rows, main, strict=True)]),
        topics=many([r.topics for r in rows], labels.topics),
        i_statements=many([r.i_statements for r in rows], labels.i_statements),
        category=one([r.evidence_category for r in rows], labels.categories),
        polarity=one([r.polarity for r in rows], labels.polarities),
        source=one([r.source_type for r in rows], labels.source_types),
    )


def _main_topic(row: LabelledPassage, main: int, labels: Labels) -> int:
    if not row.statements:
        return len(labels.topics)
    for topic in row.topics:
        index = labels.topics.index(topic)
        if labels.topic_statement[index] == main:
            return index
    raise ValueError(f"passage {row.id}: no topic of its main statement {row.statements[0]}")


@dataclass
class Fitted:
    """What goes into an artefact, with the figures of the out-of-fold passages."""

    arrays: dict[str, Array]
    vocabulary: tuple[str, ...]
    layout: dict[str, tuple[int, int]]
    out_of_fold: dict[str, float] = field(default_factory=dict)


def fit_classifier(
    rows: Sequence[LabelledPassage], embeddings: Embeddings, labels: Labels, spec: FitSpec
) -> Fitted:
    """Fit heads, stack, calibration and thresholds.

    Parameters
    ----------
    rows
        n passages.
    embeddings
        Shape (n, width).
    labels
        Column order.
    spec
        Numbers of the fit.
    """
    y = targets(rows, labels)
    folds = assign_folds(rows, spec.folds)
    out: dict[str, Array] = {}
    for fold in range(spec.folds):
        seen, unseen = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        model = _BaseHeads(spec, labels).fit(_texts(rows, seen), embeddings[seen], _take(y, seen))
        for name, scores in model.scores(_texts(rows, unseen), embeddings[unseen]).items():
            out.setdefault(name, np.zeros((len(rows), scores.shape[1])))[unseen] = scores
    final = _BaseHeads(spec, labels).fit([r.text for r in rows], embeddings, y)
    arrays = final.arrays() | _calibrate(out, y, labels, spec)
    return Fitted(arrays, final.vocabulary(), final.layout(), _figures(out, arrays, y, labels))


def assign_folds(rows: Sequence[LabelledPassage], folds: int) -> npt.NDArray[np.int64]:
    """Return a fold number a passage: whole writers together where each wrote every statement.

    Calibration then sees writers the heads did not. Writers who wrote only some statements (ids that
    do not begin with "h") are spread by id, since leaving one out would leave a statement out.
    """
    hands = sorted({r.hand for r in rows if r.hand.startswith("h")})
    place = {hand: i % folds for i, hand in enumerate(hands)}
    return np.array([place.get(r.hand, zlib.crc32(r.id.encode()) % folds) for r in rows], dtype=np.int64)


def _texts(rows: Sequence[LabelledPassage], index: Array) -> list[str]:
    return [rows[int(i)].text for i in index]


def _take(y: Targets, index: Array) -> Targets:
    return Targets(**{name: getattr(y, name)[index] for name in y.__dataclass_fields__})


class _BaseHeads:
    """Linear heads before stacking."""

    def __init__(self, spec: FitSpec, labels: Labels) -> None:
        self.spec = spec
        self.labels = labels
        self.vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=spec.min_df)
        self.parts: dict[str, tuple[Array, Array, Array]] = {}
        self.n_terms = 0

    def fit(self, texts: Sequence[str], dense: Embeddings, y: Targets) -> _BaseHeads:
        words = self.vectorizer.fit_transform(texts).tocsr()
        self.n_terms = words.shape[1]
        joint = sp.hstack([words, dense * self.spec.dense_weight]).tocsr()
        n = len(self.labels.statements)
        self._softmax("lex", words, y.main, n + 1, self.spec.lex_c)
        self._softmax("sem", dense, y.main, n + 1, self.spec.sem_c)
        self._softmax("topic", joint, y.topic, len(self.labels.topics) + 1, self.spec.joint_c)
        known = np.flatnonzero(y.category >= 0)
        self._softmax(
            "category", joint[known], y.category[known], len(self.labels.categories), self.spec.joint_c
        )
        known = np.flatnonzero(y.polarity >= 0)
        self._softmax(
            "polarity", joint[known], y.polarity[known], len(self.labels.polarities), self.spec.joint_c
        )
        self._binary("i", joint, y.i_statements)
        return self

    def _softmax(self, name: str, x: _Matrix, target: Array, classes: int, c: float) -> None:
        model = LogisticRegression(C=c, max_iter=400).fit(x, target)
        coef = np.zeros((classes, x.shape[1]))
        bias = np.full(classes, _NEVER)
        coef[model.classes_] = (
            model.coef_ if len(model.classes_) > 2 else np.vstack([-model.coef_, model.coef_]) / 2
        )
        bias[model.classes_] = (
            model.intercept_ if len(model.classes_) > 2 else np.array([-0.5, 0.5]) * model.intercept_
        )
        self.parts[name] = self._divide(name, coef, bias)

    def _binary(self, name: str, x: _Matrix, target: Array) -> None:
        coef = np.zeros((target.shape[1], x.shape[1]))
        bias = np.full(target.shape[1], _NEVER)
        for k in range(target.shape[1]):
            if target[:, k].any():
                model = LogisticRegression(C=self.spec.joint_c, max_iter=400, class_weight="balanced")
                model.fit(x, target[:, k])
                coef[k], bias[k] = model.coef_[0], model.intercept_[0]
        self.parts[name] = self._divide(name, coef, bias)

    def _divide(self, name: str, coef: Array, bias: Array) -> tuple[Array, Array, Array]:
        """Return (lexical, dense, bias); a head over one kind of feature has zeros for the other."""
        if name == "lex":
            return coef.T, np.zeros((0, len(bias))), bias
        if name == "sem":
            return np.zeros((0, len(bias))), coef.T, bias
        return coef[:, : self.n_terms].T, coef[:, self.n_terms :].T * self.spec.dense_weight, bias

    def scores(self, texts: Sequence[str], dense: Embeddings) -> dict[str, Array]:
        words = self.vectorizer.transform(texts)
        out = {}
        for name, (lexical, semantic, bias) in self.parts.items():
            total = np.tile(bias, (len(texts), 1))
            if len(lexical):
                total = total + words @ lexical
            if len(semantic):
                total = total + dense @ semantic
            out[name] = total
        return out

    def layout(self) -> dict[str, tuple[int, int]]:
        places, start = {}, 0
        for name, (_, _, bias) in self.parts.items():
            places[name] = (start, start + len(bias))
            start += len(bias)
        return places

    def vocabulary(self) -> tuple[str, ...]:
        return tuple(str(t) for t in self.vectorizer.get_feature_names_out())

    def arrays(self) -> dict[str, Array]:
        width = next(len(d) for _, d, _ in self.parts.values() if len(d))
        wide = [p[0] if len(p[0]) else np.zeros((self.n_terms, len(p[2]))) for p in self.parts.values()]
        deep = [p[1] if len(p[1]) else np.zeros((width, len(p[2]))) for p in self.parts.values()]
        return {
            "lexical": np.hstack(wide).astype(np.float16),
            "dense": np.hstack(deep).astype(np.float32),
            "bias": np.concatenate([p[2] for p in self.parts.values()]).astype(np.float32),
            "idf": self.vectorizer.idf_.astype(np.float32),
        }


def _calibrate(out: Mapping[str, Array], y: Targets, labels: Labels, spec: FitSpec) -> dict[str, Array]:
    features = stack_features(views(dict(out), labels))
    n = len(labels.statements)
    arrays = _fit_stack(features[:, :n], y.statements)
    is_none = (y.main == n).astype(int)
    none = LogisticRegression(C=10.0, max_iter=400).fit(features[:, n], is_none)
    arrays |= {"none_coef": none.coef_[0], "none_bias": none.intercept_}
    statements = _sigmoid(features[:, :n] @ arrays["stack_coef"] + arrays["stack_bias"])
    arrays |= _fit_topics(out["topic"], statements, y, labels)
    arrays |= _fit_i_statements(out["i"], y)
    arrays["category_scale"] = np.array([_scale(out["category"], y.category)])
    arrays["polarity_scale"] = np.array([_scale(out["polarity"], y.polarity)])
    arrays["source_shift"] = _source_shift(y, labels)
    none_probability = _sigmoid(features[:, n] @ arrays["none_coef"] + arrays["none_bias"])
    arrays["none_threshold"] = np.array([np.quantile(none_probability[is_none == 0], 1 - spec.none_loss)])
    arrays["thresholds"] = np.array(
        [np.quantile(statements[y.statements[:, k] == 1, k], 1 - spec.recall) for k in range(n)]
    )
    return arrays


def _sigmoid(scores: Array) -> Array:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * scores)))


def _fit_stack(features: Array, truth: Array) -> dict[str, Array]:
    """One logistic regression for all statements, sharing its slopes, with an intercept each."""
    rows, n, width = features.shape
    intercepts = np.tile(np.eye(n), (rows, 1))
    x = np.hstack([features.reshape(rows * n, width), intercepts])
    model = LogisticRegression(C=10.0, max_iter=1000, fit_intercept=False).fit(x, truth.reshape(rows * n))
    return {"stack_coef": model.coef_[0][:width], "stack_bias": model.coef_[0][width:]}


def _fit_topics(scores: Array, statements: Array, y: Targets, labels: Labels) -> dict[str, Array]:
    n = len(labels.topics)
    fine = log_softmax(scores)[:, :n]
    parent = np.log(statements[:, list(labels.topic_statement)] + FLOOR)
    x = np.stack([fine, parent], axis=2).reshape(-1, 2)
    truth = y.topics.reshape(-1)
    model = LogisticRegression(C=10.0, max_iter=400).fit(x, truth)
    probability = model.predict_proba(x)[:, 1]
    return {
        "topic_coef": model.coef_[0],
        "topic_bias": model.intercept_,
        "topic_threshold": np.array([_best_f1(probability, truth)]),
    }


def _fit_i_statements(scores: Array, y: Targets) -> dict[str, Array]:
    shape = scores.shape[1]
    coef, bias, thresholds = np.zeros(shape), np.full(shape, _NEVER), np.ones(shape)
    for k in range(shape):
        truth = y.i_statements[:, k]
        if truth.any():
            model = LogisticRegression(C=10.0).fit(scores[:, k : k + 1], truth)
            coef[k], bias[k] = model.coef_[0, 0], model.intercept_[0]
            thresholds[k] = _best_f1(model.predict_proba(scores[:, k : k + 1])[:, 1], truth)
    return {"i_coef": coef, "i_bias": bias, "i_thresholds": thresholds}


def _best_f1(probability: Array, truth: Array) -> float:
    grid = np.linspace(0.05, 0.9, 86)
    hits = np.array([(truth[probability >= t]).sum() for t in grid])
    made = np.array([(probability >= t).sum() for t in grid])
    return float(grid[np.argmax(2 * hits / (made + truth.sum()))])


def _scale(scores: Array, truth: Array) -> float:
    """Return the factor on logits with the least log loss (temperature scaling)."""
    known = truth >= 0
    grid = np.exp(np.linspace(-1.5, 1.0, 51))
    losses = [-log_softmax(scores[known] * g)[np.arange(known.sum()), truth[known]].mean() for g in grid]
    return float(grid[int(np.argmin(losses))])


def _source_shift(y: Targets, labels: Labels) -> Array:
    """Return log P(category | source type) - log P(category), smoothed, halved.

    Halved because the text already tells much of what the source type does.
    """
    n = len(labels.categories)
    known = y.category >= 0
    overall = np.bincount(y.category[known], minlength=n) + 1.0
    shift = np.zeros((len(labels.source_types), n))
    for s in range(len(labels.source_types)):
        counts = np.bincount(y.category[known & (y.source == s)], minlength=n) + 4.0 * overall / overall.sum()
        shift[s] = 0.5 * (np.log(counts / counts.sum()) - np.log(overall / overall.sum()))
    return shift


def _figures(
    out: Mapping[str, Array], arrays: Mapping[str, Array], y: Targets, labels: Labels
) -> dict[str, float]:
    n = len(labels.statements)
    features = stack_features(views(dict(out), labels))
    p = _sigmoid(features[:, :n] @ arrays["stack_coef"] + arrays["stack_bias"])
    none = _sigmoid(features[:, n] @ arrays["none_coef"] + arrays["none_bias"])
    evidence = y.main < n
    top = np.argsort(-p, axis=1)
    suggested = (p >= arrays["thresholds"]) & (none < arrays["none_threshold"])[:, None]
    return {
        "main_accuracy": float((top[evidence, 0] == y.main[evidence]).mean()),
        "main_in_first_two": float((top[evidence, :2] == y.main[evidence, None]).any(axis=1).mean()),
        "recall": float((suggested & (y.statements == 1)).sum() / y.statements.sum()),
        "precision": float((suggested & (y.statements == 1)).sum() / max(1, suggested.sum())),
        "suggestions_per_evidence_passage": float(suggested[evidence].sum(axis=1).mean()),
        "none_recall": float((none[~evidence] >= arrays["none_threshold"]).mean()),
        "evidence_lost_to_none": float((none[evidence] >= arrays["none_threshold"]).mean()),
    }
