"""The terminal UI: suggestions are read, and confirmed or not, one passage at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evidence_mapper.tui.app import EvidenceMapperApp
    from evidence_mapper.workflow.review import ReviewSession

__all__ = ["EvidenceMapperApp", "run_review"]


def run_review(session: ReviewSession, *, start: str | None = None) -> None:
    """Open the review in the terminal and return when the person leaves.

    Parameters
    ----------
    session
        One coder's work on one project.
    start
        Id of the passage to open first; None opens the first of the queue.
    """
    from evidence_mapper.tui.app import EvidenceMapperApp

    EvidenceMapperApp(session, start=start).run()


def __getattr__(name: str) -> object:
    if name == "EvidenceMapperApp":
        from evidence_mapper.tui.app import EvidenceMapperApp

        return EvidenceMapperApp
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
