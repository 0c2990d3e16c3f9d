"""Fit the shipped classifier with scikit-learn. Not imported when suggestions are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import repeat
from multiprocessing import get_context
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from evidence_mapper.classify.corpus import LabelledPassage
from evidence_mapper.classify.fit_targets import Targets, targets
from evidence_mapper.classify.fit_words import NEVER, EncoderHeads, FitSpec, WordHeads
from evidence_mapper.classify.guarantee import recall_threshold
from evidence_mapper.classify.heads import log_softmax
from evidence_mapper.classify.labels import Labels
from evidence_mapper.classify.levels import PEOPLE
from evidence_mapper.classify.statement_classifier import i_features, stack_features, stacked, views
from evidence_mapper.classify.topics import TOPIC_FEATURES, stacked_topics, topic_features

Array = npt.NDArray[Any]
_FOLDS: Final = 5
_WITHIN: Final = 0.01
"""F1 that an I statement's threshold may give up to be lower: the best is flat, and misses cost more."""
_SHIFT_PENALTY: Final = 0.3
"""On what source types add to categories."""


@dataclass
class Fitted:
    """What goes into an artefact, with figures."""

    arrays: dict[str, Array]
    vocabulary: tuple[str, ...]
    layout: dict[str, tuple[int, int]]
    figures: dict[str, float] = field(default_factory=dict)
    """Of the calibration passages."""
    unseen_words: dict[str, Array] = field(default_factory=dict)
    """Word heads' scores of the calibration passages, in order."""


@dataclass(frozen=True)
class Calibration:
    """Passages neither their word heads nor their encoder heads have learned from."""

    learn: Sequence[LabelledPassage]
    """What the word heads learn from before they score ``rows``."""
    rows: Sequence[LabelledPassage]
    encoder_scores: Mapping[str, Array]
    """Encoder heads' scores of ``rows``."""


def fit_classifier(
    rows: Sequence[LabelledPassage],
    encoder_heads: EncoderHeads,
    calibrations: Sequence[Calibration],
    labels: Labels,
    spec: FitSpec,
) -> Fitted:
    """Fit word heads, stack, calibration and thresholds.

    Parameters
    ----------
    rows
        Passages the shipped word heads learn from.
    encoder_heads
        Heads trained with the encoder, shipped as they are.
    calibrations
        Sets of unseen passages; stack, calibration and thresholds are fitted on all of them together.
    labels
        Column order.
    spec
        Numbers of the fit.
    """
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        parts = pool.map(_words_of_strangers, calibrations, repeat(labels), repeat(spec))
        final = WordHeads(spec, labels).fit([r.read for r in rows], targets(rows, labels))
        words = joined(list(parts))
    y = targets([r for part in calibrations for r in part.rows], labels)
    total = combined(words, joined([part.encoder_scores for part in calibrations]))
    calibrated, figures = calibrate(total, y, labels, spec)
    arrays = final.arrays(encoder_heads) | calibrated
    return Fitted(arrays, final.vocabulary(), final.layout(encoder_heads), figures, words)


def _words_of_strangers(part: Calibration, labels: Labels, spec: FitSpec) -> dict[str, Array]:
    model = WordHeads(spec, labels).fit([r.read for r in part.learn], targets(part.learn, labels))
    return model.scores([r.read for r in part.rows])


