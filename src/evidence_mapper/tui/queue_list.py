"""The queue: a window on the store's pages, never the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive

from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.project import QueueRow, ReviewState
from evidence_mapper.tui.line_list import Cell, LineList, columns
from evidence_mapper.tui.text import (
    FLAG_MARK,
    STATE_MARKS,
    UNSAVED_MARK,
    fit,
    fit_place,
    fit_title,
    one_line,
    probability_word,
)

PAGE: Final = 50
"""Rows asked for at a time."""

_KEPT: Final = 40
"""Pages kept; the oldest are dropped, so that scrolling through everything stays small."""


class QueueList(LineList):
    """Rows come by the page as they scroll into view; the screen fetches what is asked for."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # The review screen moves through the queue: a move waits for a decision being written.
        Binding("down,j", "screen.next", show=False),
        Binding("up,k", "screen.previous", show=False),
        Binding("pagedown", "screen.scroll(1)", show=False),
        Binding("pageup", "screen.scroll(-1)", show=False),
        Binding("home", "screen.go(0)", show=False),
        Binding("end", "screen.go(-1)", show=False),
        Binding("left", "screen.statement(-1)", show=False),
        Binding("right", "screen.statement(1)", show=False),
    ]

    # A decision changes the number of lines: the screen is not laid out anew for it, as the scroll bar is
    # always there.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False)

    def watch_virtual_size(self, size: Size) -> None:
        """Let the scroll bar follow."""
        self._scroll_update(size)

    class PageWanted(Message):
        """A page is about to be shown and is not here."""

        def __init__(self, page: int, generation: int) -> None:
            super().__init__()
            self.page = page
            self.generation = generation

    def __init__(self, framework: Framework) -> None:
        super().__init__(id="queue")
        self._titles = {s.id: f"{s.number} {one_line(s.title.text)}" for s in framework.statements}
        self._pages: dict[int, list[QueueRow]] = {}
        self._wanted: set[int] = set()
        self.generation = 0
        self.unsaved: set[str] = set()

    def reset(self, count: int, cursor: int | None, page: int, rows: list[QueueRow]) -> None:
        """Show a queue anew, with one page at hand; ``cursor`` None keeps the line."""
        self.generation += 1
        self._pages = {page: rows}
        self._wanted.clear()
        self.set_lines(count, self.cursor if cursor is None else cursor)

    def add_page(self, page: int, generation: int, rows: list[QueueRow]) -> None:
        """Take a page asked for; one asked for before the queue changed is not taken."""
        if generation != self.generation:
            return
        self._wanted.discard(page)
        while len(self._pages) >= _KEPT:
            del self._pages[next(iter(self._pages))]
        self._pages[page] = rows
        self.refresh()

    def drop_request(self, page: int) -> None:
        """Let a page that could not be read be asked for again."""
        self._wanted.discard(page)

    def row(self, index: int) -> QueueRow | None:
        """Return a row if it is here."""
        rows = self._pages.get(index // PAGE, [])
        return rows[index % PAGE] if index % PAGE < len(rows) else None

    def cells(self, index: int, width: int) -> Sequence[Cell]:
        """Return a row's cells, or dots while its page is on the way."""
        row = self.row(index)
        if row is None:
            self._want(index // PAGE)
            return [("…", "dim")]
        return self._row_cells(row, width)

    def clicked(self, index: int) -> None:
        """Leave the move to the screen."""

    def _want(self, page: int) -> None:
        if page not in self._wanted and page not in self._pages:
            self._wanted.add(page)
            self.post_message(self.PageWanted(page, self.generation))

    def _row_cells(self, row: QueueRow, width: int) -> list[Cell]:
        title = self._titles.get(row.statement or "", row.statement or "")
        word = "" if row.probability is None else probability_word(row.probability)
        wide = width >= 100
        names = (26, 24) if wide else (20, 18)
        document = fit_place(row.document_name, row.location_label, names[1])
        flag = FLAG_MARK if row.flagged else " "
        mark = UNSAVED_MARK if row.passage_id in self.unsaved else flag
        style = "good" if row.state is ReviewState.CODED else ""
        faint = word == probability_word(0.0)  # the likeliest of what is not suggested: no more than a hint
        named = "dim" if faint and row.state is ReviewState.TO_REVIEW else style
        return [
            (mark, "suggested"),
            *columns(
                [
                    (STATE_MARKS.get(row.state, "·"), 1, style),
                    (fit_title(title, names[0]), names[0], named),
                    (word, 8, "dim" if faint or not word else "suggested"),
                    (document, names[1], "dim"),
                ]
            ),
            (fit(one_line(row.excerpt), width - sum(names) - 14), ""),
        ]
