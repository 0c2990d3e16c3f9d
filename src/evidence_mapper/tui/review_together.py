"""More than one passage at a time: the same words elsewhere, bulk accept, the last decision again; flags."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from evidence_mapper.domain.coding import Decision, Event
from evidence_mapper.domain.project import DEFAULT_ORDER, QueueFilter, QueueOrder, ReviewState
from evidence_mapper.domain.version import Twin
from evidence_mapper.domain.wording import counted
from evidence_mapper.tui import sentences
from evidence_mapper.tui.flag_window import FlagAnswer, FlagWindow
from evidence_mapper.tui.queue_list import QueueList
from evidence_mapper.tui.review_base import Busy
from evidence_mapper.tui.review_windows import ReviewWindows
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.tui.text import one_line
from evidence_mapper.tui.twins_window import TwinsWindow
from evidence_mapper.tui.typed import waits
from evidence_mapper.tui.view import Target
from evidence_mapper.workflow.review import ReviewSession, again

if TYPE_CHECKING:
    from evidence_mapper.tui.similar_screen import DecidedTogether

Alike = tuple[str, str, list[Twin], Decision | None]
"""Passage id, its words, its twins, this coder's decision on it."""


def read_alike(session: ReviewSession, passage_id: str) -> Alike:
    """Return a passage with its twins; called in a thread."""
    card = session.card(passage_id)
    mine = card.mine.decision if card.mine else None
    return passage_id, card.passage.text, session.twins(passage_id), mine


