"""Fit the quick reading and where it may be believed. Not imported when suggestions are made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from evidence_mapper.classify.base import Embeddings
from evidence_mapper.classify.cascade import QUICK, doubt
from evidence_mapper.classify.corpus import LabelledPassage
from evidence_mapper.classify.fit import (
    Calibration,
    Fitted,
    calibrate,
    combined,
    joined,
    out_of_fold,
    thresholds,
)
from evidence_mapper.classify.fit_targets import Targets, targets
from evidence_mapper.classify.fit_words import NEVER, EncoderHeads, FitSpec
from evidence_mapper.classify.labels import Labels
from evidence_mapper.classify.statement_classifier import stack_features, views

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class CascadeSpec:
    """Numbers that rebuild a cascade; saved in the manifest."""

    encoded: Mapping[str, float] = field(default_factory=lambda: {"fast": 0.08, "balanced": 0.4})
    """Speed to the share of the calibration passages' tokens that the encoder reads, in (0, 1)."""
    c: float = 0.02
    """Inverse regularisation of the heads over standardised word vectors."""
    rare: float = 1e-3
    """A word of frequency f weighs ``rare / (rare + f)``."""


@dataclass(frozen=True)
class Cascade:
    """What a cascade adds to an artefact."""

    arrays: dict[str, Array]
    curve: list[dict[str, float]]
    """Shares of passages and of their tokens that are encoded, and what is right, on the calibration
    passages, from none to all of them."""


def word_weights(tokens: Sequence[Sequence[int]], special: frozenset[int], size: int, rare: float) -> Array:
    """Return a weight for each of ``size`` words, from how often training passages use it; special 0."""
    counts = Counter(i for row in tokens for i in row)
    frequency = np.array([counts.get(i, 0) for i in range(size)], dtype=np.float64)
    frequency[list(special)] = 0.0
    weights = rare / (rare + frequency / max(1.0, frequency.sum()))
    weights[list(special)] = 0.0
    return np.asarray(weights, dtype=np.float16)


def fit_cascade(
    rows: Sequence[LabelledPassage],
    fitted: Fitted,
    encoder_heads: EncoderHeads,
    calibrations: Sequence[Calibration],
    labels: Labels,
    *,
    read: Callable[[Sequence[LabelledPassage]], tuple[Embeddings, Array]],
    spec: FitSpec,
    cascade: CascadeSpec,
) -> Cascade:
    """Fit heads over word vectors, their stack and calibration, and each speed's cut and thresholds.

    Parameters
    ----------
    rows, encoder_heads, calibrations, labels, spec
        As :func:`~evidence_mapper.classify.fit.fit_classifier` got them.
    fitted
        What it made of them.
    read
        Passages to word vectors' means, shape (n, width), and numbers of tokens, shape (n,).
    cascade
        Numbers of this fit.
    """
    words, own = fitted.unseen_words, read(rows)[0]
    unseen = [read(part.rows) for part in calibrations]
    static = joined(
        [
            static_heads(read(part.learn)[0], part.learn, labels, cascade).scores(vectors)
            for part, (vectors, _) in zip(calibrations, unseen, strict=True)
        ]
    )
    y = targets([r for part in calibrations for r in part.rows], labels)
    quick = combined(words, static)
    full = combined(words, joined([part.encoder_scores for part in calibrations]))
    calibrated, _ = calibrate(quick, y, labels, spec)
    heads = static_heads(own, rows, labels, cascade)
    arrays = {f"{QUICK}{k}": v for k, v in (calibrated | _matrices(fitted, encoder_heads, heads)).items()}
    for name in ("thresholds", "none_threshold", "calibrated_on"):
        del arrays[QUICK + name]  # of the quick reading alone; each speed has its own
    found = [out_of_fold(stack_features(views(scores, labels)), y) for scores in (quick, full)]
    tokens = np.concatenate([lengths for _, lengths in unseen])
    left_open = doubt(margins(*found[0]), tokens)
    for speed, share in cascade.encoded.items():
        cut = cut_at(left_open, tokens, share)
        levels = thresholds(*mixed(found[0], found[1], left_open > cut), y, spec)
        arrays[f"{speed}_cut"] = np.array([cut])
        arrays |= {f"{speed}_{k}": levels[k] for k in ("thresholds", "none_threshold")}
    return Cascade(arrays, curve(found[0], found[1], (left_open, tokens), y, spec))


