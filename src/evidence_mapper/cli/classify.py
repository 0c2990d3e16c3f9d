"""``evidence-mapper classify``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from evidence_mapper.cli.diagnostics import ExitCode, say
from evidence_mapper.cli.options import (
    chosen_speed,
    encoder_option,
    framework_name_of,
    model_option,
    speed_option,
)
from evidence_mapper.cli.progress import bar
from evidence_mapper.workflow.project import DEFAULT_FRAMEWORK


@click.command("classify")
@click.argument("source", metavar="INPUT", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="Where to write.  [default: stdout]",
)
@click.option("--framework", "framework_name", default=DEFAULT_FRAMEWORK, show_default=True)
@model_option
@speed_option
@encoder_option
def command(
    source: Path, output: Path | None, framework_name: str, model: Path | None, encoder: str | None
) -> int:
    """Suggest statements for a JSON Lines file, outside any project.

    An input line is {"id", "text", optional "heading", "source_type"}; an output line has the same id
    with statements (all, best first), topics, I statements, evidence category, polarity, the
    probability of none, and whether the classifier abstained. A bad line is reported by number and
    the rest is done.

    \b
    Examples:
      evidence-mapper classify comments.jsonl --output suggestions.jsonl
      evidence-mapper classify comments.jsonl --model our-model
    """
    from evidence_mapper.workflow import frameworks
    from evidence_mapper.workflow.classify_file import classify_lines, open_source
    from evidence_mapper.workflow.publish import open_output

    framework = frameworks.load(framework_name_of(model, framework_name))
    with (
        open_source(source) as (stream, total),
        open_output(output, sys.stdout) as sink,
        bar("Classifying") as progress,
    ):
        report = classify_lines(
            framework, stream, sink, total=total, progress=progress,
            model=model, speed=chosen_speed(), encoder=encoder,
        )  # fmt: skip
    for number, message in report.bad:
        say(f"{source}:{number}: {message}")
    say(f"{report.written} passages classified with {report.classifier}, {len(report.bad)} bad lines.")
    return ExitCode.FAILURES if report.bad else ExitCode.DONE
