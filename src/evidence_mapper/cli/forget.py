"""``evidence-mapper forget``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from evidence_mapper.cli.diagnostics import ExitCode, say
from evidence_mapper.cli.options import coder_option, json_option, project_option
from evidence_mapper.cli.output import harmless, write_json
from evidence_mapper.domain.wording import counted
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.project import open_project

if TYPE_CHECKING:
    from evidence_mapper.workflow.forgetting import Forgotten, ToForget

_WORDS = {
    "documents": "documents",
    "versions": "versions read",
    "passages": "passages, with their place in the search index",
    "suggestions": "passages with suggestions",
    "decisions": "decisions, with their notes",
    "entries": "other entries of the history",
    "entries_in_part": "entries that name it beside other things: its names and words only",
    "copies": "other names it was met under",
    "vectors": "vectors",
}


@click.command("forget")
@click.argument("name", metavar="DOCUMENT|CASE|FOLDER/")
@project_option
@coder_option
@click.option("--reason", default=None, help="Why. It stays in the history: name nobody in it.")
@click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--wipe-copies", is_flag=True, help="Also wipe copies of the project in the same folder.")
@json_option
def command(
    name: str,
    project_path: Path,
    coder: str,
    reason: str | None,
    dry_run: bool,
    yes: bool,
    wipe_copies: bool,
    as_json: bool,
) -> int:
    """Erase every trace of a document from the project: its text, suggestions, decisions and history.

    A tombstone stays: who, when, why and how much, without a name. It cannot be undone. What lies inside
    a document (attachments, members of an archive) goes with it. Files outside the project stay: the
    paper itself, exports, and copies of the project, which are named.

    \b
    Examples:
      evidence-mapper forget "cases/Case 14/assessment.docx" --dry-run
      evidence-mapper forget "cases/Case 14/" --reason "erasure request 2026-031"
    """
    from evidence_mapper.workflow.copies_beside import copies_beside
    from evidence_mapper.workflow.copies_beside import wipe_copies as wipe
    from evidence_mapper.workflow.forgetting import forget, what_to_forget

    with open_project(project_path) as project:
        wanted = what_to_forget(project, name)
        trial = forget(project, wanted, coder=coder, reason=reason or "trial", trial=True)
        if not as_json:
            _tell(wanted, trial)
        if dry_run:
            found = trial
        else:
            if not yes:
                click.confirm("Erase all of it for good?", abort=True, err=True)
            reason = reason or _why()
            say("Erasing, and writing the file anew; a large project takes up to half a minute.")
            found = forget(project, wanted, coder=coder, reason=reason)
    copies = copies_beside(project_path)
    if not dry_run and copies and (wipe_copies or (not yes and _agreed(copies))):
        wipe(copies)
        copies = []
    if as_json:
        write_json(
            {
                "trial": dry_run,
                "tombstone": None if dry_run else found.forgetting.sequence,
                "counts": dict(found.forgetting.counts),
                "audit_forms_left": [{"case": case, "forms": forms} for case, forms in wanted.audited],
                "wiped": found.wiped,
                "copies": [str(c) for c in copies],
            }
        )
    _say_audited(wanted)
    return _end(found, copies, dry_run)


def _say_audited(wanted: ToForget) -> None:
    """Name the audit forms that stay, and the command that erases them."""
    for case, forms in wanted.audited:
        held = f"{counted(forms, 'audit form')} on case {case}, with the auditor's comments"
        say(
            harmless(f"Not erased: {held}. See what would go with: evidence-mapper forget '{case}' --dry-run")
        )


def _tell(wanted: ToForget, trial: Forgotten) -> None:
    for document in wanted.documents:
        say(harmless(f"  {document.name}"))
    for case in wanted.cases:
        beside = (
            "of which nothing else is here"
            if wanted.documents
            else "its audit forms and what was said of them"
        )
        say(harmless(f"  case {case}, {beside}"))
    for key, words in _WORDS.items():
        if count := trial.forgetting.counts[key]:
            say(f"  {words}: {count:,}")


def _agreed(copies: list[Path]) -> bool:
    for copy in copies:
        say(f"  {copy}")
    return click.confirm("These copies of the project still hold it. Wipe them as well?", err=True)


def _end(found: Forgotten, copies: list[Path], dry_run: bool) -> int:
    if dry_run:
        say("Nothing was changed. Run it again without --dry-run to erase.")
        return ExitCode.DONE
    say(f"Forgotten: entry {found.forgetting.sequence} of the history says so, without names.")
    if found.heads:
        say("Heads learned before hold numbers, no words; learn anew without it: evidence-mapper train")
    for copy in copies:
        say(f"Still holds it: {copy}; wipe it with --wipe-copies, or remove it yourself.")
    say("The papers themselves, exports and backups elsewhere are as they were: see docs/data-protection.md.")
    if not found.wiped:
        say(
            "Another program has the project open: what was erased may still lie in the file until it is "
            "closed. Then run: evidence-mapper db verify"
        )
        return ExitCode.FAILURES
    return ExitCode.DONE


def _why() -> str:
    try:
        return str(click.prompt("Why (name nobody; it stays in the history)", err=True))
    except click.Abort as stopped:
        raise UsageError(
            'nothing was erased: say why, such as --reason "erasure request 2026-031"'
        ) from stopped
