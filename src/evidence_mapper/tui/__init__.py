"""The terminal UI: suggestions are read, and confirmed or not, one passage at a time."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from evidence_mapper.tui.app import EvidenceMapperApp
    from evidence_mapper.workflow.assistant import Assistant
    from evidence_mapper.workflow.review import ReviewSession

_TURN: Final = 0.001
"""Seconds after which a thread that works lets another have its turn."""

__all__ = ["EvidenceMapperApp", "run_review"]


def run_review(
    session: ReviewSession,
    *,
    start: str | None = None,
    assistant: Assistant | None = None,
    settle: bool = False,
) -> None:
    """Open the review in the terminal and return when the person leaves.

    Parameters
    ----------
    session
        One coder's work on one project.
    start
        Id of the passage to open first; None opens the first of the queue.
    assistant
        Asks the classifier; None leaves out what needs it.
    settle
        Open on where people's codings differ.
    """
    # What a key changes second, such as the passage after the cursor, waits for one or two frames: at 60 a
    # second that alone may take 33 ms. A screen on which nothing changes is not drawn.
    os.environ.setdefault("TEXTUAL_FPS", "240")
    # A thread that reads or writes the project, or writes to the terminal, waits for its turn many times;
    # while something is drawn it would get it after 5 ms each time.
    sys.setswitchinterval(_TURN)
    # Starting makes no garbage worth looking for; the app turns collection on again once it is up.
    gc.disable()
    from evidence_mapper.tui.app import EvidenceMapperApp

    EvidenceMapperApp(session, start=start, assistant=assistant, settle=settle).run()


def __getattr__(name: str) -> object:
    if name == "EvidenceMapperApp":
        from evidence_mapper.tui.app import EvidenceMapperApp

        return EvidenceMapperApp
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
