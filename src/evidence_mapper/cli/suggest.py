"""``evidence-mapper suggest``."""

from __future__ import annotations

from pathlib import Path

import click

from evidence_mapper.cli.add import suggest_and_report
from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import (
    chosen_model,
    chosen_speed,
    encoder_option,
    json_option,
    project_option,
    speed_option,
    use_model_option,
)
from evidence_mapper.cli.output import write_json
from evidence_mapper.workflow.base_classifier import use_model
from evidence_mapper.workflow.project import open_project


@click.command("suggest")
@project_option
@use_model_option
@speed_option
@encoder_option
@json_option
def command(project_path: Path, encoder: str | None, as_json: bool) -> None:
    """Suggest statements for passages that have no suggestion yet.

    Suggestions are kept apart from decisions: none of them counts as evidence until a person
    confirms it. Stopped half-way, the same command goes on where it stopped.

    \b
    Examples:
      evidence-mapper suggest
      evidence-mapper suggest --model our-model
    """
    with open_project(project_path) as project:
        given, model = chosen_model()
        if given:
            use_model(project, model)
        summary = suggest_and_report(project, chosen_speed(), encoder)
    if as_json:
        write_json(summary)
    else:
        say("Next: evidence-mapper review")
