"""Learn a project's own head from its decisions. Not imported when suggestions are made.

Residual logistic regression, one a statement and one for "none": the shipped log odds stay in with a
weight of one, and what is learned beside them is held near zero by a penalty chosen by cross-validation.
Decisions are not a random draw, so part of the guard set is learned with them as a reminder; the other
part says whether the result is worse than what was shipped. See ``models/EXPERIMENTS.md`` for what
else was tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from evidence_mapper.classify.base import Embeddings
from evidence_mapper.classify.heads import sigmoid
from evidence_mapper.classify.project_head import Doubles, log_odds, standardised
from evidence_mapper.classify.project_thresholds import Held, Levels, find_thresholds, gate_figures

_EPSILON: Final = 1e-9


@dataclass(frozen=True, slots=True)
class ProjectFitSpec:
    """Numbers of the fit; saved with the head."""

    strengths: tuple[float, ...] = (8.0, 3.0, 1.0, 0.4)
    """Penalties on the weights of the vector that cross-validation chooses from, strongest first."""
    slope_penalty: float = 20.0
    """Prior that the shipped log odds keep the weight one."""
    bias_penalty: float = 10.0
    replay: float = 0.3
    """Weight of a guard passage against a decision."""
    implicit: float = 0.5
    """Weight of "not this statement" where the coder neither named it nor was shown it."""
    folds: int = 4
    shrink: tuple[float, ...] = (1.0, 0.75, 0.5, 0.25)
    """Shares of what was learned, tried in turn until the guard set is no worse."""
    least_evidence: int = 15
    """From decisions with fewer pieces of evidence than this nothing is learned about "none": so few are too
    uneven a draw to tell how much of a project is evidence."""
    recall: float = 0.90
    """Share of each statement's evidence its threshold must suggest."""
    none_loss: float = 0.05
    """Share of the decisions' evidence that may be suggested as "none", once there is much of it: half of
    what ``recall`` lets go."""


@dataclass(frozen=True)
class LearningRows:
    """n passages with what the shipped classifier says of them and what a person does.

    Arrays have n rows; those of statements have n_statements columns, ``truth`` and ``weight`` one more
    for "none".
    """

    dense: Embeddings
    statements: Doubles
    """Shipped probabilities."""
    none: Doubles
    truth: npt.NDArray[np.bool_]
    weight: Doubles
    fold: npt.NDArray[np.int64]
    """Passages of one number are left out together; any numbers from 0."""

    def offset(self) -> Doubles:
        """Return shipped log odds, shape (n, n_statements + 1)."""
        return log_odds(np.concatenate([self.statements, self.none[:, None]], axis=1))

    def of(self, chosen: npt.NDArray[np.integer]) -> LearningRows:
        """Return the rows at some places, in their order."""
        arrays = (self.dense, self.statements, self.none, self.truth, self.weight, self.fold)
        return LearningRows(*(a[chosen] for a in arrays))


@dataclass(frozen=True)
class GuardRows:
    """Labelled passages nobody's decisions are among, shipped with the product."""

    replay: LearningRows
    """Learned with the decisions."""
    check: LearningRows
    """Never learned: they decide whether a head is kept, and set its thresholds."""
    main: npt.NDArray[np.int64]
    """Main statement of each ``check`` passage, n_statements for none."""


@dataclass(frozen=True)
class FittedHead:
    """The outcome of a fit."""

    arrays: dict[str, npt.NDArray[Any]]
    """As :class:`~evidence_mapper.classify.project_head.ProjectHead` takes them."""
    strength: float
    """The penalty chosen."""
    share: float
    """How much of what was learned is used: one of ``spec.shrink``."""
    none_learned: bool
    """False where the decisions held too little evidence to learn anything about "none"."""
    kept: bool
    worse: tuple[str, ...]
    """Guard figures by which the best share was worse; empty when none was."""
    guard: dict[str, dict[str, float]]
    """``shipped`` and ``head`` figures of the guard set's check passages; empty without a guard set."""
    own: dict[str, dict[str, float]]
    """The same on the project's own decisions, each predicted by a head that had not learned from it."""


def fit_project(
    rows: LearningRows,
    guard: GuardRows | None,
    shipped: Mapping[str, npt.NDArray[Any]],
    spec: ProjectFitSpec,
) -> FittedHead:
    """Learn a head, the same for the same input.

    Parameters
    ----------
    rows
        The project's decisions.
    guard
        None for a framework without labelled passages: then only the decisions themselves tell, by
        cross-validation, whether the head is better.
    shipped
        ``thresholds`` (n_statements,) and ``none_threshold`` (1,) of the shipped classifier.
    spec
        Numbers of the fit.
    """
    ground = (guard.replay if guard else rows).dense.astype(np.float64)
    mean, scale = ground.mean(axis=0), np.maximum(ground.std(axis=0), 1e-6)
    problem = _Problem(rows, guard.replay if guard else None, (mean, scale), spec)
    best = problem.cross_validate()
    solution = problem.solve(best.strength, np.ones(len(rows.fold), dtype=bool), best.start)
    levels = Levels(shipped["thresholds"], float(shipped["none_threshold"][0]), spec.recall, spec.none_loss)
    tried = [_Try(share, solution, best.unseen, problem, guard, levels) for share in spec.shrink]
    good = [t for t in tried if not t.worse and t.gains]
    chosen = good[0] if good else min(tried, key=lambda t: (len(t.worse), not t.gains, -t.share))
    arrays = {"mean": mean, "scale": scale, **chosen.arrays()}
    return FittedHead(
        arrays,
        best.strength,
        chosen.share,
        not problem.few,
        bool(good),
        chosen.worse,
        chosen.guard_figures,
        chosen.own_figures,
    )


