"""``evidence-mapper export``."""

from __future__ import annotations

from pathlib import Path

import click

from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import json_option, project_option
from evidence_mapper.cli.output import write_json
from evidence_mapper.workflow.project import open_project


@click.command("export")
@click.argument("output", type=click.Path(dir_okay=False, path_type=Path))
@project_option
@click.option(
    "--format",
    "format_name",
    default=None,
    help="csv, xlsx or jsonl.  [default: by the ending of OUTPUT]",
)
@click.option("--suggested", is_flag=True, help="Also write suggestions nobody has decided, marked as such.")
@click.option("--force", is_flag=True, help="Replace OUTPUT if it exists.")
@json_option
def command(
    output: Path, project_path: Path, format_name: str | None, suggested: bool, force: bool, as_json: bool
) -> None:
    """Write confirmed evidence to CSV, XLSX or JSON Lines, with its full source.

    Quotes are verbatim. In CSV a cell that a spreadsheet would run as a formula gets a leading
    apostrophe; XLSX stores text as text, and JSON Lines never changes a character.

    \b
    Example:
      evidence-mapper export evidence.xlsx
      evidence-mapper export everything.jsonl --suggested
    """
    from evidence_mapper.workflow.publish import export_evidence

    with open_project(project_path) as project:
        report = export_evidence(
            project, output, format_name=format_name, suggested=suggested, overwrite=force
        )
    if as_json:
        write_json({"path": str(report.path), "confirmed": report.confirmed, "suggested": report.suggested})
        return
    extra = f" and {report.suggested} suggestions, marked as not confirmed" if suggested else ""
    say(f"Wrote {report.path}: {report.confirmed} confirmed rows{extra}.")
    if not report.confirmed:
        say("Nothing is confirmed yet: evidence-mapper review, or --suggested to see what waits.")
