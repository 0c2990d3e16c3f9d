"""One claim: its words, the evidence linked to it, and passages that might be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from evidence_mapper.tui.actions import CLAIM, bindings_of
from evidence_mapper.tui.claim_words import ClaimItem, claim_title, head_words, item_cells, items_of
from evidence_mapper.tui.key_bar import KeyBar
from evidence_mapper.tui.line_list import Cell, LineList
from evidence_mapper.tui.modals import Confirm
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.tui.store_screen import StoreScreen
from evidence_mapper.tui.text import harmless
from evidence_mapper.tui.words_editor import WordsEditor
from evidence_mapper.workflow.claim_desk import ClaimCard, ClaimDesk
from evidence_mapper.workflow.claim_record import Claim

CANDIDATES: Final = 8
"""Candidates shown at first; each time more are asked for, as many again."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something to record."""

    what: str
    """What is attempted, for the message if it fails."""
    done: str
    """What to say when it is on disk."""
    call: Callable[[], Claim]


class ItemList(LineList):
    """One line a linked passage or candidate."""

    def __init__(self) -> None:
        super().__init__(id="claim-items")
        self.items: list[ClaimItem] = []

    def show(self, items: list[ClaimItem]) -> None:
        """Show the items; the cursor stays on its passage, or on its line when that is gone."""
        here = self.items[self.cursor].passage_id if self.cursor < len(self.items) else None
        self.items = items
        ids = [item.passage_id for item in items]
        self.set_lines(len(items), ids.index(here) if here in ids else self.cursor)

    def cells(self, index: int, width: int) -> Sequence[Cell]:
        """Return an item's line."""
        return item_cells(self.items[index], width)


