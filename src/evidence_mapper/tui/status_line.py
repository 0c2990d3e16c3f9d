"""One or two lines that say what just happened."""

from __future__ import annotations

from typing import Final

from textual.content import Content
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Static

from evidence_mapper.tui.text import ACCEPTED_MARK, REJECTED_MARK, harmless

_MOST_LINES: Final = 3
"""As in the styles: what is longer is cut."""


class StatusLine(Static):
    """Says what happened: a mark and words, and a colour on top."""

    # It does not scroll: see ``still``.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False)

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

    def forget(self) -> None:
        """Take away what was said of the passage that is left; what was recorded or went wrong stays."""
        if self.text and not self._mark[0]:
            self._show("", "", "")

    def add(self, text: str) -> None:
        """Say something more, after what stands there."""
        self._show(*self._mark, f"{self.text} {text}".strip())

    def _show(self, mark: str, style: str, text: str) -> None:
        self._mark = (mark, style)
        self.text = harmless(text)
        shown = Content.assemble((mark, style), (self.text, style))
        # Laid out anew only when its height changes: that costs as much as drawing the screen.
        self.update(shown, layout=self._height_of(shown) != self.content_size.height)

    def _height_of(self, shown: Content) -> int:
        """Return how many lines a text takes; at least one, and no more than there may be."""
        width = self.content_size.width
        if "\n" not in shown.plain and shown.cell_length <= width:
            return 1
        return min(_MOST_LINES, shown.get_height({}, width)) if width else 0
