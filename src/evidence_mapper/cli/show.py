"""``evidence-mapper show``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evidence_mapper.cli.options import coder_option, json_option, project_option
from evidence_mapper.cli.output import harmless, write_json
from evidence_mapper.domain.project import PassageCard
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.project import Project, open_project
from evidence_mapper.workflow.review import ReviewSession

if TYPE_CHECKING:
    from evidence_mapper.workflow.why import Why


@click.command("show")
@click.argument("passage_id")
@project_option
@coder_option
@click.option("--why", "with_why", is_flag=True, help="Also the words that carry each suggestion.")
@json_option
def command(passage_id: str, project_path: Path, coder: str, with_why: bool, as_json: bool) -> None:
    """Show one passage with its source, suggestion and decisions.

    \b
    Example:
      evidence-mapper show psg-0123456789abcdef --why
    """
    with open_project(project_path) as project:
        session = ReviewSession(project.store, project.framework, coder, utc_now)
        card = session.card(passage_id)
        reasons = _reasons(project, passage_id) if with_why else []
    if as_json:
        write_json({**_json(card), **({"why": [_why_json(w) for w in reasons]} if with_why else {})})
        return
    for line in [*_lines(card), *_why_lines(card, reasons)]:
        click.echo(harmless(line))


def _reasons(project: Project, passage_id: str) -> list[Why]:
    from evidence_mapper.workflow.why import why

    return why(project, passage_id)


def _why_json(found: Why) -> dict[str, Any]:
    explanation = found.explanation
    return {
        "statement": explanation.statement,
        "probability": round(explanation.probability, 4),
        "highlights": [
            {"start": h.span.start, "end": h.span.end, "weight": round(h.weight, 4)}
            for h in explanation.highlights
        ],
        "confirmed_neighbours": [
            {"passage_id": n.passage.id, "document": n.document, "similarity": round(n.similarity, 4)}
            for n in found.neighbours
        ],
    }


def _why_lines(card: PassageCard, reasons: list[Why]) -> list[str]:
    lines = []
    for found in reasons:
        explanation = found.explanation
        words = ", ".join(f"“{h.span.of(card.passage.text)}”" for h in explanation.highlights)
        lines.append(f"Why {explanation.statement}: carried by {words or 'no piece alone'}")
        lines += [
            f"  like the confirmed {n.passage.id} in {n.document}: {n.passage.text[:100]}"
            for n in found.neighbours
        ]
    return lines


def _json(card: PassageCard) -> dict[str, Any]:
    from evidence_mapper.workflow.classify_file import to_json

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
        "suggestion": to_json(card.suggestion) if card.suggestion else None,
        "decisions": [{"coder": d.coder, "at": d.at, **d.decision.to_json()} for d in held],
    }


def _lines(card: PassageCard) -> list[str]:
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
    lines += ["", passage.text, ""]
    if card.suggestion:
        lines.append("Suggested by the model, not a coding:")
        shown = [s for s in card.suggestion.statements if s.suggested]
        lines += [f"  {s.id}  {s.probability:.0%}" for s in shown]
        if card.suggestion.none_suggested:
            lines.append(f"  none of the statements  {card.suggestion.none_probability:.0%}")
        elif not shown:
            lines.append("  nothing: no statement reaches its threshold")
    for held in [*([card.mine] if card.mine else []), *card.others]:
        codes = ", ".join(held.decision.accepted()) or held.decision.outcome.value
        lines.append(f"Decided by {held.coder} at {held.at}: {codes}")
    return lines
