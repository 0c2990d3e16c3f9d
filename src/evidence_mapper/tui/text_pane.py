"""Text that scrolls: wrapped once and drawn line by line, so that another text needs no new layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.style import Style
from textual.content import Content
from textual.geometry import Size
from textual.reactive import Reactive
from textual.strip import Strip
from textual.visual import Visual, visualize

from evidence_mapper.tui.still import StillScroll

BAR = "▌ "
"""Stands before each line of what is to be read first."""
_KEPT: Final = 64
"""Wrapped blocks kept."""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a text."""

    content: Content
    bar: bool = False
    """Whether a bar stands before each of its lines."""


class TextPane(StillScroll, can_focus=True):
    """Shows text from its beginning, or from one of its blocks.

    The screen is not laid out anew for another text, as the scroll bar is always there.
    """

    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False)

    def watch_virtual_size(self, size: Size) -> None:
        """Let the scroll bar follow."""
        self._scroll_update(size)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own name
        super().__init__(id=id)
        self.auto_links = False
        self._blocks: Sequence[Block] = ()
        self._lines: list[Strip] = []
        self._starts: list[int] = []
        self._wrapped = 0
        self._first: int | None = None
        self._style: Style | None = None
        self._style_of: object = None
        """What the style depends on besides what Textual says of it."""
        self._drawn: dict[object, list[Strip]] = {}
        """Wrapped blocks of the present width, the latest last."""

    def update(self, content: str | Content) -> None:
        """Show one text from its beginning."""
        self.show([Block(content if isinstance(content, Content) else Content(content))])

    def show(self, blocks: Sequence[Block], *, first: int | None = None) -> None:
        """Show blocks one under the other.

        Parameters
        ----------
        blocks
            What to show; a block without text takes no line.
        first
            Block to bring to the top, with the one after it, unless both leave room for what stands
            above; None shows the beginning.
        """
        same = self._wrapped and _said(blocks) == _said(self._blocks)
        self._blocks, self._first = blocks, first
        if same:
            self._go_to_first()
            return
        self._wrap()
        self._go_to_first()
        self.refresh()

    def change(self, number: int, block: Block) -> None:
        """Put another block in the place of one, without scrolling."""
        self._blocks = [*self._blocks[:number], block, *self._blocks[number + 1 :]]
        self._wrap()
        self.refresh()

    def on_resize(self) -> None:
        """Wrap anew for another width, and show again what was to be shown first."""
        if self._wrapped != self.scrollable_content_region.width:
            self._wrap()
        self._go_to_first()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the window."""
        width, at = self.scrollable_content_region.width, round(self.scroll_y) + y
        if self._wrapped != width:
            self._wrap()
        if at >= len(self._lines):
            return Strip.blank(width, self._own_style())
        return self._lines[at].adjust_cell_length(width, self._own_style())

    def _own_style(self) -> Style:
        """Return the style of the pane itself, which is looked up once for all lines."""
        now = (self.has_focus, self.app.theme)
        if self._style is None or now != self._style_of:
            self._style, self._style_of = self.rich_style, now
        return self._style

    def notify_style_update(self) -> None:
        """Draw anew in other colours."""
        super().notify_style_update()
        self._style = None
        self._wrapped = 0
        self._drawn.clear()

    def _wrap(self) -> None:
        width = self.scrollable_content_region.width
        if width != self._wrapped:
            self._drawn.clear()
        self._wrapped = width
        self._lines, self._starts = [], []
        for block in self._blocks if width else ():
            self._starts.append(len(self._lines))
            self._lines += self._kept_strips(block, width)
        self.virtual_size = Size(0, len(self._lines))

    def _kept_strips(self, block: Block, width: int) -> list[Strip]:
        """Return a block's lines; those of a definition that was shown before are at hand."""
        key = (block.bar, block.content.plain, tuple(block.content.spans))
        lines = self._drawn.pop(key, None)
        if lines is None:
            lines = self._strips(block, width)
        self._drawn[key] = lines
        if len(self._drawn) > _KEPT:
            del self._drawn[next(iter(self._drawn))]
        return lines

    def _strips(self, block: Block, width: int) -> list[Strip]:
        if not block.content.plain:
            return []
        visual = visualize(self, block.content, markup=False)
        inner = max(1, width - len(BAR)) if block.bar else width
        lines = Visual.to_strips(self, visual, inner, None, self.visual_style)
        if not block.bar:
            return lines
        mark = Visual.to_strips(self, Content.styled(BAR, "$em-key"), len(BAR), 1, self.visual_style)[0]
        return [Strip.join([mark, line]) for line in lines]

    def _go_to_first(self) -> None:
        top = 0
        if self._first is not None and self._first < len(self._starts):
            after = self._starts[self._first + 2] if self._first + 2 < len(self._starts) else len(self._lines)
            start = self._starts[self._first]
            spare = self.scrollable_content_region.height - (after - start)
            top = max(0, start - max(0, spare // 2))
        self.scroll_to(y=top, animate=False, force=True)


def _said(blocks: Sequence[Block]) -> list[object]:
    return [(b.bar, b.content.plain, b.content.spans) for b in blocks]
