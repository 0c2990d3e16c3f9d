"""One or two lines that say what just happened."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from evidence_mapper.tui.text import ACCEPTED_MARK, REJECTED_MARK, harmless


class StatusLine(Static):
    """Says what happened: a mark and words, and a colour on top."""

    def __init__(self) -> None:
        super().__init__("", id="status", markup=False)
        self.text = ""

    def say(self, text: str) -> None:
        """Show something that needs no answer."""
        self._show("", "", text)

    def done(self, text: str) -> None:
        """Show that something is recorded."""
        self._show(ACCEPTED_MARK + " ", "$em-good", text)

    def error(self, text: str) -> None:
        """Show that something went wrong, until the next message."""
        self._show(REJECTED_MARK + " ", "bold $em-bad", text)

    def _show(self, mark: str, style: str, text: str) -> None:
        self.text = harmless(text)
        self.update(Content.assemble((mark, style), (self.text, style)))
