"""``evidence-mapper review``."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path

import click

from evidence_mapper.cli.options import coder_option, project_option
from evidence_mapper.cli.queue_options import opening, queue_options
from evidence_mapper.errors import UsageError


@click.command("review")
@project_option
@coder_option
@queue_options
@click.option("--start", "start", default=None, help="Passage id to open first.")
@click.option(
    "--plain",
    is_flag=True,
    help="Line by line, for screen readers, Braille displays and plain terminals: the same decisions.",
)
@click.option(
    "--width",
    type=click.IntRange(20, 1000),
    default=None,
    help="With --plain: fold lines at this many characters.  [default: the terminal's width]",
)
@click.option("--web", is_flag=True, help="The same screens in a browser on this machine, and on no other.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=None,
    help="With --web: port to listen on.  [default: a free one]",
)
def command(
    project_path: Path,
    coder: str,
    start: str | None,
    plain: bool,
    width: int | None,
    web: bool,
    port: int | None,
) -> None:
    """Confirm, change or reject suggestions in the terminal.

    Every decision is on disk before the next passage shows, under your name. Press ? for the keys.

    \b
    Examples:
      evidence-mapper review --coder "A. Officer"
      evidence-mapper review --statement safeguarding --dated-from 2025
      evidence-mapper review --sample
      evidence-mapper review --plain
      evidence-mapper review --web
    """
    _check(plain=plain, web=web, width=width, port=port)
    from evidence_mapper.workflow.assistant import Assistant
    from evidence_mapper.workflow.clock import utc_now
    from evidence_mapper.workflow.learner import Learner
    from evidence_mapper.workflow.project import open_project
    from evidence_mapper.workflow.review import ReviewSession

    if web:
        from evidence_mapper.tui.web import check_web

        check_web()
    with open_project(project_path) as project:
        session = ReviewSession(project.store, project.framework, coder, utc_now)
        session.opening = opening(project)
        assistant = Assistant(project, Learner(project, coder))
        if plain:
            from evidence_mapper.cli.plain import run_plain
            from evidence_mapper.workflow.why import why

            run_plain(session, lambda *asked: why(project, *asked), start=start, width=width)
        elif web:
            from evidence_mapper.tui.web import run_web

            tell = partial(click.echo, err=True)
            run_web(session, start=start, port=port, tell=tell, assistant=assistant)
        else:
            from evidence_mapper.tui import run_review

            run_review(session, start=start, assistant=assistant)


def _check(*, plain: bool, web: bool, width: int | None, port: int | None) -> None:
    if plain and web:
        raise UsageError("--plain and --web are two ways into the same review: choose one")
    if width is not None and not plain:
        raise UsageError("--width goes with --plain: evidence-mapper review --plain --width 40")
    if port is not None and not web:
        raise UsageError("--port goes with --web: evidence-mapper review --web --port 8123")
    if plain or web:
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "review needs a terminal; without one, use: evidence-mapper review --plain; "
            "for a list: evidence-mapper export --suggested"
        )
    if os.environ.get("TERM") == "dumb":
        raise UsageError("this terminal cannot draw screens (TERM=dumb); use: evidence-mapper review --plain")
