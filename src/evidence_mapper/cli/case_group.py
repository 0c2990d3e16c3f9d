"""``evidence-mapper case group``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from evidence_mapper.cli.case_text import plural
from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import coder_option, json_option, project_option
from evidence_mapper.cli.output import harmless, write_json
from evidence_mapper.workflow.project import Project, open_project

if TYPE_CHECKING:
    from evidence_mapper.domain.case import Member
    from evidence_mapper.workflow.cases import Grouped

_SHOWN = 10
"""Documents named one by one on stderr."""


@click.command("group")
@click.option("--by-folder", metavar="FOLDER", help="Each folder inside FOLDER is a case.")
@click.option(
    "--pattern", metavar="REGEX", help="Finds the case in documents' names, in a group (?P<case>...)."
)
@click.option(
    "--by-column", metavar="HEADER", help="A column of a table names the case of each row's comments."
)
@click.option("--document", default=None, help="With --by-column: only this document.")
@click.option("--dry-run", is_flag=True, help="Say what would be grouped; record nothing.")
@project_option
@coder_option
@json_option
def group(project_path: Path, coder: str, dry_run: bool, as_json: bool, **how: str | None) -> None:
    """Group documents into cases by one rule; what is in a case already stays where it is.

    \b
    Examples:
      evidence-mapper case group --by-folder case-records
      evidence-mapper case group --pattern "(?P<case>BK-[0-9]+)" --dry-run
      evidence-mapper case group --by-column "Case number" --document surveys/review-survey.xlsx
    """
    from evidence_mapper.workflow.cases import group as record

    rules = [name for name in ("by_folder", "pattern", "by_column") if how[name]]
    if len(rules) != 1:
        raise click.UsageError("name one rule: --by-folder FOLDER, --pattern REGEX or --by-column HEADER")
    if how["document"] and rules != ["by_column"]:
        raise click.UsageError("--document goes with --by-column")
    with open_project(project_path) as project:
        wanted = _wanted(project, rules[0], str(how[rules[0]]), how["document"])
        done = record(project, wanted, coder=coder, trial=dry_run)
    if as_json:
        write_json(_json(done, dry_run=dry_run))
        return
    _tell(done, len(wanted), dry_run=dry_run)


def _wanted(project: Project, rule: str, value: str, document: str | None) -> dict[str, list[Member]]:
    from evidence_mapper.workflow.cases import by_column, by_folder, by_pattern

    if rule == "by_folder":
        return by_folder(project, value)
    return by_pattern(project, value) if rule == "pattern" else by_column(project, value, document)


def _tell(done: Grouped, cases: int, *, dry_run: bool) -> None:
    count = sum(len({m.document_id for m in members}) for members in done.added.values())
    would = "would be put" if dry_run else "put"
    if done.added:
        say(f"{plural(count, 'document')} {would} into {plural(len(done.added), 'case')}.")
    else:
        say(f"Nothing new: what the rule finds for {cases} cases is grouped already.")
    for name, there, wanted in done.elsewhere[:_SHOWN]:
        say(f"  left in case {there}, not moved to {wanted}: {harmless(name)}")
    if len(done.elsewhere) > _SHOWN:
        say(f"  and {len(done.elsewhere) - _SHOWN} more")
    if done.unmatched:
        say(f"Not in any case by this rule: {plural(done.unmatched, 'document')}.")
    say("Nothing was recorded." if dry_run else "Next: evidence-mapper case list")


def _json(done: Grouped, *, dry_run: bool) -> dict[str, object]:
    return {
        "recorded": not dry_run,
        "added": {case: [m.document_id for m in members] for case, members in done.added.items()},
        "already": done.already,
        "elsewhere": [{"document": d, "case": c, "not_moved_to": w} for d, c, w in done.elsewhere],
        "unmatched": done.unmatched,
    }