def static_heads(
    vectors: Embeddings, rows: Sequence[LabelledPassage], labels: Labels, spec: CascadeSpec
) -> EncoderHeads:
    """Fit the heads an encoder has, over word vectors' means, shape (n_rows, width)."""
    scaler = StandardScaler()
    x = scaler.fit_transform(vectors)
    y = targets(rows, labels)
    evidence = y.main < len(labels.statements)
    parts: dict[str, tuple[Array, Array]] = {}

    def softmax(name: str, target: Array, classes: int, known: Array) -> None:
        model = LogisticRegression(C=spec.c, max_iter=300).fit(x[known], target[known])
        coef, bias = np.zeros((x.shape[1], classes)), np.full(classes, NEVER)
        coef[:, model.classes_], bias[model.classes_] = model.coef_.T, model.intercept_
        parts[name] = coef, bias

    softmax("topic", y.topic, len(labels.topics) + 1, np.ones(len(x), dtype=bool))
    softmax("category", y.category, len(labels.categories), (y.category >= 0) & evidence)
    softmax("polarity", y.polarity, len(labels.polarities), (y.polarity >= 0) & evidence)
    coef, bias = np.zeros((x.shape[1], len(labels.i_statements))), np.full(len(labels.i_statements), NEVER)
    for k in range(len(labels.i_statements)):
        if y.i_statements[:, k].any():
            model = LogisticRegression(C=spec.c, max_iter=300).fit(x, y.i_statements[:, k])
            coef[:, k], bias[k] = model.coef_[0], model.intercept_[0]
    parts["i"] = coef, bias
    raw = {
        n: (c / scaler.scale_[:, None], b - (scaler.mean_ / scaler.scale_) @ c) for n, (c, b) in parts.items()
    }
    return EncoderHeads(raw)


def _matrices(fitted: Fitted, encoder: EncoderHeads, static: EncoderHeads) -> dict[str, Array]:
    """Return ``dense`` and ``bias`` with the static heads in the encoder heads' place."""
    bias = fitted.arrays["bias"].astype(np.float64)
    dense = np.zeros((len(next(iter(static.parts.values()))[0]), len(bias)))
    for name, (start, end) in fitted.layout.items():
        if name in encoder.parts:
            bias[start:end] -= encoder.parts[name][1]
        if name in static.parts:
            dense[:, start:end] = static.parts[name][0]
            bias[start:end] += static.parts[name][1]
    return {"dense": dense.astype(np.float32), "bias": bias.astype(np.float32)}


def margins(statements: Array, none: Array) -> Array:
    """Return how far the likeliest of statements and none is ahead of the next, shape (n,)."""
    order = np.sort(np.concatenate([statements, none[:, None]], axis=1), axis=1)
    return np.asarray(order[:, -1] - order[:, -2])


def mixed(quick: tuple[Array, Array], full: tuple[Array, Array], encoded: Array) -> tuple[Array, Array]:
    """Return probabilities of statements and none: the encoder's where ``encoded``, else the quick ones."""
    statements = np.where(encoded[:, None], full[0], quick[0])
    return statements, np.where(encoded, full[1], quick[1])


def cut_at(left_open: Array, tokens: Array, share: float) -> float:
    """Return the doubt above which passages hold at most ``share`` of all tokens; -1 is below them all."""
    order = np.argsort(-left_open, kind="stable")
    read = np.cumsum(tokens[order]) / tokens.sum()
    first_left_out = int(np.searchsorted(read, share, side="right"))
    return float(left_open[order[first_left_out]]) if first_left_out < len(order) else -1.0


def curve(
    quick: tuple[Array, Array],
    full: tuple[Array, Array],
    doubts: tuple[Array, Array],
    y: Targets,
    spec: FitSpec,
) -> list[dict[str, float]]:
    """Return figures for rising shares of tokens the encoder reads; thresholds are set for each.

    ``doubts`` are what each passage's quick reading leaves open, and its tokens, shape (n,) both.
    """
    (left_open, tokens), out = doubts, []
    for share in (0.0, 0.03, 0.05, 0.08, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0):
        encoded = left_open > cut_at(left_open, tokens, share)
        statements, none = mixed(quick, full, encoded)
        levels = thresholds(statements, none, y, spec)
        read = float(tokens[encoded].sum()) / float(tokens.sum())
        shares = {"encoded": float(encoded.mean()), "tokens": read}
        rounded = {name: round(value, 4) for name, value in shares.items()}
        out.append({**rounded, **figures(statements, none, y, levels)})
    return out


def figures(statements: Array, none: Array, y: Targets, levels: Mapping[str, Array]) -> dict[str, float]:
    """Return macro F1 of the main statement, what is lost, and recall and precision of suggestions."""
    n = statements.shape[1]
    evidence, first = y.main < n, statements.argmax(axis=1)
    put_off = none >= levels["none_threshold"]
    made = (statements >= levels["thresholds"]) & ~put_off[:, None]
    hits = (made & (y.statements == 1)).sum()
    scores = []
    for k in range(n):
        is_k, said = y.main[evidence] == k, first[evidence] == k
        scores.append(2 * (is_k & said).sum() / max(1, is_k.sum() + said.sum()))
    found = {
        "macro_f1": np.mean(scores),
        "none_recall": put_off[~evidence].mean(),
        "evidence_lost": put_off[evidence].mean(),
        "recall": hits / y.statements.sum(),
        "precision": hits / max(1, made.sum()),
    }
    return {name: round(float(value), 4) for name, value in found.items()}
