"""The same words in other places: where they stand, who decided, and deciding the rest alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from evidence_mapper.domain.version import Twin
from evidence_mapper.domain.wording import counted
from evidence_mapper.tui.definition import cut
from evidence_mapper.tui.line_list import Cell
from evidence_mapper.tui.seen_list import SeenList
from evidence_mapper.tui.text import fit, fit_end, one_line

_WORDS: Final = 140


class TwinList(SeenList):
    """One line a place."""

    def __init__(self, twins: Sequence[Twin]) -> None:
        super().__init__(id="twins")
        self.twins = twins

    def on_mount(self) -> None:
        """Give the list its length."""
        self.set_lines(len(self.twins))

    def line(self, index: int, width: int) -> Sequence[Cell]:
        """Return where the words stand, and who has decided there."""
        twin = self.twins[index]
        by = ", ".join(one_line(coder) for coder in twin.decided_by)
        place = f"{one_line(twin.document_name)} {one_line(twin.location_label)}"
        who = min(28, width // 2)
        return [
            (fit(fit_end(place, width - who - 1), width - who) + " ", ""),
            (fit(f"decided by {by}" if by else "undecided", who - 1), "good" if by else "dim"),
        ]


class TwinsWindow(ModalScreen[bool]):
    """Returns True to decide the undecided ones alike, False to leave them.

    Parameters
    ----------
    text
        The words.
    twins
        The other places.
    coder
        Whose decision would be recorded there.
    decided
        That decision on the words in words, such as ``Coded Safeguarding``; None when there is none yet.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "decide", show=False),
        Binding("escape,e,q", "close", show=False),
    ]

    def __init__(self, text: str, twins: Sequence[Twin], coder: str, decided: str | None) -> None:
        super().__init__()
        self._text = text
        self._list = TwinList(twins)
        self._left = sum(coder not in twin.decided_by for twin in twins)
        self._decided = decided

    def compose(self) -> ComposeResult:
        """Lay out the words, the places and what can be done."""
        places = counted(len(self._list.twins), "other place")
        with Vertical(classes="dialog large"):
            yield Static(f"The same words in {places}", classes="title", markup=False)
            yield Static(f"“{cut(self._text, _WORDS)}”", classes="hint", markup=False)
            yield self._list
            yield Static(self._offer(), id="about", markup=False)
            yield Static(self._keys(), classes="hint", markup=False)

    def _offer(self) -> str:
        if self._decided is None:
            return "Decide on this passage first; then the places you have not decided on can follow it."
        if not self._left:
            return "You have decided on all of them."
        return f"Undecided by you: {self._left:,}. Yours here: {self._decided}."

    def _keys(self) -> str:
        decide = f"enter decide these {self._left:,} alike   " if self._may_decide else ""
        return f"{decide}↑ ↓ read the list   esc close"

    @property
    def _may_decide(self) -> bool:
        return self._decided is not None and self._left > 0

    def action_decide(self) -> None:
        """Decide the undecided ones alike, once the whole list has been on the screen."""
        if not self._may_decide:
            return  # the lines above say why
        if self._list.unseen:
            words = f"Read the list first: {self._list.unseen:,} places have not been on the screen."
            self._list.to_unseen()
            self.query_one("#about", Static).update(words)
        else:
            self.dismiss(True)

    def action_close(self) -> None:
        """Leave them."""
        self.dismiss(False)
