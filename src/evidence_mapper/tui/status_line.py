"""One or two lines that say what just happened."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from evidence_mapper.tui.text import ACCEPTED_MARK, REJECTED_MARK, harmless


class StatusLine(Static):
    """Says what happened: a mark and words, and a colour on top."""

    def __init__(self) -> None:
        super().__init__("", id="status", markup=False)
        self.text = ""
        self._mark = ("", "")

    def say(self, text: str) -> None:
        """Show something that needs no answer."""
        self._show("", "", text)

    def done(self, text: str) -> None:
        """Show that something is recorded."""
        self._show(ACCEPTED_MARK + " ", "$em-good", text)

    def error(self, text: str) -> None:
        """Show that something went wrong, until the next message."""
        self._show(REJECTED_MARK + " ", "bold $em-bad", text)

    def add(self, text: str) -> None:
        """Say something more, after what stands there."""
        self._show(*self._mark, f"{self.text} {text}".strip())

    def _show(self, mark: str, style: str, text: str) -> None:
        self._mark = (mark, style)
        one_before = self._is_one_line()
        self.text = harmless(text)
        # Laid out anew only when its height may change: that costs as much as drawing the screen.
        layout = not (one_before and self._is_one_line())
        self.update(Content.assemble((mark, style), (self.text, style)), layout=layout)

    def _is_one_line(self) -> bool:
        return "\n" not in self.text and cell_len(self.text) + 2 <= self.content_size.width
