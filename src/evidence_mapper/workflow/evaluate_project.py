"""How right a project's suggestions were: a person's codings are the truth."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from evidence_mapper.classify.corpus import LabelledPassage
from evidence_mapper.classify.definitions import DefinitionClassifier
from evidence_mapper.domain.coding import Decision, Outcome, Suggestion
from evidence_mapper.domain.document import Document, SourceType
from evidence_mapper.domain.passage import Passage
from evidence_mapper.errors import UsageError
from evidence_mapper.store.records import HeldDecision
from evidence_mapper.workflow.base_classifier import base_classifier
from evidence_mapper.workflow.evaluation_figures import Cases, measure
from evidence_mapper.workflow.project import Project

Which = Literal["shown", "current"]
_ANCHORED: Final = (
    "Coders saw the suggestion before they decided, and people tend to agree with what they are shown: a "
    "coder who decides without it would agree less."
)
_LEARNED: Final = (
    "The current run's head learned from these very codings, so its figures flatter it; measure the "
    "suggestions that were shown instead: --suggestions shown"
)


def evaluate_project(
    project: Project, *, coder: str | None = None, which: Which = "shown", seed: int = 0
) -> dict[str, Any]:
    """Return figures on a project's codings, as plain data.

    Where several coders decided on a passage, a statement is true when at least half of them accepted it.

    Parameters
    ----------
    project
        An open project.
    coder
        Whose decisions to take; None takes everyone's.
    which
        ``shown``: the suggestion the coder had in view, or the current run's where there was none;
        ``current``: the current run's.
    seed
        Of the bootstrap.

    Raises
    ------
    UsageError
        Nothing was decided, or nobody of that name decided anything.
    """
    held = _held(project, coder)
    found = _collected(project, held, which)
    promised = _level(project)
    return {
        "classifier": ", ".join(sorted(found.used)),
        "source": {
            "kind": "project",
            "coders": sorted({i.decision.coder for i in held}),
            "suggestions": which,
            "undecided": _undecided(project, {i.passage.id for i in held}),
            **found.left_out,
        },
        "split": None,
        "guarantee": promised,
        "drift": None,
        "notes": _notes(project, held, which),
        **measure(
            project.framework,
            Cases(found.rows, found.suggestions, found.writers, main_known=False),
            level=promised["level"] if promised else None,
            seed=seed,
        ),
    }


@dataclass
class _Collected:
    """Decided passages with a suggestion, and how many were left out and why."""

    rows: list[LabelledPassage] = field(default_factory=list)
    suggestions: list[Suggestion] = field(default_factory=list)
    writers: list[str] = field(default_factory=list)
    used: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(
        default_factory=lambda: Counter(unsure=0, without_suggestion=0, coders_differ=0)
    )


def _collected(project: Project, held: list[HeldDecision], which: Which) -> _Collected:
    documents = {d.id: d for d in project.store.documents()}
    by_passage: dict[str, list[HeldDecision]] = defaultdict(list)
    for item in held:
        by_passage[item.passage.id].append(item)
    found = _Collected()
    for items in by_passage.values():
        answers = [i for i in items if i.decision.decision.outcome is not Outcome.UNSURE]
        if not answers:
            found.left_out["unsure"] += 1
            continue
        suggestion, run = _suggestion(project, answers[-1], which)
        if suggestion is None:
            found.left_out["without_suggestion"] += 1
            continue
        differ = len({frozenset(a.decision.decision.accepted()) for a in answers}) > 1
        found.left_out["coders_differ"] += differ
        document = documents[answers[0].passage.document_id]
        found.rows.append(_row(answers[0].passage, document, [a.decision.decision for a in answers]))
        found.suggestions.append(suggestion)
        found.writers.append(document.name)
        found.used[run] += 1
    if not found.rows:
        raise UsageError(
            f"none of the {len(by_passage)} decided passages has a suggestion to measure: run "
            "`evidence-mapper suggest`"
        )
    return found


def _held(project: Project, coder: str | None) -> list[HeldDecision]:
    every = project.store.held_decisions()
    held = [h for h in every if coder in (None, h.decision.coder)]
    if held:
        return held
    if every:
        names = ", ".join(sorted({h.decision.coder for h in every}))
        raise UsageError(f"{coder} has no decision in {project.path}; coders who have: {names}")
    raise UsageError(
        f"{project.path} has no decision to measure suggestions on; make some with `evidence-mapper review`"
    )


def _suggestion(project: Project, item: HeldDecision, which: Which) -> tuple[Suggestion | None, str]:
    """Return the suggestion to measure, and what it is called."""
    store, passage = project.store, item.passage.id
    if which == "shown" and item.run_id is not None:
        found = store.suggestion_of_run(item.run_id, passage)
        if found is not None:
            return found, f"run {item.run_id} as shown"
    run = store.current_run()
    return store.suggestion(passage), "no run" if run is None else f"current run of {run[1].artefact}"


def _row(passage: Passage, document: Document, decisions: Sequence[Decision]) -> LabelledPassage:
    def by_half(values: Sequence[Sequence[str]]) -> tuple[str, ...]:
        counts = Counter(v for row in values for v in set(row))
        return tuple(v for row in values for v in dict.fromkeys(row) if 2 * counts[v] >= len(decisions))

    def agreed(values: Sequence[str | None]) -> str | None:
        said = {v for v in values if v is not None}
        return said.pop() if len(said) == 1 else None

    source = None if document.source_type is SourceType.UNKNOWN else document.source_type.value
    return LabelledPassage(
        id=passage.id,
        text=passage.text,
        statements=tuple(dict.fromkeys(by_half([d.accepted() for d in decisions]))),
        topics=(),
        i_statements=tuple(dict.fromkeys(by_half([d.i_statements for d in decisions]))),
        evidence_category=agreed([d.evidence_category for d in decisions]),
        polarity=agreed([d.polarity.value if d.polarity else None for d in decisions]),
        source_type=source,
    )


def _undecided(project: Project, decided: set[str]) -> int:
    """Return how many passages of the newest revisions nobody measured here has decided on."""
    store = project.store
    return sum(p.id not in decided for d in store.documents() for p in store.passages(d.id))


def _level(project: Project) -> dict[str, Any] | None:
    """Return the promise of the shipped classifier behind the project's suggestions."""
    classifier = base_classifier(project)
    if isinstance(classifier, DefinitionClassifier) or classifier.guarantee is None:
        return None
    return classifier.guarantee.to_json()


def _notes(project: Project, held: Sequence[HeldDecision], which: Which) -> list[str]:
    """Return what limits the figures; decisions made blind were not led by a suggestion."""
    learned = project.store.head_in_use()
    blind = sum(item.decision.blind for item in held)
    said = [_ANCHORED] if blind < len(held) else []
    if blind:
        said.append(f"{blind:,} of the {len(held):,} decisions were made blind, without seeing suggestions.")
    return [*said, *([_LEARNED] if which == "current" and learned is not None else [])]