class ClaimScreen(StoreScreen):
    """Returns (number of the claim, passage to open in the review or None)."""

    TABLE = CLAIM
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(CLAIM)]
    AUTO_FOCUS = "#claim-items"

    def __init__(self, desk: ClaimDesk, number: int) -> None:
        super().__init__()
        self._desk = desk
        self._number = number
        self._limit = CANDIDATES
        self._skipped: dict[int, set[str]] = {}
        self._card: ClaimCard | None = None
        self._said = ""

    def compose(self) -> ComposeResult:
        """Lay out the claim, the list, and the passage under the cursor."""
        yield Static("", id="claim-title", classes="title", markup=False)
        yield Static("", id="claim-head", markup=False)
        yield ItemList()
        with VerticalScroll(id="claim-scroll"):
            yield Static("", id="claim-passage", markup=False)
        yield StatusLine()
        yield KeyBar(CLAIM, lines=2)

    def on_mount(self) -> None:
        """Read the claim."""
        self._read()

    def _read(self) -> None:
        self.query_one(StatusLine).say("Searching …")
        call = partial(self._desk.card, self._number, limit=self._limit)
        self.ask_store("read the claim", call, self._show, group="claim")

    def _show(self, card: ClaimCard) -> None:
        self._card = card
        self._number = card.claim.number
        self.query_one("#claim-title", Static).update(claim_title(card))
        self.query_one("#claim-head", Static).update(head_words(self._desk.framework, card))
        skipped = self._skipped.get(card.claim.number, set())
        items = items_of(card, skipped)
        self.query_one(ItemList).show(items)
        self._describe()
        status = self.query_one(StatusLine)
        if self._said:
            status.done(self._said)
        elif not items:
            status.say("Nothing is linked, and search finds no candidates: change the words with e.")
        else:
            status.say("You decide: f for the claim, a against it, s skip, enter reads it in review.")
        self._said = ""

    @on(LineList.Moved, "#claim-items")
    def _describe(self) -> None:
        item = self._item()
        words = "" if item is None else f"{item.about}\n{item.text}"
        self.query_one("#claim-passage", Static).update(harmless(words))
        self.query_one("#claim-scroll").scroll_home(animate=False)

    def _item(self) -> ClaimItem | None:
        items = self.query_one(ItemList)
        return items.items[items.cursor] if items.cursor < len(items.items) else None

    # changes -----------------------------------------------------------------------------------
    def _record(self, change: Change) -> None:
        def done(_: Claim) -> None:
            self._said = change.done
            self._read()

        self.ask_store(change.what, change.call, done, group="record")

    def failed(self, group: str, what: str, error: Exception) -> None:
        """Say what failed; for a change that nothing was recorded."""
        words = f"Could not {what}: {error}"
        self.query_one(StatusLine).error(f"NOT RECORDED. {words}" if group == "record" else words)

    def action_link(self, against: bool) -> None:
        """Link the passage under the cursor; one that nobody confirmed is opened in the review first."""
        item = self._item()
        if item is None:
            self._say_none()
            return
        if not item.confirmed:
            self.dismiss((self._number, item.passage_id))
            return
        side = "against" if against else "for"
        call = partial(self._desk.link, self._number, item.passage_id, against=against)
        self._record(Change(f"link {item.passage_id}", f"Linked {side} the claim: {item.place}", call))

    def action_unlink(self) -> None:
        """Take the passage under the cursor off the claim."""
        item = self._item()
        if item is None:
            self._say_none()
            return
        if item.linked_id is None:
            self.query_one(StatusLine).say("This is a candidate: nothing is linked to take off.")
            return
        call = partial(self._desk.unlink, self._number, item.linked_id)
        self._record(Change(f"unlink {item.linked_id}", f"Unlinked: {item.place}", call))

    def action_skip(self) -> None:
        """Leave a candidate out of the list, for now."""
        item, card = self._item(), self._card
        if item is None or card is None:
            self._say_none()
            return
        if item.linked_id is not None:
            self.query_one(ItemList).action_move(1)
            self.query_one(StatusLine).say("That one is linked: u takes it off. Only candidates are skipped.")
            return
        skipped = self._skipped.setdefault(self._number, set())
        skipped.add(item.passage_id)
        items = items_of(card, skipped)
        self.query_one(ItemList).show(items)
        self._describe()
        if not any(i.linked_id is None for i in items):
            self.query_one(StatusLine).say("No candidates left: m finds more, n goes to the next claim.")

    def action_more(self) -> None:
        """Find more candidates."""
        self._limit += CANDIDATES
        self._read()

    def action_statement(self, number: int) -> None:
        """Make the claim under a statement, or not any more."""
        statement = next((s for s in self._desk.framework.statements if s.number == number), None)
        if statement is None:
            self.query_one(StatusLine).say(f"There is no statement {number} in this framework.")
            return
        call = partial(self._desk.toggle_statement, self._number, statement.id)
        title = statement.title.text
        self._record(Change(f"put the claim under “{title}”", f"Changed for: {title}", call))

    def action_edit(self) -> None:
        """Change the claim's words."""
        card = self._card
        if card is None:
            return

        def keep(text: str | None) -> None:
            if text and text != card.claim.text:
                call = partial(self._desk.edit, card.claim.number, text)
                self._record(Change("change the words", "The claim has new words.", call))

        self.app.push_screen(WordsEditor("The claim, in your words", card.claim.text), keep)

    def action_withdraw(self) -> None:
        """Withdraw the claim, or make it again."""
        card = self._card
        if card is None:
            return
        call = partial(self._desk.toggle_state, card.claim.number)
        if not card.claim.is_open:
            self._record(Change("make the claim again", "The claim is made again.", call))
            return

        def answer(yes: bool | None) -> None:
            if yes:
                self._record(Change("withdraw the claim", "Withdrawn; it is kept: w makes it again.", call))

        question = "Withdraw this claim? It is kept, with its evidence, and checked no more."
        self.app.push_screen(Confirm(question, yes="Withdraw", no="Keep"), answer)

    # going on ----------------------------------------------------------------------------------
    def action_next_bare(self) -> None:
        """Go to the next claim without evidence."""
        call = partial(self._desk.next_without_evidence, self._number)
        self.ask_store("find the next claim", call, self._go, group="next")

    def _go(self, number: int | None) -> None:
        if number is None:
            self.query_one(StatusLine).say("No other claim is without evidence.")
            return
        self._number, self._limit, self._said = number, CANDIDATES, ""
        self.query_one(ItemList).show([])
        self._read()

    def action_open(self) -> None:
        """Open the passage under the cursor in the review."""
        item = self._item()
        if item is None:
            self._say_none()
        elif item.is_there:
            self.dismiss((self._number, item.passage_id))
        else:
            self.query_one(StatusLine).say("This passage is no longer in the project: u takes it off.")

    def _say_none(self) -> None:
        self.query_one(StatusLine).say("No passage is listed here: e changes the words, m finds more.")

    def action_scroll(self, by: int) -> None:
        """Scroll the passage."""
        scroll = self.query_one("#claim-scroll")
        scroll.scroll_relative(y=by * max(1, scroll.size.height - 1), animate=False)

    def action_back(self) -> None:
        """Return to the list."""
        self.dismiss((self._number, None))
