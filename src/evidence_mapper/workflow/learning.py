"""Decisions as a head learns them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evidence_mapper.classify.fit_project import LearningRows, ProjectFitSpec, folds_of, weights_of
from evidence_mapper.domain.coding import Decision, Outcome
from evidence_mapper.domain.ids import sha256_text
from evidence_mapper.store.records import HeldDecision
from evidence_mapper.workflow.head_in_use import AnyClassifier
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.suggest import classifier_input, embed


@dataclass(frozen=True, slots=True)
class StatementCount:
    """What the decisions say of one statement."""

    statement: str
    accepted: int
    rejected: int
    """Suggested and left out, or all of the passage answered with none."""


@dataclass(frozen=True, slots=True)
class DecisionCounts:
    """What there is to learn from."""

    accepted: int
    """Coded just as suggested."""
    changed: int
    """Coded with a statement added or taken away, or where nothing had been suggested."""
    none: int
    unsure: int
    """Left out: no answer yet."""
    by_statement: tuple[StatementCount, ...]

    @property
    def learned(self) -> int:
        """Return how many decisions are learned from."""
        return self.accepted + self.changed + self.none


def count_decisions(held: Sequence[HeldDecision], statements: Sequence[str]) -> DecisionCounts:
    """Count decisions by kind and statement."""
    kinds: Counter[str] = Counter()
    accepted: Counter[str] = Counter()
    rejected: Counter[str] = Counter()
    for item in held:
        decision = item.decision.decision
        kinds[_kind(decision, item.suggested)] += 1
        accepted.update(decision.accepted())
        if decision.outcome is Outcome.NONE:
            rejected.update(item.suggested or ())
        elif decision.outcome is Outcome.CODED:
            rejected.update({s for s, _ in decision.statements} - set(decision.accepted()))
    each = tuple(StatementCount(s, accepted[s], rejected[s]) for s in statements)
    return DecisionCounts(kinds["accepted"], kinds["changed"], kinds["none"], kinds["unsure"], each)


def _kind(decision: Decision, suggested: tuple[str, ...] | None) -> str:
    if decision.outcome is not Outcome.CODED:
        return decision.outcome.value
    return "accepted" if suggested and set(decision.accepted()) == set(suggested) else "changed"


def learnable(held: Sequence[HeldDecision]) -> list[HeldDecision]:
    """Return the decisions that answer: "unsure" does not."""
    return [h for h in held if h.decision.decision.outcome is not Outcome.UNSURE]


def decisions_sha256(held: Sequence[HeldDecision]) -> str:
    """Return a hash of passages, coders and answers, the same in any order."""
    lines = [
        json.dumps([h.passage.id, h.decision.coder, h.decision.decision.to_json()], sort_keys=True)
        for h in held
    ]
    return sha256_text("\n".join(sorted(lines)))


def learning_rows(
    project: Project, classifier: AnyClassifier, held: Sequence[HeldDecision], spec: ProjectFitSpec
) -> LearningRows:
    """Return decisions with vectors and what the shipped classifier says, in the order of their passages.

    Parameters
    ----------
    project
        Whose cache the vectors come from; those missing are made.
    classifier
        The shipped one, without a head.
    held
        Decisions that answer, one or more.
    spec
        Numbers of the fit.
    """
    ordered = sorted(held, key=lambda h: (h.passage.id, h.decision.coder))
    documents = {d.id: d for d in project.store.documents()}
    inputs = [classifier_input(h.passage, documents[h.passage.document_id]) for h in ordered]
    dense, _ = embed(project.store, classifier, classifier.texts(inputs))
    statements, none = classifier.shipped_probabilities(inputs, dense)
    coders = Counter(h.passage.id for h in ordered)
    share = np.array([1.0 / coders[h.passage.id] for h in ordered])
    answers = [_answer(h.decision.decision, classifier.statements) for h in ordered]
    truth = np.array([a for a, _ in answers])
    explicit = np.array([e for _, e in answers])
    folds = folds_of([sha256_text(h.passage.text) for h in ordered])
    return LearningRows(dense, statements, none, truth, weights_of(truth, explicit, share, spec), folds)


def _answer(decision: Decision, statements: Sequence[str]) -> tuple[list[bool], list[bool]]:
    """Return the answer on every statement and on none, and whether the coder gave it."""
    none = decision.outcome is Outcome.NONE
    taken, named = set(decision.accepted()), {s for s, _ in decision.statements}
    return [*(s in taken for s in statements), none], [*(none or s in named for s in statements), True]
