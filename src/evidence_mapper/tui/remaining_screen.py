"""How much evidence nobody has seen yet, statement by statement, and when a person may stop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.project import QueueFilter, ReviewState
from evidence_mapper.domain.remaining import Remaining
from evidence_mapper.domain.wording import counted
from evidence_mapper.tui.actions import REMAINING, bindings_of
from evidence_mapper.tui.key_bar import KeyBar
from evidence_mapper.tui.line_list import Cell, LineList
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.tui.store_screen import StoreScreen
from evidence_mapper.tui.text import ACCEPTED_MARK, fit, fit_title, one_line, right
from evidence_mapper.workflow.review import ReviewSession

_SIZES = (10, 18, 9, 9, 7)
_NAMES = ("Confirmed", "Expected unseen", "At most", "Found ≥", "Stop")


class RemainingList(LineList):
    """One line a statement."""

    def __init__(self, framework: Framework) -> None:
        super().__init__(id="remaining")
        self._titles = {s.id: f"{s.number} {one_line(s.title.text)}" for s in framework.statements}
        self.found: Remaining | None = None

    def show(self, found: Remaining) -> None:
        """Show the estimate."""
        self.found = found
        self.set_lines(len(found.rows), self.cursor)

    def cells(self, index: int, width: int) -> Sequence[Cell]:
        """Return a statement's line."""
        assert self.found is not None
        row = self.found.rows[index]
        expected = "—"
        if row.expected is not None:
            expected = f"{row.expected.mean:,.0f} ({row.expected.low:,}–{row.expected.high:,})"
        most = recall = stop = "—"
        if row.bound is not None:
            most = f"{row.bound.unseen:,}"
            recall = "—" if row.bound.recall is None else f"{int(row.bound.recall * 100)}%"
            stop = f"{ACCEPTED_MARK} may" if row.may_stop else "go on"
        values = (f"{row.confirmed:,}", expected, most, recall, stop)
        title = fit_title(self._titles[row.statement], width - sum(_SIZES))
        styles = ("good" if row.confirmed else "bad", "suggested", "", "", "good" if row.may_stop else "dim")
        figures = [
            (right(value, size), style) for value, size, style in zip(values, _SIZES, styles, strict=True)
        ]
        return [(title, ""), *figures]


class RemainingScreen(StoreScreen):
    """Returns the filter of the sample that waits to be read; None to go back."""

    TABLE = REMAINING
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(REMAINING)]
    AUTO_FOCUS = "#remaining"

    def __init__(self, session: ReviewSession) -> None:
        super().__init__()
        self._session = session

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        yield Static("Evidence not seen yet", id="remaining-title", classes="title", markup=False)
        yield Static("", id="columns", markup=False)
        yield RemainingList(self._session.framework)
        yield Static("", id="about", markup=False)
        yield StatusLine()
        yield KeyBar(REMAINING)

    def on_mount(self) -> None:
        """Work it out."""
        self.query_one(StatusLine).say("Adding up the probabilities of what nobody has decided on …")
        self.ask_store("estimate what remains", self._session.remaining, self._show, group="remaining")

    def on_resize(self) -> None:
        """Set the column names anew."""
        self.call_after_refresh(self._head)

    def _head(self) -> None:
        width = self.query_one(RemainingList).scrollable_content_region.width
        names = "".join(right(name, size) for name, size in zip(_NAMES, _SIZES, strict=True))
        self.query_one("#columns", Static).update(fit("", width - sum(_SIZES)) + names)

    def _show(self, found: Remaining) -> None:
        self.query_one(RemainingList).show(found)
        self._head()
        self.query_one("#remaining-title", Static).update(
            f"Evidence not seen yet: {counted(found.undecided, 'passage')} undecided"
        )
        self.query_one("#about", Static).update("\n".join(_words(found)))
        self.query_one(StatusLine).say(_next(found))

    def action_open(self) -> None:
        """Return the filter of the sample."""
        found = self.query_one(RemainingList).found
        if found is None or found.sample is None:
            self.query_one(StatusLine).say("No sample was drawn yet: evidence-mapper remaining --sample 150")
            return
        self.dismiss(QueueFilter(state=ReviewState.TO_REVIEW, sample=found.sample.id))

    def action_back(self) -> None:
        """Return to the matrix."""
        self.dismiss(None)


def _words(found: Remaining) -> list[str]:
    """Return how the figures come about."""
    lines = ["Expected: the sum of the probabilities, 9 in 10 between the ends, if these are right."]
    if found.without_suggestion:
        lines.append(f"{counted(found.without_suggestion, 'passage')} without suggestion are not in it.")
    if found.sample is not None:
        drawn = len(found.sample.passages)
        lines.append(
            f"At most, found: from a random sample of {drawn:,} of {found.sample.frame:,}, at "
            f"{found.confidence:.0%} confidence a statement; it does not rest on the model."
        )
    return lines


def _next(found: Remaining) -> str:
    if found.sample is None:
        return "For a bound that does not rest on the model: evidence-mapper remaining --sample 150"
    if found.problem:
        return f"The sample no longer stands: {found.problem}. Draw another."
    if found.waiting:
        return f"{counted(found.waiting, 'passage')} of the sample not decided yet: enter reads them."
    count = sum(row.may_stop for row in found.rows)
    return f"You may stop for {counted(count, 'statement')} at {found.recall:.0%} of the evidence."
