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
from evidence_mapper.domain.project import CoderDecision, EarlierDecision, PassageCard
from evidence_mapper.tui.text import fit_end, harmless, one_line, plural, source_type_words, when

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
            yield Static("", id="passage-context", markup=False)
            yield Static("", id="passage-text", markup=False)
            yield Static("", id="passage-below", markup=False)

    def show(self, card: PassageCard, *, others: bool) -> None:
        """Show a passage; ``others`` shows what other coders decided on it."""
        self.query_one(SourceLine).show(*_source(card))
        above = _neighbours([harmless(p.text) for p in card.before], tail=True)
        self.query_one("#passage-above", Static).update(Content.assemble(*above))
        self.query_one("#passage-context", Static).update(_context(card))
        self.query_one("#passage-text", Static).update(Content(harmless(card.passage.text)))
        below = [
            *(_earlier(before) for before in card.earlier),
            *_neighbours([harmless(p.text) for p in card.after]),
        ]
        for coder in card.others if others else ():
            below += [(f"\n\n{_other(coder)}", "")]
        self.query_one("#passage-below", Static).update(Content.assemble(*below))
        self.scroll_to_passage()

    def scroll_to_passage(self) -> None:
        """Bring the passage to the top, under its heading and question, unless everything fits."""
        scroll = self.query_one("#passage-scroll", PassageScroll)
        context, text = self.query_one("#passage-context", Static), self.query_one("#passage-text", Static)

        def scroll_there() -> None:
            spare = scroll.size.height - context.size.height - text.size.height
            top = context.virtual_region.y - max(0, spare // 2)
            scroll.scroll_to(y=max(0, top), animate=False, force=True)

        # The first refresh sets the new text's height, from which the second takes where it starts.
        self.call_after_refresh(self.call_after_refresh, scroll_there)

    def say(self, title: str, lines: str) -> None:
        """Show a message in place of a passage."""
        self.query_one(SourceLine).show(title, "")
        self.query_one("#passage-above", Static).update("")
        self.query_one("#passage-context", Static).update("")
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
    pieces = (
        one_line(card.passage.location.label()),
        source_type_words(card.document.source_type),
        f"also in {plural(len(card.also_in), 'other document')}" if card.also_in else "",
    )
    return one_line(card.document.name), "".join(f" · {piece}" for piece in pieces if piece)


def _context(card: PassageCard) -> Content:
    lines: list[tuple[str, str]] = []
    if card.passage.heading_path:
        lines.append((" › ".join(one_line(h) for h in card.passage.heading_path), "$em-dim italic"))
    if card.passage.context:
        asked = "Question" if card.passage.kind is BlockKind.COMMENT else "Context"
        lines.append((f"{asked}: {harmless(card.passage.context)}", "$em-dim"))
    return Content("\n").join(Content.styled(*line) for line in lines)


def _neighbours(texts: list[str], *, tail: bool = False) -> list[Part]:
    """Return neighbours dimmed and cut on the side away from the passage."""
    cut = [text if len(text) <= _NEIGHBOUR else _cut(text, tail=tail) for text in texts]
    if not cut:
        return []
    words = "\n\n".join(cut)
    return [(f"{words}\n" if tail else f"\n{words}", "$em-dim")]


def _cut(text: str, *, tail: bool) -> str:
    return "… " + text[-_NEIGHBOUR:] if tail else text[:_NEIGHBOUR] + " …"


def _earlier(before: EarlierDecision) -> Part:
    """Return what somebody decided on what stood here before, and its words: not a decision on these."""
    held = before.decision
    what = ", ".join(held.decision.accepted()) or held.decision.outcome.value
    words = f"\n! Changed since {one_line(held.coder)} decided on it, {when(held.at)}: {what}. Confirm again."
    return (f"{words}\nThen it said: {harmless(before.passage.text)}\n", "")


def _other(held: CoderDecision) -> str:
    decision = held.decision
    what = ", ".join(decision.accepted()) or decision.outcome.value
    note = f" - {one_line(decision.note)}" if decision.note else ""
    return f"{one_line(held.coder)}, {when(held.at)}: {what}{note}"
