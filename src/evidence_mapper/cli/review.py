"""``evidence-mapper review``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from evidence_mapper.cli.options import coder_option, project_option
from evidence_mapper.errors import UsageError


@click.command("review")
@project_option
@coder_option
@click.option("--start", "start", default=None, help="Passage id to open first.")
def command(project_path: Path, coder: str, start: str | None) -> None:
    """Confirm, change or reject suggestions in the terminal.

    Every decision is on disk before the next passage shows, under your name. Press ? for the keys.

    \b
    Example:
      evidence-mapper review --coder "A. Officer"
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "review needs a terminal; for a list without one, use: evidence-mapper export --suggested"
        )
    from evidence_mapper.tui import run_review
    from evidence_mapper.workflow.clock import utc_now
    from evidence_mapper.workflow.project import open_project
    from evidence_mapper.workflow.review import ReviewSession

    with open_project(project_path) as project:
        run_review(ReviewSession(project.store, project.framework, coder, utc_now), start=start)
