"""Learn the project's own head from its decisions, on top of the shipped classifier."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from evidence_mapper.classify.statement_classifier import StatementClassifier
from evidence_mapper.domain.coding import EventAction
from evidence_mapper.errors import UsageError
from evidence_mapper.store.records import HeldDecision, StoredHead
from evidence_mapper.workflow.base_classifier import base_classifier
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.head_in_use import AnyClassifier
from evidence_mapper.workflow.learning import (
    DecisionCounts,
    count_decisions,
    decisions_sha256,
    learnable,
    learning_rows,
)
from evidence_mapper.workflow.progress import ProgressSink, silent
from evidence_mapper.workflow.project import Project

if TYPE_CHECKING:  # scikit-learn is loaded when something is learned
    from evidence_mapper.classify.fit_project import FittedHead, ProjectFitSpec

__all__ = ["FEWEST", "StoredHead", "TrainReport", "choose_head", "train_project"]

FEWEST: Final = 10
"""Decisions below which nothing is learned."""
_FORMAT: Final = 1
_STEPS: Final = 4
_WORDS: Final = {
    "macro_f1": "macro F1 of the main statement",
    "recall": "recall of suggestions",
    "none_loss": "evidence lost to none",
}

_STAYS: Final = "what was in use before stays"
SHIPPED: Final = "shipped"

Figures = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class TrainReport:
    """What came of learning."""

    kept: bool
    reason: str
    """In words, for a person."""
    counts: DecisionCounts
    guard: Figures
    """``shipped`` and ``head``, each with ``passages``, ``macro_f1``, ``recall``, ``suggestions``,
    ``none_loss``; empty for a framework without a guard set."""
    own: Figures
    """``shipped`` and ``head`` on the project's decisions, each predicted by a head that had not learned from
    it: ``first_right``, ``recall``, ``suggestions``, ``none_loss``, ``none_recall``, ``log_loss``."""
    head: StoredHead | None
    """The head in use afterwards; None when it is the shipped one."""
    seconds: float
    """Time taken, loading the classifier included."""


def train_project(
    project: Project,
    *,
    coder: str,
    now: Callable[[], str] = utc_now,
    progress: ProgressSink = silent,
    shipped: AnyClassifier | None = None,
) -> TrainReport:
    """Learn a head from every decision that holds; keep and use it if it is better and nowhere worse.

    May be called from any thread: all it shares is the store. Nothing is suggested anew; that is
    :func:`~evidence_mapper.workflow.suggest.suggest`.

    Parameters
    ----------
    project
        An open project.
    coder
        Who has it learned; recorded in the history.
    now
        Returns the time as UTC ISO 8601.
    progress
        Told of each step.
    shipped
        The shipped classifier where it is loaded already; None loads it.

    Raises
    ------
    UsageError
        There are too few decisions to learn from.
    ModelError
        The classifier or the guard set is missing or changed.
    StoreError
        The project cannot be read or written.
    """
    from evidence_mapper.classify.fit_project import ProjectFitSpec, fit_project

    start, spec = time.perf_counter(), ProjectFitSpec()
    held = project.store.held_decisions()
    answered = learnable(held)
    if len(answered) < FEWEST:
        raise UsageError(
            f"{len(answered)} decisions in {project.path} answer for their passage; a head is learned from "
            f"{FEWEST} or more, and gains little below a hundred: go on with `evidence-mapper review`"
        )
    progress(0, _STEPS, "loading the shipped classifier")
    base = shipped or base_classifier(project)
    progress(1, _STEPS, f"reading {len(answered)} decisions")
    rows = learning_rows(project, base, answered, spec)
    progress(2, _STEPS, f"learning from {len(answered)} decisions")
    found = fit_project(rows, _guard(base), base.shipped_thresholds(), spec)
    progress(3, _STEPS, "holding it against the shipped classifier")
    counts = count_decisions(held, base.statements)
    figures = {"guard": _rounded(found.guard), "own": _rounded(found.own)}
    facts = _facts(base, answered, counts, spec, found) | figures
    reason = _reason(found, figures, spec.least_evidence)
    head = _record(project, base, (coder, now()), facts, found.arrays if found.kept else None, reason)
    progress(_STEPS, _STEPS, "done")
    return TrainReport(found.kept, reason, counts, found.guard, found.own, head, time.perf_counter() - start)


def _guard(base: AnyClassifier) -> Any:  # noqa: ANN401 - GuardRows, whose module is imported late
    """Return the guard set; None where the framework has no labelled passages."""
    from evidence_mapper.classify.guard import guard_rows, load_guard

    return guard_rows(base, load_guard(base)) if isinstance(base, StatementClassifier) else None


def _record(
    project: Project,
    base: AnyClassifier,
    said: tuple[str, str],
    facts: Mapping[str, Any],
    arrays: Mapping[str, Any] | None,
    reason: str,
) -> StoredHead | None:
    """Keep the head, or record that it was not kept; return the head in use afterwards."""
    from evidence_mapper.classify.project_head import to_bytes

    coder, at = said
    decisions = int(sum(facts["counts"][k] for k in ("accepted", "changed", "none")))
    payload = {"kept": arrays is not None, "decisions": decisions, "reason": reason, "classifier": base.name,
               "guard": facts["guard"], "own": facts["own"]}  # fmt: skip
    used = project.store.head_in_use()
    if arrays is None:
        subject = used.id if used else SHIPPED
        project.store.append_event(
            coder=coder, action=EventAction.HEAD_TRAINED, subject=subject, at=at, payload=payload
        )
        return used
    head = StoredHead(at, coder, base.name, base.sha256, decisions, facts, to_bytes(arrays))
    if used is not None and (used.base_sha256, used.spec, used.data) == (head.base_sha256, facts, head.data):
        return used  # the same decisions again: nothing to record
    return project.store.keep_head(head, payload)


def _reason(found: FittedHead, figures: Mapping[str, Figures], least: int) -> str:
    guard, own = figures["guard"], figures["own"]
    if found.kept:
        ground = (
            "" if guard else "; there is no guard set for this framework, so its own decisions alone say so"
        )
        none = "" if found.none_learned else f"; fewer than {least} are evidence, so none is left as shipped"
        return f"kept: from now on suggestions use it{none}{ground}"
    if found.worse:
        by = " and ".join(
            f"{abs(guard['head'][n] - guard['shipped'][n]):.3f} in {_WORDS[n]}" for n in found.worse
        )
        return f"not kept: on the guard set it was worse by {by}; {_STAYS}"
    return (
        f"not kept: on the project's own decisions it was no better (log loss {own['head']['log_loss']:.3f} "
        f"against {own['shipped']['log_loss']:.3f}); {_STAYS}"
    )


def _rounded(figures: Figures) -> dict[str, dict[str, float]]:
    return {who: {name: round(value, 6) for name, value in row.items()} for who, row in figures.items()}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def choose_head(
    project: Project, number: int | None, *, coder: str, now: Callable[[], str] = utc_now
) -> StoredHead | None:
    """Make one of the project's heads the one suggestions use; None goes back to the shipped one.

    Raises
    ------
    StoreError
        There is no head of the number, or the project cannot be written.
    """
    project.store.choose_head(number, coder=coder, at=now())
    return project.store.head_in_use()


def _facts(
    base: AnyClassifier,
    answered: Sequence[HeldDecision],
    counts: DecisionCounts,
    spec: ProjectFitSpec,
    found: FittedHead,
) -> dict[str, Any]:
    """Return what is kept beside a head: all that is needed to fit it again."""
    return {
        "format": _FORMAT,
        "statements": list(base.statements),
        "encoder": base.encoder.id,
        "decisions_sha256": decisions_sha256(answered),
        "counts": {k: v for k, v in dataclasses.asdict(counts).items() if k != "by_statement"},
        "fit": {k: _plain(v) for k, v in dataclasses.asdict(spec).items()},
        "strength": found.strength,
        "share": found.share,
    }
