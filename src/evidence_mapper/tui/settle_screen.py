"""Where people's codings differ: the passage, the answers side by side, and what settles it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from evidence_mapper.domain.agreement import Disagreed
from evidence_mapper.domain.coding import Decision, Event, Outcome
from evidence_mapper.domain.project import CoderDecision
from evidence_mapper.domain.wording import counted
from evidence_mapper.tui.actions import SETTLE, bindings_of
from evidence_mapper.tui.key_bar import KeyBar
from evidence_mapper.tui.line_list import Cell, LineList
from evidence_mapper.tui.sentences import category_name, titles
from evidence_mapper.tui.settle_window import AskWhy, OwnAnswer
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.tui.store_screen import StoreScreen
from evidence_mapper.tui.text import ACCEPTED_MARK, fit, fit_end, harmless, one_line, when
from evidence_mapper.tui.text_pane import Block, TextPane
from evidence_mapper.workflow.agreement_settle import Settling, settled_words

_FIGURES = 39
"""Characters of a line beside the passage's words."""


class DisagreementList(LineList):
    """One line a disagreement."""

    def __init__(self) -> None:
        super().__init__(id="disagreements")
        self.rows: list[Disagreed] = []

    def show(self, rows: list[Disagreed], cursor: int) -> None:
        """Show disagreements."""
        self.rows = rows
        self.set_lines(len(rows), cursor)

    @property
    def current(self) -> Disagreed | None:
        """Return the one under the cursor; None when there is none."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    def cells(self, index: int, width: int) -> Sequence[Cell]:
        """Return a disagreement's line."""
        row = self.rows[index]
        words = max(10, width - _FIGURES)
        mark = ACCEPTED_MARK if row.settlement is not None else " "
        return [
            (f"{row.number:>4} {mark} ", "good" if row.settlement is not None else ""),
            (fit(one_line(row.passage.text), words) + " ", ""),
            (fit(", ".join(row.differs), 30), "dim"),
        ]


