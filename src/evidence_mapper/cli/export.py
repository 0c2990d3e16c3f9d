"""``evidence-mapper export``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import (
    coder_option,
    disclosure_asked,
    disclosure_option,
    json_option,
    project_option,
)
from evidence_mapper.cli.output import write_json
from evidence_mapper.cli.progress import late_bar
from evidence_mapper.domain.wording import counted
from evidence_mapper.workflow.export_formats import (
    FORMATS,
    ExportFormat,
    ExportReport,
    ExportRequest,
    RowFilter,
    format_for,
    refuse_unheeded,
)
from evidence_mapper.workflow.project import open_project


@click.command("export")
@click.argument("output", type=click.Path(dir_okay=False, path_type=Path))
@project_option
@click.option(
    "--format",
    "format_name",
    default=None,
    help="; ".join(f"{f.name}: {f.help}" for f in FORMATS) + ".  [default: by the ending of OUTPUT]",
)
@click.option(
    "--suggested/--confirmed-only",
    "suggested",
    default=False,
    help="Also write suggestions nobody has decided, marked as such; or only what a person confirmed.  "
    "[default: confirmed-only]",
)
@click.option("--since", metavar="DATE", default=None, help="Only decisions of this day (UTC) or later.")
@click.option("--statement", metavar="ID", default=None, help="Only evidence for this statement.")
@click.option("--category", metavar="ID", default=None, help="Only evidence of this category; none: of none.")
@click.option(
    "--stale-months",
    type=click.IntRange(1),
    default=None,
    help="List evidence older than N months as old.  [default: 24]",
)
@click.option(
    "--as-of",
    metavar="DATE",
    default=None,
    help="Count ages to DATE.  [default: the last change of the project]",
)
@click.option(
    "--quotes",
    type=click.IntRange(1),
    default=None,
    metavar="N",
    help="Quote at most N passages of each topic and evidence category in the pack, and say how many more "
    "there are.  [default: 20]",
)
@disclosure_option
@click.option(
    "--identifiable",
    is_flag=True,
    help="Leave names in people's own stories as they are; the history says so.",
)
@click.option(
    "--key",
    "key_path",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    metavar="FILE",
    help="Keep who is behind each pseudonym in FILE; one that exists is carried on.",
)
@coder_option
@click.option("--force", is_flag=True, help="Replace OUTPUT if it exists.")
@json_option
def command(
    output: Path,
    project_path: Path,
    format_name: str | None,
    suggested: bool,
    force: bool,
    as_json: bool,
    stale_months: int | None,
    as_of: str | None,
    quotes: int | None,
    identifiable: bool,
    key_path: Path | None,
    coder: str,
    **only: str | None,
) -> None:
    """Write confirmed evidence, with its full source, to a file.

    Quotes are verbatim, but that names in people's own stories (case records and audits, complaints,
    survey comments, focus groups, documents in a case) are replaced unless --identifiable is given. In CSV
    a cell that a spreadsheet would run as a formula gets a leading apostrophe; XLSX stores text as text,
    and JSON Lines never changes a character.

    \b
    Examples:
      evidence-mapper export evidence.xlsx
      evidence-mapper export everything.jsonl --suggested
      evidence-mapper export carers.csv --statement assessing-needs --since 2025-04-01
      evidence-mapper export pack.docx --format self-assessment
      evidence-mapper export report.html
      evidence-mapper export for-partners.html --disclosure
      evidence-mapper export evidence.xlsx --key keys/names.json
      evidence-mapper export for-the-case-team.xlsx --identifiable
    """
    from evidence_mapper.workflow.publish import export_as_asked

    request = ExportRequest(
        suggested=suggested,
        overwrite=force,
        where=RowFilter(**only),
        stale_months=stale_months,
        as_of=as_of,
        quotes=quotes,
        disclosure=disclosure_asked(),
        identifiable=identifiable,
        coder=coder,
        key=key_path,
    )
    chosen = format_for(output, format_name)
    refuse_unheeded(chosen, request)
    with open_project(project_path) as project, late_bar("Replacing names") as progress:
        report = export_as_asked(project, output, format_name, replace(request, progress=progress))
    if as_json:
        confirmed = None if request.disclosure else report.confirmed
        counts = {"confirmed": confirmed, "suggested": report.suggested}
        write_json({"path": str(report.path), **counts, "notes": list(report.notes)})
        return
    _tell(report, request, chosen)


def _tell(report: ExportReport, request: ExportRequest, chosen: ExportFormat) -> None:
    extra = f" and {report.suggested} suggestions, marked as not confirmed" if request.suggested else ""
    # A count under disclosure control is on the page, protected; it does not stand beside it in full.
    count = "" if request.disclosure or not chosen.counts else f": {counted(report.confirmed, chosen.counts)}"
    say(f"Wrote {report.path}{count}{extra}.")
    for note in report.notes:
        say(note)
    if report.confirmed or request.disclosure or not chosen.needs_confirmed:
        return
    if request.where.chosen():
        say(
            "Nothing confirmed meets what was asked; leave out --since, --statement or --category to see all."
        )
    else:
        see = ", or --suggested to see what waits" if "suggested" in chosen.takes else ""
        say(f"Nothing is confirmed yet: evidence-mapper review{'' if request.suggested else see}.")
