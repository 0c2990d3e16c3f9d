"""The matrix: what is covered, what is missing, and the way to the passages behind each cell."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from evidence_mapper.domain.dates import age_words
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.project import CellCount, Matrix, QueueFilter, ReviewState
from evidence_mapper.domain.wording import counted
from evidence_mapper.tui import sentences
from evidence_mapper.tui.actions import MATRIX, bindings_of
from evidence_mapper.tui.key_bar import KeyBar
from evidence_mapper.tui.line_list import Cell, LineList
from evidence_mapper.tui.matrix_grid import TOTAL, MatrixGrid, count_cells
from evidence_mapper.tui.standing_list import StandingList, heading, of_i_statements, of_statements
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.tui.store_screen import StoreScreen
from evidence_mapper.tui.text import ACCEPTED_MARK, GAP_MARK, fit, one_line
from evidence_mapper.workflow.review import ReviewSession

LEGEND = (
    f"{ACCEPTED_MARK} confirmed   ? suggested, not yet read   — {GAP_MARK} nothing confirmed   * required"
)


_KEEPING: Final = "keeping"


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

    @property
    def i_statement_id(self) -> str | None:
        """Return the I statement under the cursor; None on a topic."""
        return self._lines[self.cursor][0] if self._topic_count <= self.cursor < self.count else None

    def cells(self, index: int, width: int) -> Sequence[Cell]:
        """Return a topic's line."""
        name, count, text = self._lines[index]
        return [(fit(f"  {name}", 22), ""), *count_cells(count, 13), (fit(f" {text}", width - 35), "dim")]


class Side(Enum):
    """What of the matrix is shown."""

    CATEGORIES = "statements by evidence category"
    STANDING = "strengths and concerns, people's voice, age"
    SPOKEN = "I statements"


_TITLES = {
    Side.CATEGORIES: "Evidence by statement and category",
    Side.STANDING: "Evidence by statement: for and against, people's voice, age",
    Side.SPOKEN: "Evidence by I statement",
}


