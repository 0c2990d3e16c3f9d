"""The plain review while suggestions and others' answers are hidden."""

from __future__ import annotations

from typing import Final

from evidence_mapper.cli.plain import words
from evidence_mapper.cli.plain.commands import COMMANDS
from evidence_mapper.cli.plain.review import PlainReview
from evidence_mapper.workflow.blind import BLIND, NOT_HERE

_OPEN: Final = frozenset(
    {
        "accept",
        "record",
        "reject",
        "none",
        "unsure",
        "change",
        "polarity",
        "topics",
        "note",
        "clear",
        "undo",
        "skip",
        "previous",
        "goto",
        "definition",
        "statements",
        "context",
        "again",
        "progress",
        "help",
        "quit",
    }
)
"""Commands that show nothing of what is hidden, and change nothing of what is being coded."""


class BlindReview(PlainReview):
    """The same sitting; what would show a suggestion or somebody's answer says that it is hidden."""

    def run(self, start: str | None) -> None:
        """Ask until the person leaves, having said what is hidden."""
        self.lines.say(f"{BLIND}. Every decision is kept as made blind.")
        super().run(start)

    def do_again(self, _: str) -> None:
        """Read the open passage, without what is suggested."""
        if (held := self._open_draft()) is not None:
            self.lines.say("", *words.card_lines(self.framework, held[0]), f"{BLIND}.")
            self._say_marks(held[1])


def _closed(review: BlindReview, *_: str) -> None:
    review.lines.say(NOT_HERE)


def _close() -> None:
    """Answer every command that is not let in by name with the same words."""
    for command in COMMANDS:
        if command.name not in _OPEN:
            setattr(BlindReview, f"do_{command.name}", _closed)


_close()
