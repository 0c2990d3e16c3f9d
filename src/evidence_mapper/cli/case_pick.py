"""``evidence-mapper case pick``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evidence_mapper.cli.case_text import wrapped
from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import coder_option, json_option, project_option, redacted_option
from evidence_mapper.cli.output import write_json
from evidence_mapper.domain.dates import is_date
from evidence_mapper.workflow.project import open_project

if TYPE_CHECKING:
    from evidence_mapper.workflow.case_pick import Looked, Picked


@click.command("pick")
@click.option("--number", type=click.IntRange(1), default=6, show_default=True, help="Cases to draw.")
@click.option(
    "--criteria",
    default="consent,no-complaint,recent,services,teams,ages",
    show_default=True,
    help="With commas, or none. consent, no-complaint, recent must be met; services, teams, ages are varied.",
)
@click.option("--since", metavar="DATE", default=None, help="For recent: an entry on or after YYYY-MM-DD.")
@click.option("--seed", type=int, default=None, help="Draws the same cases again.")
@click.option(
    "--dry-run", is_flag=True, help="Show what would be drawn with seed 0, or --seed; record nothing."
)
@redacted_option
@project_option
@coder_option
@json_option
def pick(
    number: int,
    criteria: str,
    since: str | None,
    seed: int | None,
    dry_run: bool,
    project_path: Path,
    coder: str,
    **shown: bool,
) -> None:
    """Draw candidates for case tracking by stated criteria; never by a score.

    Cases that meet the criteria are drawn at random; one that brings a service, team or age not yet among
    those drawn goes first. Each case is shown with why it qualifies, or why it does not.

    \b
    Examples:
      evidence-mapper case pick --number 6 --since 2025-01-01
      evidence-mapper case pick --criteria consent,no-complaint,services --seed 7
      evidence-mapper case pick --dry-run --redacted
    """
    from evidence_mapper.workflow.case_pick import Request, trial
    from evidence_mapper.workflow.case_pick import pick as draw
    from evidence_mapper.workflow.clock import utc_now
    from evidence_mapper.workflow.redacted_cases import shown_pick
    from evidence_mapper.workflow.redacted_view import RedactedView

    if since is not None and not (is_date(since) and len(since) == len("2025-01-01")):
        raise click.UsageError(f"--since takes a day such as 2025-01-01, not '{since}'")
    wanted = tuple(c.strip() for c in criteria.split(",") if c.strip() not in ("", "none"))
    request = Request(number, wanted, since)
    with open_project(project_path) as project:
        if dry_run:
            found = trial(project, request, seed=seed or 0)
        else:
            found = draw(project, request, coder=coder, now=utc_now, seed=seed)
        if shown["redacted"]:
            found = shown_pick(RedactedView(project), found)
    if shown["as_json"]:
        write_json(_json(found))
        return
    for line in _lines(found):
        click.echo(line)
    if since is None and "recent" in wanted:
        say("recent was not looked at: name a day with --since DATE")
    if found.id:
        say(f"Recorded with seed {found.seed}. See it in: evidence-mapper history")
    else:
        say("Nothing was recorded.")


def _lines(found: Picked) -> Iterator[str]:
    from evidence_mapper.workflow.case_pick import CRITERIA

    yield "Criteria"
    for name in found.request.used:
        since = f" ({found.request.since})" if name == "recent" else ""
        yield f"  {name:<14}{CRITERIA[name]}{since}"
    fit = len(found.drawn) + len(found.others)
    yield ""
    yield f"Drawn at random, {len(found.drawn)} of {fit} cases that qualify (seed {found.seed})"
    for each in found.drawn:
        brings = f"; brings {', '.join(each.brings)}" if each.brings else "; to make up the number"
        yield from wrapped("; ".join(each.reasons) + brings, " " * 14, first=f"  {each.case_id:<11} ")
    yield ""
    yield f"Qualify, not drawn ({len(found.others)})"
    if found.others:
        yield from wrapped(", ".join(each.case_id for each in found.others), "  ")
    yield ""
    yield f"Do not qualify ({len(found.excluded)})"
    for each in found.excluded:
        yield from wrapped("; ".join(each.reasons), " " * 14, first=f"  {each.case_id:<11} ")


def _json(found: Picked) -> dict[str, Any]:
    return {
        "sample": found.id or None,
        "seed": found.seed,
        "criteria": list(found.request.used),
        "since": found.request.since,
        "drawn": [_case_json(e) for e in found.drawn],
        "not_drawn": [_case_json(e) for e in found.others],
        "excluded": [_case_json(e) for e in found.excluded],
    }


def _case_json(each: Looked) -> dict[str, Any]:
    return {
        "case": each.case_id,
        "reasons": list(each.reasons),
        "traits": {name: list(values) for name, values in each.traits.items()},
        "brings": list(each.brings),
    }
