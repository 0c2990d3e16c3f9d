"""``evidence-mapper add``."""

from __future__ import annotations

from pathlib import Path

import click

from evidence_mapper.cli import reports
from evidence_mapper.cli.diagnostics import ExitCode, say
from evidence_mapper.cli.options import json_option, project_option, workers_option
from evidence_mapper.cli.output import write_json
from evidence_mapper.cli.progress import bar
from evidence_mapper.workflow.project import Project, open_project


@click.command("add")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@project_option
@workers_option
@click.option(
    "--suggest/--no-suggest", "with_suggestions", default=True, help="Suggest statements afterwards."
)
@json_option
def command(
    paths: tuple[Path, ...], project_path: Path, workers: int, with_suggestions: bool, as_json: bool
) -> int:
    """Read files and folders into the project, and suggest statements.

    Reads PDF, DOCX, XLSX, CSV, text, Markdown, HTML and e-mail. A file that cannot be read is listed
    with the reason and never stops the rest; adding the same file again changes nothing.

    \b
    Example:
      evidence-mapper add Documents/evidence "Carers survey.xlsx"
    """
    with open_project(project_path) as project:
        code, summary = add_and_report(project, paths, workers, as_json=as_json)
        if with_suggestions:
            summary["suggestions"] = suggest_and_report(project)
    if as_json:
        write_json(summary)
    else:
        say("Next: evidence-mapper review")
    return code


def add_and_report(
    project: Project, paths: tuple[Path, ...], workers: int, *, as_json: bool
) -> tuple[ExitCode, dict[str, object]]:
    """Add files, list refusals on stderr, and return the exit code and the summary."""
    from evidence_mapper.workflow.ingest import add_files

    with bar("Reading") as progress:
        report = add_files(project, paths, workers=workers, progress=progress)
    if not as_json:
        say(reports.ingest_line(report))
    for line in reports.ingest_details(report):
        say(line)
    failed = any(r.may_hold_evidence for r in report.refused)
    return (ExitCode.FAILURES if failed else ExitCode.DONE), reports.ingest_json(report)


def suggest_and_report(project: Project) -> dict[str, object]:
    """Suggest, say what was done, and return it."""
    from evidence_mapper.workflow.suggest import suggest

    with bar("Suggesting") as progress:
        report = suggest(project, progress=progress)
    say(f"Suggested statements for {report.suggested} passages with {report.classifier}.")
    if not report.calibrated:
        say(
            "Note: this framework has no labelled passages, so suggestions rest on its wording alone and "
            "their probabilities were never checked."
        )
    return {"passages": report.suggested, "classifier": report.classifier, "calibrated": report.calibrated}