def joined(parts: Sequence[Mapping[str, Array]]) -> dict[str, Array]:
    """Return the scores of several sets of passages, one below the other."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def combined(words: Mapping[str, Array], encoder: Mapping[str, Array]) -> dict[str, Array]:
    """Return the scores of all heads: those both kinds have are added."""
    names = [*words, *(n for n in encoder if n not in words)]
    return {n: sum((part[n] for part in (words, encoder) if n in part), start=np.zeros(())) for n in names}


def calibrate(
    out: Mapping[str, Array], y: Targets, labels: Labels, spec: FitSpec
) -> tuple[dict[str, Array], dict[str, float]]:
    """Return the arrays of stack, calibration and thresholds, and figures of the same passages."""
    features = stack_features(views(dict(out), labels))
    arrays = _fit_stack(features, y)
    statements, none_probability = stacked(features, arrays)
    arrays |= _fit_topics(out, statements, y, labels)
    arrays |= _fit_i_statements(i_features(out, labels), y, labels)
    arrays |= _fit_category(out["category"], y, labels)
    arrays["polarity_scale"] = np.array([_scale(out["polarity"], y.polarity)])
    arrays |= thresholds(*out_of_fold(features, y), y, spec)
    return arrays, _figures(statements, none_probability, arrays, y)


def out_of_fold(features: Array, y: Targets, fold: Array | None = None) -> tuple[Array, Array]:
    """Return probabilities of statements and none, by stacks that had not seen the passages.

    ``fold``, shape (n,), says which passages are left out together; None takes them in turn.
    """
    statements, none = np.zeros(y.statements.shape), np.zeros(len(features))
    fold = np.arange(len(features)) % _FOLDS if fold is None else fold
    for k in np.unique(fold):
        others = _fit_stack(features[fold != k], y, fold != k)
        statements[fold == k], none[fold == k] = stacked(features[fold == k], others)
    return statements, none


def thresholds(statements: Array, none: Array, y: Targets, spec: FitSpec) -> dict[str, Array]:
    """Set thresholds on probabilities that passages the stacks had not seen got."""
    n = statements.shape[1]
    threshold = np.quantile(none[y.main < n], 1 - spec.none_loss)
    # A passage suggested as "none" gets no statement: that loss counts against the wanted recall.
    reached = np.where((none >= threshold)[:, None], 0.0, statements)
    each = [
        recall_threshold(reached[y.statements[:, k] == 1, k], spec.recall, spec.recall_confidence)
        for k in range(n)
    ]
    return {
        "none_threshold": np.array([threshold]),
        "thresholds": np.array(each),
        "calibrated_on": y.statements.sum(axis=0),
    }


def _fit_stack(features: Array, y: Targets, chosen: Array | None = None) -> dict[str, Array]:
    """One logistic regression for all statements, sharing its slopes, with an intercept each, and none's.

    ``chosen`` says which of the passages the features are of; None means all.
    """
    everyone = np.ones(len(y.main), dtype=bool) if chosen is None else chosen
    truth, main = y.statements[everyone], y.main[everyone]
    n = truth.shape[1]
    rows, width = len(features), features.shape[2]
    x = np.hstack([features[:, :n].reshape(rows * n, width), np.tile(np.eye(n), (rows, 1))])
    model = LogisticRegression(C=10.0, max_iter=1000, fit_intercept=False).fit(x, truth.reshape(rows * n))
    none = LogisticRegression(C=10.0, max_iter=400).fit(features[:, n], (main == n).astype(int))
    return {
        "stack_coef": model.coef_[0][:width],
        "stack_bias": model.coef_[0][width:],
        "none_coef": none.coef_[0],
        "none_bias": none.intercept_,
    }


def _fit_topics(out: Mapping[str, Array], statements: Array, y: Targets, labels: Labels) -> dict[str, Array]:
    features = topic_features(dict(out), statements, labels)
    truth = y.topics.reshape(-1)
    model = LogisticRegression(C=10.0, max_iter=400).fit(features.reshape(-1, TOPIC_FEATURES), truth)
    arrays = {"topic_coef": model.coef_[0], "topic_bias": model.intercept_}
    probability = stacked_topics(features, statements, labels, arrays).reshape(-1)
    return {**arrays, "topic_threshold": np.array([_best_f1(probability, truth)])}


def _fit_i_statements(features: Array, y: Targets, labels: Labels) -> dict[str, Array]:
    """Fit on people's experience and on passages on nothing: elsewhere no I statement is looked for."""
    told = np.ones(len(features), dtype=bool)
    if PEOPLE in labels.categories:
        told = (y.category == labels.categories.index(PEOPLE)) | (y.i_statements.sum(axis=1) > 0)
        told |= y.main == len(labels.statements)
    shape = features.shape[1]
    coef, bias, thresholds = np.zeros((shape, features.shape[2])), np.full(shape, NEVER), np.ones(shape)
    for k in range(shape):
        truth, x = y.i_statements[told, k], features[told, k]
        if truth.any():
            model = LogisticRegression(C=10.0).fit(x, truth)
            coef[k], bias[k] = model.coef_[0], model.intercept_[0]
            thresholds[k] = _best_f1(model.predict_proba(x)[:, 1], truth, _WITHIN)
    return {"i_coef": coef, "i_bias": bias, "i_thresholds": thresholds}


