"""The review's state: which passage is open, what is being written, which keys wait."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from textual.timer import Timer
from textual.widgets import Static

from evidence_mapper.domain.coding import Decision, Event, Outcome
from evidence_mapper.domain.framework import Statement
from evidence_mapper.domain.project import PassageCard, QueueRow
from evidence_mapper.domain.wording import counted
from evidence_mapper.tui import sentences
from evidence_mapper.tui.definition import definition_blocks
from evidence_mapper.tui.draft import Draft
from evidence_mapper.tui.passage_view import PassageView
from evidence_mapper.tui.queue_list import PAGE, QueueList
from evidence_mapper.tui.statement_list import StatementList
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.tui.store_screen import StoreScreen
from evidence_mapper.tui.text import one_line
from evidence_mapper.tui.text_pane import Block, TextPane
from evidence_mapper.tui.view import (
    Recorded,
    TakenBack,
    Target,
    View,
    glimpse,
    load_view,
    record_and_load,
    undo_and_load,
)
from evidence_mapper.workflow.review import ReviewSession

if TYPE_CHECKING:
    from evidence_mapper.workflow.assistant import Assistant


_SLOW: Final = 0.1
"""Seconds after which it is said that a decision is being written."""


class Busy(Enum):
    """What the screen waits for."""

    NOTHING = "nothing"
    OPENING = "opening a passage"
    ASKING = "opening a window"
    RECORDING = "recording a decision"


class ReviewBase(StoreScreen):
    """Opens passages and records decisions, one at a time and in the order of the keys."""

    def __init__(self, session: ReviewSession, start: str | None, assistant: Assistant | None = None) -> None:
        super().__init__(id="review")
        self.session = session
        self.assistant = assistant
        self.framework = session.framework
        self.where, self.order = session.opening
        self.card: PassageCard | None = None
        self.index: int | None = None
        self.busy = Busy.NOTHING
        self.show_others = False
        self.last: Decision | None = None
        """This coder's last decision in this sitting; None when it was taken back, or none was made."""
        self.alike: str | None = None
        """The passage just decided, when its words stand elsewhere too."""
        self.claim: int | None = None
        """Number of the claim that was left to read a passage; None when none was."""
        self._start = start
        self._drafts: dict[str, Draft] = {}
        self._typed: deque[Callable[[], None]] = deque()
        self._recorded_words: str | None = None
        self._progress_words = self._progress_shown = ""
        self._slow: Timer | None = None
        self._glimpsed: str | None = None
        """The passage shown before the queue was taken."""
        self._definitions: dict[str, list[Block]] = {}

    # keys in turn ------------------------------------------------------------------------------
    def in_turn(self, act: Callable[[], None], *, move: bool) -> None:
        """Run an action now, or after the passage that is on its way is shown.

        A ``move`` passes over a passage that is being opened, but not over the one that follows a
        decision: what was recorded is said first. While the queue is counted there is nowhere to move to.
        """
        waits = self._typed or self._recorded_words is not None or self._glimpsed is not None
        passing = move and self.busy is Busy.OPENING and not waits
        if self.busy is Busy.NOTHING or passing:
            act()
        else:
            self._typed.append(act)

    def ready(self) -> None:
        """Let the keys that waited act, one after the other, until one makes the screen busy."""
        self.busy = Busy.NOTHING
        while self._typed and self.busy is Busy.NOTHING:
            if self.app.screen is not self:
                # A window has opened: the keys after it were meant for it, and it was not there yet.
                count = len(self._typed)
                self._typed.clear()
                self.query_one(StatusLine).say(f"{counted(count, 'key')} pressed too early did nothing.")
                return
            self._typed.popleft()()

    def leave(self, act: Callable[[], object]) -> None:
        """Run ``act`` once no decision is being written."""
        if self.busy is Busy.RECORDING:
            self._typed.append(lambda: (act(), None)[1])
        else:
            act()

    # drafts ------------------------------------------------------------------------------------
    @property
    def unsaved_count(self) -> int:
        """How many passages have marks that are not recorded."""
        return sum(draft.touched for draft in self._drafts.values())

    def draft(self) -> Draft | None:
        """Return the open passage's draft; None when no passage is open, which it says."""
        if self.card is None:
            self.query_one(StatusLine).say("No passage is open.")
            return None
        return self._drafts.setdefault(self.card.passage.id, Draft.of(self.framework, self.card))

    def forget_draft(self, passage_id: str) -> None:
        """Throw away the marks on a passage."""
        self._drafts.pop(passage_id, None)

    def show_marks(self) -> None:
        """Show the open passage's marks, and what enter would record."""
        draft = self.draft() if self.card else None
        self.query_one(StatementList).show(draft)
        self.query_one("#provenance", Static).update(sentences.provenance(self.card), layout=False)
        self.query_one("#fields", Static).update(sentences.fields(self.framework, draft), layout=False)
        queue = self.query_one(QueueList)
        unsaved = {passage for passage, held in self._drafts.items() if held.touched}
        if unsaved != queue.unsaved:
            queue.unsaved = unsaved
            queue.refresh()
        if draft is not None and draft.touched:
            self.query_one(StatusLine).say(sentences.draft_words(self.framework, draft))

    def show_definition(self) -> None:
        """Show the definition of the statement under the cursor."""
        statement = self.framework.statement(self.query_one(StatementList).statement_id)
        title = f"{statement.number}. {one_line(statement.title.text)}"
        self.query_one("#definition-title", Static).update(title, layout=False)
        self.query_one("#definition-text", TextPane).show(self.definition_blocks(statement))

    def definition_blocks(self, statement: Statement) -> list[Block]:
        """Return a statement's definition, made once, with no examples in its second block."""
        if statement.id not in self._definitions:
            self._definitions[statement.id] = definition_blocks(self.framework, statement)
        return self._definitions[statement.id]

    # opening -----------------------------------------------------------------------------------
    def load(self, target: Target) -> None:
        """Read the queue anew and open a passage of it."""
        self.busy = Busy.OPENING
        call = partial(load_view, self.session, self.where, self.order, target)
        self.ask_store("read the queue", call, self._show_view, group="open")

    def open_row(self, index: int, row: QueueRow) -> None:
        """Open a passage whose row is at hand."""
        self.busy = Busy.OPENING
        self.query_one(StatusLine).forget()
        self.index = index
        self.query_one(QueueList).move_to(index)
        self.ask_store(
            "open the passage", partial(self.session.card, row.passage_id), self._show_card, group="open"
        )

    def _show_view(self, view: View) -> None:
        self._check_glimpse(view)
        self.index = view.index
        self.query_one(QueueList).reset(view.count, view.index, view.page, view.rows)
        shown = sentences.filter_words(self.framework, view.where, view.order)
        self.query_one("#showing", Static).update(f"{counted(view.count, 'passage')} · {shown}", layout=False)
        wide = self.size.width >= 100  # at 80 columns the filter's words need the room
        unsure = f", {view.progress.unsure:,} unsure" if view.progress.unsure and wide else ""
        self._progress_words = f"{view.progress.decided:,} of {view.progress.total:,} decided{unsure}"
        self.show_progress()
        status, recorded = self.query_one(StatusLine), self._recorded_words
        self._recorded_words = None
        if recorded is not None:
            status.done(recorded + (" That was the last passage of this queue." if view.at_end else ""))
        if view.card is None:
            self.card = None
            self.query_one(PassageView).say(*sentences.empty_words(view))
            self.show_marks()
            self.ready()
        else:
            if view.index is None and recorded is None:
                status.say("This passage is outside the filter; j goes on with the queue.")
            self._show_card(view.card)

    def progress_words(self) -> str:
        """Return what stands at the right of the top line."""
        return self._progress_words

    def show_progress(self) -> None:
        """Show how far the coder is; the screen is laid out anew only when that takes another width."""
        words = self.progress_words()
        if words != self._progress_shown:
            self._progress_shown = words
            counts = self.query_one("#progress", Static)
            counts.update(words, layout=counts.size.width != cell_len(words))

    def open_first(self) -> None:
        """Show the first passage of a large queue at once, to be read while the queue is counted."""
        self.busy = Busy.OPENING
        call = partial(glimpse, self.session, self.where, self.order)
        self.ask_store("read the queue", call, self._show_first, group="open")

    def _show_first(self, first: PassageCard | View) -> None:
        if isinstance(first, View):
            self._show_view(first)
            return
        self._glimpsed = first.passage.id
        words = "Counting the queue: read on, keys are kept until it is there …"
        self.query_one("#showing", Static).update(words, layout=False)
        self._draw_card(first)
        self.call_after_refresh(self.load, Target())

    def _check_glimpse(self, view: View) -> None:
        """Throw away keys that were meant for another passage than the queue turns out to open with."""
        seen, self._glimpsed = self._glimpsed, None
        opened = None if view.card is None else view.card.passage.id
        if seen not in (None, opened) and self._typed:
            count = len(self._typed)
            self._typed.clear()
            words = "pressed while the queue was counted did nothing: this is another passage."
            self.query_one(StatusLine).say(f"{counted(count, 'key')} {words}")

    def _show_card(self, card: PassageCard) -> None:
        self._draw_card(card)
        self.ready()

    def _draw_card(self, card: PassageCard) -> None:
        self.card, self._start = card, None
        held = self._drafts.get(card.passage.id)
        if held is not None and not held.touched:
            self.forget_draft(card.passage.id)
        elif held is not None:
            held.suggestion = card.suggestion  # marks stay; what is beside them is the newest run's
        self.query_one(PassageView).show(card, others=self.show_others)
        draft = Draft.of(self.framework, card)
        proposed = card.suggestion.suggested_statements() if card.suggestion else ()
        first = next(iter((*draft.accepted(), *proposed)), None)
        if first is None and card.suggestion and card.suggestion.statements:
            first = card.suggestion.statements[0].id
        self.query_one(StatementList).put_cursor(first)
        self.show_marks()
        self.show_definition()

    # recording ---------------------------------------------------------------------------------
    def record(self, decision: Decision, *, how: str = "") -> None:
        """Write a decision on the passage shown; the next passage shows once it is on disk.

        Nothing is recorded when the cursor of the queue is on another passage than the one shown. ``how``
        is said before what was recorded.
        """
        card = self.card
        assert card is not None
        if self._moved_on(card):
            self.query_one(StatusLine).error(
                "NOT RECORDED: the cursor had moved on from the passage shown. Read this one, then decide."
            )
            self.load(Target(index=self.query_one(QueueList).cursor))
            return
        self.busy = Busy.RECORDING
        words = how + sentences.decision_words(self.framework, decision)
        self._say_if_slow(f"Recording: {words} …")
        decide = partial(self.session.decide, card.passage.id, decision, shown=card)
        place = self.index if self.index is not None else self.query_one(QueueList).cursor
        call = partial(record_and_load, self.session, decide, (self.where, self.order), place)
        self.ask_store(f"record “{words}”", call, partial(self._recorded, words), group="record")

    def _say_if_slow(self, words: str) -> None:
        """Say what is being done once it takes long enough to be read."""

        def say() -> None:
            if self.busy is Busy.RECORDING:
                self.query_one(StatusLine).say(words)

        if self._slow is not None:
            self._slow.stop()
        self._slow = self.set_timer(_SLOW, say)

    def _moved_on(self, card: PassageCard) -> bool:
        """Return whether the queue's cursor is on another passage; outside the filter it is on none."""
        if self.index is None:
            return False
        queue = self.query_one(QueueList)
        row = queue.row(queue.cursor)
        return row is not None and row.passage_id != card.passage.id

    def _recorded(self, words: str, done: Recorded) -> None:
        event = done.event
        self.forget_draft(event.subject)
        self.last = Decision.from_json(event.payload)
        self._recorded_words = f"{words} - z to undo."
        if self.last.outcome is Outcome.UNSURE and not self.session.blind:
            self._recorded_words += " U shows all you are unsure of."
        twins = self.card.twins if self.card is not None and self.card.passage.id == event.subject else 0
        self.alike = event.subject if twins else None
        if twins:
            self._recorded_words += f" The same words in {counted(twins, 'other place')}: e lists them."
        target = self._goes_on_to(event)
        if target is not None:
            self.load(target)
        elif done.view is not None:
            self._show_view(done.view)
        else:
            assert done.error is not None
            self.failed("open", "read the queue", done.error)

    def _goes_on_to(self, event: Event) -> Target | None:  # noqa: ARG002  # for subclasses
        """Return what to open after a decision; None for what follows in the queue."""
        return None

    def take_back(self) -> None:
        """Undo this coder's last decision and return to its passage."""
        self.busy = Busy.RECORDING
        call = partial(undo_and_load, self.session, (self.where, self.order))
        self.ask_store("undo your last decision", call, self._taken_back, group="record")

    def _taken_back(self, done: TakenBack) -> None:
        undone = done.undone
        if undone.event is None:
            self.query_one(StatusLine).say("You have no decision to undo.")
            self.ready()
            return
        self.last = self.alike = None
        self.forget_draft(undone.event.subject)
        self._recorded_words = sentences.undone_words(undone.together)
        if done.view is not None:
            self._show_view(done.view)
        else:
            assert done.error is not None
            self.failed("open", "read the queue", done.error)

    def failed(self, group: str, what: str, error: Exception) -> None:
        """Say what failed, and for a decision that it is not recorded; nothing advances."""
        status = self.query_one(StatusLine)
        if group.startswith("page-"):
            self.query_one(QueueList).drop_request(int(group.removeprefix("page-")))
            status.error(f"Could not {what}: {error}")
            return
        words = f"Could not {what}: {error}"
        if group == "record":
            words = f"NOT RECORDED. Could not {what}: {error}. The passage and your marks stay as they are."
        elif self._recorded_words is not None:
            words = f"{self._recorded_words} It is on disk, but the next passage could not be read: {error}"
        if self._typed:
            words += f" {counted(len(self._typed), 'key')} pressed since then did nothing."
        self._typed.clear()
        self._recorded_words = None
        self.busy = Busy.NOTHING
        status.error(words)
        if self._start is not None and self.card is None:
            self._start = None
            self.load(Target())  # the passage asked for cannot be opened: open the queue instead

    def want_page(self, page: int, generation: int) -> None:
        """Fetch a page of the queue that is scrolling into view."""
        call = partial(self.session.page, self.where, self.order, page * PAGE, PAGE)
        add = partial(self.query_one(QueueList).add_page, page, generation)
        self.ask_store("read the queue", call, add, group=f"page-{page}")