@dataclass(frozen=True)
class Chosen:
    """What cross-validation found."""

    strength: float
    loss: float
    unseen: Doubles
    """What heads that had not learned from a decision add to its shipped log odds."""
    start: Doubles
    """Near the solution on all decisions."""


class _Problem:
    """The penalised likelihood of the decisions and the replayed guard passages."""

    def __init__(
        self,
        rows: LearningRows,
        replay: LearningRows | None,
        ground: tuple[Doubles, Doubles],
        spec: ProjectFitSpec,
    ) -> None:
        self.rows, self.spec, self.ground = rows, spec, ground
        self.few = int(rows.truth[:, :-1].any(axis=1).sum()) < spec.least_evidence
        self.offset, self.z = rows.offset(), standardised(rows.dense, *ground)
        parts = [rows] if replay is None else [rows, replay]
        self._offset = np.concatenate([p.offset() for p in parts])
        self._z = np.concatenate([standardised(p.dense, *ground) for p in parts])
        self._truth = np.concatenate([p.truth for p in parts]).astype(np.float64)
        factors = [1.0, spec.replay]
        self._weight = np.concatenate([p.weight * f for p, f in zip(parts, factors, strict=False)])

    def solve(self, strength: float, chosen: npt.NDArray[np.bool_], start: Doubles | None) -> Doubles:
        """Return slope, bias and weights as rows, shape (2 + width, n_statements + 1).

        The last column, of "none", is nought where the decisions hold too little evidence. ``chosen`` says
        which decisions to learn from; replayed passages always are.
        """
        from scipy.optimize import minimize

        keep = np.concatenate([chosen, np.ones(len(self._z) - len(chosen), dtype=bool)])
        offset, z = self._offset[keep], self._z[keep]
        truth, weight = self._truth[keep], self._weight[keep]
        shape = (2 + z.shape[1], truth.shape[1])
        penalty = np.full((shape[0], 1), strength)
        penalty[0], penalty[1] = self.spec.slope_penalty, self.spec.bias_penalty

        def loss(flat: Doubles) -> tuple[float, Doubles]:
            now = flat.reshape(shape)
            scores = offset * (1.0 + now[0]) + now[1] + z @ now[2:]
            value = (weight * (np.logaddexp(0.0, scores) - truth * scores)).sum()
            residual = weight * (sigmoid(scores) - truth)
            gradient = np.concatenate(
                [(residual * offset).sum(0)[None], residual.sum(0)[None], z.T @ residual]
            )
            full = gradient + penalty * now
            return float(value + 0.5 * (penalty * now * now).sum()), full.ravel()

        begin = np.zeros(shape) if start is None else start
        options = {"maxiter": 100, "ftol": 3e-6, "gtol": 1e-3}
        found = minimize(loss, begin.ravel(), jac=True, method="L-BFGS-B", options=options)
        solution = np.asarray(found.x.reshape(shape))
        if self.few:
            solution[:, -1] = 0.0
        return solution

    def cross_validate(self) -> Chosen:
        """Return the penalty with the least loss on decisions left out; weaker ones tried while they gain."""
        fold = self.rows.fold % self.spec.folds
        starts: dict[int, Doubles] = {}
        best: Chosen | None = None
        for strength in self.spec.strengths:
            unseen = np.zeros_like(self.offset)
            for k in range(self.spec.folds):
                out = fold == k
                if out.any():
                    starts[k] = self.solve(strength, ~out, starts.get(k))
                    unseen[out] = correction(starts[k], self.offset[out], self.z[out])
            loss = self.loss(self.offset + unseen)
            if best is not None and loss > best.loss - _EPSILON:
                break
            best = Chosen(strength, loss, unseen, np.mean(list(starts.values()), axis=0))
        assert best is not None, "a spec has at least one strength"
        return best

    def loss(self, scores: Doubles) -> float:
        """Return the mean log loss of a decision, over statements and none."""
        truth, weight = self.rows.truth, self.rows.weight
        return float((weight * (np.logaddexp(0.0, scores) - truth * scores)).sum() / max(1, len(truth)))


def correction(solution: Doubles, offset: Doubles, z: Doubles) -> Doubles:
    """Return what a head adds to the shipped log odds, shape (n, n_statements + 1)."""
    return np.asarray(offset * solution[0] + solution[1] + z @ solution[2:])


