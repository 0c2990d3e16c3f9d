"""A window to change a text of some lines."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static, TextArea


class WordsEditor(ModalScreen[str | None]):
    """Returns the text, without white space around it; None when it was left as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", show=False, priority=True),
        Binding("escape", "cancel", show=False, priority=True),
    ]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title, self._text = title, text

    def compose(self) -> ComposeResult:
        """Lay out the editor."""
        with Vertical(classes="dialog"):
            yield Static(self._title, classes="title", markup=False)
            yield TextArea(self._text, id="note", compact=True, soft_wrap=True)
            yield Static("ctrl+s keep   esc leave as it was", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Put the cursor behind the text."""
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)

    def action_save(self) -> None:
        """Return the text."""
        self.dismiss(self.query_one(TextArea).text.strip())

    def action_cancel(self) -> None:
        """Return nothing."""
        self.dismiss(None)
