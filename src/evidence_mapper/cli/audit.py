"""``evidence-mapper audit``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import coder_option, json_option, project_option, redacted_option
from evidence_mapper.cli.output import harmless, write_json
from evidence_mapper.cli.progress import bar
from evidence_mapper.workflow.project import open_project

if TYPE_CHECKING:
    from evidence_mapper.workflow.audit_check import AuditCheck
    from evidence_mapper.workflow.audit_moderate import Moderated
    from evidence_mapper.workflow.audit_record import AuditImport

_KINDS = (
    "good-without-record",
    "poor-with-evidence",
    "comment-against-grade",
    "copied-comment",
    "no-record",
)
_UNREAD = 10


@click.group("audit")
def command() -> None:
    """Read case audits, set them against the records, and list what a moderator should look at.

    Findings are suggestions to look, not verdicts on an auditor or a worker; no grade is proposed or changed.

    \b
    Examples:
      evidence-mapper add papers
      evidence-mapper audit import case-audits.xlsx
      evidence-mapper audit check
      evidence-mapper audit answer 3 --agree --note "asked the auditor"
      evidence-mapper audit figures
    """


@command.command("map")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--generic", is_flag=True, help="Show the mapping that comes with the program instead.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), default=None, help="Write to this file."
)
@click.option("--force", is_flag=True, help="Replace the --out file if it exists.")
@project_option
def map_(file: Path | None, generic: bool, out: Path | None, force: bool, project_path: Path) -> None:
    """Propose a mapping for the audit form FILE: what each question bears on, and how its grades read.

    FILE is a filled-in form or list (.xlsx, .csv, .docx). Codes are the classifier's proposal with how sure
    it is; look every line through before you import with it.

    \b
    Examples:
      evidence-mapper audit map case-audits.xlsx --out our-form.toml
      evidence-mapper audit map --generic
    """
    from evidence_mapper.workflow.audit_mapping import GENERIC, load_mapping, mapping_text
    from evidence_mapper.workflow.audit_propose import propose

    if generic == (file is not None):
        raise click.UsageError("name a FILE, or give --generic: one of the two")
    if out is not None and out.exists() and not force:
        raise click.UsageError(f"{out} exists; --force replaces it")
    with open_project(project_path) as project:
        if file is None:
            text = mapping_text(load_mapping(GENERIC, project.framework), project.framework)
        else:
            found = propose(project, file)
            text = mapping_text(found.mapping, project.framework, found.notes)
            if found.unmapped:
                say(f"No code was proposed for {', '.join(found.unmapped)}: add topics, statements or words.")
            for grade in found.unknown_grades:
                say(f"The grade '{harmless(grade)}' is in no scale known: add it under a [[grade]].")
    if out is None:
        click.echo(text)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"{out} cannot be written: {error.strerror or error}") from error
    say(f"Wrote {out}. Look it through, then: evidence-mapper audit import FILE --mapping {out}")


@command.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--mapping",
    default="generic",
    show_default=True,
    metavar="FILE",
    help="Mapping file, or generic for the one that comes with the program.",
)
@project_option
@coder_option
@json_option
def import_(files: tuple[Path, ...], mapping: str, project_path: Path, coder: str, as_json: bool) -> None:
    """Bring in audit forms from FILES (.xlsx, .csv, .docx): a row a case, a row an answer, or a form.

    Each answer is kept with its sheet, row and column. Bringing a file in again doubles nothing; an answer
    that changed takes the place of the earlier one, and the record keeps both.

    \b
    Examples:
      evidence-mapper audit import case-audits.xlsx
      evidence-mapper audit import audits/*.docx --mapping our-form.toml
    """
    from evidence_mapper.workflow.audit_mapping import load_mapping
    from evidence_mapper.workflow.audit_record import import_audits

    done: dict[str, AuditImport] = {}
    with open_project(project_path) as project:
        chosen = load_mapping(mapping, project.framework)
        for file in files:
            done[str(file)] = import_audits(project, file, chosen, coder=coder)
    if as_json:
        write_json([{"file": name, **_import_json(report)} for name, report in done.items()])
    else:
        for name, report in done.items():
            say(
                f"{harmless(name)}: {report.new} forms new, {report.changed} changed, "
                f"{report.same} as before; {report.answers} answers."
            )
            _say_unread(report)
    say("Next: evidence-mapper audit check")
    if any(report.missing for report in done.values()):
        sys.exit(1)


def _say_unread(report: AuditImport) -> None:
    for line in report.unread[:_UNREAD]:
        say(f"  not read: {harmless(line)}")
    if len(report.unread) > _UNREAD:
        say(f"  and {len(report.unread) - _UNREAD} more; --json gives all")
    if report.missing:
        say(f"  no form answers {', '.join(report.missing)}: is the question worded as in the mapping?")


def _import_json(report: AuditImport) -> dict[str, object]:
    return {
        "new": report.new,
        "changed": report.changed,
        "same": report.same,
        "answers": report.answers,
        "unread": list(report.unread),
        "missing": list(report.missing),
    }


@command.command("check")
@click.option("--kind", type=click.Choice(_KINDS), multiple=True, help="Only findings of this kind.")
@click.option("--open", "only_open", is_flag=True, help="Only findings no moderator has answered.")
@click.option("--quotes", is_flag=True, help="Show every quote with its source.")
@click.option(
    "--xlsx",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write them to this workbook too, with names replaced.",
)
@click.option(
    "--identifiable", is_flag=True, help="With --xlsx: leave names as they are; the history says so."
)
@redacted_option
@project_option
@coder_option
@json_option
def check(
    kind: tuple[str, ...],
    only_open: bool,
    quotes: bool,
    xlsx: Path | None,
    redacted: bool,
    project_path: Path,
    as_json: bool,
    **released: Any,  # noqa: ANN401 - a name and a flag, handed on as they are
) -> None:
    """List where grade, comment and record disagree, for a moderator to look at.

    Graded good with nothing in the case's record; graded low though the record has it; a comment that
    reads the other way than its grade; the same comment on several cases. A case's record is the documents
    grouped into it, and those with its id in their path.

    \b
    Examples:
      evidence-mapper audit check
      evidence-mapper audit check --kind copied-comment --quotes
      evidence-mapper audit check --quotes --redacted
      evidence-mapper audit check --open --xlsx moderation.xlsx
      evidence-mapper audit check --xlsx moderation.xlsx --identifiable
    """
    from evidence_mapper.cli.audit_tables import write_findings_table
    from evidence_mapper.workflow.audit_check import check_audits
    from evidence_mapper.workflow.audit_moderate import moderated
    from evidence_mapper.workflow.redacted_audit import shown_check, shown_findings, write_shown_findings
    from evidence_mapper.workflow.redacted_view import RedactedView

    if released["identifiable"] and xlsx is None:
        raise click.UsageError("--identifiable goes with --xlsx FILE: the screen shows names as they are")

    with open_project(project_path) as project:
        with bar("Comparing") as progress:
            found = check_audits(project, progress=progress)
        rows = [
            row
            for row in moderated(project, found)
            if (not kind or row.finding.kind.value in kind) and not (only_open and row.answer)
        ]
        if xlsx is not None:
            for line in write_shown_findings(project, xlsx, rows, found, **released):
                say(line)
        if redacted:
            view = RedactedView(project)
            rows, found = shown_findings(view, rows), shown_check(view, found)
    if as_json:
        write_json(_check_json(found, rows))
        return
    write_findings_table(rows, found, quotes=quotes)
    if found.unsuggested:
        say(
            f"{found.unsuggested} passages have no suggestion yet: evidence-mapper suggest, then check again."
        )
    say("Findings are suggestions to look. Next: evidence-mapper audit answer N --agree|--disagree")


def _check_json(found: AuditCheck, rows: Sequence[Moderated]) -> dict[str, object]:
    from evidence_mapper.cli.audit_tables import finding_json

    return {
        "forms": found.forms,
        "answers": found.answers,
        "cases": found.cases,
        "without_record": list(found.without_record),
        "unsuggested": found.unsuggested,
        "findings": [finding_json(row) for row in rows],
    }


@command.command("answer")
@click.argument("finding")
@click.option("--agree/--disagree", "agree", default=None, help="Whether something is amiss, in your view.")
@click.option("--note", default=None, help="Why, in your words.")
@project_option
@coder_option
@json_option
def answer(
    finding: str, agree: bool | None, note: str | None, project_path: Path, coder: str, as_json: bool
) -> None:
    """Record what you as moderator say of FINDING: its number in `audit check`, or its id.

    A later answer takes the place of an earlier one; the record keeps both.

    \b
    Example:
      evidence-mapper audit answer 3 --disagree --note "the plan is in the paper file"
    """
    from evidence_mapper.workflow.audit_moderate import answer_finding

    if agree is None:
        raise click.UsageError("say --agree (something is amiss) or --disagree (nothing is)")
    with open_project(project_path) as project:
        found, said = answer_finding(project, finding, agree=agree, note=note, coder=coder)
    if as_json:
        write_json({"finding": found.id, "agree": agree, "note": note, "coder": said.coder, "at": said.at})
        return
    what = f"{found.kind.value} on {found.case}" + (f", {found.question}" if found.question else "")
    say(f"{'Agreed' if agree else 'Disagreed'}: {harmless(what)}. Recorded under {harmless(coder)}.")


@command.command("sample")
@click.option("--size", type=click.IntRange(1), default=20, show_default=True, help="How many answers.")
@click.option(
    "--strata",
    default="auditor,question",
    show_default=True,
    help="Of auditor, question, team and reading, with commas; empty for none.",
)
@click.option("--seed", type=int, default=None, help="To draw the same again.  [default: at random]")
@redacted_option
@project_option
@coder_option
@json_option
def sample(
    size: int,
    strata: str,
    seed: int | None,
    redacted: bool,
    project_path: Path,
    coder: str,
    as_json: bool,
) -> None:
    """Draw graded answers at random, as evenly over strata as can be, for moderation; the seed is kept.

    \b
    Examples:
      evidence-mapper audit sample --strata auditor,question --size 20 --seed 7
      evidence-mapper audit sample --seed 7 --redacted
    """
    from evidence_mapper.cli.audit_tables import sample_json, write_sample_table
    from evidence_mapper.workflow.audit_sample import draw_audit_sample
    from evidence_mapper.workflow.redacted_audit import shown_sample
    from evidence_mapper.workflow.redacted_view import RedactedView

    names = [name.strip() for name in strata.split(",") if name.strip()]
    with open_project(project_path) as project:
        drawn = draw_audit_sample(project, size, names, coder=coder, seed=seed)
        if redacted:
            drawn = shown_sample(RedactedView(project), drawn)
    if as_json:
        write_json(sample_json(drawn))
        return
    write_sample_table(drawn)


@command.command("figures")
@redacted_option
@project_option
@json_option
def figures(redacted: bool, project_path: Path, as_json: bool) -> None:
    """Show how each auditor grades, whether that moves over time, and whether two auditors agree.

    \b
    Examples:
      evidence-mapper audit figures
      evidence-mapper audit figures --redacted
    """
    from evidence_mapper.cli.audit_tables import figures_json, write_figures_tables
    from evidence_mapper.workflow.audit_figures import audit_figures
    from evidence_mapper.workflow.audit_record import kept_mapping
    from evidence_mapper.workflow.redacted_audit import shown_figures
    from evidence_mapper.workflow.redacted_view import RedactedView

    with open_project(project_path) as project:
        found, mapping = audit_figures(project), kept_mapping(project)
        if redacted:
            found = shown_figures(RedactedView(project), found)
    if as_json:
        write_json(figures_json(found))
        return
    write_figures_tables(found, mapping)
