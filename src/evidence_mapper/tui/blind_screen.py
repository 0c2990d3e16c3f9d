"""The review while suggestions and others' answers are hidden."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from textual.widgets import Static

from evidence_mapper.domain.wording import counted
from evidence_mapper.tui.actions import REVIEW, actions_of
from evidence_mapper.tui.review_screen import ReviewScreen
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.tui.view import View
from evidence_mapper.workflow.blind import BLIND, NOT_HERE

_OPEN: Final = frozenset(
    {
        "accept",
        "tick",
        "record",
        "reject",
        "none",
        "unsure",
        "note",
        "undo",
        "skip",
        "category",
        "polarity",
        "topics",
        "next",
        "previous",
        "statement",
        "tick_here",
        "scroll",
        "wording",
        "clear",
    }
)
"""Actions that show nothing of what is hidden, and change nothing of what is being coded."""
_CLOSED: Final = tuple(
    action.name
    for action in actions_of(REVIEW)
    if action.name.partition("(")[0] not in _OPEN and not action.name.startswith("app.")
)
"""All others, those of tomorrow as well: what is new must be let in by name."""


class BlindReviewScreen(ReviewScreen):
    """The review of a drawn sample; a line on top says that it is blind."""

    CLOSED = ("accept", *_CLOSED)

    def _show_view(self, view: View) -> None:
        super()._show_view(view)
        self.query_one("#showing", Static).update(f"{BLIND} · {counted(view.count, 'passage')}", layout=False)

    def show_marks(self) -> None:
        """Show the coder's marks; where a suggestion would be named, say that none is shown."""
        super().show_marks()
        if self.card is not None and self.card.mine is None:
            self.query_one("#provenance", Static).update("Blind: no suggestion is shown", layout=False)

    def action_accept(self) -> None:
        """Say that there is nothing to accept."""
        self.query_one(StatusLine).say(f"{BLIND}: tick with 1-9, then enter; or n none, u unsure.")


def _closed(screen: BlindReviewScreen) -> None:
    screen.query_one(StatusLine).say(NOT_HERE)


def _close(actions: tuple[str, ...]) -> None:
    """Answer each of the actions with the same words."""
    act: Callable[[BlindReviewScreen], None] = _closed
    for name in actions:
        setattr(BlindReviewScreen, f"action_{name.partition('(')[0]}", act)


_close(_CLOSED)