def _best_f1(probability: Array, truth: Array, within: float = 0.0) -> float:
    """Return the threshold of the best F1; with ``within``, the lowest that comes so near to it."""
    grid = np.linspace(0.05, 0.9, 86)
    hits = np.array([(truth[probability >= t]).sum() for t in grid])
    made = np.array([(probability >= t).sum() for t in grid])
    f1 = 2 * hits / (made + truth.sum())
    return float(grid[np.argmax(f1 >= np.max(f1) - within)])


def _scale(scores: Array, truth: Array) -> float:
    """Return the factor on logits with the least log loss (temperature scaling)."""
    known = truth >= 0
    grid = np.exp(np.linspace(-1.5, 1.0, 51))
    losses = [-log_softmax(scores[known] * g)[np.arange(known.sum()), truth[known]].mean() for g in grid]
    return float(grid[int(np.argmin(losses))])


def _fit_category(scores: Array, y: Targets, labels: Labels) -> dict[str, Array]:
    """Fit one factor on the scores and, for each source type, what it adds to each category's.

    What a source type says beside the text: partners' feedback is partners', whatever it is about.
    Source types with few passages stay near nought.
    """
    known = np.flatnonzero(y.category >= 0)
    shape = (len(labels.source_types), len(labels.categories))
    logits, truth, source = scores[known].astype(np.float64), y.category[known], y.source[known]
    asked = (source[:, None] == np.arange(shape[0])).astype(np.float64)
    right = np.eye(shape[1])[truth]

    def loss(values: Array) -> tuple[float, Array]:
        scale, shift = values[0], values[1:].reshape(shape)
        logs = log_softmax(logits * scale + asked @ shift)
        gap = np.exp(logs) - right
        value = -(logs * right).sum() + _SHIFT_PENALTY * (shift**2).sum()
        slopes = asked.T @ gap + 2 * _SHIFT_PENALTY * shift
        return float(value), np.concatenate([[(gap * logits).sum()], slopes.ravel()])

    start = np.concatenate([[1.0], np.zeros(shape[0] * shape[1])])
    found = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return {"category_scale": found[:1], "source_shift": found[1:].reshape(shape)}


def _figures(p: Array, none: Array, arrays: Mapping[str, Array], y: Targets) -> dict[str, float]:
    evidence = y.main < p.shape[1]
    top = np.argsort(-p, axis=1)
    suggested = (p >= arrays["thresholds"]) & (none < arrays["none_threshold"])[:, None]
    return {
        "passages": float(len(y.main)),
        "main_accuracy": float((top[evidence, 0] == y.main[evidence]).mean()),
        "main_in_first_two": float((top[evidence, :2] == y.main[evidence, None]).any(axis=1).mean()),
        "recall": float((suggested & (y.statements == 1)).sum() / y.statements.sum()),
        "precision": float((suggested & (y.statements == 1)).sum() / max(1, suggested.sum())),
        "suggestions_per_evidence_passage": float(suggested[evidence].sum(axis=1).mean()),
        "none_recall": float((none[~evidence] >= arrays["none_threshold"]).mean()),
        "evidence_lost_to_none": float((none[evidence] >= arrays["none_threshold"]).mean()),
    }
