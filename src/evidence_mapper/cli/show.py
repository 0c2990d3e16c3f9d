"""``evidence-mapper show``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import coder_option, json_option, project_option
from evidence_mapper.cli.output import harmless, write_json
from evidence_mapper.domain.project import CoderDecision, PassageCard
from evidence_mapper.domain.version import Twin
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.project import Project, open_project
from evidence_mapper.workflow.review import ReviewSession

if TYPE_CHECKING:
    from evidence_mapper.workflow.why import Why

_MOST_TWINS: Final = 20


@click.command("show")
@click.argument("passage_id")
@project_option
@coder_option
@click.option("--why", "with_why", is_flag=True, help="Also the words that carry each suggestion.")
@click.option(
    "--page",
    "picture",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    metavar="FILE.png",
    help="Also draw the page of a PDF or picture, with the passage outlined.",
)
@click.option("--redacted", is_flag=True, help="With names replaced, where it tells a person's own story.")
@click.option(
    "--identifiable",
    is_flag=True,
    help="With --page: draw it though names of a person's own story are on it; the history says so.",
)
@json_option
def command(
    passage_id: str,
    project_path: Path,
    coder: str,
    with_why: bool,
    picture: Path | None,
    redacted: bool,
    identifiable: bool,
    as_json: bool,
) -> None:
    """Show one passage with its source, suggestion and decisions.

    \b
    Examples:
      evidence-mapper show psg-0123456789abcdef --why
      evidence-mapper show psg-0123456789abcdef --redacted
      evidence-mapper show psg-0123456789abcdef --page page.png
    """
    if redacted and picture is not None:
        raise UsageError("a picture of the page shows names as they are: leave out --page or --redacted")
    with open_project(project_path) as project:
        session = _session(project, coder, redacted=redacted)
        card = session.card(passage_id)
        twins = session.twins(passage_id)
        reasons = _reasons(project, session, passage_id) if with_why else []
        if picture is not None:
            _draw(project, passage_id, picture, coder if identifiable else None)
    if as_json:
        from evidence_mapper.workflow.why import to_json as why_json

        same = [{"passage_id": t.passage_id, "document": t.document_name} for t in twins]
        write_json(
            {**_json(card), "twins": same, **({"why": [why_json(w) for w in reasons]} if with_why else {})}
        )
        return
    for line in [*_lines(card), *_twin_lines(twins), *_why_lines(card, reasons)]:
        click.echo(harmless(line))


def _draw(project: Project, passage_id: str, target: Path, released_by: str | None) -> None:
    from evidence_mapper.workflow.page_picture import write_page_picture
    from evidence_mapper.workflow.released import record_names
    from evidence_mapper.workflow.stories import Stories

    document = project.store.document(project.store.passage(passage_id).document_id)
    story = Stories(project.store).is_story(document)
    if story and released_by is None:
        raise UsageError(
            "this page tells a person's own story, and a picture of it shows names as they are: "
            "--identifiable draws it, and the history says so"
        )
    passage = write_page_picture(project, passage_id, target)
    if story and released_by is not None:
        record_names(project, target, released_by, 1)
    last = passage.location.page_end
    more = f"; the passage goes on to page {last}" if last else ""
    say(f"Drew page {passage.location.page} with the passage outlined: {target}{more}.")


def _session(project: Project, coder: str, *, redacted: bool) -> ReviewSession:
    if not redacted:
        return ReviewSession(project.store, project.framework, coder, utc_now)
    from evidence_mapper.workflow.redacted_session import RedactedSession

    return RedactedSession(project.store, project.framework, coder, utc_now)


def _reasons(project: Project, session: ReviewSession, passage_id: str) -> list[Why]:
    from evidence_mapper.workflow.redacted_why import shown_why

    return shown_why(project, session, passage_id)


def _why_lines(card: PassageCard, reasons: list[Why]) -> list[str]:
    lines = []
    for found in reasons:
        explanation = found.explanation
        pieces = [f"“{piece}”" for piece in found.phrases(card.passage.text)]
        if explanation.heading:
            pieces.insert(0 if found.by_heading else len(pieces), "what it stands under")
        words = ", ".join(pieces)
        lines.append(f"Why {explanation.statement}: carried by {words or 'no piece alone'}")
        if found.words:
            lines.append(f"  words alone, for (+) or against: {', '.join(found.shares())}")
        lines += [
            f"  like the confirmed {n.passage.id} in {n.document}: {n.passage.text[:100]}"
            for n in found.neighbours
        ]
        if found.topic:
            lines.append(f"  topic {found.topic.id}, probability {found.topic.probability:.2f}")
        lines += [f"  like the training passage (invented): {n.text[:100]}" for n in found.stand_ins]
    return lines


def _json(card: PassageCard) -> dict[str, Any]:
    from evidence_mapper.workflow.classify_file import to_json_in_place

    passage = card.passage
    held = [*([card.mine] if card.mine else []), *card.others]
    return {
        "id": passage.id,
        "text": passage.text,
        "document": card.document.name,
        "file_sha256": card.document.file_sha256,
        "revision": passage.revision_id,
        "span": [passage.span.start, passage.span.end],
        "location": passage.location.to_json(),
        "heading_path": list(passage.heading_path),
        "context": passage.context,
        "attributes": [list(pair) for pair in passage.attributes],
        "suggestion": None if card.suggestion is None else to_json_in_place(card.suggestion),
        "decisions": [_decision_json(d) for d in held],
        "earlier_decisions": [
            {"passage_id": e.passage.id, "text": e.passage.text, **_decision_json(e.decision)}
            for e in card.earlier
        ],
        "also_in": list(card.also_in),
    }


def _decision_json(held: CoderDecision) -> dict[str, Any]:
    along = {"carried_from": held.carried.passage_id} if held.carried else {}
    return {"coder": held.coder, "at": held.at, **held.decision.to_json(), **along}


def _lines(card: PassageCard) -> list[str]:
    from evidence_mapper.cli.plain.words import taken_back

    passage = card.passage
    lines = [
        f"{passage.id}  {card.document.name}, {passage.location.label()}",
        f"file {card.document.file_sha256}",
        f"revision {passage.revision_id}, characters {passage.span.start} to {passage.span.end}",
    ]
    if passage.heading_path:
        lines.append("under: " + " > ".join(passage.heading_path))
    if passage.context:
        lines.append(f"asked: {passage.context}")
    if passage.attributes:
        lines.append("with: " + "; ".join(f"{name}: {value}" for name, value in passage.attributes))
    lines += ["", passage.text, ""]
    if card.suggestion:
        lines.append("Suggested by the model, not a coding:")
        shown = [s for s in card.suggestion.statements if s.suggested]
        lines += [f"  {s.id}  {s.probability:.0%}" for s in shown]
        if card.suggestion.none_suggested:
            lines.append(f"  none of the statements  {card.suggestion.none_probability:.0%}")
        elif not shown:
            lines.append("  nothing: no statement is likely enough")
        lines += [f"  {line}" for line in taken_back(card.suggestion)]
    for held in [*([card.mine] if card.mine else []), *card.others]:
        codes = ", ".join(held.decision.accepted()) or held.decision.outcome.value
        along = f", on {held.carried.passage_id} of the version before" if held.carried else ""
        lines.append(f"Decided by {held.coder} at {held.at}{along}: {codes}")
    for before in card.earlier:
        held = before.decision
        codes = ", ".join(held.decision.accepted()) or held.decision.outcome.value
        lines += [
            "Changed since: confirm again.",
            f"  {held.coder} decided at {held.at}, on {before.passage.id}: {codes}",
            f"  then: {before.passage.text}",
        ]
    return lines


def _twin_lines(twins: Sequence[Twin]) -> list[str]:
    if not twins:
        return []
    lines = [f"The same words stand in {len(twins)} other places:"]
    for twin in twins[:_MOST_TWINS]:
        by = f"; decided by {', '.join(twin.decided_by)}" if twin.decided_by else ""
        lines.append(f"  {twin.passage_id}  {twin.document_name}, {twin.location_label}{by}")
    more = len(twins) - _MOST_TWINS
    return [*lines, f"  and {more} more"] if more > 0 else lines
