"""``evidence-mapper matrix``."""

from __future__ import annotations

from pathlib import Path

import click

from evidence_mapper.cli import shown_tables, tables
from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import disclosure_asked, disclosure_option, json_option, project_option
from evidence_mapper.cli.output import write_json
from evidence_mapper.cli.standing import write_standing
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.project import Matrix
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.gaps import unseen
from evidence_mapper.workflow.project import open_project


@click.command("matrix")
@project_option
@click.option("--topics", is_flag=True, help="Also by topic and by I statement.")
@click.option("--i-statements", "spoken", is_flag=True, help="By I statement, in place of the categories.")
@click.option(
    "--age", is_flag=True, help="Strengths against concerns, people's voice and the newest evidence, too."
)
@disclosure_option
@json_option
def command(project_path: Path, topics: bool, spoken: bool, age: bool, as_json: bool) -> None:
    """Show evidence by statement and evidence category.

    Each cell counts confirmed passages (a person's codings) and, apart, suggested ones that wait for
    a person.

    \b
    Examples:
      evidence-mapper matrix --topics
      evidence-mapper matrix --age
      evidence-mapper matrix --i-statements --age
      evidence-mapper matrix --disclosure
    """
    with open_project(project_path) as project:
        found = project.store.matrix()
        if disclosure_asked():
            if spoken or age:
                raise click.UsageError(
                    "--disclosure goes with --topics alone: leave out --i-statements and --age"
                )
            _disclosed(project.framework, found, topics=topics, as_json=as_json)
            return
        for line in (*unseen(project.store), *tables.superseded_lines(found)):
            say(line)
        if as_json:
            write_json(tables.matrix_json(project.framework, found))
            return
        _write(project.framework, found, topics=topics, spoken=spoken, age=age)


def _write(framework: Framework, found: Matrix, *, topics: bool, spoken: bool, age: bool) -> None:
    if spoken:
        tables.write_i_statements(framework, found)
    else:
        tables.write_matrix(framework, found)
    if age:
        write_standing(framework, found, utc_now()[:10], spoken=spoken)
    if topics:
        tables.write_topics(framework, found)
        if not spoken:
            tables.write_i_statements(framework, found)


def _disclosed(framework: Framework, matrix: Matrix, *, topics: bool, as_json: bool) -> None:
    from evidence_mapper.workflow.shown import APPLIED, shown_matrix

    found = shown_matrix(framework, matrix, disclosure=True)
    say(APPLIED)
    if as_json:
        write_json(shown_tables.matrix_json(framework, found))
    else:
        shown_tables.write_matrix(framework, matrix.categories(framework), found, topics=topics)
