"""Small windows that return a value; what is done with it happens elsewhere."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static, TextArea

from evidence_mapper.tui.text import harmless


class Confirm(ModalScreen[bool]):
    """A question with two answers; the safe one has the focus."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", show=False),
        Binding("n,escape", "answer(False)", show=False),
        Binding("left,right", "app.focus_next", show=False),
    ]

    def __init__(self, question: str, *, yes: str, no: str) -> None:
        super().__init__()
        self._question, self._yes, self._no = question, yes, no

    def compose(self) -> ComposeResult:
        """Lay out the question and its answers."""
        with Vertical(classes="dialog"):
            yield Static(self._question, markup=False)
            with Horizontal(classes="buttons"):
                yield Button(f"{self._no} (n)", id="no", compact=True)
                yield Button(f"{self._yes} (y)", id="yes", compact=True)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        self.dismiss(event.button.id == "yes")

    def action_answer(self, yes: bool) -> None:
        """Answer by key."""
        self.dismiss(yes)


class NoteEditor(ModalScreen[str | None]):
    """A note on the passage; returns its text, empty to have none, None when nothing was changed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", show=False, priority=True),
        Binding("escape", "cancel", show=False, priority=True),
    ]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        """Lay out the editor."""
        with Vertical(classes="dialog"):
            yield Static("Note: why this decision (recorded with it)", classes="title", markup=False)
            yield TextArea(self._text, id="note", compact=True, soft_wrap=True)
            yield Static("ctrl+s keep   esc leave as it was", classes="hint", markup=False)

    def action_save(self) -> None:
        """Return the text."""
        self.dismiss(self.query_one(TextArea).text.strip())

    def action_cancel(self) -> None:
        """Return nothing."""
        self.dismiss(None)


class AskText(ModalScreen[str | None]):
    """One line of text; empty clears, None leaves things as they were."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", show=False, priority=True)]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title, self._text = title, text

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        with Vertical(classes="dialog"):
            yield Static(self._title, classes="title", markup=False)
            yield Input(self._text, id="line", compact=True)
            yield Static("enter search   empty shows all   esc leave as it was", classes="hint", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Return the line."""
        self.dismiss(event.value.strip())

    def action_cancel(self) -> None:
        """Return nothing."""
        self.dismiss(None)


class Reader(ModalScreen[None]):
    """A text to read and close."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,w,enter", "close", show=False)]

    def __init__(self, title: str, body: Content) -> None:
        super().__init__()
        self._title, self._body = title, body

    def compose(self) -> ComposeResult:
        """Lay out the text."""
        with Vertical(classes="dialog large"):
            yield Static(harmless(self._title), classes="title", markup=False)
            with VerticalScroll():
                yield Static(self._body, markup=False)
            yield Static("↑ ↓ scroll   esc close", classes="hint", markup=False)

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)
