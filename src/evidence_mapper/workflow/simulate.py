"""What learning from a reviewer would gain, played through on labelled passages.

A simulated reviewer answers with the labels: accepts the statements a passage bears on, takes away
those suggested beyond them, and says "none" where there are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from evidence_mapper.classify.base import ClassifierInput, Embeddings
from evidence_mapper.classify.corpus import LabelledPassage
from evidence_mapper.classify.fit_project import (
    FittedHead,
    GuardRows,
    ProjectFitSpec,
    fit_project,
    labelled_rows,
)
from evidence_mapper.classify.guard import guard_rows, load_guard
from evidence_mapper.classify.project_head import ProjectHead
from evidence_mapper.classify.statement_classifier import StatementClassifier
from evidence_mapper.domain.ids import sha256_text
from evidence_mapper.errors import UsageError
from evidence_mapper.measure import macro_f1
from evidence_mapper.workflow.head_in_use import AnyClassifier

Order = Literal["shipped", "uncertain", "random", "retrained"]
ORDERS: Final[tuple[Order, ...]] = ("shipped", "uncertain", "random", "retrained")
_LEFT: Final = 20
"""Fewest passages that must be left to measure on."""
_STEP: Final = 25
"""Passages read between two lessons of the retrained order."""
_FEW: Final = 5
"""Statements with fewer pieces of evidence are left out of the reading curves."""

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spread:
    """One figure over the seeds."""

    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LearningPoint:
    """What so many decisions gain, measured on the passages not decided on."""

    decisions: int
    measured_on: int
    """Passages."""
    kept: int
    """Seeds whose head was kept; where it is not, the shipped figures stand for it."""
    seeds: int
    shipped: dict[str, Spread]
    """``macro_f1``, ``first`` (main statement first), ``recall``, ``suggestions`` a passage of evidence."""
    head: dict[str, Spread]
    gain: dict[str, Spread]
    """Head less shipped, seed by seed."""


@dataclass(frozen=True, slots=True)
class ReadingCurve:
    """Share of passages to be read, in one order, to find most of each statement's evidence."""

    order: Order
    by_statement: dict[str, float]
    """In (0, 1]."""
    mean: float
    saved: float
    """Work saved over sampling: the wanted share less the mean share read (WSS@95 when 0.95 is wanted)."""


def simulate_learning(
    rows: Sequence[LabelledPassage],
    classifier: AnyClassifier,
    sizes: Sequence[int] = (25, 50, 100, 200),
    seeds: Sequence[int] = (0, 1, 2, 3, 4),
    *,
    vectors: Embeddings | None = None,
    guard: GuardRows | None = None,
) -> list[LearningPoint]:
    """Learn from decisions drawn at random, and measure on the rest.

    Parameters
    ----------
    rows
        Labelled passages of one kind: one source type, or one writer. Guard passages among them take no
        part in the learning.
    classifier
        The shipped one, without a head.
    sizes
        Numbers of decisions; those that leave fewer than 20 passages to measure on are left out.
    seeds
        One draw each.
    vectors
        Shape (n_rows, width): the encoder's; None makes them.
    guard
        None takes the shipped guard set less the rows, where the classifier has one.

    Raises
    ------
    UsageError
        There are too few rows for any of the sizes.
    ModelError
        The guard set is missing or does not fit the classifier.
    """
    wanted = [n for n in sizes if len(rows) - n >= _LEFT]
    if not wanted:
        raise UsageError(
            f"{len(rows)} labelled passages are too few to learn from {min(sizes)} and measure on {_LEFT} or "
            "more; name more files, or a more frequent source type"
        )
    play = _Play(rows, classifier, vectors, guard)
    return [_point(play, n, seeds) for n in wanted]


def _point(play: _Play, size: int, seeds: Sequence[int]) -> LearningPoint:
    before, after, kept = [], [], 0
    for seed in seeds:
        order = np.random.default_rng(seed).permutation(len(play.rows))
        learned, rest = order[:size], order[size:]
        fitted = play.fit(learned)
        kept += fitted.kept
        shipped = play.figures(rest, None)
        before.append(shipped)
        after.append(play.figures(rest, fitted) if fitted.kept else shipped)
    names = list(before[0])
    gains = [{n: a[n] - b[n] for n in names} for a, b in zip(after, before, strict=True)]
    spreads = [{n: _spread([r[n] for r in rows]) for n in names} for rows in (before, after, gains)]
    return LearningPoint(size, len(play.rows) - size, kept, len(seeds), *spreads)


def _spread(values: Sequence[float]) -> Spread:
    return Spread(float(np.median(values)), min(values), max(values))


