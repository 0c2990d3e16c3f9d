"""``evidence-mapper history``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import json_option, project_option
from evidence_mapper.cli.output import write_json, write_table
from evidence_mapper.domain.coding import Decision, Event, EventAction
from evidence_mapper.workflow.project import open_project


@click.command("history")
@project_option
@click.option("--coder", default=None, help="Only this coder's.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Newest events to show.")
@json_option
def command(project_path: Path, coder: str | None, limit: int, as_json: bool) -> None:
    """Show who decided what, and when, newest first.

    \b
    Example:
      evidence-mapper history --coder "A. Officer" --limit 20
    """
    with open_project(project_path) as project:
        events = project.store.history(coder=coder, limit=limit)
    if as_json:
        write_json([_json(e) for e in events])
        return
    if not events:
        say(f"Nothing is recorded{f' by {coder}' if coder else ''} yet: evidence-mapper review")
        return
    rows = [[str(e.sequence), e.at[:19], e.coder, _what(e), e.subject] for e in events]
    write_table("History, newest first", ["No.", "Time (UTC)", "Coder", "What", "On"], rows, right=(0,))


def _json(event: Event) -> dict[str, Any]:
    return {
        "sequence": event.sequence,
        "id": event.id,
        "at": event.at,
        "coder": event.coder,
        "action": event.action.value,
        "subject": event.subject,
        "framework": event.framework,
        "run_id": event.run_id,
        "payload": dict(event.payload),
    }


def _what(event: Event) -> str:
    if event.action is EventAction.DECIDED:
        decision = Decision.from_json(event.payload)
        return ", ".join(decision.accepted()) or decision.outcome.value
    if event.action is EventAction.CARRIED:
        decision = Decision.from_json(event.payload)
        said = ", ".join(decision.accepted()) or decision.outcome.value
        return f"carried over from {event.payload['carried']['decided_at'][:10]}: {said}"
    if event.action is EventAction.HEAD_TRAINED:
        kept = "kept" if event.payload.get("kept") else "not kept"
        return f"learned a head from {event.payload.get('decisions')} decisions: {kept}"
    if event.action is EventAction.HEAD_CHOSEN:
        return "chose the head to suggest with"
    return str(event.payload.get("words") or event.action.value)
