"""``evidence-mapper matrix``."""

from __future__ import annotations

from pathlib import Path

import click

from evidence_mapper.cli import tables
from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import json_option, project_option
from evidence_mapper.cli.output import write_json
from evidence_mapper.workflow.gaps import unseen
from evidence_mapper.workflow.project import open_project


@click.command("matrix")
@project_option
@click.option("--topics", is_flag=True, help="Also by topic and by I statement.")
@json_option
def command(project_path: Path, topics: bool, as_json: bool) -> None:
    """Show evidence by statement and evidence category.

    Each cell counts confirmed passages (a person's codings) and, apart, suggested ones that wait for
    a person.

    \b
    Example:
      evidence-mapper matrix --topics
    """
    with open_project(project_path) as project:
        found = project.store.matrix()
        for line in (*unseen(project.store), *tables.superseded_lines(found)):
            say(line)
        if as_json:
            write_json(tables.matrix_json(project.framework, found))
            return
        tables.write_matrix(project.framework, found)
        if topics:
            tables.write_topics(project.framework, found)
            tables.write_i_statements(project.framework, found)
