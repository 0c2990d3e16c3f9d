"""Every key, once: this table feeds the bindings, the key bar, the help screen and the command palette."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from textual.binding import Binding

REVIEW: Final = "review"
MATRIX: Final = "matrix"
DOCUMENTS: Final = "documents"
HISTORY: Final = "history"
HELP: Final = "help"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a key does on one screen."""

    screen: str
    name: str
    """Textual action, such as ``accept`` or ``tick(3)``."""
    keys: str
    """Comma-separated Textual key names."""
    label: str
    """A word for the key bar."""
    description: str
    """A line for the help screen."""
    shown: str = ""
    """How the key is written; empty takes the first key name."""
    bar: int = 0
    """Place in the key bar, from 1; 0 leaves it to the help screen."""
    palette: bool = True
    """Whether the command palette lists it."""

    @property
    def key_text(self) -> str:
        """Return the key as a person reads it."""
        return self.shown or self.keys.split(",")[0]


def _ticks() -> tuple[Action, ...]:
    first = Action(
        REVIEW,
        "tick(1)",
        "1",
        "tick",
        "Accept or clear statement 1 to 9 in your draft",
        "1-9",
        2,
        palette=False,
    )
    rest = (Action(REVIEW, f"tick({n})", str(n), "", "", palette=False) for n in range(2, 10))
    return (first, *rest)


ACTIONS: Final[tuple[Action, ...]] = (
    Action(REVIEW, "accept", "a", "accept", "Accept what is suggested, with your changes, and go on", bar=1),
    *_ticks(),
    Action(
        REVIEW,
        "record",
        "enter",
        "record",
        "Record your ticks, with the category and polarity shown; suggestions left out count as rejected",
        "enter",
        3,
    ),
    Action(REVIEW, "reject", "x", "reject", "Reject the statement under the cursor, or clear that", bar=4),
    Action(REVIEW, "none", "n", "none", "Record: bears on none of the statements", bar=5),
    Action(REVIEW, "unsure", "u", "unsure", "Record: unsure, to come back to", bar=6),
    Action(REVIEW, "note", "m", "note", "Write a note: why", bar=7),
    Action(REVIEW, "undo", "z", "undo", "Take back your last decision and return to it", bar=8),
    Action(REVIEW, "skip", "s", "skip", "Go on without a decision", bar=10),
    Action(REVIEW, "category", "c", "category", "Change the evidence category", bar=11),
    Action(
        REVIEW, "polarity", "p", "polarity", "Change the polarity: strength, concern, mixed, neutral", bar=12
    ),
    Action(REVIEW, "topics", "t", "topics", "Pick topics and I statements", bar=13),
    Action(REVIEW, "filter", "f", "filter", "Choose which passages to show, and in which order", bar=14),
    Action(REVIEW, "find", "slash", "find", "Search the passages for words", "/", 17),
    Action(REVIEW, "matrix", "g", "matrix", "Statements by evidence category: covered and missing", bar=15),
    Action(REVIEW, "documents", "d", "documents", "Documents and how far you are", bar=18),
    Action(REVIEW, "history", "h", "history", "Every decision, newest first", bar=19),
    Action(REVIEW, "next", "j,down", "next", "Next passage in the queue", "j ↓"),
    Action(REVIEW, "previous", "k,up", "previous", "Previous passage in the queue", "k ↑"),
    Action(REVIEW, "statement(1)", "right,right_square_bracket", "", "Next statement", "→ ]", palette=False),
    Action(
        REVIEW, "statement(-1)", "left,left_square_bracket", "", "Previous statement", "← [", palette=False
    ),
    Action(REVIEW, "tick_here", "space", "", "Accept or clear the statement under the cursor"),
    Action(REVIEW, "scroll(1)", "pagedown", "", "Scroll the passage down", palette=False),
    Action(REVIEW, "scroll(-1)", "pageup", "", "Scroll the passage up", palette=False),
    Action(
        REVIEW, "wording", "w", "wording", "The whole official wording, definition and boundaries", bar=20
    ),
    Action(REVIEW, "others", "o", "others", "Show or hide what other coders decided on this passage"),
    Action(REVIEW, "clear", "escape", "", "Throw away your marks on this passage", "esc"),
    Action(MATRIX, "open", "enter", "open passages", "Review the passages of the cell", "enter", 1),
    Action(MATRIX, "topics", "e", "topics", "Show or hide the topics of the statement", bar=2),
    Action(MATRIX, "back", "escape,g", "back", "Back to the review", "esc", 3),
    Action(DOCUMENTS, "open", "enter", "open passages", "Review this document only", "enter", 1),
    Action(DOCUMENTS, "back", "escape,d", "back", "Back to the review", "esc", 2),
    Action(HISTORY, "undo", "z", "undo", "Take back the selected decision of yours", bar=1),
    Action(HISTORY, "open", "enter", "open passage", "Open the passage of this decision", "enter", 2),
    Action(HISTORY, "back", "escape,h", "back", "Back to the review", "esc", 3),
    Action(HELP, "back", "escape,question_mark", "back", "Back", "esc", 1),
    *(
        action
        for screen in (REVIEW, MATRIX, DOCUMENTS, HISTORY)
        for action in (
            Action(screen, "app.help", "question_mark", "help", "Every key, and what the marks mean", "?", 9),
            Action(screen, "app.leave", "q", "quit", "Leave; everything recorded is already saved", bar=16),
        )
    ),
)

EVERYWHERE: Final[tuple[tuple[str, str], ...]] = (
    ("ctrl+p", "Search every command"),
    ("ctrl+l", "Light or dark"),
    ("tab", "Move between the queue, the passage and the statements"),
)


def actions_of(screen: str) -> Iterator[Action]:
    """Yield the actions of a screen, in table order."""
    return (action for action in ACTIONS if action.screen == screen)


def bindings_of(screen: str) -> list[Binding]:
    """Return a screen's Textual bindings."""
    from textual.binding import Binding  # here, as the plain review reads the table without Textual

    return [
        Binding(action.keys, action.name, action.description or action.label, show=False)
        for action in actions_of(screen)
    ]


def bar_of(screen: str) -> list[Action]:
    """Return a screen's key bar, most needed first."""
    return sorted((a for a in actions_of(screen) if a.bar), key=lambda a: a.bar)
