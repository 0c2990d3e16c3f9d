"""The same screens in a browser on this machine: served on 127.0.0.1, to one browser."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from evidence_mapper.errors import UsageError

if TYPE_CHECKING:
    from evidence_mapper.workflow.assistant import Assistant
    from evidence_mapper.workflow.review import ReviewSession

_NEEDED = ("aiohttp", "textual_serve")


def check_web() -> None:
    """Do nothing when the packages of the extra ``[web]`` are installed.

    Raises
    ------
    UsageError
        One of them is missing.
    """
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"review --web needs the extra [web], of which {' and '.join(missing)} cannot be found; "
            "install it with: pip install 'evidence-mapper[web]'; without it: evidence-mapper review, "
            "or evidence-mapper review --plain"
        )


def run_web(
    session: ReviewSession,
    *,
    start: str | None = None,
    port: int | None = None,
    tell: Callable[[str], None],
    assistant: Assistant | None = None,
) -> None:
    """Serve the review until the person leaves it in the browser, or presses Ctrl-C here.

    Parameters
    ----------
    session
        One coder's work on one project.
    start
        Id of the passage to open first; None opens the first of the queue.
    port
        Port on 127.0.0.1; None takes a free one.
    tell
        Shows a line to the person at the terminal.
    assistant
        Asks the classifier; None leaves out what needs it.

    Raises
    ------
    UsageError
        The extra ``[web]`` is missing, or the port cannot be had.
    KeyboardInterrupt
        The person pressed Ctrl-C; what was recorded is kept.
    """
    check_web()
    # Textual reads this when it is first imported; the terminal behind us says nothing of the browser's.
    os.environ.setdefault("TEXTUAL_COLOR_SYSTEM", "truecolor")
    from evidence_mapper.tui.web.server import Served, serve

    asyncio.run(serve(Served(session, start, assistant), port or 0, tell))
