"""The cases: what each record shows of the I statements, and the way to its passages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from evidence_mapper.domain.project import QueueFilter, ReviewState
from evidence_mapper.domain.wording import counted
from evidence_mapper.tui.actions import CASES, bindings_of
from evidence_mapper.tui.case_grid import CaseGrid
from evidence_mapper.tui.key_bar import KeyBar
from evidence_mapper.tui.line_list import LineList
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.tui.store_screen import StoreScreen
from evidence_mapper.tui.text import one_line
from evidence_mapper.workflow.case_coverage import CaseCoverage, CaseItem, Shown, case_matrix
from evidence_mapper.workflow.project import Project

LEGEND: Final = (
    "CAPITAL confirmed by a person: F for, A against, B both, N side not set\n"
    "small suggested, not a coding: f, a, b, n   - silent, all read   . none so far"
)


class CasesScreen(StoreScreen):
    """Returns the filter of the case or cell chosen; None to go back."""

    TABLE = CASES
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(CASES)]
    AUTO_FOCUS = "#cases"

    def __init__(self, project: Project) -> None:
        super().__init__()
        self._project = project

    def compose(self) -> ComposeResult:
        """Lay out header, grid and what the cell says."""
        yield Static("Cases by I statement", id="cases-title", classes="title", markup=False)
        yield Static("", id="columns", markup=False)
        yield CaseGrid()
        yield Static("", id="about", markup=False)
        yield Static(LEGEND, classes="hint", markup=False)
        yield StatusLine()
        yield KeyBar(CASES)

    def on_mount(self) -> None:
        """Read the cases."""
        self.query_one(StatusLine).say("Reading the cases …")
        self.ask_store("read the cases", partial(case_matrix, self._project), self._show, group="cases")

    def on_resize(self) -> None:
        """Arrange the blocks anew."""
        self.call_after_refresh(self._arrange)

    def _show(self, cases: list[CaseCoverage]) -> None:
        grid = self.query_one(CaseGrid)
        self.query_one("#cases-title", Static).update(f"Cases by I statement: {len(cases):,}")
        self.query_one(StatusLine).say("")
        grid.show(cases)
        if not cases:
            words = "No cases yet. Leave with q, then: evidence-mapper case group --by-folder FOLDER"
            self.query_one(StatusLine).say(words)
        self._describe()
        self.call_after_refresh(self._arrange)

    def _arrange(self) -> None:
        grid = self.query_one(CaseGrid)
        grid.rearrange()
        width = grid.scrollable_content_region.width
        self.query_one("#columns", Static).update(Content.styled(grid.header(width), "bold"))

    @on(LineList.Moved, "#cases")
    def _describe(self) -> None:
        grid = self.query_one(CaseGrid)
        if grid.case is not None:
            words = _cell_words(grid.case, grid.shown) if grid.shown else _case_words(grid.case)
            self.query_one("#about", Static).update(words)

    def action_open(self) -> None:
        """Return the filter of the case's passages, or of those behind the cell."""
        grid = self.query_one(CaseGrid)
        if grid.case is None:
            return
        if grid.shown is None:
            ids = tuple(p.id for p in grid.case.file.passages)
        else:
            ids = tuple(item.passage.id for item in (*grid.shown.confirmed, *grid.shown.suggested))
        if not ids:
            self.query_one(StatusLine).say("Silent: no passage is confirmed or suggested here.")
            return
        self.dismiss(QueueFilter(state=ReviewState.ANY, passages=ids))

    def action_back(self) -> None:
        """Return to the review."""
        self.dismiss(None)


def _case_words(case: CaseCoverage) -> str:
    facts = case.file.facts
    told = [
        f"{name}: {one_line(facts[name].text) or 'not stated'}" for name in ("services", "team", "consent")
    ]
    count = counted(len(case.file.documents), "document")
    read = f"{case.decided} of {counted(case.passages, 'passage')} decided on"
    return f"{one_line(case.file.case.id)}: {count}, {read}\n{'; '.join(told)}"


def _cell_words(case: CaseCoverage, shown: Shown) -> str:
    head = f"{one_line(case.file.case.id)}: {one_line(shown.i_statement.wording.text)}"
    if shown.is_silent:
        said = (
            "Silent." if case.is_read else "Nothing confirmed or suggested so far; not every passage is read."
        )
    else:
        said = f"Confirmed: {_counts(shown.confirmed)}. Suggested: {_counts(shown.suggested)}."
    return f"{head}\n{said}"


def _counts(items: Sequence[CaseItem]) -> str:
    if not items:
        return "none"
    sides = Counter(item.side.value for item in items)
    own = sum(item.voices.is_own for item in items)
    told = ", ".join(f"{count} {side}" for side, count in sides.items())
    return f"{told}, own voice in {own}"
