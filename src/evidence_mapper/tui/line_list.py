"""A list that draws only the lines on the screen: the queue of 100,000 passages is as quick as ten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from evidence_mapper.tui.still import StillScroll
from evidence_mapper.tui.text import fit

Cell = tuple[str, str]
"""A text and the names of its styles, with spaces: ``dim``, ``good``, ``bad``, ``suggested``, ``cursor``."""

_STYLES = ("dim", "good", "bad", "suggested", "strong", "cursor", "key")


class LineList(StillScroll, can_focus=True):
    """A cursor over numbered lines; a subclass says what each line shows."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"line--{name}" for name in _STYLES}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", show=False),
        Binding("up,k", "move(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("home", "edge(0)", show=False),
        Binding("end", "edge(-1)", show=False),
    ]

    class Moved(Message):
        """The cursor is on another line."""

        def __init__(self, lines: LineList, index: int) -> None:
            super().__init__()
            self.lines = lines
            self.index = index

        @property
        def control(self) -> LineList:
            """The list that moved."""
            return self.lines

    class Clicked(Moved):
        """A line was clicked; the cursor has not moved yet."""

    DOUBLE_CLICK: ClassVar[str] = "open"
    """The screen's action for a second click on a line, where the screen has it."""
    WHOLE_LINE = True
    """Whether the cursor colours the line; a grid colours a cell with the style ``cursor`` instead."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own name
        super().__init__(id=id)
        self.count = 0
        self.cursor = 0
        self._styles: dict[str, Style] = {}
        self._styles_of: object = None
        """What the styles looked up depend on besides what Textual says of it."""

    def cells(self, index: int, width: int) -> Sequence[Cell]:
        """Return what a line shows, in at most ``width`` cells; a subclass's only duty."""
        raise NotImplementedError

    def set_lines(self, count: int, cursor: int = 0) -> None:
        """Show ``count`` lines with the cursor on one of them."""
        self.count = count
        self.cursor = max(0, min(cursor, count - 1))
        self.virtual_size = Size(0, count)
        self.keep_in_view()
        self.refresh()

    def move_to(self, index: int) -> None:
        """Put the cursor on a line, within bounds, and say so when it moved."""
        index = max(0, min(index, self.count - 1))
        if index == self.cursor or not self.count:
            return
        self.cursor = index
        self.keep_in_view()
        self.refresh()
        self.post_message(self.Moved(self, index))

    def keep_in_view(self) -> None:
        """Scroll no further than needed to show the cursor, with a line to spare."""
        height = self.scrollable_content_region.height
        if not height:
            return
        top, spare = round(self.scroll_y), 1 if height > 3 else 0
        if self.cursor < top + spare:
            top = self.cursor - spare
        elif self.cursor > top + height - 1 - spare:
            top = self.cursor - height + 1 + spare
        top = max(0, min(top, self.count - height))
        if top != round(self.scroll_y):
            self.scroll_to(y=top, animate=False, force=True)

    def render_line(self, y: int) -> Strip:
        """Draw one line of the window."""
        width = self.scrollable_content_region.width
        index = round(self.scroll_y) + y
        base = self._base_style()  # first: it notices another theme, or that the list has the focus now
        if index >= self.count or not width:
            return Strip.blank(width, base)
        segments = [
            Segment(text, base + self._style(name)) for text, name in self.cells(index, width) if text
        ]
        strip = Strip(segments).adjust_cell_length(width, base)
        if index != self.cursor or not self.WHOLE_LINE:
            return strip
        cursor = self._style("cursor")
        return Strip([Segment(s.text, (s.style or base) + cursor) for s in strip], width)

    def on_resize(self) -> None:
        """Keep the cursor visible in the new size."""
        self.keep_in_view()

    def on_click(self, event: events.Click) -> None:
        """Say which line was clicked."""
        index = round(self.scroll_y) + event.y
        if 0 <= index < self.count:
            self.post_message(self.Clicked(self, index))
            self.clicked(index)
            if event.chain == 2 and hasattr(self.screen, f"action_{self.DOUBLE_CLICK}"):
                self.call_later(self.screen.run_action, self.DOUBLE_CLICK)

    def clicked(self, index: int) -> None:
        """Follow a click; the queue, whose passages are opened by its screen, does not."""
        self.move_to(index)

    def action_move(self, by: int) -> None:
        """Move the cursor by lines."""
        self.move_to(self.cursor + by)

    def action_page(self, by: int) -> None:
        """Move the cursor by windows."""
        self.move_to(self.cursor + by * max(1, self.scrollable_content_region.height - 1))

    def action_edge(self, line: int) -> None:
        """Move the cursor to the first line, or with -1 to the last."""
        self.move_to(line if line >= 0 else self.count - 1)

    def notify_style_update(self) -> None:
        """Draw anew in other colours."""
        super().notify_style_update()
        self._styles.clear()

    def _base_style(self) -> Style:
        """Return the style of the list itself, which is looked up once for all lines."""
        now = (self.has_focus, self.app.theme)
        if now != self._styles_of:
            self._styles.clear()
            self._styles_of = now
        if "" not in self._styles:
            self._styles[""] = self.rich_style
        return self._styles[""]

    def _style(self, name: str) -> Style:
        if name not in self._styles:
            style = Style.null()
            for part in name.split():
                style += self.get_component_rich_style(f"line--{part}", partial=True)
            self._styles[name] = style
        return self._styles[name]


def columns(cells: Sequence[tuple[str, int, str]]) -> list[Cell]:
    """Return cells of fixed widths, each followed by a space: (text, width, style)."""
    return [(fit(text, width) + " ", style) for text, width, style in cells]
