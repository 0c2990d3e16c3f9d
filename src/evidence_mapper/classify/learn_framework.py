"""Learn a classifier for any framework from labelled passages. Not imported when suggestions are made.

The framework's own descriptions are learned from like labelled passages, so that a statement with few
of those, or none, still has something to go by. The second layer, its thresholds and every figure come
from cross-fitting: each passage is scored by heads that have not learned from it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import minimize
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.svm import LinearSVC

from evidence_mapper.classify.base import Embeddings
from evidence_mapper.classify.heads import log_softmax
from evidence_mapper.classify.learn_figures import balance_threshold, figures_of, levels
from evidence_mapper.classify.learn_network import fit_networks
from evidence_mapper.classify.learned import (
    HEADS,
    QUESTION,
    Passages,
    stack_input,
    stacked_learned,
    view_scores,
)
from evidence_mapper.classify.lexical import LexicalFeatures
from evidence_mapper.classify.network import network_input
from evidence_mapper.classify.phrased import PhrasedScorer
from evidence_mapper.classify.project_head import Doubles

Array = npt.NDArray[Any]
_Matrix = Any  # scipy sparse; scipy has no type information
Step = Callable[[int, int, str], None]

_NEVER: Final = -30.0
_ABSENT: Final = -1.1
"""Score of a column nothing was learned for: a little below what a clear "no" gets."""


@dataclass(frozen=True, slots=True)
class LearnSpec:
    """Numbers of the fit; saved in the manifest."""

    c: float = 0.2
    """Inverse regularisation of the heads (linear support vector machines)."""
    stack_penalty: float = 0.001
    """On the second layer's starts where a passage has one statement."""
    balance: float = 0.15
    """Share of a statement's log frequency that is taken off where a passage has one statement: rare ones
    are named a little more often than plain probability would."""
    min_df: int = 2
    """Terms in fewer passages are left out."""
    fewest: int = 5
    """Passages below which a statement is left to its descriptions."""
    folds: int = 5
    recall: float = 0.90
    """Share of each statement's evidence its threshold must suggest, on average over draws of passages."""
    none_loss: float = 0.02
    """Largest share of evidence that may be suggested as "none"."""
    question_rows: int = 100
    """Passages below which a question gets no share of the heads of its own."""


@dataclass(frozen=True)
class Described:
    """The framework's descriptions as examples."""

    texts: Sequence[str]
    dense: Embeddings
    owner: npt.NDArray[np.int64]
    """Index of each text's statement."""
    scorer: PhrasedScorer


@dataclass(frozen=True)
class Examples:
    """Labelled passages."""

    rows: Passages
    truth: npt.NDArray[np.bool_]
    """Shape (n, n_statements), or one more column for "none" where any passage has no statement."""
    n_questions: int
    mode: str
    """``single`` or ``multi``."""
    finer: npt.NDArray[np.int64] | None = None
    """Shape (n,): each passage's finer label where it has one statement; None for the statement itself."""
    column_of: npt.NDArray[np.int64] | None = None
    """The column of each finer label; None with ``finer``."""


@dataclass
class Learned:
    """What goes into an artefact."""

    arrays: dict[str, Array]
    vocabulary: tuple[str, ...]
    words: int
    """How many of ``vocabulary`` are the heads'; the others are the descriptions'."""
    figures: dict[str, Any]


def fit_reading(dense: Embeddings, general: int) -> dict[str, Array]:
    """Return ``centre`` and ``scale``, shape (width,), of :func:`~.learned.read_vectors`.

    The first ``general`` dimensions stay as they are, of unit length; the others, of an encoder whose
    vectors have a large part in common, are centred and brought to the same length on average.
    """
    centre, scale = np.zeros(dense.shape[1], np.float32), np.ones(dense.shape[1], np.float32)
    other = dense[:, general:].astype(np.float64)
    centre[general:] = other.mean(axis=0)
    lengths = np.linalg.norm(other - other.mean(axis=0), axis=1)
    scale[general:] = 1 / max(float(lengths.mean()), 1e-9)
    return {"centre": centre, "scale": scale}


