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
from evidence_mapper.cli.output import harmless
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
@click.option(
    "--why",
    is_flag=True,
    help="Also why each statement was suggested: the words that carry it, its topic, and the passages like "
    "it that were learned from. About 40 times as slow.",
)
def command(
    source: Path,
    output: Path | None,
    framework_name: str,
    model: Path | None,
    encoder: str | None,
    why: bool,
) -> int:
    """Suggest statements for a JSON Lines file, outside any project.

    An input line is {"id", "text", optional "heading", "source_type", "document"}; an output line has
    the same id with statements (all, best first), topics, I statements, evidence category, polarity,
    the probability of none, and whether the classifier abstained. A bad line is reported by number and
    the rest is done.

    Lines that follow one another with the same "document" are weighed by each other, as passages in a
    project are: none is taken back where those around one speak against it. Other lines are read alone.

    \b
    Examples:
      evidence-mapper classify comments.jsonl --output suggestions.jsonl
      evidence-mapper classify comments.jsonl --output suggestions.jsonl --why
      evidence-mapper classify comments.jsonl --model our-model
    """
    from evidence_mapper.workflow import frameworks
    from evidence_mapper.workflow.classify_file import Asked, classify_lines
    from evidence_mapper.workflow.classify_input import open_source
    from evidence_mapper.workflow.publish import open_output

    framework = frameworks.load(framework_name_of(model, framework_name))
    with (
        open_source(source) as (stream, total),
        open_output(output, sys.stdout) as sink,
        bar("Classifying") as progress,
    ):
        asked = Asked(model, chosen_speed(), encoder, why)
        report = classify_lines(framework, stream, sink, asked, total=total, progress=progress)
    for number, message in report.bad:
        say(f"{source}:{number}: {message}")
    if report.first_apart is not None:
        number, document, before = report.first_apart
        more = f"; {report.apart} such places in all" if report.apart > 1 else ""
        say(harmless(
            f"{source}:{number}: document {document} came before, up to line {before}, and other lines stand "
            "between: from here on it is read as another document. Bring its lines together to have them "
            f"weighed by each other{more}."
        ))  # fmt: skip
    say(f"{report.written} passages classified with {report.classifier}, {len(report.bad)} bad lines.")
    return ExitCode.FAILURES if report.bad else ExitCode.DONE
