"""``evidence-mapper claim``."""

from __future__ import annotations

from pathlib import Path

import click

from evidence_mapper.cli.claim_draft import import_
from evidence_mapper.cli.claim_findings import check
from evidence_mapper.cli.claim_text import claim_json, claim_lines, full_json, write_claims
from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import coder_option, json_option, project_option
from evidence_mapper.cli.output import harmless, write_json
from evidence_mapper.workflow.claim_record import Claim
from evidence_mapper.workflow.project import open_project

_STATEMENTS = click.option(
    "--statement", "statements", multiple=True, metavar="ID", help="Statement it is made under; repeatable."
)
_PASSAGES = click.option(
    "--passage", "passages", multiple=True, metavar="PSG", help="Confirmed passage for it; repeatable."
)
_AGAINST = click.option(
    "--against", "against", multiple=True, metavar="PSG", help="Confirmed passage against it; repeatable."
)


@click.group("claim")
def command() -> None:
    """Keep claims: what the council says of itself, with the evidence for and against each.

    A claim is a sentence in your own words. Only passages that a person confirmed can be linked to it,
    and a person links them: whether one supports or contradicts a claim is never decided by the program.

    \b
    Examples:
      evidence-mapper claim add "Carers wait less than four weeks." --statement assessing-needs
      evidence-mapper claim import draft-self-assessment.docx
      evidence-mapper claim show 1 --candidates
      evidence-mapper claim check
      evidence-mapper export claims.xlsx --format claims
    """


command.add_command(check)
command.add_command(import_)


@command.command("add")
@click.argument("text")
@_STATEMENTS
@_PASSAGES
@_AGAINST
@project_option
@coder_option
@json_option
def add(
    text: str,
    statements: tuple[str, ...],
    passages: tuple[str, ...],
    against: tuple[str, ...],
    project_path: Path,
    coder: str,
    as_json: bool,
) -> None:
    """Write a claim: TEXT, in your own words.

    \b
    Example:
      evidence-mapper claim add "Carers wait less than four weeks for an assessment." \\
        --statement assessing-needs --passage psg-0123456789abcdef
    """
    from evidence_mapper.workflow.claims import add_claim

    with open_project(project_path) as project:
        claim = add_claim(
            project, text, coder=coder, statements=statements, passages=passages, against=against
        )
    _tell(claim, "Wrote", as_json=as_json)


@command.command("list")
@click.option("--statement", default=None, metavar="ID", help="Only claims made under this statement.")
@click.option("--withdrawn", is_flag=True, help="Also those withdrawn.")
@project_option
@json_option
def list_(statement: str | None, withdrawn: bool, project_path: Path, as_json: bool) -> None:
    """List the claims, with what is missing from their evidence.

    \b
    Example:
      evidence-mapper claim list --statement assessing-needs
    """
    from evidence_mapper.workflow.claim_check import check_claims
    from evidence_mapper.workflow.claims import list_claims

    with open_project(project_path) as project:
        claims = list_claims(project, statement=statement, withdrawn=withdrawn)
        if as_json:
            write_json([claim_json(claim) for claim in claims])
            return
        findings = check_claims(project, claims=claims)
    if claims:
        write_claims(claims, findings)
        say("Next: evidence-mapper claim show N --candidates, or evidence-mapper claim check")
    elif statement is not None:
        say(f"No claim is made under {statement}. See all: evidence-mapper claim list")
    else:
        say('No claims. Write one: evidence-mapper claim add "TEXT", or: evidence-mapper claim import FILE')


@command.command("show")
@click.argument("claim_name", metavar="N")
@click.option("--candidates", "wanted", is_flag=True, help="Also passages of the project that bear on it.")
@click.option("--limit", type=click.IntRange(1, 50), default=5, show_default=True, help="Candidates to show.")
@project_option
@json_option
def show(claim_name: str, wanted: bool, limit: int, project_path: Path, as_json: bool) -> None:
    """Show claim N with its evidence, for and against; with --candidates what might be linked next.

    Candidates are found by words and by meaning. Each shows its polarity as a person coded it, or as
    suggested where nobody has: read it, then link it as evidence for the claim or against it.

    \b
    Example:
      evidence-mapper claim show 1 --candidates
    """
    from evidence_mapper.workflow.claim_evidence import Evidence, candidates
    from evidence_mapper.workflow.claims import find_claim

    with open_project(project_path) as project:
        claim, evidence = find_claim(project, claim_name), Evidence.read(project)
        found = candidates(project, claim, limit=limit, evidence=evidence) if wanted else None
        linked = evidence.linked(claim)
        if as_json:
            write_json(full_json(claim, linked, found))
            return
        for line in claim_lines(project, claim, linked, found):
            click.echo(harmless(line))