class SettleScreen(StoreScreen):
    """Returns the id of a passage to open; None to go back."""

    TABLE = SETTLE
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(SETTLE)]
    AUTO_FOCUS = "#disagreements"

    def __init__(self, settling: Settling) -> None:
        super().__init__()
        self._settling = settling
        self._framework = settling.framework
        self._all = False
        self._said = ""

    def compose(self) -> ComposeResult:
        """Lay out the list, the passage and the answers."""
        yield Static("Reading …", id="settle-title", classes="title", markup=False)
        yield DisagreementList()
        yield TextPane(id="settle-passage")
        with Horizontal(id="settle-answers"):
            yield TextPane(id="settle-one")
            yield TextPane(id="settle-two")
        yield StatusLine()
        yield KeyBar(SETTLE)

    def on_mount(self) -> None:
        """Read the disagreements."""
        self._read()

    def _read(self) -> None:
        self.ask_store("list the disagreements", partial(self._settling.found, settled=None), self._show,
                       group="rows")  # fmt: skip

    def _show(self, rows: list[Disagreed]) -> None:
        open_ = [row for row in rows if row.settlement is None]
        settled = len(rows) - len(open_)
        title = f"Where people's codings differ · {len(open_):,} open, {settled:,} settled"
        self.query_one("#settle-title", Static).update(title, layout=False)
        listed = self.query_one(DisagreementList)
        listed.show(rows if self._all else open_, listed.cursor)
        if self._said:
            self.query_one(StatusLine).done(self._said)
            self._said = ""
        self._show_row()

    @on(LineList.Moved, "#disagreements")
    def _show_row(self) -> None:
        row = self.query_one(DisagreementList).current
        passage, one, two = (
            self.query_one(f"#settle-{name}", TextPane) for name in ("passage", "one", "two")
        )
        if row is None:
            passage.update("Nothing to settle: nobody's codings differ, or all is settled (t shows those).")
            one.update("")
            two.update("")
            return
        place = f"{one_line(row.document)}, {one_line(row.passage.location.label())}"
        head = Content.styled(fit_end(place, max(20, self.size.width - 6)), "$em-dim")
        passage.show(
            [Block(head), Block(Content(harmless(row.passage.text)), bar=True), Block(self._end(row))]
        )
        answers = [self._answer(n, held) for n, held in enumerate(row.answers, 1)]
        one.update(answers[0])
        two.update(Content("\n\n").join(answers[1:]))

    def _end(self, row: Disagreed) -> Content:
        """Return how it was settled; nothing while it is open."""
        if row.settlement is None:
            return Content("")
        said = f"{ACCEPTED_MARK} Settled: {self._words(row.settlement.decision)}"
        return Content.assemble((said, "bold $em-good"), f"\n{one_line(settled_words(row.settlement))}")

    def _answer(self, number: int, held: CoderDecision) -> Content:
        blind = ", blind" if held.blind else ""
        note = f"\nNote: {harmless(held.decision.note)}" if held.decision.note else ""
        return Content.assemble(
            (f"{number} ", "bold $em-key"),
            (one_line(held.coder), "bold"),
            (f"  {when(held.at)}{blind}\n", "$em-dim"),
            self._words(held.decision),
            note,
        )

    def _words(self, decision: Decision) -> str:
        if decision.outcome is not Outcome.CODED:
            return "None of these" if decision.outcome is Outcome.NONE else "Unsure"
        polarity = decision.polarity.value if decision.polarity else "no polarity"
        lines = [
            titles(self._framework, decision.accepted()),
            f"{category_name(self._framework, decision.evidence_category)} · {polarity}",
        ]
        extras = [*decision.topics, *decision.i_statements]
        return "\n".join([*lines, ", ".join(extras)] if extras else lines)

    # settling ----------------------------------------------------------------------------------
    def action_take(self, number: int) -> None:
        """Settle it by an answer."""
        row = self._current()
        if row is None:
            return
        if number > len(row.answers):
            self.query_one(StatusLine).say(f"There are {counted(len(row.answers), 'answer')} here.")
            return
        coder = row.answers[number - 1].coder
        self._ask_why(f"Take {one_line(coder)}'s answer: why", partial(self._settling.take, row, coder))

    def action_none(self) -> None:
        """Settle it: none of the statements."""
        if row := self._current():
            self._ask_why(
                "None of the statements: why", partial(self._settling.write, row, Decision(Outcome.NONE))
            )

    def action_own(self) -> None:
        """Settle it by an answer of one's own."""
        row = self._current()
        if row is None:
            return

        def keep(decision: Decision | None) -> None:
            if decision is not None:
                self._ask_why("Your own answer: why", partial(self._settling.write, row, decision))

        self.app.push_screen(OwnAnswer(self._framework, row), keep)

    def action_take_off(self) -> None:
        """Take the settlement off."""
        row = self._current()
        if row is None:
            return
        if row.settlement is None:
            self.query_one(StatusLine).say("It is not settled. t shows those that are.")
            return
        call = partial(self._settling.undo, row)
        self.ask_store("take the settlement off", call, self._written, group="write")

    def _ask_why(self, title: str, settle: Callable[[str], Event]) -> None:
        def keep(why: str | None) -> None:
            if why is not None:
                self.ask_store("settle it", partial(settle, why), self._written, group="write")

        self.app.push_screen(AskWhy(title), keep)

    def _written(self, event: Event) -> None:
        words = one_line(event.words)
        self._said = f"{words[:1].upper()}{words[1:]}."
        self._read()

    def failed(self, group: str, what: str, error: Exception) -> None:
        """Say what failed, and for a settlement that it is not recorded."""
        if group == "write":
            self.query_one(StatusLine).error(f"NOT RECORDED. Could not {what}: {error}")
        else:
            super().failed(group, what, error)

    def _current(self) -> Disagreed | None:
        row = self.query_one(DisagreementList).current
        if row is None:
            self.query_one(StatusLine).say("There is nothing to settle here.")
        return row

    # moving ------------------------------------------------------------------------------------
    def action_which(self) -> None:
        """Show the open ones, or all."""
        self._all = not self._all
        self._read()

    def action_open(self) -> None:
        """Open the passage in the review."""
        if row := self._current():
            self.dismiss(row.passage.id)

    def action_scroll(self, pages: int) -> None:
        """Scroll the passage."""
        pane = self.query_one("#settle-passage", TextPane)
        pane.scroll_relative(y=pages * max(1, pane.size.height - 1), animate=False)

    def action_back(self) -> None:
        """Go back."""
        self.dismiss(None)
