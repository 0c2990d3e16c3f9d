"""What opens over the review, and what comes back from it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from evidence_mapper.domain.project import DocumentProgress, QueueFilter
from evidence_mapper.tui.definition import definition
from evidence_mapper.tui.filter_form import Chosen, FilterForm
from evidence_mapper.tui.modals import AskText, NoteEditor, Reader
from evidence_mapper.tui.review_base import Busy, ReviewBase
from evidence_mapper.tui.statement_list import StatementList
from evidence_mapper.tui.topic_picker import Picked, TopicPicker
from evidence_mapper.tui.typed import waits
from evidence_mapper.tui.view import Target


class ReviewWindows(ReviewBase):
    """Windows return a value; it is applied here, to the passage they were opened for."""

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
    def action_wording(self) -> None:
        """Show everything about the statement under the cursor."""
        statement = self.framework.statement(self.query_one(StatementList).statement_id)
        body = definition(self.framework, statement, whole=True)
        self.app.push_screen(Reader(f"{statement.number}. {statement.title.text}", body))

    @waits
    def action_filter(self) -> None:
        """Choose which passages to show."""
        self.busy = Busy.ASKING  # keys wait, moves too, so that none meant for the form marks the passage
        self.ask_store("list the documents", self.session.documents, self._ask_filter, group="documents")

    def _ask_filter(self, documents: list[DocumentProgress]) -> None:
        form = FilterForm(self.framework, [d.document for d in documents], Chosen(self.where, self.order))
        self.app.push_screen(form, self._take_filter)
        self._ready()

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
    def action_history(self) -> None:
        """Show every decision."""
        from evidence_mapper.tui.history_screen import HistoryScreen

        self.app.push_screen(HistoryScreen(self.session), self._take_place)

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
            self.load(Target())

        self.in_turn(change, move=False)
