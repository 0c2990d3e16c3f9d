"""The matrix: what is covered, what is missing, and the way to the passages behind each cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.project import CellCount, Matrix, QueueFilter, ReviewState
from evidence_mapper.tui import sentences
from evidence_mapper.tui.actions import MATRIX, bindings_of
from evidence_mapper.tui.key_bar import KeyBar
from evidence_mapper.tui.line_list import Cell, LineList
from evidence_mapper.tui.matrix_grid import MatrixGrid, count_cells
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.tui.store_screen import StoreScreen
from evidence_mapper.tui.text import ACCEPTED_MARK, GAP_MARK, fit, one_line, plural
from evidence_mapper.workflow.review import ReviewSession

LEGEND = (
    f"{ACCEPTED_MARK} confirmed   ? suggested, not yet read   — {GAP_MARK} nothing confirmed   * required"
)


class TopicTable(LineList):
    """The topics and I statements of one statement with their counts."""

    def __init__(self, framework: Framework) -> None:
        super().__init__(id="topics")
        self._framework = framework
        self._lines: list[tuple[str, CellCount, str]] = []
        self._topic_count = 0

    def show(self, statement_id: str | None, matrix: Matrix) -> None:
        """Show a statement's topics; None shows none."""
        topics = self._framework.topics_of(statement_id) if statement_id else ()
        spoken = self._framework.i_statements_of(statement_id) if statement_id else ()
        self._topic_count = len(topics)
        nothing = CellCount()
        self._lines = [(t.id, matrix.topics.get(t.id, nothing), one_line(t.definition)) for t in topics]
        for i in spoken:
            self._lines.append(
                (i.id, matrix.i_statements.get(i.id, nothing), f"“{one_line(i.wording.text)}”")
            )
        self.set_lines(len(self._lines))

    @property
    def topic_id(self) -> str | None:
        """Return the topic under the cursor; None on an I statement."""
        return self._lines[self.cursor][0] if self.cursor < self._topic_count else None

    def cells(self, index: int, width: int) -> Sequence[Cell]:
        """Return a topic's line."""
        name, count, text = self._lines[index]
        return [(fit(f"  {name}", 22), ""), *count_cells(count, 13), (fit(f" {text}", width - 35), "dim")]


class MatrixScreen(StoreScreen):
    """Returns the filter of the cell chosen; None to go back."""

    TABLE = MATRIX
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(MATRIX)]
    AUTO_FOCUS = "#grid"

    def __init__(self, session: ReviewSession) -> None:
        super().__init__()
        self._session = session

    def compose(self) -> ComposeResult:
        """Lay out header, grid, topics."""
        yield Static("Evidence by statement and category", classes="title", markup=False)
        yield Static("", id="columns", markup=False)
        yield MatrixGrid(self._session.framework)
        yield Static("", id="topics-title", classes="title", markup=False)
        yield TopicTable(self._session.framework)
        yield Static(LEGEND, classes="hint", markup=False)
        yield StatusLine()
        yield KeyBar(MATRIX)

    def on_mount(self) -> None:
        """Read the counts."""
        self.query_one(StatusLine).say("Counting …")
        self.ask_store("count the evidence", self._session.matrix, self._show, group="matrix")

    def on_resize(self) -> None:
        """Set the column names anew."""
        self.call_after_refresh(self._head)

    def _show(self, matrix: Matrix) -> None:
        self.query_one(MatrixGrid).show(matrix)
        self._head()
        self._moved()

    def _head(self) -> None:
        grid = self.query_one(MatrixGrid)
        self.query_one("#columns", Static).update(grid.header(grid.scrollable_content_region.width))

    @on(LineList.Moved, "#grid")
    def _moved(self) -> None:
        grid, framework = self.query_one(MatrixGrid), self._session.framework
        statement = grid.statement_id
        title = sentences.titles(framework, (statement,)) if statement else "All statements"
        self.query_one("#topics-title", Static).update(f"Topics of {title}" if statement else title)
        self.query_one(TopicTable).show(statement, grid.matrix)
        count = grid.count_of(statement, grid.columns[grid.column])
        category = "all categories"
        if grid.category_id is not None:
            category = sentences.category_name(framework, grid.category_id or None)
        words = f"{category[:1].upper()}{category[1:]}: {count.confirmed:,} confirmed"
        if count.confirmed:
            words += f" ({count.strengths:,} strength, {count.concerns:,} concern)"
        words += f", {count.suggested:,} suggested"
        if count.suggested:
            words += f", about {count.expected:.0f} expected to hold"
        self.query_one(StatusLine).say(words)

    def action_open(self) -> None:
        """Return the filter of the cell, or of the topic, under the cursor."""
        grid, topics = self.query_one(MatrixGrid), self.query_one(TopicTable)
        if topics.has_focus:
            if topics.topic_id is None:
                self.query_one(StatusLine).say(
                    "I statements have no filter of their own: open the statement."
                )
                return
            self.dismiss(QueueFilter(state=ReviewState.ANY, topic=topics.topic_id))
            return
        count = grid.count_of(grid.statement_id, grid.columns[grid.column])
        if not count.confirmed and not count.suggested:
            self.query_one(StatusLine).say(f"A gap: {plural(0, 'passage')}, neither confirmed nor suggested.")
            return
        where = QueueFilter(state=ReviewState.ANY, statement=grid.statement_id, category=grid.category_id)
        self.dismiss(where)

    def action_topics(self) -> None:
        """Show or hide the topics."""
        hidden = self.query_one(TopicTable)
        hidden.display = not hidden.display
        self.query_one("#topics-title").display = hidden.display
        if not hidden.display:
            self.query_one(MatrixGrid).focus()

    def action_back(self) -> None:
        """Return to the review."""
        self.dismiss(None)
