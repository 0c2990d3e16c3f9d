"""The first screen: one passage at a time, what is suggested for it, and a person's decision."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Static

from evidence_mapper.domain.coding import Outcome, Verdict
from evidence_mapper.tui.actions import REVIEW, bindings_of
from evidence_mapper.tui.key_bar import KeyBar
from evidence_mapper.tui.line_list import LineList
from evidence_mapper.tui.passage_view import PassageView
from evidence_mapper.tui.queue_list import QueueList
from evidence_mapper.tui.review_spans import ReviewSpans
from evidence_mapper.tui.statement_list import StatementList
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.tui.steady import Steady
from evidence_mapper.tui.still import StillBox, StillColumn
from evidence_mapper.tui.text_pane import TextPane
from evidence_mapper.tui.typed import moves, waits
from evidence_mapper.tui.view import Target


class ReviewScreen(ReviewSpans):
    """The queue, the passage in its context, the statements, and the definition of one of them."""

    TABLE = REVIEW
    CLOSED: ClassVar[tuple[str, ...]] = ()
    """Actions that are not to be had here, and not in the key bar."""
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(REVIEW)]
    AUTO_FOCUS = "#queue"

    def compose(self) -> ComposeResult:
        """Lay out the panes; styles arrange them for the size at hand."""
        with Horizontal(id="top", classes="title"):
            yield Steady("Reading the project …", id="showing", markup=False)
            yield Static("", id="progress", markup=False)
        with StillBox(id="panes"):
            yield QueueList(self.framework)
            yield PassageView(id="passage")
            with StillColumn(id="side"):
                yield Steady("", id="provenance", classes="title", markup=False)
                yield StatementList(self.framework)
                yield Steady("", id="fields", markup=False)
            with StillColumn(id="definition"):
                yield Steady("", id="definition-title", classes="title", markup=False)
                yield TextPane(id="definition-text")
        yield StatusLine()
        yield KeyBar(REVIEW, lines=2, without=self.CLOSED)

    def on_mount(self) -> None:
        """Open the first passage, or the one asked for."""
        if self._start is None:
            self.open_first()
        else:
            self.load(Target(passage_id=self._start))
        self.start_learning()

    def on_resize(self, event: events.Resize) -> None:
        """Put the statements beside the queue when there is width, beside the passage when not."""
        panes, wide = self.query_one("#panes"), event.size.width >= 110
        side, passage = self.query_one("#side"), self.query_one("#passage")
        order = [child.id for child in panes.children]
        if wide and order.index("side") > order.index("passage"):
            panes.move_child(side, before=passage)
        elif not wide and order.index("side") < order.index("passage"):
            panes.move_child(side, after=passage)

    @on(QueueList.PageWanted)
    def _fetch(self, event: QueueList.PageWanted) -> None:
        self.want_page(event.page, event.generation)

    @on(LineList.Clicked, "#queue")
    def _queue_clicked(self, event: LineList.Clicked) -> None:
        self.action_go(event.index)

    @on(LineList.Moved, "#statements")
    def _statement_moved(self) -> None:
        self.show_definition()

    # moving ------------------------------------------------------------------------------------
    @moves
    def action_go(self, index: int) -> None:
        """Open the passage at a place in the queue; -1 is the last."""
        queue = self.query_one(QueueList)
        if not queue.count:
            self.load(Target())  # nothing was read, or nothing was left: look again
            return
        index = index if index >= 0 else queue.count - 1
        if row := queue.row(index):
            self.open_row(index, row)
        else:
            self.load(Target(index=index, anew=False))

    @moves
    def action_next(self) -> None:
        """Open the next passage."""
        queue = self.query_one(QueueList)
        index = queue.cursor if self.index is None else self.index + 1
        if index < queue.count:
            self.action_go(index)
        elif queue.count:
            self.query_one(StatusLine).say("This is the last passage of the queue.")
        else:
            self.action_go(0)

    @moves
    def action_previous(self) -> None:
        """Open the previous passage."""
        queue = self.query_one(QueueList)
        index = queue.cursor if self.index is None else self.index - 1
        if index >= 0:
            self.action_go(index)
        else:
            self.query_one(StatusLine).say("This is the first passage of the queue.")

    def action_skip(self) -> None:
        """Go on without a decision."""
        self.action_next()

    def action_scroll(self, pages: int) -> None:
        """Scroll the passage."""
        self.query_one(PassageView).scroll_pages(pages)

    def action_statement(self, by: int) -> None:
        """Move the cursor over the statements."""
        self.query_one(StatementList).action_move(by)

    # marking -----------------------------------------------------------------------------------
    @waits
    def action_tick(self, number: int) -> None:
        """Accept or clear a statement by its number."""
        if number <= len(self.framework.statements):
            self.query_one(StatementList).move_to(number - 1)
            self._mark(self.framework.statements[number - 1].id, Verdict.ACCEPTED)

    @waits
    def action_tick_here(self) -> None:
        """Accept or clear the statement under the cursor."""
        self._mark(self.query_one(StatementList).statement_id, Verdict.ACCEPTED)

    @waits
    def action_reject(self) -> None:
        """Reject the statement under the cursor, or clear that."""
        self._mark(self.query_one(StatementList).statement_id, Verdict.REJECTED)

    @waits
    def action_category(self) -> None:
        """Change the evidence category."""
        if draft := self.draft():
            draft.cycle_category([c.id for c in self.framework.evidence_categories])
            self._marks_changed()

    @waits
    def action_polarity(self) -> None:
        """Change the polarity."""
        if draft := self.draft():
            draft.cycle_polarity()
            self._marks_changed()

    @waits
    def action_clear(self) -> None:
        """Throw away the marks on this passage."""
        draft = self.draft()
        if draft is not None and draft.touched and self.card is not None:
            self.forget_draft(self.card.passage.id)
            self.query_one(StatusLine).say("Your marks on this passage are cleared; nothing was recorded.")
            self.show_marks()
        else:
            self._say("There are no marks of yours here to clear: z takes back a decision, f the filter.")

    @waits
    def action_others(self) -> None:
        """Show or hide other coders' decisions."""
        self.show_others = not self.show_others
        if self.card is not None:
            self.query_one(PassageView).show(self.card, others=self.show_others)
            count = len(self.card.others)
            words = "are shown under the passage" if self.show_others else "are hidden"
            self.query_one(StatusLine).say(f"Other coders' decisions {words} ({count} on this passage).")

    # deciding ----------------------------------------------------------------------------------
    @waits
    def action_accept(self) -> None:
        """Record what is suggested, with the marks on top."""
        if draft := self.draft():
            if decision := draft.accepting():
                self.record(decision)
            else:
                suggested = draft.suggestion and draft.suggestion.suggested_statements()
                words = "Nothing is suggested here to accept"
                if suggested:
                    words = "You rejected what is suggested"
                self._say(f"{words}: tick with 1-9, or n none, u unsure.")

    @waits
    def action_record(self) -> None:
        """Record the marks alone."""
        if draft := self.draft():
            if decision := draft.recorded():
                self.record(decision)
            else:
                self._say("Nothing is ticked: 1-9 tick, a accepts the suggestions, n none, u unsure.")

    @waits
    def action_none(self) -> None:
        """Record that the passage bears on none of the statements."""
        self._answer(Outcome.NONE)

    @waits
    def action_unsure(self) -> None:
        """Record that the coder is unsure."""
        self._answer(Outcome.UNSURE)

    def _answer(self, outcome: Outcome) -> None:
        """Record an answer for the whole passage; ticks would say otherwise, so they come off first."""
        if draft := self.draft():
            if draft.accepted() and (self.card is None or self.card.mine is None or draft.touched):
                self._say("Statements are ticked: clear them (esc, or their numbers) or press enter.")
            else:
                self.record(draft.without(outcome))

    @waits
    def action_undo(self) -> None:
        """Take back the last decision."""
        self.take_back()

    def _mark(self, statement_id: str, verdict: Verdict) -> None:
        if draft := self.draft():
            draft.toggle(statement_id, verdict)
            self._marks_changed()

    def _marks_changed(self) -> None:
        self._say("")
        self.show_marks()

    def _say(self, words: str) -> None:
        self.query_one(StatusLine).say(words)
