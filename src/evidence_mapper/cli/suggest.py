"""``evidence-mapper suggest``."""

from __future__ import annotations

from pathlib import Path

import click

from evidence_mapper.cli.add import suggest_and_report
from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import (
    chosen_speed,
    encoder_option,
    json_option,
    project_option,
    speed_option,
)
from evidence_mapper.cli.output import write_json
from evidence_mapper.workflow.base_classifier import use_model
from evidence_mapper.workflow.project import open_project


@click.command("suggest")
@project_option
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    default=None,
    help="Use a classifier of your own, made by `evidence-mapper framework learn`, from now on; `shipped` "
    "goes back to the program's.  [default: the one used before]",
)
@speed_option
@encoder_option
@json_option
def command(project_path: Path, model: Path | None, encoder: str | None, as_json: bool) -> None:
    """Suggest statements for passages that have no suggestion yet.

    Suggestions are kept apart from decisions: none of them counts as evidence until a person
    confirms it. Stopped half-way, the same command goes on where it stopped.

    \b
    Examples:
      evidence-mapper suggest
      evidence-mapper suggest --model our-model
    """
    with open_project(project_path) as project:
        if model is not None:
            use_model(project, None if str(model) == "shipped" else model)
        summary = suggest_and_report(project, chosen_speed(), encoder)
    if as_json:
        write_json(summary)
    else:
        say("Next: evidence-mapper review")
