"""``evidence-mapper claim import``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evidence_mapper.cli.claim_text import candidate_json, candidate_words, claim_json, wrapped
from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import coder_option, json_option, project_option
from evidence_mapper.cli.output import harmless, write_json
from evidence_mapper.cli.progress import bar
from evidence_mapper.domain.wording import counted
from evidence_mapper.workflow.project import Project, open_project

if TYPE_CHECKING:
    from evidence_mapper.workflow.claim_evidence import Candidate
    from evidence_mapper.workflow.claim_import import ImportReport

    Proposed = Mapping[str, Sequence[Candidate]]

_EXCERPT = 96


@click.command("import")
@click.argument("draft", type=click.Path(path_type=Path))
@click.option("--column", default=None, metavar="NAME", help="Of a table: the column that holds the claims.")
@click.option("--tables", is_flag=True, help="Of other documents: also take each table row as a claim.")
@click.option(
    "--changed",
    type=click.Choice(["list", "take", "new"]),
    default="list",
    show_default=True,
    help="Sentences the draft now says in other words: list them; let the claim take the new words and "
    "keep its evidence; or make claims of their own of them.",
)
@click.option(
    "--candidates",
    "limit",
    type=click.IntRange(0, 20),
    default=3,
    show_default=True,
    help="Passages to show with each new claim.",
)
@project_option
@coder_option
@json_option
def import_(
    draft: Path,
    column: str | None,
    tables: bool,
    changed: str,
    limit: int,
    project_path: Path,
    coder: str,
    as_json: bool,
) -> None:
    """Make claims of the sentences of a DRAFT self-assessment: DOCX, XLSX, CSV, Markdown and others.

    A heading that names a statement gives the statement; elsewhere it is suggested, and yours to confirm.
    The draft is not added to the documents. Import a newer draft over it: a sentence that is a claim
    already stays that claim, with its evidence; changed and dropped ones are listed, and none is lost.

    \b
    Examples:
      evidence-mapper claim import draft-self-assessment.docx
      evidence-mapper claim import claims.xlsx --column "What we say"
    """
    from evidence_mapper.workflow.claim_import import Changed, import_claims

    with open_project(project_path) as project:
        with bar("Suggesting") as progress:
            report = import_claims(
                project,
                draft,
                coder=coder,
                column=column,
                tables=tables,
                changed=Changed(changed),
                progress=progress,
            )
        proposed = _proposed(project, report, limit)
    if as_json:
        write_json(_json(report, proposed))
        return
    for line in _lines(report, proposed):
        click.echo(harmless(line))
    _say(report)


def _proposed(project: Project, report: ImportReport, limit: int) -> dict[str, list[Candidate]]:
    from evidence_mapper.workflow.claim_evidence import Evidence, candidates

    if not limit or not report.added:
        return {}
    evidence = Evidence.read(project)
    found = {}
    with bar("Searching") as progress:
        for done, claim in enumerate(report.added, start=1):
            found[claim.id] = candidates(project, claim, limit=limit, evidence=evidence)
            progress(done, len(report.added), claim.text)
    return found


def _lines(report: ImportReport, proposed: Proposed) -> Iterator[str]:
    for claim in report.added:
        first, *more = wrapped(f"{claim.number}. {claim.text}")
        yield from (first, *(f"   {line}" for line in more))
        suggested = claim.origin.suggested if claim.origin else ()
        if claim.statements:
            yield f"   under {', '.join(claim.statements)}, as the draft says"
        elif suggested:
            yield f"   suggested, not confirmed: {', '.join(s for s, _ in suggested)}"
        else:
            yield "   no statement named or suggested"
        for candidate in proposed.get(claim.id, ()):
            yield f"   ? {candidate.passage.id}  {candidate_words(candidate)}"
            yield f"     {_excerpt(candidate.passage.text)}"
    for pair in report.changed:
        yield f"changed: claim {pair.claim.number}"
        yield from wrapped(f"claim: {pair.claim.text}", "   ")
        yield from wrapped(f"draft: {pair.sentence.text}", "   ")
    for claim in report.gone:
        yield f"no longer in the draft: claim {claim.number}"
        yield from wrapped(claim.text, "   ")


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _EXCERPT else line[: _EXCERPT - 1] + "…"


def _say(report: ImportReport) -> None:
    counts = f"{counted(len(report.added), 'new claim')}, {len(report.known)} known already"
    say(f"{report.draft.name}: {counts}, {len(report.changed)} changed, {len(report.gone)} no longer there.")
    withdrawn = [str(claim.number) for claim in report.known if not claim.is_open]
    if withdrawn:
        say(f"Said again, but withdrawn here: {', '.join(withdrawn)}; evidence-mapper claim restore N")
    for reason, count in sorted(Counter(reason for reason, _ in report.draft.left_out).items()):
        say(f"Left out: {counted(count, 'piece')}, {reason}")
    if report.note:
        say(report.note)
    pending = [pair for pair in report.changed if pair.claim.text != pair.sentence.text]
    if pending:
        say(
            "Changed sentences: run it again with --changed take, or --changed new; nothing was done to them."
        )
    if report.gone:
        say("Dropped sentences stay claims until you withdraw them: evidence-mapper claim withdraw N")
    if report.added or report.known:
        say("Next: evidence-mapper claim show N --candidates; or evidence-mapper review, then l: claims")


def _json(report: ImportReport, proposed: Proposed) -> dict[str, Any]:
    return {
        "file": report.draft.name,
        "file_sha256": report.draft.sha256,
        "added": [
            claim_json(c) | {"candidates": [candidate_json(p) for p in proposed.get(c.id, ())]}
            for c in report.added
        ],
        "known": [claim_json(c) for c in report.known],
        "changed": [
            {
                "claim": pair.claim.number,
                "text": pair.claim.text,
                "draft": pair.sentence.text,
                "similarity": pair.similarity,
                "location": pair.sentence.places[0].location.to_json(),
            }
            for pair in report.changed
        ],
        "gone": [c.number for c in report.gone],
        "left_out": [{"reason": reason, "text": text} for reason, text in report.draft.left_out],
        "note": report.note,
    }
