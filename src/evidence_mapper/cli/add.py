"""``evidence-mapper add``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from evidence_mapper.cli import reports
from evidence_mapper.cli.diagnostics import ExitCode, say
from evidence_mapper.cli.options import (
    default_coder,
    failures_option,
    json_option,
    project_option,
    replaced_document,
    replaces_option,
    reread_option,
    workers_option,
)
from evidence_mapper.cli.output import write_json
from evidence_mapper.cli.progress import bar
from evidence_mapper.workflow.project import Project, open_project


@click.command("add")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@project_option
@workers_option
@click.option(
    "--suggest/--no-suggest", "with_suggestions", default=True, help="Suggest statements afterwards."
)
@click.option(
    "--comments",
    multiple=True,
    metavar="COLUMN",
    help="Take this column of a spreadsheet for people's answers, in place of those judged to be: its "
    "header, part of it, or its letter, with SHEET! before it where need be. May be given more than once.",
)
@replaces_option
@reread_option
@failures_option
@json_option
def command(
    paths: tuple[Path, ...],
    project_path: Path,
    workers: int,
    with_suggestions: bool,
    comments: tuple[str, ...],
    reread: bool,
    failures: Path | None,
    as_json: bool,
) -> int:
    """Read files and folders into the project, and suggest statements.

    Reads PDF, Word, Excel, PowerPoint, OpenDocument, CSV, text, Markdown, HTML, captions and e-mail. A
    file that cannot be read is listed
    with the reason and never stops the rest; adding the same file again changes nothing.

    Of a survey, the columns that hold answers in people's own words become passages and the other
    columns are kept with each; what was taken for what is shown, and --comments overrides it.

    \b
    Examples:
      evidence-mapper add Documents/evidence "Carers survey.xlsx"
      evidence-mapper add "Carers survey.xlsx" --comments "What could we do better?" --comments F
      evidence-mapper add "Policy v2 final.pdf" --replaces policies/policy.pdf
      evidence-mapper add --reread
    """
    if not paths and not reread:
        raise click.UsageError(
            "name files or folders to read (without any, --reread reads again what an older version of this "
            "program read)"
        )
    with open_project(project_path) as project:
        paths = paths or _read_by_older(project)
        if not paths:
            say("Nothing was read: today's readers read every document whose file is still there.")
            return ExitCode.DONE
        code, summary = add_and_report(
            project, paths, workers, as_json=as_json, comments=comments, reread=reread, failures=failures
        )
        if with_suggestions:
            summary["suggestions"] = suggest_and_report(project)
    if as_json:
        write_json(summary)
    else:
        say(f"Next: evidence-mapper {'review' if with_suggestions else 'suggest'}")
    return code


def _read_by_older(project: Project) -> tuple[Path, ...]:
    """Return the files that an older reader read, and name those that are not there any more."""
    from evidence_mapper.workflow.readers import to_read_again

    again = to_read_again(project)
    for name in again.missing:
        say(f"  not there {name}: its file is not where it was added from; it stays as it was read")
    return again.paths


def add_and_report(
    project: Project,
    paths: tuple[Path, ...],
    workers: int,
    *,
    as_json: bool,
    comments: tuple[str, ...] = (),
    reread: bool = False,
    failures: Path | None = None,
) -> tuple[ExitCode, dict[str, object]]:
    """Add files, list refusals on stderr, and return the exit code and the summary."""
    from evidence_mapper.workflow.failures import check_failures_file, write_failures
    from evidence_mapper.workflow.ingest import add_files

    if failures is not None:
        check_failures_file(failures)
    with bar("Reading") as progress:
        report = add_files(
            project,
            paths,
            workers=workers,
            progress=progress,
            comments=comments,
            reread=reread,
            replaces=replaced_document(),
        )
    _set_aside(project, paths, report.revised)
    if not as_json:
        say(reports.ingest_line(report))
    for line in reports.ingest_details(report):
        say(line)
    if failures is not None:
        say(f"Not read, or not all of it: {write_failures(report, failures)}, listed in {failures}")
    failed = any(r.may_hold_evidence for r in report.refused)
    return (ExitCode.FAILURES if failed else ExitCode.DONE), reports.ingest_json(report)


def _set_aside(project: Project, paths: tuple[Path, ...], revised: list[str]) -> None:
    """Withdraw the document that a file was read as before it was known to be a version of another."""
    from evidence_mapper.workflow.revisions import stand_in, withdraw

    document = revised[0] if replaced_document() and revised else None
    other = stand_in(project, paths[0], document) if document else None
    if other is not None:
        coder = os.environ.get("EVIDENCE_MAPPER_CODER") or default_coder()
        withdraw(project, other.name, coder, f"a version of {document}")
        say(f"{other.name} was the same file: it no longer counts as a document of its own.")


def suggest_and_report(
    project: Project, speed: str | None = None, encoder: str | None = None
) -> dict[str, object]:
    """Suggest, say what was done, and return it."""
    from evidence_mapper.workflow.suggest import suggest

    with bar("Suggesting") as progress:
        report = suggest(project, progress=progress, speed=speed, encoder=encoder)
    say(f"Suggested statements for {report.suggested} passages with {report.classifier}.")
    if report.learned_from:
        say(f"The project's own head was used, learned from {report.learned_from} decisions.")
    if report.note:
        say(report.note)
    if not report.calibrated:
        say(
            "Note: this framework has no labelled passages, so suggestions rest on its wording alone and "
            "their probabilities were never checked."
        )
    return {
        "passages": report.suggested,
        "classifier": report.classifier,
        "calibrated": report.calibrated,
        "drift": _say_drift(project) if speed is None and encoder is None else None,
    }


def _say_drift(project: Project) -> dict[str, object] | None:
    """Say what was promised of the suggestions, and of which documents it need not hold; return both."""
    from evidence_mapper.workflow.drift import project_drift

    drift = project_drift(project)
    if drift is None or not drift.passages:
        return None
    if drift.promise:
        say(drift.promise)
    for line in drift.lines():
        say(line)
    return drift.to_json()
