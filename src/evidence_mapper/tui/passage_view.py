"""The passage in its context: neighbours and question dimmed, the passage at full strength."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult, RenderResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from evidence_mapper.domain.document import BlockKind
from evidence_mapper.domain.project import CoderDecision, PassageCard
from evidence_mapper.tui.text import fit_end, harmless, one_line, source_type_words, when

Part = str | Content | tuple[str, str]

_NEIGHBOUR = 300
"""Characters shown of a neighbour: enough to follow the thread, not to crowd out the passage."""


class PassageScroll(VerticalScroll):
    """Scrolls the passage; left and right stay with the statements."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "screen.statement(-1)", show=False),
        Binding("right", "screen.statement(1)", show=False),
    ]


class PassageView(Vertical):
    """Source line, then the passage between its neighbours."""

    def compose(self) -> ComposeResult:
        """Lay out a title line and a scrolling body."""
        yield SourceLine()
        with PassageScroll(id="passage-scroll"):
            yield Static("", id="passage-above", markup=False)
            yield Static("", id="passage-text", markup=False)
            yield Static("", id="passage-below", markup=False)

    def show(self, card: PassageCard, *, others: bool) -> None:
        """Show a passage; ``others`` shows what other coders decided on it."""
        self.query_one(SourceLine).show(*_source(card))
        self.query_one("#passage-above", Static).update(_above(card))
        self.query_one("#passage-text", Static).update(Content(harmless(card.passage.text)))
        below = _neighbours([harmless(p.text) for p in card.after])
        for coder in card.others if others else ():
            below += [(f"\n\n{_other(coder)}", "")]
        self.query_one("#passage-below", Static).update(Content.assemble(*below))
        self.scroll_to_passage()

    def scroll_to_passage(self) -> None:
        """Bring the passage's first line to the top, unless everything fits."""
        scroll = self.query_one("#passage-scroll", PassageScroll)
        text = self.query_one("#passage-text", Static)

        def scroll_there() -> None:
            scroll.scroll_to(y=max(0, text.virtual_region.y - 1), animate=False, force=True)

        # The first refresh sets the new text's height, from which the second takes where it starts.
        self.call_after_refresh(self.call_after_refresh, scroll_there)

    def say(self, title: str, lines: str) -> None:
        """Show a message in place of a passage."""
        self.query_one(SourceLine).show(title, "")
        self.query_one("#passage-above", Static).update("")
        self.query_one("#passage-text", Static).update(Content(lines))
        self.query_one("#passage-below", Static).update("")

    def scroll_pages(self, by: int) -> None:
        """Scroll the passage by most of a window."""
        scroll = self.query_one("#passage-scroll", PassageScroll)
        scroll.scroll_relative(y=by * max(1, scroll.size.height - 2), animate=False)


class SourceLine(Widget):
    """Where the passage is from; the place is never cut, the document's name is cut at its start."""

    def __init__(self) -> None:
        super().__init__(id="source", classes="title")
        self.name_text, self.place = "", ""

    def show(self, name: str, place: str) -> None:
        """Show a document's name and a place in it."""
        self.name_text, self.place = name, place
        self.refresh()

    def render(self) -> RenderResult:
        """Return the line for the present width."""
        name = fit_end(self.name_text, self.content_size.width - cell_len(self.place))
        return Content.assemble((name, "bold"), self.place)


def _source(card: PassageCard) -> tuple[str, str]:
    pieces = (one_line(card.passage.location.label()), source_type_words(card.document.source_type))
    return one_line(card.document.name), "".join(f" · {piece}" for piece in pieces if piece)


def _above(card: PassageCard) -> Content:
    parts: list[Part] = []
    if card.passage.heading_path:
        parts.append((" › ".join(one_line(h) for h in card.passage.heading_path) + "\n", "$em-dim italic"))
    parts += _neighbours([harmless(p.text) for p in card.before], tail=True)
    if card.passage.context:
        asked = "Question" if card.passage.kind is BlockKind.COMMENT else "Context"
        parts.append((f"{asked}: {harmless(card.passage.context)}\n", "$em-dim"))
    return Content.assemble(*parts)


def _neighbours(texts: list[str], *, tail: bool = False) -> list[Part]:
    """Return neighbours dimmed and cut on the side away from the passage."""
    if not texts:
        return []
    parts: list[Part] = []
    for text in texts:
        cut = text
        if len(text) > _NEIGHBOUR:
            cut = "… " + text[-_NEIGHBOUR:] if tail else text[:_NEIGHBOUR] + " …"
        parts.append((f"{cut}\n\n" if tail else f"\n{cut}\n", "$em-dim"))
    return parts


def _other(held: CoderDecision) -> str:
    decision = held.decision
    what = ", ".join(decision.accepted()) or decision.outcome.value
    note = f" - {one_line(decision.note)}" if decision.note else ""
    return f"{one_line(held.coder)}, {when(held.at)}: {what}{note}"
