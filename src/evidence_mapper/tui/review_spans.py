"""Changing where the open passage begins and ends."""

from __future__ import annotations

from functools import partial

from evidence_mapper.domain.coding import Event
from evidence_mapper.tui.review_base import Busy
from evidence_mapper.tui.review_learning import ReviewLearning
from evidence_mapper.tui.span_window import SpanChange, SpanWindow
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.tui.typed import waits
from evidence_mapper.tui.view import Target


class ReviewSpans(ReviewLearning):
    """Cuts and joins passages; z puts them back while nothing was recorded since."""

    _recut: Event | None = None

    @waits
    def action_span(self) -> None:
        """Cut the open passage in two, or join it with a neighbour."""
        card, draft, status = self.card, self.draft(), self.query_one(StatusLine)
        if card is None or draft is None:
            return
        if draft.touched:
            status.say("This passage has marks: esc clears them, enter records them.")
            return
        self.busy = Busy.ASKING
        status.say("Finding its sentences …")
        call = partial(self.session.spans.cuts, card.passage.id)
        self.ask_store("find its sentences", call, self._ask_span, group="span")

    def _ask_span(self, cuts: list[int]) -> None:
        card = self.card
        if card is not None:

            def change(wanted: SpanChange | None) -> None:
                if wanted is not None:
                    self._change_span(card.passage.id, wanted)

            self.query_one(StatusLine).say("")
            self.app.push_screen(SpanWindow(card, cuts), change)
        self.ready()

    def _change_span(self, passage_id: str, wanted: SpanChange) -> None:
        spans = self.session.spans
        if wanted.at is not None:
            call = partial(spans.split, passage_id, wanted.at)
        else:
            call = partial(spans.widen, passage_id, up=wanted.up)
        self.busy = Busy.RECORDING
        self.forget_draft(passage_id)
        self.ask_store("change where the passage ends", call, self._changed_span, group="record")

    def _changed_span(self, event: Event) -> None:
        self._recut = event
        pieces = len(event.payload["put"])
        done = "Cut in two: this is the first part" if pieces > 1 else "Joined with its neighbour"
        self._recorded_words = f"{done}; z puts it back."
        self._show_and_suggest(event)

    def _show_and_suggest(self, event: Event) -> None:
        self.load(Target(passage_id=str(event.payload["put"][0])))
        if self.assistant is not None:
            self.ask_store("suggest for it", self.assistant.suggest_new, self._suggested, group="fresh")

    def _suggested(self, count: int) -> None:
        """Show the suggestion of a new passage, while it is open and nothing was marked on it."""
        waiting = self.card is not None and self.card.suggestion is None
        if count and waiting and self.card is not None and not self.unsaved_count:
            self.in_turn(partial(self.load, Target(passage_id=self.card.passage.id)), move=False)

    def take_back(self) -> None:
        """Put back the passage that was cut or joined last, else undo the last decision."""
        if self._recut is None:
            super().take_back()
            return
        event, self._recut = self._recut, None
        self.busy = Busy.RECORDING
        call = partial(self.session.spans.undo, event)
        self.ask_store("put the passage back", call, self._put_back, group="record")

    def _put_back(self, event: Event) -> None:
        self._recorded_words = "The passage begins and ends as it did before."
        self._show_and_suggest(event)

    def _goes_on_to(self, event: Event) -> Target | None:
        """After a part of what was cut comes its other part."""
        pieces = [str(i) for i in self._recut.payload["put"]] if self._recut is not None else []
        self._recut = None
        if event.subject in pieces[:-1]:
            return Target(passage_id=pieces[pieces.index(event.subject) + 1])
        return super()._goes_on_to(event)

    def forget_last(self) -> None:
        """Leave the last cut to the history too, where it may have been put back."""
        self._recut = None
        super().forget_last()

    def come_back(self, words: str, target: Target | None = None) -> None:
        """Show the open passage anew, and say what was done."""
        self._recut = None
        super().come_back(words, target)

    def failed(self, group: str, what: str, error: Exception) -> None:
        """Say what failed; that no suggestion could be made stops nothing else."""
        if group == "fresh":
            self.query_one(StatusLine).say(f"Could not {what}: {error}; `evidence-mapper suggest` does it.")
        else:
            super().failed(group, what, error)
