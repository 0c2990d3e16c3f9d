"""Parts of the screen that take another size without having everything laid out a second time.

Textual lays a screen out again when a part of it was given another size, as a part that scrolls may then need
a scroll bar, or need it no longer. These parts never do: a status line that takes two lines instead of one
costs one layout, and one drawing of what moved, not two of each.
"""

from __future__ import annotations

from typing import Final

from textual.containers import Container, Vertical
from textual.geometry import Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar

_NONE: Final = Size(0, 0)


class StillBox(Container):
    """A container that does not scroll."""

    virtual_size: Reactive[Size] = Reactive(_NONE, layout=False)


class StillColumn(Vertical):
    """Parts one under the other, which do not scroll."""

    virtual_size: Reactive[Size] = Reactive(_NONE, layout=False)


class StillBar(ScrollBar):
    """A scroll bar: nothing in it scrolls."""

    virtual_size: Reactive[Size] = Reactive(_NONE, layout=False)


class StillScroll(ScrollView):
    """Scrolls lines, with such a scroll bar at its right."""

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The scroll bar, made when it is first asked for, as Textual makes its own."""
        if self._vertical_scrollbar is None:
            bar = StillBar(vertical=True, name="vertical", thickness=self.scrollbar_size_vertical)
            bar.display = False
            self._vertical_scrollbar = bar
            self.app._start_widget(self, bar)  # noqa: SLF001  # there is no other way to give a widget its bar
        return self._vertical_scrollbar
