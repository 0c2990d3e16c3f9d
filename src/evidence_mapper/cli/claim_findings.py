"""``evidence-mapper claim check``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evidence_mapper.cli.claim_text import wrapped
from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import json_option, project_option
from evidence_mapper.cli.output import harmless, write_json
from evidence_mapper.workflow.project import open_project

if TYPE_CHECKING:
    from evidence_mapper.workflow.claim_check import Finding

_KIND = 20
"""Characters of the column of kinds, with a space behind the longest."""
_INDENT = " " * (3 + _KIND)


@click.command("check")
@click.option(
    "--months",
    type=click.IntRange(1, 1200),
    default=24,
    show_default=True,
    help="Age from which evidence is old.",
)
@click.option("--statement", default=None, metavar="ID", help="Only claims made under this statement.")
@project_option
@json_option
def check(months: int, statement: str | None, project_path: Path, as_json: bool) -> None:
    """List what is missing or doubtful about each claim's evidence, with what to do next.

    No evidence; one evidence category only; only the council's own voice (nothing put under people's
    experience or feedback from partners, nor, without a category, from survey comments, focus groups,
    complaints or partner feedback); old or undated; contradicted by what a person linked against it, or
    perhaps by a confirmed concern on the same topic; documents replaced or withdrawn since.

    \b
    Example:
      evidence-mapper claim check --months 12
    """
    from evidence_mapper.workflow.claim_check import VOICE_RULE, check_claims
    from evidence_mapper.workflow.claims import list_claims

    with open_project(project_path) as project:
        claims = list_claims(project, statement=statement)
        findings = check_claims(project, months=months, claims=claims)
    if as_json:
        write_json(
            {
                "claims": len(claims),
                "months": months,
                "own_voice_rule": VOICE_RULE,
                "findings": [_json(f) for f in findings],
            }
        )
        return
    for line in _lines(findings):
        click.echo(harmless(line))
    touched = len({f.claim.id for f in findings})
    say(f"{len(claims)} claims checked: {len(findings)} findings on {touched} of them.")
    if findings:
        for line in wrapped(VOICE_RULE):
            say(line)
    elif claims:
        say("Next: evidence-mapper export claims.xlsx --format claims")
    else:
        say('No claims yet: evidence-mapper claim add "TEXT", or: evidence-mapper claim import FILE')


def _lines(findings: Sequence[Finding]) -> Iterator[str]:
    from evidence_mapper.workflow.claim_check import KIND_WORDS

    number = None
    for finding in findings:
        claim = finding.claim
        if claim.number != number:
            if number is not None:
                yield ""
            number = claim.number
            first, *more = wrapped(f"{number}. {claim.text}")
            yield from (first, *(f"   {line}" for line in more))
        first, *more = wrapped(finding.words, _INDENT)
        yield f"   {KIND_WORDS[finding.kind]:<{_KIND}}{first.removeprefix(_INDENT)}"
        yield from more
        yield f"{_INDENT}{finding.command}"


def _json(finding: Finding) -> dict[str, Any]:
    return {
        "claim": finding.claim.number,
        "claim_id": finding.claim.id,
        "text": finding.claim.text,
        "kind": finding.kind.value,
        "words": finding.words,
        "passages": list(finding.passages),
        "next": finding.command,
    }