def learn(examples: Examples, described: Described, spec: LearnSpec, step: Step) -> Learned:
    """Fit heads, second layer, thresholds, and figures by cross-fitting; the same for the same input.

    Parameters
    ----------
    examples
        Labelled passages; columns with fewer than ``spec.fewest`` hold no True.
    described
        The framework's descriptions.
    spec
        Numbers of the fit.
    step
        Told of each step: done, total, what is next.
    """
    total = spec.folds + 2
    scorer = described.scorer
    near = scorer.scores(examples.rows.texts, examples.rows.dense[:, : len(scorer.dense)])
    parts: list[tuple[Array, Doubles]] = []
    for k, (some, rest) in enumerate(_folds(examples, spec)):
        step(k, total, f"heads, part {k + 1} of {spec.folds}")
        part = _fit_views(_take(examples, some), described, spec)
        parts.append((rest, view_scores(_take(examples, rest).rows, part.words, part.arrays, near[rest])))
    views = np.zeros((len(near), *parts[0][1].shape[1:]))
    for rest, scores in parts:
        views[rest] = scores
    step(spec.folds, total, "heads, all passages")
    whole = _fit_views(examples, described, spec)
    step(spec.folds + 1, total, "second layer, thresholds and figures")
    honest = np.zeros(examples.truth.shape)
    for some, rest in _folds(examples, spec, seed=1):
        stack = _fit_stack(views[some], examples.truth[some], examples.mode, spec)
        honest[rest] = stacked_learned(views[rest], stack, examples.mode)
    arrays = _fit_stack(views, examples.truth, examples.mode, spec)
    n = near.shape[1]
    without = balance_threshold(honest, examples.truth, n) if examples.mode == "multi" else 1.0
    set_levels = levels(honest, examples.truth, n, (spec.recall, spec.none_loss), without)
    nearness: dict[str, Array] = {
        "near_idf": scorer.words.idf,
        "near_dense": scorer.dense,
        "near_lexical": scorer.lexical,
        "near_offset": scorer.offset,
    }
    step(total, total, "done")
    return Learned(
        whole.arrays | arrays | set_levels | nearness,
        whole.words.vocabulary + scorer.words.vocabulary,
        len(whole.words.vocabulary),
        figures_of(honest, examples.truth, n, examples.mode, examples.rows.texts, set_levels),
    )


@dataclass(frozen=True)
class _Heads:
    words: LexicalFeatures
    arrays: dict[str, Array]


def _fit_heads(examples: Examples, described: Described, spec: LearnSpec) -> _Heads:
    """Fit both heads on passages, with the descriptions as further ones."""
    rows = examples.rows
    vectorizer = TfidfVectorizer(
        ngram_range=(1, 2), sublinear_tf=True, min_df=min(spec.min_df, len(rows.texts)), dtype=np.float64
    )
    counted = vectorizer.fit_transform(rows.texts)
    n_questions = examples.n_questions
    unasked = Passages(described.texts, described.dense, np.full(len(described.texts), -1))
    x = sparse.vstack(
        [
            _matrix(counted, rows, n_questions),
            _matrix(vectorizer.transform(described.texts), unasked, n_questions),
        ]
    ).tocsr()
    owned = np.zeros((len(described.texts), examples.truth.shape[1]), dtype=bool)
    owned[np.arange(len(owned)), described.owner] = True
    truth = np.vstack([examples.truth, owned])
    coef = np.zeros((len(HEADS), truth.shape[1], x.shape[1]))
    bias = np.full((len(HEADS), truth.shape[1]), _ABSENT)
    for k in range(truth.shape[1]):
        if not truth[:, k].any() or truth[:, k].all():
            continue
        lifted = len(truth) / (truth.shape[1] * truth[:, k].sum())
        for h, weight in enumerate((1.0, lifted)):  # as HEADS names them
            model = LinearSVC(C=spec.c, class_weight={True: weight}, random_state=0)
            model.fit(x, truth[:, k])
            coef[h, k], bias[h, k] = model.coef_[0], model.intercept_[0]
    vocabulary = tuple(str(t) for t in vectorizer.get_feature_names_out())
    words = LexicalFeatures(vocabulary, vectorizer.idf_.astype(np.float32))
    arrays = _split(coef, bias, len(vocabulary), rows.dense.shape[1], n_questions)
    return _Heads(words, {**arrays, "idf": words.idf})


