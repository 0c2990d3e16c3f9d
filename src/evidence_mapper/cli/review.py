"""``evidence-mapper review``."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from evidence_mapper.cli.options import coder_option, project_option
from evidence_mapper.cli.queue_options import narrowed, opening, queue_options
from evidence_mapper.errors import UsageError

if TYPE_CHECKING:
    from evidence_mapper.workflow.assistant import Assistant
    from evidence_mapper.workflow.project import Project
    from evidence_mapper.workflow.review import ReviewSession

_LATEST: Final = "latest"


@click.command("review")
@project_option
@coder_option
@queue_options
@click.option(
    "--blind",
    "sample_id",
    is_flag=False,
    flag_value=_LATEST,
    default=None,
    metavar="[SAMPLE]",
    help="Code a sample of `evidence-mapper agreement draw`, the latest one or that named, without seeing "
    "suggestions or anybody's answers.",
)
@click.option(
    "--redacted", is_flag=True, help="Show case records, complaints and comments with names replaced."
)
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
    sample_id: str | None,
    redacted: bool,
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
      evidence-mapper review --blind --coder "B. Officer"
      evidence-mapper review --redacted
      evidence-mapper review --web
    """
    _check(plain=plain, web=web, width=width, port=port)
    if sample_id is not None:
        _check_blind(web=web)
    from evidence_mapper.workflow.project import open_project

    if web:
        from evidence_mapper.tui.web import check_web

        check_web()
    with open_project(project_path) as project:
        if sample_id is not None:
            session, assistant = _blind(project, coder, sample_id, redacted=redacted), None
        else:
            session, assistant = _open(project, coder, redacted=redacted)
        if plain:
            from evidence_mapper.cli.plain import run_plain
            from evidence_mapper.workflow.redacted_why import shown_why

            explain = partial(shown_why, project, session)
            run_plain(session, explain, start=start, width=width, assistant=assistant)
        elif web:
            from evidence_mapper.tui.web import run_web

            tell = partial(click.echo, err=True)
            run_web(session, start=start, port=port, tell=tell, assistant=assistant)
        else:
            from evidence_mapper.tui import run_review

            run_review(session, start=start, assistant=assistant)


def _open(project: Project, coder: str, *, redacted: bool) -> tuple[ReviewSession, Assistant]:
    from evidence_mapper.workflow.assistant import Assistant
    from evidence_mapper.workflow.clock import utc_now
    from evidence_mapper.workflow.learner import Learner
    from evidence_mapper.workflow.review import ReviewSession

    session, assistant = ReviewSession(project.store, project.framework, coder, utc_now), None
    if redacted:
        from evidence_mapper.workflow.redacted_session import RedactedSession
        from evidence_mapper.workflow.redacted_why import RedactedAssistant

        session = shown = RedactedSession(project.store, project.framework, coder, utc_now)
        assistant = RedactedAssistant(project, shown.redactor, Learner(project, coder))
    session.opening = opening(project)
    return session, assistant or Assistant(project, Learner(project, coder))


def _blind(project: Project, coder: str, sample_id: str, *, redacted: bool) -> ReviewSession:
    from evidence_mapper.workflow.agreement_sample import find_sample
    from evidence_mapper.workflow.blind import BlindSession
    from evidence_mapper.workflow.clock import utc_now

    sample = find_sample(project.store, None if sample_id == _LATEST else sample_id)
    if redacted:
        from evidence_mapper.workflow.redacted_session import RedactedBlindSession

        return RedactedBlindSession(project.store, project.framework, coder, utc_now, sample=sample)
    return BlindSession(project.store, project.framework, coder, utc_now, sample=sample)


def _check_blind(*, web: bool) -> None:
    if web:
        raise UsageError("--blind is for the terminal: evidence-mapper review --blind, or with --plain")
    if asked := narrowed():
        raise UsageError(
            f"--blind shows the sample as it was drawn; leave out {', '.join(asked)}: "
            "evidence-mapper review --blind"
        )


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
