"""The passage in its context: neighbours and question dimmed, the passage at full strength."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from rich.cells import cell_len
from textual.app import ComposeResult, RenderResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from evidence_mapper.domain.document import BlockKind
from evidence_mapper.domain.passage import Span
from evidence_mapper.domain.project import CoderDecision, EarlierDecision, Flag, PassageCard
from evidence_mapper.domain.wording import counted
from evidence_mapper.tui.still import StillColumn
from evidence_mapper.tui.text import (
    FLAG_MARK,
    day,
    fit_end,
    fit_label,
    harmless,
    one_line,
    source_type_words,
    when,
)
from evidence_mapper.tui.text_pane import Block, TextPane

Part = str | Content | tuple[str, str]

HIGHLIGHT: Final = "bold underline reverse"
"""Of the words that carry a suggestion: seen without colour."""

_CONTEXT, _TEXT = 1, 2
"""Places of the heading and of the passage among what is shown."""

_NEIGHBOUR = 300
"""Characters shown of a neighbour: enough to follow the thread, not to crowd out the passage."""
_DOT = " · "
_NAME = 12
"""Cells of a document's name that stay beside the place."""


class PassageScroll(TextPane):
    """Scrolls the passage; left and right stay with the statements."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "screen.statement(-1)", show=False),
        Binding("right", "screen.statement(1)", show=False),
    ]


class PassageView(StillColumn):
    """Source line, then the passage between its neighbours."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own name
        super().__init__(id=id)
        self._text = ""

    def compose(self) -> ComposeResult:
        """Lay out a title line and a scrolling body."""
        yield SourceLine()
        yield PassageScroll(id="passage-scroll")

    def show(self, card: PassageCard, *, others: bool) -> None:
        """Show a passage; ``others`` shows what other coders decided on it."""
        self._text = card.passage.text
        self.query_one(SourceLine).show(*_source(card))
        above = Content.assemble(*_neighbours([harmless(p.text) for p in card.before], tail=True))
        below = [
            *(_earlier(before) for before in card.earlier),
            *_neighbours([harmless(p.text) for p in card.after]),
        ]
        for coder in card.others if others else ():
            below += [(f"\n\n{_other(coder)}", "")]
        text = Block(Content(harmless(card.passage.text)), bar=True)
        blocks = [Block(above), Block(_context(card)), text, Block(Content.assemble(*below))]
        self.query_one(PassageScroll).show(blocks, first=_CONTEXT)

    def highlight(self, spans: Sequence[Span]) -> None:
        """Mark parts of the passage; none takes the marks off. A mark is underlined and reversed."""
        self.query_one(PassageScroll).change(_TEXT, Block(marked(self._text, spans), bar=True))

    def say(self, title: str, lines: str) -> None:
        """Show a message in place of a passage."""
        self.query_one(SourceLine).show(title, "")
        empty = Block(Content(""))
        self.query_one(PassageScroll).show([empty, empty, Block(Content(lines), bar=True), empty])

    def scroll_pages(self, by: int) -> None:
        """Scroll the passage by most of a window."""
        scroll = self.query_one(PassageScroll)
        scroll.scroll_relative(y=by * max(1, scroll.size.height - 2), animate=False)


class SourceLine(Widget):
    """Where the passage is from; the document's name is cut at its start.

    What is said beside the place gives way, then sheet and column, so that enough of the name is left to know
    the document by.
    """

    def __init__(self) -> None:
        super().__init__(id="source", classes="title")
        self.name_text, self.place = "", ""
        self.beside: tuple[str, ...] = ()

    def show(self, name: str, place: str, *beside: str) -> None:
        """Show a document's name, a place in it, and more that may be left out, the last of it first."""
        self.name_text, self.place, self.beside = name, place, beside
        self.refresh()

    def render(self) -> RenderResult:
        """Return the line for the present width."""
        width, least = self.content_size.width, min(_NAME, cell_len(self.name_text))
        parts = [self.place, *self.beside]
        while len(parts) > 1 and cell_len("".join(parts)) > width - least:
            parts.pop()
        if len(parts) == 1 and self.place:
            label = self.place.removeprefix(_DOT)
            parts = [_DOT + fit_label(label, width - least - len(_DOT))]
        rest = "".join(parts)
        return Content.assemble((fit_end(self.name_text, width - cell_len(rest)), "bold"), rest)


def marked(text: str, spans: Sequence[Span]) -> Content:
    """Return a passage with parts of it marked; the parts do not overlap."""
    parts: list[Part] = []
    at = 0
    for span in sorted(spans):
        parts += [harmless(text[at : span.start]), (harmless(span.of(text)), HIGHLIGHT)]
        at = span.end
    return Content.assemble(*parts, harmless(text[at:]))


def _source(card: PassageCard) -> tuple[str, ...]:
    """Return a document's name, the place in it, and what may be left out where there is no room."""
    label = one_line(card.passage.location.label())
    place = f"{_DOT}{label}" if label else ""
    beside = (_entry(card.dated), source_type_words(card.document.source_type))
    return one_line(card.document.name), place, *(f"{_DOT}{piece}" for piece in beside if piece)


def _entry(days: Sequence[str]) -> str:
    """Return of which day the entry of a record is, or of which days the entries are."""
    if not days:
        return ""
    first, last = min(days), max(days)
    return f"entry of {day(first)}" if first == last else f"entries of {day(first)} to {day(last)}"


def _context(card: PassageCard) -> Content:
    lines: list[tuple[str, str]] = []
    if card.flag is not None:
        lines.append((_flag(card.flag), "bold $em-bad"))
    if elsewhere := _elsewhere(card):
        lines.append((elsewhere, "$em-dim"))
    if card.passage.heading_path:
        lines.append((" › ".join(one_line(h) for h in card.passage.heading_path), "$em-dim italic"))
    if card.passage.context:
        asked = "Question" if card.passage.kind is BlockKind.COMMENT else "Context"
        lines.append((f"{asked}: {harmless(card.passage.context)}", "$em-dim"))
    return Content("\n").join(Content.styled(*line) for line in lines)


def _elsewhere(card: PassageCard) -> str:
    if card.twins:
        return f"Same words in {counted(card.twins, 'other place')} (e)"
    return f"Also in {counted(len(card.also_in), 'other document')}" if card.also_in else ""


def _flag(flag: Flag) -> str:
    to = f" for {one_line(flag.to)}" if flag.to else ""
    why = f": {one_line(flag.reason)}" if flag.reason else ""
    return f"{FLAG_MARK} Flagged{to} by {one_line(flag.coder)}, {when(flag.at)}{why}"


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