class ReviewTogether(ReviewWindows):
    """Each of these is one action on disk, and one undo takes it back."""

    _before: tuple[QueueFilter, QueueOrder] = (QueueFilter(), DEFAULT_ORDER)
    """The queue that was left for the unsure ones."""
    _flag_to = ""
    """Whom the last flag was for: offered again."""

    # the same words elsewhere ------------------------------------------------------------------
    @waits
    def action_twins(self) -> None:
        """List where the words of the passage just decided stand too, else those of the open one."""
        passage_id = self.alike or (self.card.passage.id if self.card else None)
        if passage_id is None:
            self.query_one(StatusLine).say("No passage is open.")
        elif not self.alike and self.card is not None and not self.card.twins:
            self.query_one(StatusLine).say("The same words stand nowhere else.")
        else:
            self.alike = None
            self.busy = Busy.ASKING
            call = partial(read_alike, self.session, passage_id)
            self.ask_store("find the same words elsewhere", call, self._show_alike, group="alike")

    def _show_alike(self, found: Alike) -> None:
        passage_id, text, twins, mine = found
        words = sentences.decision_words(self.framework, mine) if mine else None

        def decide(yes: bool | None) -> None:
            if yes:
                self._decide_alike(passage_id)

        self.app.push_screen(TwinsWindow(text, twins, self.session.coder, words), decide)
        self.ready()

    def _decide_alike(self, passage_id: str) -> None:
        self.busy = Busy.RECORDING
        call = partial(self.session.decide_twins, passage_id)
        self.ask_store("decide the same words alike", call, self._decided_alike, group="record")

    def _decided_alike(self, events: list[Event]) -> None:
        self.come_back(
            f"{counted(len(events), 'passage')} with the same words decided alike - z to undo them all."
        )

    def come_back(self, words: str, target: Target | None = None) -> None:
        """Show the open passage anew, or the queue's next when it is decided now, and say what was done."""
        self._recorded_words = words
        if target is not None:
            self.load(target)
        elif self.card is not None and self.index is None:
            self.load(Target(passage_id=self.card.passage.id))
        else:
            self.load(Target(index=self.index or 0))

    # bulk --------------------------------------------------------------------------------------
    @waits
    def action_bulk(self) -> None:
        """List what is suggested with confidence among the passages shown, to accept it in one go."""
        from evidence_mapper.tui.bulk_screen import BulkScreen

        if self.unsaved_count:
            self.query_one(StatusLine).say(
                "Some passages have marks (* in the queue): record or clear them first."
            )
            return

        def done(count: int | None) -> None:
            if count is not None:
                self.last = self.alike = None  # what is repeated is read anew
                words = f"{counted(count, 'passage')} accepted together - z to undo them all."
                self.in_turn(partial(self.come_back, words), move=False)

        self.app.push_screen(BulkScreen(self.session, self.where, self.order), done)

    # of the same kind --------------------------------------------------------------------------
    @waits
    def action_similar(self) -> None:
        """List passages of the same kind as the open one, to decide them in one go."""
        from evidence_mapper.tui.similar_screen import OpenPassage, SimilarScreen

        card, draft = self.card, self.draft()
        if card is None or draft is None:
            return
        if self.unsaved_count - draft.touched:
            self.query_one(StatusLine).say(
                "Other passages have marks (* in the queue): record or clear them first."
            )
            return
        if draft.touched and card.mine is not None:
            self.query_one(StatusLine).say("Record your marks on this passage first: enter; esc clears them.")
            return
        held = card.mine.decision if card.mine is not None else None
        place = self.index if self.index is not None else self.query_one(QueueList).cursor
        own = draft.recorded() if draft.touched else held
        queue = self.where, self.order
        start = OpenPassage(card.passage.id, own, draft.accepting(), draft.note, queue, place)
        self.app.push_screen(SimilarScreen(self.session, start), self._decided_similar)

    def _decided_similar(self, done: DecidedTogether | None) -> None:
        if done is None:
            return
        for event in done.events:
            self.forget_draft(event.subject)
        self.last = self.alike = None  # what is repeated is read anew
        words = f"{counted(len(done.events), 'passage')} decided together: {done.words} - z to undo them all."
        target = Target(passage_id=done.next_id) if done.next_id else Target()
        self.in_turn(partial(self.come_back, words, target), move=False)

    # put off -----------------------------------------------------------------------------------
    @waits
    def action_later(self) -> None:
        """Show what this coder put off as unsure, or the queue as it was before."""
        unsure = QueueFilter(state=ReviewState.UNSURE)
        if self.where != unsure:
            self._before = self.where, self.order
            self.order = QueueOrder.DOCUMENT
            self.show_only(unsure)
        else:
            where, self.order = self._before
            self.show_only(where)

    # again -------------------------------------------------------------------------------------
    @waits
    def action_repeat(self) -> None:
        """Record the last decision on the open passage too."""
        draft, status = self.draft(), self.query_one(StatusLine)
        if draft is None:
            return
        if draft.touched:
            status.say("This passage has marks: esc clears them, enter records them.")
        elif self.last is not None:
            self._repeat(self.last)
        else:
            self.busy = Busy.ASKING
            self.ask_store("read your last decision", self.session.last_decision, self._repeat, group="last")

    def _repeat(self, last: Decision | None) -> None:
        if last is None:
            self.query_one(StatusLine).say("There is no decision of yours to repeat yet.")
            self.ready()
            return
        self.record(again(last), how="Repeated: ")

    # flags -------------------------------------------------------------------------------------
    @waits
    def action_flag(self) -> None:
        """Put the open passage to a colleague's notice, or take that back."""
        card = self.card
        if card is None:
            self.query_one(StatusLine).say("No passage is open.")
            return

        def keep(answer: FlagAnswer | None) -> None:
            if answer is not None:
                self._flag(card.passage.id, answer)

        self.app.push_screen(FlagWindow(card.flag, self._flag_to), keep)

    def _flag(self, passage_id: str, answer: FlagAnswer) -> None:
        self.busy = Busy.RECORDING
        if answer.on:
            self._flag_to = answer.to
            call = partial(self.session.flag, passage_id, answer.to, answer.reason)
        else:
            call = partial(self.session.unflag, passage_id)
        self.ask_store("record the flag", call, self._flagged, group="record")

    def _flagged(self, event: Event) -> None:
        to = one_line(str(event.payload["to"]))
        on = f"Flagged{f' for {to}' if to else ''}; f shows what is flagged."
        self._recorded_words = on if event.payload["on"] else "The flag is taken off."
        self.load(Target(passage_id=event.subject))
