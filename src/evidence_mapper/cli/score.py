"""``evidence-mapper score``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import coder_option, json_option, project_option
from evidence_mapper.cli.output import harmless, write_json, write_table
from evidence_mapper.workflow.project import Project, open_project

if TYPE_CHECKING:
    from evidence_mapper.domain.framework import Wording
    from evidence_mapper.domain.score import EnteredScore, Overall
    from evidence_mapper.workflow.scores import ScoreBoard

_OWN = "Scores are what people entered. The program proposes none, and computes nothing from the evidence."


@click.group("score")
def command() -> None:
    """Keep the scores you give the statements yourselves, and what the published rule makes of all nine.

    The program never proposes a score. While one is missing it says which, and computes nothing.

    \b
    Examples:
      evidence-mapper score set assessing-needs 3 --note "agreed at the readiness board"
      evidence-mapper score list
      evidence-mapper score rule
    """


@command.command("set")
@click.argument("statement")
@click.argument("value", type=int)
@click.option("--note", default=None, help="Why, in your words.")
@project_option
@coder_option
@json_option
def set_(statement: str, value: int, note: str | None, project_path: Path, coder: str, as_json: bool) -> None:
    """Enter the score you give STATEMENT: 1 to 4, your own judgement.

    STATEMENT is an id, a number or a title. A score that stood is replaced; the record keeps both.

    \b
    Example:
      evidence-mapper score set safeguarding 2 --note "board of 3 March"
    """
    from evidence_mapper.workflow.scores import set_score

    with open_project(project_path) as project:
        entered = set_score(project, statement, value, coder=coder, note=note)
        _told(project, entered, as_json=as_json)


@command.command("unset")
@click.argument("statement")
@click.option("--note", default=None, help="Why, in your words.")
@project_option
@coder_option
@json_option
def unset(statement: str, note: str | None, project_path: Path, coder: str, as_json: bool) -> None:
    """Take the score off STATEMENT; the record keeps what stood.

    \b
    Example:
      evidence-mapper score unset safeguarding
    """
    from evidence_mapper.workflow.scores import unset_score

    with open_project(project_path) as project:
        _told(project, unset_score(project, statement, coder=coder, note=note), as_json=as_json)


@command.command("list")
@click.option("--history", "with_history", is_flag=True, help="Every entry, oldest first.")
@project_option
@json_option
def list_(with_history: bool, project_path: Path, as_json: bool) -> None:
    """Show the scores people entered, and the overall figure once there is one for every statement.

    \b
    Examples:
      evidence-mapper score list
      evidence-mapper score list --history
    """
    with open_project(project_path) as project:
        board = _board(project)
        if as_json:
            write_json(_json(board))
            return
        _write(project, board)
        if with_history:
            _write_history(project, board)
    say(_OWN)


@command.command("rule")
@project_option
@json_option
def rule(project_path: Path, as_json: bool) -> None:
    """Show the published rule: every part with how far it was verified, and its source.

    \b
    Example:
      evidence-mapper score rule
    """
    from evidence_mapper.workflow.scores import scoring_rule_of

    with open_project(project_path) as project:
        found = scoring_rule_of(project)
    if as_json:
        write_json([{"part": part, **_wording_json(wording)} for part, wording in found.parts()])
        return
    rows = [[part, w.text, w.verification.value, _sources(w)] for part, w in found.parts()]
    write_table("How scores are combined", ["Part", "Text", "Standing", "Source"], rows)


def _board(project: Project) -> ScoreBoard:
    from evidence_mapper.workflow.scores import scoreboard, scoring_rule_of

    scoring_rule_of(project)
    board = scoreboard(project)
    assert board is not None
    return board


def _told(project: Project, entered: EnteredScore, *, as_json: bool) -> None:
    board = _board(project)
    if as_json:
        write_json(_entry_json(entered))
        return
    title = project.framework.statement(entered.statement).title.text
    if entered.value is None:
        say(f"{title}: no score any more (recorded under {harmless(entered.coder)}).")
    else:
        word = board.rule.word(entered.value)
        say(f"{title}: {entered.value} ({word}), recorded under {harmless(entered.coder)}.")
    say(_overall_line(board))


def _write(project: Project, board: ScoreBoard) -> None:
    rows = []
    for statement in project.framework.statements:
        entered = board.held.get(statement.id)
        name = f"{statement.number}. {statement.title.text}"
        if entered is None or entered.value is None:
            rows.append([name, "", "", "", "", ""])
            continue
        word = board.rule.word(entered.value)
        rows.append([name, str(entered.value), word, entered.coder, entered.at[:10], entered.note or ""])
    write_table(
        "Scores entered by people",
        ["Statement", "Score", "Words of the scale", "By", "On", "Note"],
        rows,
        right=(1,),
        footer=_overall_line(board),
    )


def _write_history(project: Project, board: ScoreBoard) -> None:
    titles = {s.id: s.title.text for s in project.framework.statements}
    rows = [
        [
            str(e.sequence),
            e.at[:19],
            e.coder,
            titles.get(e.statement, e.statement),
            "taken off" if e.value is None else str(e.value),
            e.note or "",
        ]
        for e in board.history
    ]
    write_table("Entries", ["No.", "At (UTC)", "By", "Statement", "Score", "Note"], rows, right=(0,))


def _overall_line(board: ScoreBoard) -> str:
    computed = board.overall
    if computed is None:
        missing = ", ".join(s.id for s in board.missing)
        return (
            f"No overall figure: {len(board.missing)} of {board.rule.statements} scores missing ({missing})."
        )
    return (
        f"By the published rule: {computed.total} of {computed.out_of} = {computed.percent:.2f}%, "
        f"read as {computed.whole_percent}%: {computed.rating}. Parts of the rule are unverified: "
        "evidence-mapper score rule"
    )


def _json(board: ScoreBoard) -> dict[str, Any]:
    return {
        "scores": [_entry_json(e) for e in board.held.values()],
        "missing": [s.id for s in board.missing],
        "overall": None if board.overall is None else _overall_json(board.overall),
        "history": [_entry_json(e) for e in board.history],
    }


def _entry_json(entered: EnteredScore) -> dict[str, Any]:
    return {
        "statement": entered.statement,
        "score": entered.value,
        "coder": entered.coder,
        "at": entered.at,
        "note": entered.note,
        "sequence": entered.sequence,
    }


def _overall_json(computed: Overall) -> dict[str, Any]:
    return {
        "total": computed.total,
        "out_of": computed.out_of,
        "percent": round(computed.percent, 2),
        "whole_percent": computed.whole_percent,
        "rating": computed.rating,
    }


def _wording_json(wording: Wording) -> dict[str, Any]:
    return {
        "text": wording.text,
        "standing": wording.verification.value,
        "sources": [{"title": s.title, "url": s.url} for s in wording.sources],
    }


def _sources(wording: Wording) -> str:
    return "; ".join(s.title for s in wording.sources) or "our own words"
