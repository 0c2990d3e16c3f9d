"""The terminal UI: suggestions are read, and confirmed or not, one passage at a time."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evidence_mapper.tui.app import EvidenceMapperApp
    from evidence_mapper.workflow.assistant import Assistant
    from evidence_mapper.workflow.review import ReviewSession

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
    # A key is answered within one frame: at 60 a second that alone may take 17 ms.
    os.environ.setdefault("TEXTUAL_FPS", "120")
    # Starting makes no garbage worth looking for; the app turns collection on again once it is up.
    gc.disable()
    from evidence_mapper.tui.app import EvidenceMapperApp

    EvidenceMapperApp(session, start=start, assistant=assistant, settle=settle).run()


def __getattr__(name: str) -> object:
    if name == "EvidenceMapperApp":
        from evidence_mapper.tui.app import EvidenceMapperApp

        return EvidenceMapperApp
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
