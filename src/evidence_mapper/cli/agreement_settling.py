"""Disagreements listed, and settled one by one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import coder_option, json_option, project_option
from evidence_mapper.cli.output import harmless, write_json, write_table
from evidence_mapper.domain.coding import Decision, Outcome, Polarity, Verdict
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.project import Project, open_project

if TYPE_CHECKING:
    from evidence_mapper.domain.agreement import Disagreed, Settlement
    from evidence_mapper.workflow.agreement_settle import Settling

_ANSWER: Final = "evidence_mapper.answer"
_EXCERPT: Final = 60


@click.command("list")
@click.option("--settled", is_flag=True, help="Those settled, with who settled them, instead of those open.")
@click.option("--all", "everything", is_flag=True, help="Both.")
@project_option
@json_option
def list_(settled: bool, everything: bool, project_path: Path, as_json: bool) -> None:
    """List where people's codings differ.

    Every answer is shown; numbers are what `agreement settle` takes.

    \b
    Examples:
      evidence-mapper agreement list
      evidence-mapper agreement list --settled
    """
    if settled and everything:
        raise click.UsageError("--all lists the settled ones too: leave out --settled")
    with open_project(project_path) as project:
        settling = _settling(project, "list")
        rows = settling.found(settled=None if everything else settled)
        if as_json:
            write_json([_json(row) for row in rows])
            return
        _write(project, rows, settled=settled)
        if not settled:
            open_ = [row for row in rows if row.settlement is None]
            say(_next(open_))


@click.command("settle")
@click.argument("number", type=click.IntRange(1), required=False)
@click.option("--take", metavar="CODER", default=None, help="This person's answer counts.")
@click.option("--why", default="", help="Why, in your words; kept with it.")
@click.option("--plain", is_flag=True, help="Line by line, one open disagreement after the other.")
@project_option
@coder_option
@json_option
def settle(
    number: int | None,
    take: str | None,
    why: str,
    plain: bool,
    project_path: Path,
    coder: str,
    as_json: bool,
) -> None:
    """Settle where people's codings differ.

    In the terminal, line by line, or one by its NUMBER in `agreement list`. What is settled counts in the
    matrix and in exports in place of the answers, which all stay in the record. It is taken off by
    `agreement unsettle`, and when one of the people decides anew.

    \b
    Examples:
      evidence-mapper agreement settle
      evidence-mapper agreement settle --plain
      evidence-mapper agreement settle 3 --take "A. Officer" --why "the quote names no carer"
      evidence-mapper agreement settle 3 --statement safeguarding --polarity concern
      evidence-mapper agreement settle 3 --none
    """
    own = _own_answer()
    if number is None:
        if take or own or why or as_json:
            raise click.UsageError("say which: its number in `evidence-mapper agreement list`")
        _one_by_one(project_path, coder, plain=plain)
        return
    if plain or (take is None) == (own is None):
        raise click.UsageError(
            "with a number, either --take CODER, or an answer of your own: --statement ID, or --none"
        )
    with open_project(project_path) as project:
        settling = _settling(project, coder)
        row = settling.number(number)
        if take is not None:
            settling.take(row, take, why)
        else:
            assert own is not None
            settling.write(row, own, why)
        _told(settling, number, as_json=as_json)


@click.command("unsettle")
@click.argument("number", type=click.IntRange(1))
@project_option
@coder_option
@json_option
def unsettle(number: int, project_path: Path, coder: str, as_json: bool) -> None:
    """Take a settlement off again.

    All answers count as before; the record keeps that it was there.

    \b
    Example:
      evidence-mapper agreement unsettle 3
    """
    with open_project(project_path) as project:
        settling = _settling(project, coder)
        settling.undo(settling.number(number))
        _told(settling, number, as_json=as_json)


def _answer_options(function: click.Command) -> click.Command:
    """Add the options of an answer of one's own, read with :func:`_own_answer`."""
    several = {"multiple": True, "metavar": "ID"}
    added: list[tuple[str, dict[str, Any]]] = [
        ("--statement", {**several, "help": "Your own answer: this statement; may be given again."}),
        ("--topic", {**several, "help": "With --statement."}),
        ("--i-statement", {**several, "help": "With --statement."}),
        ("--category", {"metavar": "ID", "help": "With --statement: the evidence category."}),
        ("--polarity", {"type": click.Choice([p.value for p in Polarity]), "help": "With --statement."}),
        ("--none", {"is_flag": True, "help": "Your own answer: none of the statements."}),
    ]
    for name, more in added:
        function.params.insert(-3, click.Option([name], expose_value=False, callback=_keep, **more))
    return function


def _keep(context: click.Context, parameter: click.Parameter, value: object) -> None:
    context.meta.setdefault(_ANSWER, {})[parameter.name] = value


