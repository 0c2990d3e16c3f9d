"""``evidence-mapper case journey``, ``coverage`` and ``matrix``."""

from __future__ import annotations

from pathlib import Path

import click

from evidence_mapper.cli.case_text import (
    coverage_json,
    coverage_lines,
    journey_json,
    journey_lines,
    mark,
    matrix_lines,
)
from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import json_option, project_option, redacted_option
from evidence_mapper.cli.output import write_json
from evidence_mapper.workflow.project import open_project


@click.command("journey")
@click.argument("case")
@click.option("--quotes", is_flag=True, help="Show the words each stage was read from.")
@click.option("--all", "every", is_flag=True, help="Show dated entries that tell no stage, too.")
@redacted_option
@project_option
@json_option
def journey(case: str, quotes: bool, every: bool, redacted: bool, project_path: Path, as_json: bool) -> None:
    """Show the way of CASE from contact to review in time order, with the days between.

    Stages are read from titles and words by plain rules; nothing is dated that states no date.

    \b
    Example:
      evidence-mapper case journey BK-40101 --quotes
      evidence-mapper case journey BK-40101 --quotes --redacted
    """
    from evidence_mapper.workflow.case_file import CaseReader
    from evidence_mapper.workflow.case_journey import journey as read
    from evidence_mapper.workflow.cases import find_case

    with open_project(project_path) as project:
        file = CaseReader(project).read(find_case(project, case))
        found = read(file)
        if redacted:
            from evidence_mapper.workflow.redacted_cases import shown_journey
            from evidence_mapper.workflow.redacted_view import RedactedView

            found = shown_journey(RedactedView(project), file, found)
    if as_json:
        write_json(journey_json(found))
        return
    for line in journey_lines(found, every=every, quotes=quotes):
        click.echo(line)


@click.command("coverage")
@click.argument("case")
@click.option(
    "--voice",
    type=click.Choice(["own", "worker"]),
    default=None,
    help="List only passages with quoted speech or written by the person's side, or only those without.",
)
@redacted_option
@project_option
@json_option
def coverage(case: str, voice: str | None, redacted: bool, project_path: Path, as_json: bool) -> None:
    """Show what CASE shows of each I statement: for and against, in whose voice, and where it is silent.

    What a person confirmed and what the model suggests are listed apart.

    \b
    Examples:
      evidence-mapper case coverage BK-40101
      evidence-mapper case coverage BK-40101 --voice own
    """
    from evidence_mapper.workflow.case_coverage import case_coverage
    from evidence_mapper.workflow.case_file import CaseReader
    from evidence_mapper.workflow.cases import find_case

    with open_project(project_path) as project:
        found = case_coverage(project, CaseReader(project).read(find_case(project, case)))
        if redacted:
            from evidence_mapper.workflow.redacted_cases import shown_coverage
            from evidence_mapper.workflow.redacted_view import RedactedView

            found = shown_coverage(RedactedView(project), found)
    if as_json:
        write_json(coverage_json(found))
        return
    if not found.shown:
        say("The project's framework has no I statements.")
        return
    for line in coverage_lines(found, voice=voice):
        click.echo(line)


@click.command("matrix")
@redacted_option
@project_option
@json_option
def matrix(redacted: bool, project_path: Path, as_json: bool) -> None:
    """Show all cases by I statement on one screen: confirmed, suggested, silent.

    \b
    Example:
      evidence-mapper case matrix
    """
    from evidence_mapper.workflow.case_coverage import case_matrix

    with open_project(project_path) as project:
        found = case_matrix(project)
        if redacted:
            from evidence_mapper.workflow.redacted_cases import shown_coverage
            from evidence_mapper.workflow.redacted_view import RedactedView

            view = RedactedView(project)
            found = [shown_coverage(view, each) for each in found]
    if as_json:
        write_json(
            [{**coverage_json(c), "marks": {s.i_statement.id: mark(c, s) for s in c.shown}} for c in found]
        )
        return
    if not found:
        say("No cases yet. Group documents: evidence-mapper case group --by-folder FOLDER")
        return
    if not found[0].shown:
        say("The project's framework has no I statements.")
        return
    for line in matrix_lines(found):
        click.echo(line)