class _Play:
    """Labelled passages with all that a fit and its measurement need."""

    def __init__(
        self,
        rows: Sequence[LabelledPassage],
        classifier: AnyClassifier,
        vectors: Embeddings | None,
        guard: GuardRows | None,
    ) -> None:
        self.rows, self.spec = rows, ProjectFitSpec()
        self.names = classifier.statements
        self.levels = classifier.shipped_thresholds()
        inputs = [ClassifierInput(r.text, r.heading, r.source_type) for r in rows]
        dense = classifier.encoder.encode(classifier.texts(inputs)) if vectors is None else vectors
        statements, none = classifier.shipped_probabilities(inputs, dense)
        truth = np.array([[s in r.statements for s in self.names] + [not r.statements] for r in rows])
        lost = none >= self.levels["none_threshold"]
        shown = (statements >= self.levels["thresholds"]) & ~lost[:, None]
        keys = [sha256_text(r.text) for r in rows]
        self.decisions = labelled_rows(dense, (statements, none), truth, shown, keys, self.spec)
        self.guard = guard
        if guard is None and isinstance(classifier, StatementClassifier):
            self.guard = guard_rows(classifier, load_guard(classifier).without(frozenset(r.id for r in rows)))

    def fit(self, chosen: npt.NDArray[np.integer], spec: ProjectFitSpec | None = None) -> FittedHead:
        """Learn a head from some passages."""
        return fit_project(self.decisions.of(chosen), self.guard, self.levels, spec or self.spec)

    def probabilities(
        self, chosen: npt.NDArray[np.integer], fitted: FittedHead | None
    ) -> tuple[Doubles, Doubles, Any]:
        """Return probabilities of statements and none, and the thresholds that go with them."""
        rows = self.decisions.of(chosen)
        if fitted is None:
            return rows.statements, rows.none, self.levels
        head = ProjectHead("head", 1, "", self.names, fitted.arrays)
        return *head.apply(rows.statements, rows.none, rows.dense), head.thresholds()

    def figures(self, chosen: npt.NDArray[np.integer], fitted: FittedHead | None) -> dict[str, float]:
        """Return figures on some passages; of those that are evidence."""
        statements, none, levels = self.probabilities(chosen, fitted)
        evidence = ~self.decisions.truth[chosen, -1]
        first = [self.names[k] for k in statements[evidence].argmax(axis=1)]
        right = [self.rows[i].statements[0] for i in chosen[evidence]]
        suggested = (statements >= levels["thresholds"]) & (none < levels["none_threshold"])[:, None]
        truth = self.decisions.truth[chosen, :-1]
        return {
            "macro_f1": macro_f1(self.names, right, first),
            "first": float(np.mean([a == b for a, b in zip(right, first, strict=True)])),
            "recall": float((suggested & truth).sum() / max(1, truth.sum())),
            "suggestions": float(suggested[evidence].sum(axis=1).mean()),
        }


def reading_curves(
    rows: Sequence[LabelledPassage],
    classifier: AnyClassifier,
    orders: Sequence[Order] = ORDERS,
    *,
    share: float = 0.95,
    seed: int = 0,
    vectors: Embeddings | None = None,
    guard: GuardRows | None = None,
) -> list[ReadingCurve]:
    """Return how much must be read, statement by statement, to find ``share`` of its evidence.

    ``shipped`` reads by the shipped probability of the statement, highest first; ``uncertain`` those
    nearest to one half first; ``random`` is the mean of 20 shuffles; ``retrained`` starts as shipped and
    learns a head from all it has read after every 25 passages, kept or not.

    Parameters
    ----------
    rows, classifier, vectors, guard
        As for :func:`simulate_learning`.
    orders
        Which to play.
    share
        In (0, 1].
    seed
        Of the shuffles.

    Raises
    ------
    UsageError
        No statement has five pieces of evidence.
    """
    play = _Play(rows, classifier, vectors, guard)
    counts = play.decisions.truth[:, :-1].sum(axis=0)
    wanted = [k for k in range(len(play.names)) if counts[k] >= _FEW]
    if not wanted:
        raise UsageError(
            f"no statement has {_FEW} pieces of evidence among {len(rows)} passages; name more files"
        )
    curves = []
    for order in orders:
        each = {play.names[k]: _read(play, k, order, share, seed) for k in wanted}
        mean = float(np.mean(list(each.values())))
        curves.append(ReadingCurve(order, each, mean, share - mean))
    return curves


def _read(play: _Play, k: int, order: Order, share: float, seed: int) -> float:
    truth, p = play.decisions.truth[:, k], play.decisions.statements[:, k]
    if order == "random":
        shuffles = np.random.default_rng(seed)
        return float(np.mean([_needed(truth[shuffles.permutation(len(p))], share) for _ in range(20)]))
    if order == "retrained":
        return _needed(truth[list(_retrained(play, k))], share)
    key = -p if order == "shipped" else np.abs(p - 0.5)
    return _needed(truth[np.argsort(key, kind="stable")], share)


def _needed(truth: npt.NDArray[np.bool_], share: float) -> float:
    """Return the share of passages read when the wanted share of evidence has been found."""
    hits = np.cumsum(truth)
    wanted = int(np.ceil(share * hits[-1] - 1e-9))
    return float((np.searchsorted(hits, wanted) + 1) / len(truth))


def _retrained(play: _Play, k: int) -> Iterator[int]:
    spec = ProjectFitSpec(strengths=(1.0,), shrink=(1.0,), folds=2)
    everything = np.arange(len(play.rows))
    read = np.zeros(len(everything), dtype=bool)
    p = play.decisions.statements[:, k]
    while not read.all():
        order = np.argsort(np.where(read, np.inf, -p), kind="stable")[: min(_STEP, int((~read).sum()))]
        yield from (int(i) for i in order)
        read[order] = True
        if not read.all():
            p = play.probabilities(everything, play.fit(np.flatnonzero(read), spec))[0][:, k]