def _fit_views(examples: Examples, described: Described, spec: LearnSpec) -> _Heads:
    """Fit the heads and, where a passage has one statement, the networks."""
    heads = _fit_heads(examples, described, spec)
    if examples.mode != "single":
        return heads
    rows, main = examples.rows, examples.truth.argmax(axis=1)
    finer = main if examples.finer is None else examples.finer
    column_of = np.arange(examples.truth.shape[1]) if examples.column_of is None else examples.column_of
    x = network_input(rows.dense, rows.question, examples.n_questions)
    return _Heads(heads.words, {**heads.arrays, **fit_networks(x, finer, column_of)})


def _matrix(counted: _Matrix, rows: Passages, n_questions: int) -> _Matrix:
    """Return words, vector, question, and the vector once more for each question, side by side."""
    asked = rows.question[:, None] == np.arange(n_questions)
    own = [QUESTION * rows.dense * asked[:, [k]] for k in range(n_questions)]
    parts = [rows.dense.astype(np.float64), asked.astype(np.float64), *own]
    return sparse.hstack([counted, *(sparse.csr_matrix(p) for p in parts)]).tocsr()


def _split(coef: Array, bias: Array, terms: int, width: int, n_questions: int) -> dict[str, Array]:
    """Return the arrays as they are saved: columns of the first head, then of the second."""
    flat = coef.reshape(-1, coef.shape[2]).T
    asked, own = terms + width, terms + width + n_questions
    return {
        "lexical": flat[:terms].astype(np.float32),
        "dense": flat[terms:asked].astype(np.float32),
        "question_bias": flat[asked:own].astype(np.float32),
        "question_dense": flat[own:].reshape(n_questions, width, flat.shape[1]).astype(np.float32),
        "bias": bias.reshape(-1).astype(np.float32),
    }


def _fit_stack(views: Doubles, truth: npt.NDArray[np.bool_], mode: str, spec: LearnSpec) -> dict[str, Array]:
    features = stack_input(views, mode)
    if mode == "single":
        return _fit_one(features, truth.astype(np.float64), spec)
    width = features.shape[2]
    model = LogisticRegression(C=10.0, max_iter=1000).fit(features.reshape(-1, width), truth.reshape(-1))
    return {"stack_coef": model.coef_[0], "stack_bias": model.intercept_}


def _fit_one(x: Doubles, truth: Doubles, spec: LearnSpec) -> dict[str, Array]:
    """Fit one distribution over the columns: a slope a view, a start a column.

    scikit-learn's multinomial regression has slopes for every pair; so few parameters as here need its
    loss written out. A column without passages gets next to nothing of the distribution.
    """
    there: npt.NDArray[np.bool_] = np.asarray(truth.any(axis=0))
    width = x.shape[2]
    x, truth = x[:, there], truth[:, there]

    def loss(values: Doubles) -> tuple[float, Doubles]:
        slopes, starts = values[:width], values[width:]
        logs = log_softmax(x @ slopes + starts)
        gap = (np.exp(logs) - truth) / len(x)
        gradient = [np.einsum("nk,nkv->v", gap, x), gap.sum(axis=0) + 2 * spec.stack_penalty * starts]
        value = -(logs * truth).sum() / len(x) + spec.stack_penalty * (starts @ starts)
        return float(value), np.concatenate(gradient)

    first = np.concatenate([np.ones(width), np.zeros(x.shape[1])])
    found = minimize(loss, first, jac=True, method="L-BFGS-B").x
    bias = np.full(len(there), _NEVER)
    bias[there] = found[width:] - spec.balance * np.log(truth.mean(axis=0))
    return {"stack_coef": found[:width], "stack_bias": bias}


def _folds(examples: Examples, spec: LearnSpec, seed: int = 0) -> list[tuple[Array, Array]]:
    n = np.zeros(len(examples.truth))
    if examples.mode == "single":
        splitter = StratifiedKFold(spec.folds, shuffle=True, random_state=seed)
        return list(splitter.split(n, examples.truth.argmax(axis=1)))
    return list(KFold(spec.folds, shuffle=True, random_state=seed).split(n))


def _take(examples: Examples, some: Array) -> Examples:
    rows = examples.rows
    part = Passages([rows.texts[i] for i in some], rows.dense[some], rows.question[some])
    finer = None if examples.finer is None else examples.finer[some]
    return Examples(
        part, examples.truth[some], examples.n_questions, examples.mode, finer, examples.column_of
    )