def _own_answer() -> Decision | None:
    said: dict[str, Any] = click.get_current_context().meta.get(_ANSWER, {})
    statements = tuple(dict.fromkeys(said.get("statement") or ()))
    with_codes = [name for name in ("topic", "i_statement", "category", "polarity") if said.get(name)]
    if said.get("none"):
        if statements or with_codes:
            raise click.UsageError("--none stands alone: it says that no statement holds")
        return Decision(Outcome.NONE)
    if not statements:
        if with_codes:
            raise click.UsageError(f"--{with_codes[0].replace('_', '-')} goes with --statement ID")
        return None
    return Decision(
        Outcome.CODED,
        tuple((statement, Verdict.ACCEPTED) for statement in statements),
        tuple(dict.fromkeys(said.get("topic") or ())),
        tuple(dict.fromkeys(said.get("i_statement") or ())),
        said.get("category"),
        Polarity(said["polarity"]) if said.get("polarity") else None,
    )


_answer_options(settle)


def _settling(project: Project, coder: str) -> Settling:
    from evidence_mapper.workflow.agreement_settle import Settling
    from evidence_mapper.workflow.clock import utc_now

    return Settling(project.store, project.framework, coder, utc_now)


def _one_by_one(project_path: Path, coder: str, *, plain: bool) -> None:
    if not plain and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "agreement settle needs a terminal; without one, use: evidence-mapper agreement settle --plain"
        )
    with open_project(project_path) as project:
        if plain:
            from evidence_mapper.cli.plain.settle import run_plain_settling

            run_plain_settling(_settling(project, coder))
            return
        from evidence_mapper.tui import run_review
        from evidence_mapper.workflow.clock import utc_now
        from evidence_mapper.workflow.review import ReviewSession

        run_review(ReviewSession(project.store, project.framework, coder, utc_now), settle=True)


def _told(settling: Settling, number: int, *, as_json: bool) -> None:
    from evidence_mapper.workflow.agreement_settle import settled_words

    row = settling.number(number)
    if as_json:
        write_json(_json(row))
        return
    if row.settlement is None:
        say(f"Disagreement {number} is open again; every answer counts.")
    else:
        say(f"Disagreement {number} is settled: {harmless(settled_words(row.settlement))}.")
    say(_next(settling.found()))


def _next(rows: list[Disagreed]) -> str:
    if not rows:
        return "No open disagreement."
    first = rows[0]
    coder = next(a.coder for a in first.answers)
    return (
        f"{len(rows)} open. Settle them: evidence-mapper agreement settle; or one by its number: "
        f'evidence-mapper agreement settle {first.number} --take "{harmless(coder)}" --why "..."'
    )


def _write(project: Project, rows: list[Disagreed], *, settled: bool) -> None:
    from evidence_mapper.cli.plain.words import decision_words
    from evidence_mapper.workflow.agreement_settle import settled_words

    words: Callable[[Decision], str] = lambda d: decision_words(project.framework, d)  # noqa: E731 - short
    lines = []
    for row in rows:
        said = [f"{held.coder}: {words(held.decision)}" for held in row.answers]
        said += [f"Note of {h.coder}: {h.decision.note}" for h in row.answers if h.decision.note]
        if row.settlement is not None:
            said.append(f"SETTLED: {words(row.settlement.decision)}. {settled_words(row.settlement)}")
        place = f"{row.document}, {row.passage.location.label()}"
        excerpt = row.passage.text[:_EXCERPT] + ("…" if len(row.passage.text) > _EXCERPT else "")
        lines.append([str(row.number), f"{excerpt}\n{place}", "\n".join(said), ", ".join(row.differs)])
    write_table(
        "Settled disagreements" if settled else "Where people's codings differ",
        ["No.", "Passage", "Answers", "Differ in"],
        lines,
        right=(0,),
    )


def _json(row: Disagreed) -> dict[str, Any]:
    return {
        "number": row.number,
        "passage": row.passage.id,
        "document": row.document,
        "place": row.passage.location.label(),
        "text": row.passage.text,
        "differs": list(row.differs),
        "answers": [
            {
                "coder": held.coder,
                "at": held.at,
                "blind": held.blind,
                "sequence": held.sequence,
                "decision": held.decision.to_json(),
            }
            for held in row.answers
        ],
        "settlement": None if row.settlement is None else _settlement_json(row.settlement),
    }


def _settlement_json(settlement: Settlement) -> dict[str, Any]:
    return {
        "coder": settlement.coder,
        "at": settlement.at,
        "taken": settlement.taken,
        "why": settlement.why,
        "sequence": settlement.sequence,
        "between": list(settlement.between),
        "decision": settlement.decision.to_json(),
    }
