"""``evidence-mapper documents``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from evidence_mapper.cli.case_text import plural
from evidence_mapper.cli.details import detail_json, detail_lines, type_line
from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import coder_option, json_option, project_option
from evidence_mapper.cli.output import harmless, write_json, write_table
from evidence_mapper.cli.progress import bar
from evidence_mapper.cli.reports import survey_json, survey_lines
from evidence_mapper.domain.document import SourceType
from evidence_mapper.domain.project import DocumentProgress
from evidence_mapper.errors import ModelError, StoreError
from evidence_mapper.workflow.document_facts import shown_date
from evidence_mapper.workflow.documents import find_document, set_source_type
from evidence_mapper.workflow.project import Project, open_project
from evidence_mapper.workflow.readers import older_line, read_by_older
from evidence_mapper.workflow.survey_columns import columns_of


@click.command("documents")
@click.argument("name", required=False)
@project_option
@coder_option
@click.option("--left-out", is_flag=True, help="List the text left out of NAME: headers, footers, contents.")
@click.option(
    "--set-type",
    type=click.Choice([s.value for s in SourceType if s is not SourceType.UNKNOWN]),
    default=None,
    help="Say what kind of paper NAME is.",
)
@click.option("--withdraw", "counting", flag_value="withdraw", help="NAME must no longer count; it is kept.")
@click.option("--restore", "counting", flag_value="restore", help="NAME counts again.")
@json_option
def command(
    name: str | None,
    project_path: Path,
    coder: str,
    left_out: bool,
    set_type: str | None,
    counting: str | None,
    as_json: bool,
) -> None:
    """List documents and files refused; with NAME, what is known of one, or the text left out of it.

    \b
    Examples:
      evidence-mapper documents
      evidence-mapper documents demo/policies/strategy.pdf
      evidence-mapper documents demo/policies/strategy.pdf --left-out
      evidence-mapper documents demo/notes.txt --set-type focus-group
      evidence-mapper documents demo/notes.txt --withdraw
    """
    with open_project(project_path) as project:
        if name is None:
            if left_out or set_type or counting:
                needs = "--left-out, --set-type, --withdraw and --restore need the NAME of a document"
                raise click.UsageError(needs)
            _list(project, coder, as_json=as_json)
        elif counting:
            _set_counting(project, name, coder, counting)
        elif set_type:
            _set_type(project, name, coder, SourceType(set_type))
        elif left_out:
            _left_out(project, name, as_json=as_json)
        else:
            _details(project, name, coder, as_json=as_json)


def _set_type(project: Project, name: str, coder: str, source_type: SourceType) -> None:
    """Record the kind, and suggest anew where it is another than before: it decides how passages are read."""
    from evidence_mapper.workflow.head_in_use import behind_current_run
    from evidence_mapper.workflow.suggest import suggest_missing

    before = set_source_type(project, name, source_type, coder)
    say(f"{before.name} is a {source_type}, set by {coder}.")
    run = project.store.current_run()
    missing = project.store.unsuggested_count(run[0]) if run else 0
    if not missing:
        return
    try:
        with bar("Suggesting") as progress:
            done = suggest_missing(project, behind_current_run(project), progress=progress)
    except (StoreError, ModelError) as error:
        say(f"{plural(missing, 'passage')} nobody has decided on had a suggestion for another kind of paper.")
        say(f"It is taken back, and no new one could be made: {error}")
        return
    say(f"Suggested anew: {plural(done, 'passage')} nobody has decided on. Decisions stay as they are.")


def _set_counting(project: Project, name: str, coder: str, counting: str) -> None:
    from evidence_mapper.workflow.revisions import restore, withdraw

    if counting == "withdraw":
        withdraw(project, name, coder)
        say(f"{name} no longer counts, as {coder} says; all of it is kept.")
        say(f"To count it again: evidence-mapper documents '{name}' --restore")
    else:
        restore(project, name, coder)
        say(f"{name} counts again, as {coder} says.")


def _list(project: Project, coder: str, *, as_json: bool) -> None:
    rows = project.store.document_progress(coder)
    refusals = project.store.refusals()
    if as_json:
        refused = [{"name": r.name, "code": r.code, "message": r.message, "at": r.at} for r in refusals]
        write_json({"documents": [_json(r) for r in rows], "refused": refused})
        return
    write_table(
        f"Documents ({len(rows)})",
        ["Name", "Date", "Source type", "Pages", "Passages", "Decided", "Pages without text"],
        [_row(r) for r in rows],
        right=(3, 4, 5),
    )
    if older := read_by_older(project):
        say(older_line(len(older)))
    if refusals:
        table = [[r.name, r.code, r.message] for r in refusals]
        write_table(f"Not read ({len(refusals)})", ["Name", "Why", "Message"], table)


def _row(row: DocumentProgress) -> list[str]:
    document = row.document
    pages = "" if document.pages is None else str(document.pages)
    unread = ", ".join(str(p) for p in row.unread_pages)
    return [
        document.name + (" (withdrawn)" if row.withdrawn else ""),
        shown_date(row.facts),
        type_line(row),
        pages,
        str(row.passages),
        str(row.decided),
        unread,
    ]


def _json(row: DocumentProgress) -> dict[str, Any]:
    document = row.document
    return {
        "id": document.id,
        "name": document.name,
        "file_sha256": document.file_sha256,
        "media_type": document.media_type,
        "source_type": document.source_type.value,
        "source_type_by": document.source_type_by,
        "pages": document.pages,
        "passages": row.passages,
        "decided": row.decided,
        "withdrawn": row.withdrawn,
        "unread_pages": list(row.unread_pages),
        "warnings": list(row.warnings),
        "date": shown_date(row.facts) or None,
        "also_met_as": list(row.copies),
    }


def _details(project: Project, name: str, coder: str, *, as_json: bool) -> None:
    document = find_document(project, name)
    surveys = columns_of(project, document.name)
    (row,) = (r for r in project.store.document_progress(coder) if r.document.id == document.id)
    if as_json:
        detail = detail_json(row, project.framework)
        write_json({**_json(row), **detail, "surveys": survey_json(surveys)})
        return
    for line in detail_lines(row, project.framework):
        click.echo(harmless(line))
    for line in survey_lines(surveys):
        click.echo(harmless(f"  survey         {line}"))
    count = len(project.store.exclusions(document.id))
    if count:
        say(f"{count} pieces of text were left out: evidence-mapper documents '{document.name}' --left-out")


def _left_out(project: Project, name: str, *, as_json: bool) -> None:
    document = find_document(project, name)
    exclusions = project.store.exclusions(document.id)
    if as_json:
        write_json(
            [{"reason": e.reason.value, "text": e.text, "location": e.location.to_json()} for e in exclusions]
        )
        return
    rows = [[e.reason.value, e.location.label(), e.text] for e in exclusions]
    write_table(f"Left out of {document.name} ({len(rows)})", ["Why", "Where", "Text"], rows)
