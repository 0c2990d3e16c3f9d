"""The plain review while suggestions and others' answers are hidden."""

from __future__ import annotations

from evidence_mapper.cli.plain import words
from evidence_mapper.cli.plain.review import PlainReview
from evidence_mapper.workflow.blind import BLIND, NOT_HERE


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

    def _closed(self, *_: str, **__: str) -> None:
        self.lines.say(NOT_HERE)

    do_why = do_bulk = do_alike = do_repeat = do_filter = do_find = do_flag = do_history = _closed