@command.command("link")
@click.argument("claim_name", metavar="N")
@_PASSAGES
@_AGAINST
@project_option
@coder_option
@json_option
def link(
    claim_name: str,
    passages: tuple[str, ...],
    against: tuple[str, ...],
    project_path: Path,
    coder: str,
    as_json: bool,
) -> None:
    """Link confirmed passages to claim N; one that was linked the other way changes sides.

    \b
    Example:
      evidence-mapper claim link 1 --passage psg-0123456789abcdef --against psg-fedcba9876543210
    """
    from evidence_mapper.workflow.claims import link_claim

    with open_project(project_path) as project:
        claim = link_claim(project, claim_name, coder=coder, passages=passages, against=against)
    _tell(claim, "Linked", as_json=as_json)


@command.command("unlink")
@click.argument("claim_name", metavar="N")
@click.argument("passages", metavar="PSG...", nargs=-1, required=True)
@project_option
@coder_option
@json_option
def unlink(claim_name: str, passages: tuple[str, ...], project_path: Path, coder: str, as_json: bool) -> None:
    """Take passages off claim N.

    \b
    Example:
      evidence-mapper claim unlink 1 psg-0123456789abcdef
    """
    from evidence_mapper.workflow.claims import unlink_claim

    with open_project(project_path) as project:
        claim = unlink_claim(project, claim_name, passages, coder=coder)
    _tell(claim, "Unlinked", as_json=as_json)


@command.command("edit")
@click.argument("claim_name", metavar="N")
@click.argument("text", required=False)
@_STATEMENTS
@click.option("--no-statement", is_flag=True, help="Made under no statement any more.")
@project_option
@coder_option
@json_option
def edit(
    claim_name: str,
    text: str | None,
    statements: tuple[str, ...],
    no_statement: bool,
    project_path: Path,
    coder: str,
    as_json: bool,
) -> None:
    """Give claim N new words, or other statements; the record keeps what they were.

    \b
    Examples:
      evidence-mapper claim edit 1 "Most carers wait less than four weeks."
      evidence-mapper claim edit 1 --statement assessing-needs --statement equity
    """
    from evidence_mapper.workflow.claims import edit_claim

    if no_statement and statements:
        raise click.UsageError("--statement and --no-statement say opposite things: give one of them")
    new = () if no_statement else (statements or None)
    with open_project(project_path) as project:
        claim = edit_claim(project, claim_name, coder=coder, text=text, statements=new)
    _tell(claim, "Changed", as_json=as_json)


@command.command("withdraw")
@click.argument("claim_name", metavar="N")
@project_option
@coder_option
@json_option
def withdraw(claim_name: str, project_path: Path, coder: str, as_json: bool) -> None:
    """Withdraw claim N: it is kept, with its evidence, and checked no more.

    \b
    Example:
      evidence-mapper claim withdraw 1
    """
    from evidence_mapper.workflow.claims import withdraw_claim

    with open_project(project_path) as project:
        claim = withdraw_claim(project, claim_name, coder=coder)
    _tell(claim, "Withdrew", as_json=as_json)


@command.command("restore")
@click.argument("claim_name", metavar="N")
@project_option
@coder_option
@json_option
def restore(claim_name: str, project_path: Path, coder: str, as_json: bool) -> None:
    """Make withdrawn claim N again, with the evidence it had.

    \b
    Example:
      evidence-mapper claim restore 1
    """
    from evidence_mapper.workflow.claims import restore_claim

    with open_project(project_path) as project:
        claim = restore_claim(project, claim_name, coder=coder)
    _tell(claim, "Restored", as_json=as_json)


def _tell(claim: Claim, done: str, *, as_json: bool) -> None:
    if as_json:
        write_json(claim_json(claim))
        return
    say(harmless(f"{done} claim {claim.number}: {claim.text}"))
    count = f"{len(claim.passages)} for, {len(claim.against)} against"
    under = ", ".join(claim.statements) or "no statement"
    say(f"Evidence: {count}. Made under: {under}.")
    if not claim.is_open:
        say(f"Next: evidence-mapper claim restore {claim.number}, or evidence-mapper claim list")
    elif claim.passages:
        say("Next: evidence-mapper claim check")
    else:
        say(f"Next: evidence-mapper claim show {claim.number} --candidates")
