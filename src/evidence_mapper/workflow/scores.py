"""Scores a person enters for statements; the program computes with them and never proposes one."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.domain.framework import Framework, Statement
from evidence_mapper.domain.score import EnteredScore, Overall, ScoringRule, overall
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.project import Project

_ENTERED, _TAKEN_OFF = "entered", "taken off"


@dataclass(frozen=True, slots=True)
class ScoreBoard:
    """The scores that stand, what came before them, and what the published rule makes of them."""

    rule: ScoringRule
    held: dict[str, EnteredScore]
    """Statement id to the score that stands, in framework order; statements without one are absent."""
    history: tuple[EnteredScore, ...]
    """Every entry, oldest first."""
    missing: tuple[Statement, ...]
    """Statements without a score, in framework order."""
    overall: Overall | None
    """None while a score is missing: nothing is computed from a part."""


def scoreboard(project: Project) -> ScoreBoard | None:
    """Return the scores people entered; None for a framework without a published rule."""
    from evidence_mapper.frameworks.published import scoring_rule

    rule = scoring_rule(project.framework.id)
    if rule is None:
        return None
    history = tuple(_entries(project))
    latest = {entry.statement: entry for entry in history}
    statements = project.framework.statements
    held = {s.id: latest[s.id] for s in statements if s.id in latest and latest[s.id].value is not None}
    missing = tuple(s for s in statements if s.id not in held)
    values = [entry.value for entry in held.values() if entry.value is not None]
    computed = None if missing else overall(rule, values)
    return ScoreBoard(rule, held, history, missing, computed)


def set_score(
    project: Project, statement: str, value: int, *, coder: str, note: str | None = None
) -> EnteredScore:
    """Record the score a person gives a statement; one that stood is replaced and stays in the record.

    Parameters
    ----------
    project
        An open project.
    statement
        Id, number or title.
    value
        On the rule's scale, for the local authority framework 1 to 4.
    coder
        Who enters it.
    note
        Why, in the person's words.

    Raises
    ------
    UsageError
        The framework has no published rule, there is no such statement, or the value is off the scale.
    """
    rule, found = scoring_rule_of(project), find_statement(project.framework, statement)
    if not rule.lowest <= value <= rule.highest:
        raise UsageError(
            f"a score is {rule.lowest} to {rule.highest}, not {value}; nothing was recorded. "
            "What they stand for: evidence-mapper score rule"
        )
    return _record(project, found, value, coder, note)


def unset_score(project: Project, statement: str, *, coder: str, note: str | None = None) -> EnteredScore:
    """Record that a statement has no score any more; what stood before stays in the record.

    Raises
    ------
    UsageError
        The framework has no published rule, there is no such statement, or it has no score.
    """
    found = find_statement(project.framework, statement)
    scoring_rule_of(project)
    board = scoreboard(project)
    if board is None or found.id not in board.held:
        raise UsageError(f"'{found.title.text}' has no score to take off. See: evidence-mapper score list")
    return _record(project, found, None, coder, note)


def scoring_rule_of(project: Project) -> ScoringRule:
    """Return the project's published rule.

    Raises
    ------
    UsageError
        None is kept for its framework.
    """
    from evidence_mapper.frameworks.published import scoring_rule

    rule = scoring_rule(project.framework.id)
    if rule is None:
        raise UsageError(
            f"no published scoring rule is kept for the framework {project.framework.id}, so there are no "
            "scores to enter; there is one for cqc-local-authority"
        )
    return rule


def find_statement(framework: Framework, name: str) -> Statement:
    """Return the statement of an id, a number or a title.

    Raises
    ------
    UsageError
        There is none; names them all, the nearest first.
    """
    wanted = " ".join(name.casefold().split())
    for statement in framework.statements:
        if wanted in (statement.id, str(statement.number), statement.title.text.casefold()):
            return statement
    ids = [s.id for s in framework.statements]
    near = difflib.get_close_matches(wanted, ids, n=1)
    meant = f"; did you mean {near[0]}?" if near else "."
    raise UsageError(f"no statement '{name}'{meant} There are {', '.join(ids)}")


def _record(
    project: Project, statement: Statement, value: int | None, coder: str, note: str | None
) -> EnteredScore:
    title = statement.title.text
    words = f"score taken off ‘{title}’" if value is None else f"score {value} for ‘{title}’"
    payload = {
        "words": words,
        "statement": statement.id,
        "state": _TAKEN_OFF if value is None else _ENTERED,
        "value": value,
        "note": note,
    }
    event = project.store.append_event(
        coder=coder, action=EventAction.SCORE, subject=statement.id, at=utc_now(), payload=payload
    )
    return EnteredScore(statement.id, value, event.coder, event.at, note, event.sequence)


def _entries(project: Project) -> list[EnteredScore]:
    return [
        EnteredScore(e.subject, e.payload.get("value"), e.coder, e.at, e.payload.get("note"), e.sequence)
        for e in project.store.entries([EventAction.SCORE])
    ]
