"""``evidence-mapper case``."""

from __future__ import annotations

from pathlib import Path

import click

from evidence_mapper.cli.case_group import group
from evidence_mapper.cli.case_pick import pick
from evidence_mapper.cli.case_text import case_json, case_title, facts_lines, plural
from evidence_mapper.cli.case_views import coverage, journey, matrix
from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import coder_option, json_option, project_option, redacted_option
from evidence_mapper.cli.output import harmless, write_json, write_table
from evidence_mapper.domain.case import COMPLAINT, CONSENT, Role
from evidence_mapper.workflow.project import open_project

_ROLES = [role.value for role in Role]


@click.group("case")
def command() -> None:
    """Keep case records: which documents are one person's record, and what the record shows.

    What is read in the words (roles, dates, stages, consent) is shown as read; what you say goes before it.
    What the record shows of the I statements is a person's coding or the model's suggestion, never mixed.

    \b
    Examples:
      evidence-mapper case group --by-folder case-records
      evidence-mapper case list
      evidence-mapper case show BK-40101
      evidence-mapper case journey BK-40101 --quotes
      evidence-mapper case coverage BK-40101
      evidence-mapper case matrix
      evidence-mapper case pick --number 6 --since 2025-01-01
    """


for _part in (group, journey, coverage, matrix, pick):
    command.add_command(_part)


@command.command("list")
@redacted_option
@project_option
@json_option
def list_(redacted: bool, project_path: Path, as_json: bool) -> None:
    """List the cases with what is known of each.

    \b
    Example:
      evidence-mapper case list
    """
    from evidence_mapper.workflow.case_file import CaseReader
    from evidence_mapper.workflow.cases import list_cases

    with open_project(project_path) as project:
        reader = CaseReader(project)
        files = [reader.read(case) for case in list_cases(project)]
        if redacted:
            from evidence_mapper.workflow.redacted_cases import shown_file
            from evidence_mapper.workflow.redacted_view import RedactedView

            view = RedactedView(project)
            files = [shown_file(view, file) for file in files]
    if as_json:
        write_json([case_json(file, short=True) for file in files])
        return
    if not files:
        say("No cases yet. Group documents: evidence-mapper case group --by-folder FOLDER")
        return
    rows = [
        [
            file.case.id,
            str(len(file.documents)),
            str(len(file.passages)),
            file.last_date or "",
            file.facts["consent"].text or "?",
            file.facts["complaint"].text or "?",
            file.facts["services"].text,
        ]
        for file in files
    ]
    write_table(
        f"Cases ({len(files)})",
        ["Case", "Docs", "Passages", "Last entry", "Consent", "Complaint", "Services"],
        rows,
        right=(1, 2),
        footer="Consent, complaint and services as read in the papers or said by a person; ? not stated.",
    )


@command.command("show")
@click.argument("case")
@redacted_option
@project_option
@json_option
def show(case: str, redacted: bool, project_path: Path, as_json: bool) -> None:
    """Show one CASE: its documents with their roles, and what is known of it and from where.

    \b
    Example:
      evidence-mapper case show BK-40101
    """
    from evidence_mapper.workflow.case_file import CaseReader
    from evidence_mapper.workflow.cases import find_case

    with open_project(project_path) as project:
        file = CaseReader(project).read(find_case(project, case))
        if redacted:
            from evidence_mapper.workflow.redacted_cases import shown_file
            from evidence_mapper.workflow.redacted_view import RedactedView

            file = shown_file(RedactedView(project), file)
    if as_json:
        write_json(case_json(file))
        return
    for line in facts_lines(file):
        click.echo(line)
    rows = [
        [
            harmless(d.document.name) + (" (withdrawn)" if d.withdrawn else ""),
            d.role.value.replace("-", " "),
            f"set by {d.role_by}" if d.role_by else "guess",
            str(len(d.entries)),
            str(len(d.passages)),
        ]
        for d in file.documents
    ]
    write_table(
        f"Documents of {case_title(file.case.id, 'case')}",
        ["Document", "Role", "By", "Dated", "Passages"],
        rows,
        right=(3, 4),
        footer="Dated: entries with a date. A wrong role: evidence-mapper case role CASE DOCUMENT ROLE",
    )


@command.command("add")
@click.argument("case")
@click.argument("document")
@project_option
@coder_option
@json_option
def add(case: str, document: str, project_path: Path, coder: str, as_json: bool) -> None:
    """Put DOCUMENT into CASE by hand; the case is made when there is none of that name.

    \b
    Example:
      evidence-mapper case add BK-40101 letters/2025-03-01-from-gp.docx
    """
    from evidence_mapper.workflow.case_file import CaseReader
    from evidence_mapper.workflow.cases import add_document

    with open_project(project_path) as project:
        file = CaseReader(project).read(add_document(project, case, document, coder=coder))
    if as_json:
        write_json(case_json(file))
        return
    say(
        f"Case {file.case.id} has {plural(len(file.documents), 'document')}. "
        f"See: evidence-mapper case show {file.case.id}"
    )


@command.command("remove")
@click.argument("case")
@click.argument("document")
@project_option
@coder_option
def remove(case: str, document: str, project_path: Path, coder: str) -> None:
    """Take DOCUMENT out of CASE; the history keeps that it was in it.

    \b
    Example:
      evidence-mapper case remove BK-40101 letters/2025-03-01-from-gp.docx
    """
    from evidence_mapper.workflow.cases import remove_document

    with open_project(project_path) as project:
        remove_document(project, case, document, coder=coder)
    say(f"Taken out of case {harmless(case)}. Put it back: evidence-mapper case add")


@command.command("role")
@click.argument("case")
@click.argument("document")
@click.argument("role", type=click.Choice(_ROLES))
@project_option
@coder_option
def role(case: str, document: str, role: str, project_path: Path, coder: str) -> None:
    """Say what DOCUMENT is in CASE, in place of the guess.

    \b
    Example:
      evidence-mapper case role BK-40101 scans/form.pdf assessment
    """
    from evidence_mapper.workflow.cases import set_role

    with open_project(project_path) as project:
        set_role(project, case, document, Role(role), coder=coder)
    say(f"Recorded. See: evidence-mapper case show {harmless(case)}")


@command.command("set")
@click.argument("case")
@click.option("--consent", type=click.Choice(CONSENT), help="Whether agreement to case tracking is noted.")
@click.option("--complaint", type=click.Choice(COMPLAINT), help="Whether a complaint is open.")
@click.option(
    "--services", metavar="TEXT", help="With commas: home care, direct payment. Empty takes it back."
)
@click.option("--team", metavar="TEXT", help="Empty takes it back.")
@click.option("--age", metavar="YEARS", help="Empty takes it back.")
@project_option
@coder_option
@json_option
def set_(case: str, project_path: Path, coder: str, as_json: bool, **said: str | None) -> None:
    """Say of CASE what its papers do not, or say otherwise; your word goes before what is read.

    \b
    Examples:
      evidence-mapper case set BK-40107 --consent yes --complaint none
      evidence-mapper case set BK-40107 --services "care home, advocacy"
    """
    from evidence_mapper.workflow.case_file import CaseReader
    from evidence_mapper.workflow.cases import say as record

    values = {
        name: value.split(",") if name == "services" else [value]
        for name, value in said.items()
        if value is not None
    }
    with open_project(project_path) as project:
        file = CaseReader(project).read(record(project, case, values, coder=coder))
    if as_json:
        write_json(case_json(file))
        return
    for line in facts_lines(file):
        click.echo(line)
