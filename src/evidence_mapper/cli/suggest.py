"""``evidence-mapper suggest``."""

from __future__ import annotations

from pathlib import Path

import click

from evidence_mapper.cli.add import suggest_and_report
from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import json_option, project_option
from evidence_mapper.cli.output import write_json
from evidence_mapper.workflow.project import open_project


@click.command("suggest")
@project_option
@json_option
def command(project_path: Path, as_json: bool) -> None:
    """Suggest statements for passages that have no suggestion yet.

    Suggestions are kept apart from decisions: none of them counts as evidence until a person
    confirms it. Stopped half-way, the same command goes on where it stopped.

    \b
    Example:
      evidence-mapper suggest
    """
    with open_project(project_path) as project:
        summary = suggest_and_report(project)
    if as_json:
        write_json(summary)
    else:
        say("Next: evidence-mapper review")
