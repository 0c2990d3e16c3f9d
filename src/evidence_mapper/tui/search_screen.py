"""Search as one types: passages by words and by meaning, and the way to each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar, Final

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static

from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.project import QueueFilter, ReviewState
from evidence_mapper.domain.search import HitState
from evidence_mapper.domain.wording import counted
from evidence_mapper.tui.actions import SEARCH, bindings_of
from evidence_mapper.tui.key_bar import KeyBar
from evidence_mapper.tui.line_list import Cell, LineList
from evidence_mapper.tui.passage_view import marked
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.tui.store_screen import StoreScreen
from evidence_mapper.tui.text import (
    ACCEPTED_MARK,
    SUGGESTED_MARK,
    fit,
    fit_place,
    fit_title,
    harmless,
    one_line,
    source_type_words,
)
from evidence_mapper.workflow.review import ReviewSession
from evidence_mapper.workflow.search import Found, Hit
from evidence_mapper.workflow.search_snippet import snippet

DEBOUNCE: Final = 0.25
"""Seconds without a key before the search is made."""
LIMIT: Final = 50

_MARKS: Final = {
    HitState.CONFIRMED: (ACCEPTED_MARK, "good"),
    HitState.SUGGESTED: (SUGGESTED_MARK, "suggested"),
    HitState.SET_ASIDE: ("○", "dim"),
    HitState.OPEN: ("·", "dim"),
}
_WORDS: Final = {
    HitState.CONFIRMED: "confirmed",
    HitState.SUGGESTED: "suggested, not confirmed",
    HitState.SET_ASIDE: "set aside",
    HitState.OPEN: "nothing suggested",
}
_WHICH: Final[tuple[tuple[bool | None, str], ...]] = (
    (None, "all passages"),
    (True, "confirmed only"),
    (False, "suggested only"),
)
_HOW: Final = 'Type words; "in quotes" side by side, -word to leave out.'


@dataclass(frozen=True, slots=True)
class SearchPlace:
    """Where a search was left."""

    query: str
    passage_id: str | None
    """The passage chosen; None when none was."""


class HitList(LineList):
    """One line a hit: how it stands, where it is from, and the words that match in bold."""

    def __init__(self, framework: Framework) -> None:
        super().__init__(id="hits")
        self._titles = {s.id: one_line(s.title.text) for s in framework.statements}
        self.hits: tuple[Hit, ...] = ()

    def show(self, hits: tuple[Hit, ...]) -> None:
        """Show what was found, the cursor on the best."""
        self.hits = hits
        self.set_lines(len(hits), 0)

    def cells(self, index: int, width: int) -> Sequence[Cell]:
        """Return a hit's line."""
        hit = self.hits[index]
        mark, style = _MARKS[hit.state]
        label = hit.passage.location.label()
        names = (24, 28) if width >= 100 else (16, 20)
        title = self._titles.get(hit.statements[0], hit.statements[0]) if hit.statements else ""
        line: list[Cell] = [
            (f"{mark} ", style),
            (fit_title(title, names[0]) + " ", style),
            (fit(fit_place(hit.document.name, label, names[1]), names[1]) + " ", "dim"),
        ]
        left = width - sum(names) - 4
        for text, match in snippet(hit.passage.text, hit.matched, max(20, left)).pieces():
            shown = fit(harmless(text), min(left, cell_len(harmless(text))))
            line.append((shown, "strong" if match else ""))
            left -= cell_len(shown)
        return line


