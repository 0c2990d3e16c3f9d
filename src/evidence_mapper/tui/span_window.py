"""Where a passage begins and ends: cut after a sentence, or join with a neighbour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from evidence_mapper.domain.project import PassageCard
from evidence_mapper.tui.definition import cut
from evidence_mapper.tui.line_list import Cell, LineList
from evidence_mapper.tui.text import fit_middle, harmless, one_line

_KEPT: Final = "Decisions on it stay on record with the old words; decide anew on the new ones."


@dataclass(frozen=True, slots=True)
class SpanChange:
    """What to do with a passage."""

    at: int | None = None
    """Place in its text to cut it at; None joins it with a neighbour."""
    up: bool = False
    """Whether that is the one above."""


class SentenceList(LineList):
    """One line a sentence; the cut comes after the one under the cursor."""

    def __init__(self, text: str, cuts: Sequence[int]) -> None:
        super().__init__(id="sentences")
        ends = [*cuts, len(text)]
        starts = [0, *cuts]
        self.sentences = [text[a:b].strip() for a, b in zip(starts, ends, strict=True)]

    def on_mount(self) -> None:
        """Give the list its length."""
        self.set_lines(len(self.sentences))

    def cells(self, index: int, width: int) -> Sequence[Cell]:
        """Return a sentence, its end too: that is where the cut comes."""
        return [(f"{index + 1:>3} ", "key"), (fit_middle(one_line(self.sentences[index]), width - 4), "")]


class SpanWindow(ModalScreen[SpanChange | None]):
    """Returns what to change; None leaves the passage as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "cut", show=False),
        Binding("u", "join(True)", show=False),
        Binding("d", "join(False)", show=False),
        Binding("escape,v,q", "cancel", show=False),
    ]

    def __init__(self, card: PassageCard, cuts: Sequence[int]) -> None:
        super().__init__()
        self._card = card
        self._cuts = cuts
        self._list = SentenceList(card.passage.text, cuts)

    def compose(self) -> ComposeResult:
        """Lay out the sentences and the neighbours."""
        above, below = self._card.before[-1:], self._card.after[:1]
        near = [f"u join with what stands above: “{cut(p.text, 90)}”" for p in above]
        near += [f"d join with what stands below: “{cut(p.text, 90)}”" for p in below]
        with Vertical(classes="dialog large"):
            yield Static("Where this passage begins and ends", classes="title", markup=False)
            yield self._list
            yield Static(harmless("\n".join(near)), classes="hint", markup=False)
            first = "enter cut after this sentence   " if self._cuts else ""
            joins = "".join(f"{key} " for key, found in (("u", above), ("d", below)) if found)
            join = f"{joins}join   " if joins else ""
            yield Static(f"{first}{join}esc leave as it is", classes="hint", markup=False)
            yield Static(_KEPT, id="span-hint", classes="hint", markup=False)

    def action_cut(self) -> None:
        """Cut after the sentence under the cursor."""
        if self._list.cursor < len(self._cuts):
            self.dismiss(SpanChange(self._cuts[self._list.cursor]))
        elif self._cuts:
            self._say("Nothing comes after the last sentence: put the cursor on an earlier one.")
        else:
            self._say("It is one sentence, so there is no place to cut it.")

    def action_join(self, up: bool) -> None:
        """Join with a neighbour."""
        if self._card.before if up else self._card.after:
            self.dismiss(SpanChange(up=up))
        else:
            self._say(f"Nothing stands {'above' if up else 'below'} this passage to join it with.")

    def _say(self, words: str) -> None:
        self.query_one("#span-hint", Static).update(words)

    def action_cancel(self) -> None:
        """Leave it."""
        self.dismiss(None)