class MatrixScreen(StoreScreen):
    """Returns the filter of the cell chosen; None to go back."""

    TABLE = MATRIX
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(MATRIX)]
    AUTO_FOCUS = "#grid"
    _topics_on = True

    def __init__(self, session: ReviewSession) -> None:
        super().__init__()
        self._session = session
        self._side = Side.CATEGORIES

    def compose(self) -> ComposeResult:
        """Lay out header, grid, topics."""
        yield Static("", id="matrix-title", classes="title", markup=False)
        yield Static("", id="columns", markup=False)
        yield MatrixGrid(self._session.framework)
        yield StandingList()
        yield Static("", id="topics-title", classes="title", markup=False)
        yield TopicTable(self._session.framework)
        yield Static(LEGEND, classes="hint", markup=False)
        yield StatusLine()
        yield KeyBar(MATRIX)

    def on_mount(self) -> None:
        """Read the counts."""
        self.query_one(StandingList).display = False
        self.query_one(StatusLine).say("Counting …")
        self.ask_store("count the evidence", self._session.matrix, self._show, group="matrix")

    def on_resize(self) -> None:
        """Set the column names anew."""
        self.call_after_refresh(self._head)

    def _show(self, matrix: Matrix) -> None:
        self.query_one(MatrixGrid).show(matrix)
        self._turn(self._side)
        if not self._session.blind:
            self.ask_store("keep the counts", self._session.keep_counts, lambda _: None, group=_KEEPING)

    def failed(self, group: str, what: str, error: Exception) -> None:
        """Say what failed; that the counts could not be kept only means that they are counted again."""
        if group != _KEEPING:
            super().failed(group, what, error)

    def _head(self) -> None:
        self.query_one("#matrix-title", Static).update(_TITLES[self._side])
        columns = self.query_one("#columns", Static)
        if self._side is Side.CATEGORIES:
            grid = self.query_one(MatrixGrid)
            columns.update(grid.header(grid.scrollable_content_region.width))
        else:
            width = self.query_one(StandingList).scrollable_content_region.width
            voice = self._side is Side.STANDING
            columns.update(Content.styled(heading(width, voice=voice), "bold"))

    def _turn(self, side: Side) -> None:
        """Show another side of the matrix."""
        self._side = side
        grid, standing = self.query_one(MatrixGrid), self.query_one(StandingList)
        framework, plain = self._session.framework, side is Side.CATEGORIES
        grid.display, standing.display = plain, not plain
        if side is Side.STANDING:
            standing.show(of_statements(framework, grid.matrix), self._session.today())
        elif side is Side.SPOKEN:
            standing.show(of_i_statements(framework, grid.matrix), self._session.today())
        for part in ("#topics", "#topics-title"):
            self.query_one(part).display = plain and self._topics_on
        (grid if plain else standing).focus()
        self.call_after_refresh(self._head)
        if plain:
            self._moved()
        else:
            self._say_standing()

    @on(LineList.Moved, "#standing")
    def _say_standing(self) -> None:
        line = self.query_one(StandingList).current
        if line is not None:
            words = f"{line.title}: {_count_words(line.count)}"
            self.query_one(StatusLine).say(words)

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
        words = f"{category[:1].upper()}{category[1:]}: {_count_words(count)}"
        if statement is not None and (newest := _newest(grid, statement)):
            words += f", newest {newest} ({age_words(newest, self._session.today())} old)"
        self.query_one(StatusLine).say(words)

    def action_open(self) -> None:
        """Return the filter of the cell, or of the topic, under the cursor."""
        grid, topics = self.query_one(MatrixGrid), self.query_one(TopicTable)
        if topics.has_focus:
            self.dismiss(
                QueueFilter(state=ReviewState.ANY, topic=topics.topic_id, i_statement=topics.i_statement_id)
            )
            return
        if self._side is not Side.CATEGORIES:
            self._open_standing()
            return
        count = grid.count_of(grid.statement_id, grid.columns[grid.column])
        if not count.confirmed and not count.suggested:
            self.query_one(StatusLine).say(
                f"A gap: {counted(0, 'passage')}, neither confirmed nor suggested."
            )
            return
        where = QueueFilter(state=ReviewState.ANY, statement=grid.statement_id, category=grid.category_id)
        self.dismiss(where)

    def _open_standing(self) -> None:
        line = self.query_one(StandingList).current
        if line is None or not (line.count.confirmed or line.count.suggested):
            self.query_one(StatusLine).say("A gap: nothing confirmed and nothing suggested.")
            return
        spoken = self._side is Side.SPOKEN
        self.dismiss(
            QueueFilter(
                state=ReviewState.ANY,
                statement=None if spoken else line.id,
                i_statement=line.id if spoken else None,
            )
        )

    def action_topics(self) -> None:
        """Show or hide the topics."""
        self._topics_on = self._side is not Side.CATEGORIES or not self._topics_on
        self._turn(Side.CATEGORIES)

    def action_standing(self) -> None:
        """Show strengths against concerns, people's voice and age, or the categories again."""
        self._turn(Side.CATEGORIES if self._side is Side.STANDING else Side.STANDING)

    def action_spoken(self) -> None:
        """Show the I statements, or the statements again."""
        self._turn(Side.CATEGORIES if self._side is Side.SPOKEN else Side.SPOKEN)

    def action_remaining(self) -> None:
        """Show how much evidence nobody has seen yet."""
        from evidence_mapper.tui.remaining_screen import RemainingScreen

        def go(where: QueueFilter | None) -> None:
            if where is not None:
                self.dismiss(where)

        self.app.push_screen(RemainingScreen(self._session), go)

    def action_back(self) -> None:
        """Return to the review."""
        self.dismiss(None)


def _count_words(count: CellCount) -> str:
    words = f"{count.confirmed:,} confirmed"
    if count.confirmed:
        words += f" ({count.strengths:,} strength, {count.concerns:,} concern)"
    words += f", {count.suggested:,} suggested"
    if count.suggested:
        words += f", about {count.expected:.0f} expected to hold"
    return words


def _newest(grid: MatrixGrid, statement: str) -> str | None:
    if grid.columns[grid.column] == TOTAL:
        return grid.matrix.newest_of(statement)
    return grid.matrix.newest.get((statement, grid.columns[grid.column]))
