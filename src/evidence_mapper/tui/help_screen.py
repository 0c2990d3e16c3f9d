"""Every key and every mark, from the tables that the program itself uses."""

from __future__ import annotations

from textwrap import wrap
from typing import Any, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from evidence_mapper.tui import text
from evidence_mapper.tui.actions import (
    BULK,
    CASES,
    CLAIM,
    CLAIMS,
    DOCUMENTS,
    EVERYWHERE,
    HELP,
    HISTORY,
    LEARNING,
    MATRIX,
    REMAINING,
    REVIEW,
    SEARCH,
    SETTLE,
    SIMILAR,
    actions_of,
    bindings_of,
)
from evidence_mapper.tui.key_bar import KeyBar

Part = str | Content | tuple[str, str]

TITLES: Final = {
    REVIEW: "Review",
    BULK: "Bulk accept",
    SIMILAR: "Passages of one kind",
    LEARNING: "Learning",
    MATRIX: "Matrix",
    REMAINING: "Unseen",
    DOCUMENTS: "Documents",
    HISTORY: "History",
    SEARCH: "Search",
    CLAIMS: "Claims",
    CLAIM: "One claim",
    CASES: "Cases",
    SETTLE: "Settling",
}
"""Screens with keys, in the order of the page."""

_WORDS: Final = 64
"""Width of what a key does, so that the page fits 80 columns."""

MARKS = (
    (text.SUGGESTED_MARK, "suggested by the model: not a coding until a person accepts it"),
    (text.ACCEPTED_MARK, "accepted by a person"),
    (text.REJECTED_MARK, "rejected by a person"),
    (text.UNSAVED_MARK, "in the queue: marks on this passage that are not recorded yet"),
    (text.FLAG_MARK, "in the queue: flagged for a colleague"),
    *((text.STATE_MARKS[s], f"in the queue: {text.STATE_WORDS[s].lower()}") for s in text.STATE_MARKS),
    (text.GAP_MARK, "in the matrix: nothing confirmed; in documents: pages that could not be read"),
    ("likely", f"the model gives at least {text.LIKELY:.0%}"),
    ("possible", f"at least {text.POSSIBLE:.0%}"),
    ("unlikely", "less than that; a statement may still be suggested, so that less is missed"),
)


class HelpScreen(Screen[Any]):
    """A page to scroll."""

    TABLE = HELP
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(HELP)]

    def __init__(self, first: str = REVIEW) -> None:
        super().__init__()
        self._first = first

    def compose(self) -> ComposeResult:
        """Lay out the page."""
        yield Static("Help", classes="title", markup=False)
        with VerticalScroll(id="help-scroll"):
            yield Static(page(self._first), markup=False)
        yield KeyBar(HELP)

    def action_back(self) -> None:
        """Return to where we were."""
        self.dismiss(None)


def page(first: str = REVIEW) -> Content:
    """Return the help page, with the keys of one screen before those of the others."""
    parts: list[Part] = [
        "A suggestion is the model's; a coding is a person's, under their name.\n",
        "A decision is on disk before the next passage shows. No score or rating\n",
        "is ever predicted.\n",
    ]
    for screen, title in sorted(TITLES.items(), key=lambda item: item[0] != first):
        rows = [(a.key_text, a.description) for a in actions_of(screen) if a.description]
        parts += _table(title, rows)
    parts += _table("Everywhere", EVERYWHERE)
    parts += _table("Marks and words", MARKS)
    return Content.assemble(*parts)


def _table(title: str, rows: list[tuple[str, str]] | tuple[tuple[str, str], ...]) -> list[Part]:
    parts: list[Part] = [(f"\n{title}\n", "bold")]
    for key, words in rows:
        lines = wrap(words, _WORDS, break_long_words=False)
        parts += [(f"  {text.fit(key, 9)} ", "bold $em-key"), f"\n{' ' * 12}".join(lines), "\n"]
    return parts
