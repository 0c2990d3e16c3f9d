"""What opens over the review, and what comes back from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from evidence_mapper.domain.project import QueueFilter
from evidence_mapper.tui.filter_form import Chosen, FilterForm, Known
from evidence_mapper.tui.modals import AskText, NoteEditor
from evidence_mapper.tui.review_base import Busy, ReviewBase
from evidence_mapper.tui.statement_list import StatementList
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.tui.topic_picker import Picked, TopicPicker
from evidence_mapper.tui.typed import waits
from evidence_mapper.tui.view import Target

if TYPE_CHECKING:
    from evidence_mapper.tui.claims_screen import ClaimPlace
    from evidence_mapper.tui.search_screen import SearchPlace


class ReviewWindows(ReviewBase):
    """Windows return a value; it is applied here, to the passage they were opened for."""

    last_query = ""
    """What was last searched for."""

    @waits
    def action_note(self) -> None:
        """Write a note on the open passage."""
        draft = self.draft()
        if draft is None:
            return

        def keep(text: str | None) -> None:
            if text is not None:
                draft.note = text or None
                self.show_marks()

        self.app.push_screen(NoteEditor(draft.note or ""), keep)

    @waits
    def action_topics(self) -> None:
        """Pick topics and I statements."""
        draft = self.draft()
        if draft is None:
            return
        proposed = draft.suggestion.suggested_statements() if draft.suggestion else ()
        here = (self.query_one(StatementList).statement_id,)

        def keep(picked: Picked | None) -> None:
            if picked is not None:
                draft.pick(picked.topics, picked.i_statements)
                self.show_marks()

        self.app.push_screen(TopicPicker(self.framework, draft, draft.accepted() or proposed or here), keep)

    @waits
    def action_filter(self) -> None:
        """Choose which passages to show."""
        self.busy = Busy.ASKING  # keys wait, moves too, so that none meant for the form marks the passage
        self.ask_store("list the documents", self._known, self._ask_filter, group="documents")

    def _known(self) -> Known:
        sample = self.session.sample()
        documents = [d.document for d in self.session.documents()]
        return Known(documents, self.session.coders(), sample.id if sample else None)

    def _ask_filter(self, known: Known) -> None:
        form = FilterForm(self.framework, known, Chosen(self.where, self.order))
        self.app.push_screen(form, self._take_filter)
        self.ready()

    def _take_filter(self, chosen: Chosen | None) -> None:
        if chosen is not None:
            self.order = chosen.order
            self.show_only(chosen.where)

    @waits
    def action_find(self) -> None:
        """Search the passages."""

        def keep(text: str | None) -> None:
            if text is not None:
                self.show_only(replace(self.where, text=text or None))

        self.app.push_screen(AskText("Show passages with these words", self.where.text or ""), keep)

    @waits
    def action_matrix(self) -> None:
        """Show what is covered and what is missing."""
        from evidence_mapper.tui.matrix_screen import MatrixScreen

        self.app.push_screen(MatrixScreen(self.session), self._take_place)

    @waits
    def action_documents(self) -> None:
        """Show the documents."""
        from evidence_mapper.tui.documents_screen import DocumentsScreen

        self.app.push_screen(DocumentsScreen(self.session), self._take_place)

    @waits
    def action_search(self) -> None:
        """Search every passage, from where the last search was left."""
        from evidence_mapper.tui.search_screen import SearchScreen

        self.app.push_screen(SearchScreen(self.session, self.last_query), self._leave_search)

    def _leave_search(self, left: SearchPlace | None) -> None:
        if left is not None:
            self.last_query = left.query
        self._take_place(left.passage_id if left is not None else None)

    @waits
    def action_history(self) -> None:
        """Show every decision."""
        from evidence_mapper.tui.history_screen import HistoryScreen

        history = HistoryScreen(self.session)

        def leave(place: str | None) -> None:
            if history.changed:
                self.forget_last()
            for piece in history.replaced:
                self.forget_draft(piece)
            if place is None and self.card is not None:
                place = self._standing_now(history.replaced)
            self._take_place(place)

        self.app.push_screen(history, leave)

    def _standing_now(self, replaced: Mapping[str, str]) -> str | None:
        """Return what stands where the open passage was taken out; None when it stands there still."""
        now = place = self.card.passage.id if self.card is not None else ""
        seen = set[str]()
        while place in replaced and place not in seen:
            seen.add(place)
            place = replaced[place]
        return None if place == now else place

    def forget_last(self) -> None:
        """Let nothing more be said of the last decision, or repeat it: it may be taken back."""
        self.last = self.alike = None
        self.query_one(StatusLine).say("")

    @waits
    def action_settle(self) -> None:
        """Show where people's codings differ."""
        from evidence_mapper.tui.settle_screen import SettleScreen

        self.app.push_screen(SettleScreen(self.session.settling), self._take_place)

    @waits
    def action_claims(self) -> None:
        """Show the claims, at the one that was left for this passage."""
        if self.assistant is None or self.session.redacted:
            self.query_one(StatusLine).say("Claims are not at hand here: evidence-mapper claim list")
            return
        from evidence_mapper.tui.claims_screen import ClaimsScreen
        from evidence_mapper.workflow.claim_desk import ClaimDesk

        desk = ClaimDesk(self.assistant.project, self.session.coder)
        self.app.push_screen(ClaimsScreen(desk, self.claim), self._leave_claims)

    @waits
    def action_cases(self) -> None:
        """Show what each case's record shows of the I statements."""
        if self.assistant is None or self.session.redacted:
            self.query_one(StatusLine).say("Cases are not at hand here: evidence-mapper case matrix")
            return
        from evidence_mapper.tui.cases_screen import CasesScreen

        self.app.push_screen(CasesScreen(self.assistant.project), self._take_place)

    def _leave_claims(self, left: ClaimPlace | None) -> None:
        """Open the passage a claim was left for; ``l`` then returns to that claim."""
        self.claim = left.claim if left is not None else None
        self._take_place(left.passage_id if left is not None else None)

    def _take_place(self, place: QueueFilter | str | None) -> None:
        """Go where another screen points: a filter, a passage, or None for where we were."""
        if isinstance(place, QueueFilter):
            self.show_only(place)
        elif place is not None:
            self.in_turn(partial(self.load, Target(passage_id=place)), move=False)
        elif self.card is not None:
            self.in_turn(partial(self.load, Target(passage_id=self.card.passage.id)), move=False)

    def show_only(self, where: QueueFilter) -> None:
        """Show the passages a filter leaves, from the first."""

        def change() -> None:
            self.where = where
            whole = where == QueueFilter()
            self.query_one(StatusLine).say("" if whole else "f, then ctrl+r, shows the whole queue again.")
            self.load(Target())

        self.in_turn(change, move=False)
