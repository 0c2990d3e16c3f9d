"""Bulk accept: what would be accepted is listed first, each passage can be left out, then it is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from evidence_mapper.domain.coding import Event
from evidence_mapper.domain.project import QueueFilter, QueueOrder
from evidence_mapper.domain.wording import counted
from evidence_mapper.tui import sentences
from evidence_mapper.tui.actions import BULK, bindings_of
from evidence_mapper.tui.key_bar import KeyBar
from evidence_mapper.tui.line_list import Cell, LineList
from evidence_mapper.tui.seen_list import SeenList
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.tui.text import ACCEPTED_MARK, fit, fit_place, harmless, one_line, percent
from evidence_mapper.tui.together_screen import TogetherScreen
from evidence_mapper.workflow.accept_together import LEAST, Acceptable, Listed, accept, acceptable
from evidence_mapper.workflow.review import ReviewSession


class BulkList(SeenList):
    """One line a passage: tick, statements with the least probability among them, document, words."""

    DOUBLE_CLICK = "tick"

    def __init__(self) -> None:
        super().__init__(id="bulk")
        self.items: Sequence[Listed] = ()
        self.off: set[str] = set()
        """Ids of passages not to be accepted; they stay so when the list is made anew."""

    def show(self, items: Sequence[Listed]) -> None:
        """List passages anew."""
        self.items = items
        self.set_lines(len(items))

    def chosen(self) -> list[Listed]:
        """Return what is ticked."""
        return [item for item in self.items if item.passage.id not in self.off]

    def line(self, index: int, width: int) -> Sequence[Cell]:
        """Return a passage's line."""
        item = self.items[index]
        on = item.passage.id not in self.off
        codes = [s for s in item.suggestion.statements if s.suggested]
        what, where = max(24, width // 3), max(14, width // 5)
        return [
            (f"[{ACCEPTED_MARK if on else ' '}] ", "good" if on else ""),
            (fit(", ".join(c.id for c in codes), what) + " ", "suggested" if on else "dim"),
            (f"{percent(min(c.probability for c in codes)):>3} ", "dim"),
            (fit(fit_place(item.row.document_name, item.row.location_label, where), where) + " ", "dim"),
            (fit(one_line(item.passage.text[:200]), width - what - where - 10), "" if on else "dim"),
        ]


class BulkScreen(TogetherScreen):
    """Returns how many decisions were recorded; None when none were."""

    TABLE = BULK
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(BULK)]
    AUTO_FOCUS = "#bulk"

    def __init__(self, session: ReviewSession, where: QueueFilter, order: QueueOrder) -> None:
        super().__init__()
        self._session = session
        self._queue = where, order
        self._least = LEAST[0]
        self._found: Acceptable | None = None

    def compose(self) -> ComposeResult:
        """Lay out the list, the passage under the cursor, and what enter does."""
        yield Static("Reading the queue …", id="bulk-title", classes="title", markup=False)
        yield BulkList()
        with VerticalScroll(id="bulk-scroll"):
            yield Static("", id="bulk-passage", markup=False)
        yield StatusLine()
        yield KeyBar(BULK)

    def on_mount(self) -> None:
        """Read what can be accepted."""
        self._read()

    def _read(self) -> None:
        self._found = None
        call = partial(acceptable, self._session, *self._queue, self._least)
        self.ask_store("read the queue", call, self._show, group="bulk")

    def _show(self, found: Acceptable) -> None:
        self._found = found
        self.query_one(BulkList).show(found.items)
        level = f"at {percent(found.least)} or more" if found.least else "at any probability"
        where = sentences.filter_words(self._session.framework, *self._queue)
        title = f"Accept together: {counted(len(found.items), 'passage')} suggested {level} · {where}"
        self.query_one("#bulk-title", Static).update(title)
        self.query_one(StatusLine).say(self._summary(found))
        self._describe()

    def _summary(self, found: Acceptable) -> str:
        if not found.items:
            return "Nothing here is suggested with that confidence: l lists from a lower probability on."
        left = (
            f" {counted(found.left_out, 'passage')} with a weaker suggestion left out."
            if found.left_out
            else ""
        )
        more = " There are more after these." if found.more else ""
        return f"Look through all {len(found.items):,}, untick what needs reading, then enter.{left}{more}"

    @on(LineList.Moved, "#bulk")
    def _describe(self) -> None:
        """Show the passage under the cursor in full, with what would be recorded."""
        item = self._here()
        if item is None:
            self.query_one("#bulk-passage", Static).update("")
            return
        framework, decision = self._session.framework, item.decision
        polarity = decision.polarity.value if decision.polarity else "no polarity"
        category = "no category"
        if decision.evidence_category:
            category = sentences.category_name(framework, decision.evidence_category)
        words = f"{sentences.titles(framework, decision.accepted())}; {category}; {polarity}"
        extra = "; ".join((*decision.topics, *decision.i_statements))
        source = f"{one_line(item.row.document_name)} · {one_line(item.row.location_label)}"
        self.query_one("#bulk-passage", Static).update(
            Content.assemble(
                (f"{words}{f'; {extra}' if extra else ''}\n", "bold"),
                (f"{source}\n", "$em-dim"),
                harmless(item.passage.text),
            )
        )
        self.query_one("#bulk-scroll").scroll_home(animate=False)

    def _here(self) -> Listed | None:
        listed = self.query_one(BulkList)
        return listed.items[listed.cursor] if listed.cursor < len(listed.items) else None

    def action_tick(self) -> None:
        """Tick or untick the passage under the cursor."""
        item, listed = self._here(), self.query_one(BulkList)
        if item is not None:
            listed.off ^= {item.passage.id}
            listed.refresh()
            count = len(listed.chosen())
            self.query_one(StatusLine).say(f"{count:,} of {len(listed.items):,} ticked.")

    def action_least(self) -> None:
        """List from the next lower probability on; after the lowest comes the highest."""
        if not self._recording:
            self._least = LEAST[(LEAST.index(self._least) + 1) % len(LEAST)]
            self._read()

    def action_record(self) -> None:
        """Record what is ticked, once every line has been on the screen."""
        listed = self.query_one(BulkList)
        record = partial(accept, self._session)
        self.record_ticked(self._found, listed, listed.chosen(), record, self._recorded)

    def _recorded(self, events: list[Event]) -> None:
        self.dismiss(len(events))
