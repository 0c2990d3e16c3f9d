"""Putting a passage to a colleague's notice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static

from evidence_mapper.domain.project import Flag


@dataclass(frozen=True, slots=True)
class FlagAnswer:
    """What a person said of a flag."""

    to: str
    reason: str
    on: bool = True
    """False takes the flag off."""


class FlagWindow(ModalScreen[FlagAnswer | None]):
    """Returns the flag to put on, or to take off; None leaves things as they were."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "keep", show=False, priority=True),
        Binding("ctrl+r", "off", show=False, priority=True),
        Binding("escape", "cancel", show=False, priority=True),
    ]

    def __init__(self, flag: Flag | None, to: str) -> None:
        super().__init__()
        self._flag = flag
        self._to = flag.to if flag else to

    def compose(self) -> ComposeResult:
        """Lay out the colleague and the reason."""
        with Vertical(classes="dialog"):
            yield Static("Flag this passage for a colleague", classes="title", markup=False)
            with Horizontal(classes="field"):
                yield Label("For", classes="label")
                yield Input(self._to, id="flag-to", compact=True, placeholder="name; empty for anybody")
            with Horizontal(classes="field"):
                yield Label("Because", classes="label")
                yield Input(self._flag.reason if self._flag else "", id="flag-reason", compact=True)
            off = "   ctrl+r take the flag off" if self._flag else ""
            yield Static(f"enter keep{off}   esc leave as it was", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Start where something is to be said."""
        self.query_one("#flag-reason" if self._to else "#flag-to").focus()

    @on(Input.Submitted, "#flag-to")
    def _to_reason(self) -> None:
        self.query_one("#flag-reason").focus()

    @on(Input.Submitted, "#flag-reason")
    def action_keep(self) -> None:
        """Return the flag."""
        to, reason = self.query_one("#flag-to", Input), self.query_one("#flag-reason", Input)
        self.dismiss(FlagAnswer(to.value.strip(), reason.value.strip()))

    def action_off(self) -> None:
        """Return that the flag comes off."""
        if self._flag is not None:
            self.dismiss(FlagAnswer(self._flag.to, self._flag.reason, on=False))

    def action_cancel(self) -> None:
        """Return nothing."""
        self.dismiss(None)