class SearchScreen(StoreScreen):
    """Returns a :class:`SearchPlace`."""

    TABLE = SEARCH
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(SEARCH)]
    AUTO_FOCUS = "#query"

    def __init__(self, session: ReviewSession, query: str = "") -> None:
        super().__init__()
        self._session = session
        self._start = query
        self._shown: tuple[str, int] | None = None
        self._which = 0
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the line to type in, what is found, and the passage under the cursor."""
        yield Static("Search", id="search-title", classes="title", markup=False)
        yield Input(self._start, id="query", compact=True, placeholder="waits for carers' assessments")
        yield HitList(self._session.framework)
        with VerticalScroll(id="hit-scroll"):
            yield Static("", id="hit-source", markup=False)
            yield Static("", id="hit-text", markup=False)
        yield StatusLine()
        yield KeyBar(SEARCH)

    def on_mount(self) -> None:
        """Say how to search, or search as before."""
        self.query_one(StatusLine).say(_HOW)
        if self._start:
            self._search()

    @property
    def _entered(self) -> tuple[str, int]:
        return self.query_one("#query", Input).value.strip(), self._which

    # searching ---------------------------------------------------------------------------------
    @on(Input.Changed, "#query")
    def _typed(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(DEBOUNCE, self._search)

    def _search(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        asked = self._entered
        if asked == self._shown:
            return
        if not asked[0]:
            self._show(asked, Found(()))
            self.query_one(StatusLine).say(_HOW)
            return
        self.query_one(StatusLine).say("Searching …")
        where = replace(QueueFilter(state=ReviewState.ANY), confirmed=_WHICH[self._which][0])
        call = partial(self._session.search, asked[0], where=where, limit=LIMIT)
        self.ask_store("search", call, partial(self._show, asked), group="search")

    def _show(self, asked: tuple[str, int], found: Found) -> None:
        self._shown = asked
        self.query_one(HitList).show(found.hits)
        words = f"{counted(len(found.hits), 'passage')}, best first" if found.hits else "Nothing was found"
        self.query_one("#search-title", Static).update(f"Search: {words} · {_WHICH[asked[1]][1]}")
        how = "" if found.hits else _HOW
        self.query_one(StatusLine).say(one_line(" ".join(found.notices)) if found.notices else how)
        self._describe()

    @on(LineList.Moved, "#hits")
    def _describe(self) -> None:
        hit = self._hit()
        source, text = self.query_one("#hit-source", Static), self.query_one("#hit-text", Static)
        if hit is None:
            source.update("")
            text.update("")
            return
        codes = f": {', '.join(hit.statements)}" if hit.statements else ""
        place = (hit.document.name, hit.passage.location.label(), source_type_words(hit.document.source_type))
        lines = [" · ".join(map(one_line, place)), f"{_WORDS[hit.state]}{one_line(codes)}"]
        if hit.passage.heading_path:
            lines.append("under: " + one_line(" > ".join(hit.passage.heading_path)))
        if hit.passage.context:
            lines.append(f"asked: {one_line(hit.passage.context)}")
        source.update(Content("\n".join(lines)))
        text.update(marked(hit.passage.text, hit.matched))
        self.query_one("#hit-scroll").scroll_home(animate=False)

    def _hit(self) -> Hit | None:
        hits = self.query_one(HitList)
        return hits.hits[hits.cursor] if hits.cursor < len(hits.hits) else None

    # keys --------------------------------------------------------------------------------------
    def action_move(self, by: int) -> None:
        """Move the cursor over the hits while typing goes on."""
        self.query_one(HitList).action_move(by)

    def action_scroll(self, pages: int) -> None:
        """Scroll the passage."""
        scroll = self.query_one("#hit-scroll", VerticalScroll)
        scroll.scroll_relative(y=pages * max(1, scroll.size.height - 1), animate=False)

    def action_which(self) -> None:
        """Show all passages, confirmed ones, or suggested ones."""
        self._which = (self._which + 1) % len(_WHICH)
        self._search()

    @on(Input.Submitted, "#query")
    def action_open(self) -> None:
        """Open the passage under the cursor; what was typed since the last search is searched first."""
        if self._entered != self._shown:
            self._search()
            return
        hit = self._hit()
        if hit is None:
            self.query_one(StatusLine).say("There is no passage to open. " + _HOW)
            return
        self.dismiss(SearchPlace(self._entered[0], hit.passage.id))

    def action_back(self) -> None:
        """Return to the review."""
        self.dismiss(SearchPlace(self._entered[0], None))
