"""``evidence-mapper gaps``."""

from __future__ import annotations

from pathlib import Path

import click

from evidence_mapper.cli import shown_tables, tables
from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import disclosure_asked, disclosure_option, json_option, project_option
from evidence_mapper.cli.output import write_json
from evidence_mapper.workflow.gaps import find_gaps, unseen
from evidence_mapper.workflow.project import open_project


@click.command("gaps")
@project_option
@click.option(
    "--minimum", type=click.IntRange(1), default=1, show_default=True, help="Confirmed passages a cell needs."
)
@click.option("--top", type=click.IntRange(1), default=None, help="Only the first N of each kind.")
@disclosure_option
@json_option
def command(project_path: Path, minimum: int, top: int | None, as_json: bool) -> None:
    """List where evidence is missing, people's experience first.

    A cell of statement and evidence category is a gap while too little is confirmed there; a topic
    while nothing is. "Nothing found" means that the suggestions hold nothing likely either; "to review"
    that they probably do.

    \b
    Examples:
      evidence-mapper gaps --minimum 3
      evidence-mapper gaps --disclosure
    """
    if disclosure_asked():
        _disclosed(project_path, minimum, top, as_json=as_json)
        return
    with open_project(project_path) as project:
        matrix = project.store.matrix()
        gaps = find_gaps(project.framework, matrix, minimum=minimum)
        if as_json:
            write_json([tables.gap_json(g) for g in gaps])
        else:
            tables.write_gaps(project.framework, gaps, top)
        for line in (*unseen(project.store), *tables.superseded_lines(matrix)):
            say(line)


def _disclosed(path: Path, minimum: int, top: int | None, *, as_json: bool) -> None:
    from evidence_mapper.workflow.shown import APPLIED, check_minimum, shown_gaps, shown_matrix

    check_minimum(minimum)
    with open_project(path) as project:
        matrix = project.store.matrix()
    gaps = find_gaps(project.framework, matrix, minimum=minimum)
    found = shown_gaps(gaps, shown_matrix(project.framework, matrix, disclosure=True))
    say(APPLIED)
    if as_json:
        write_json(shown_tables.gaps_json(found))
    else:
        shown_tables.write_gaps(project.framework, found, top)
