"""Review line by line, for screen readers, Braille displays and terminals that cannot move a cursor."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evidence_mapper.workflow.assistant import Assistant
    from evidence_mapper.workflow.review import ReviewSession
    from evidence_mapper.workflow.why import Why

Explain = Callable[[str, tuple[str, ...] | None], "list[Why]"]
"""Takes a passage id and statement ids, None for the suggested ones."""


def run_plain(
    session: ReviewSession,
    explain: Explain,
    *,
    start: str | None = None,
    width: int | None = None,
    assistant: Assistant | None = None,
) -> None:
    """Ask for decisions on stdin and stdout until the person leaves or the input ends.

    Parameters
    ----------
    session
        One coder's work on one project.
    explain
        Says why statements were suggested for a passage.
    start
        Id of the passage to read first; None takes the first of the queue.
    width
        Characters after which lines are folded; None folds at the terminal's width, and not at all when
        stdout is no terminal.
    assistant
        Has the project and its classifier at hand, for what goes beyond the session; None leaves that out.

    Raises
    ------
    StoreError
        The project cannot be read, or there is no passage ``start``.
    KeyboardInterrupt
        The person pressed Ctrl-C; what was saved is kept, and said.
    """
    from evidence_mapper.cli.plain.lines import Lines
    from evidence_mapper.cli.plain.review import PlainReview

    reconfigure = getattr(sys.stdin, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")  # a note in another encoding must not end the sitting
    if width is None and sys.stdout.isatty():
        width = shutil.get_terminal_size().columns
    review = PlainReview
    if session.blind:
        from evidence_mapper.cli.plain.blind import BlindReview as review  # noqa: N813 - in its place
    review(session, explain, Lines(sys.stdin, sys.stdout, width), assistant).run(start)