class _Try:
    """One share of what was learned, with its thresholds and figures."""

    def __init__(
        self,
        share: float,
        solution: Doubles,
        unseen: Doubles,
        problem: _Problem,
        guard: GuardRows | None,
        levels: Levels,
    ) -> None:
        self.share = share
        self.solution = solution * share
        rows = problem.rows
        own_scores = problem.offset + share * unseen
        own = Held(sigmoid(own_scores), rows.truth)
        before = Held(sigmoid(problem.offset), rows.truth)
        self.guard_figures: dict[str, dict[str, float]] = {}
        self.worse: tuple[str, ...] = ()
        checked = None
        if guard is not None:
            offset = guard.check.offset()
            z = standardised(guard.check.dense, *problem.ground)
            after = Held(sigmoid(offset + correction(self.solution, offset, z)), guard.check.truth)
            checked = (Held(sigmoid(offset), guard.check.truth), after)
        self.levels = find_thresholds(levels, (before, own), checked, none_stays=problem.few)
        if guard is not None and checked is not None:
            figures = (
                gate_figures(h, guard.main, k) for h, k in zip(checked, (levels, self.levels), strict=True)
            )
            self.guard_figures = dict(zip(("shipped", "head"), figures, strict=True))
            self.worse = _worse(self.guard_figures)
        losses = problem.loss(problem.offset), problem.loss(own_scores)
        self.gains = losses[1] < losses[0] - _EPSILON
        self.own_figures = {
            "shipped": {"log_loss": losses[0], **_own_figures(before, levels)},
            "head": {"log_loss": losses[1], **_own_figures(own, self.levels)},
        }

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return what a head keeps of this."""
        return {
            "slope": self.solution[0],
            "bias": self.solution[1],
            "weights": self.solution[2:],
            "thresholds": self.levels.thresholds,
            "none_threshold": np.array([self.levels.none_threshold]),
        }


def _worse(figures: Mapping[str, Mapping[str, float]]) -> tuple[str, ...]:
    shipped, head = figures["shipped"], figures["head"]
    names = [n for n in ("macro_f1", "recall") if head[n] < shipped[n] - _EPSILON]
    return (*names, *(["none_loss"] if head["none_loss"] > shipped["none_loss"] + _EPSILON else []))


def _own_figures(held: Held, levels: Levels) -> dict[str, float]:
    """Return how often the first statement is one the coder accepted, and what is suggested and lost."""
    truth = held.truth[:, :-1]
    evidence, none = held.evidence(), held.truth[:, -1]
    lost = held.lost(levels.none_threshold)
    found = {"none_recall": float(lost[none].mean()) if none.any() else 0.0}
    if not evidence.any():
        return {"first_right": 0.0, "recall": 0.0, "suggestions": 0.0, "none_loss": 0.0, **found}
    first = held.probabilities[:, :-1].argmax(axis=1)
    suggested = held.suggested(levels)
    return {
        "first_right": float(truth[evidence, first[evidence]].mean()),
        "recall": float((suggested & truth).sum()) / float(truth.sum()),
        "suggestions": float(suggested.sum(axis=1).mean()),
        "none_loss": float(lost[evidence].mean()),
        **found,
    }


def weights_of(
    truth: npt.NDArray[np.bool_], explicit: npt.NDArray[np.bool_], share: Doubles, spec: ProjectFitSpec
) -> Doubles:
    """Return how much each answer counts, shape (n, n_statements + 1).

    Parameters
    ----------
    truth
        Shape (n, n_statements + 1).
    explicit
        Of the same shape: True where the coder gave the answer rather than left it open.
    share
        Shape (n,): 1 divided by the number of coders who decided on the passage.
    spec
        Numbers of the fit.
    """
    return np.asarray(np.where(truth | explicit, 1.0, spec.implicit) * share[:, None])


def labelled_rows(
    dense: Embeddings,
    shipped: tuple[Doubles, Doubles],
    truth: npt.NDArray[np.bool_],
    shown: npt.NDArray[np.bool_],
    keys: Sequence[str],
    spec: ProjectFitSpec,
) -> LearningRows:
    """Return labelled passages as if each were one coder's decision on what was suggested.

    Parameters
    ----------
    dense
        Shape (n, width).
    shipped
        Probabilities of statements, shape (n, n_statements), and of none, shape (n,).
    truth
        Shape (n, n_statements + 1); none is the last column.
    shown
        Shape (n, n_statements): which statements were suggested; what was shown and not taken is rejected.
    keys
        A key each, as :func:`folds_of` takes them.
    spec
        Numbers of the fit.
    """
    explicit = np.concatenate([shown, np.ones((len(truth), 1), dtype=bool)], axis=1) | truth[:, -1:]
    weight = weights_of(truth, explicit, np.ones(len(truth)), spec)
    return LearningRows(dense, *shipped, truth, weight, folds_of(keys))


def folds_of(keys: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return a number a key, from the end of the key's hash (``sha256:<hex>``): equal keys, equal numbers."""
    return np.array([int(key[-8:], 16) for key in keys], dtype=np.int64)
