"""Every key, once: this table feeds the bindings, the key bar, the help screen and the command palette."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from textual.binding import Binding

REVIEW: Final = "review"
MATRIX: Final = "matrix"
REMAINING: Final = "remaining"
DOCUMENTS: Final = "documents"
HISTORY: Final = "history"
BULK: Final = "bulk"
SIMILAR: Final = "similar"
LEARNING: Final = "learning"
CLAIMS: Final = "claims"
CLAIM: Final = "claim"
CASES: Final = "cases"
SEARCH: Final = "search"
SETTLE: Final = "settle"
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


def _claim_statements() -> tuple[Action, ...]:
    words = "Make the claim under statement 1 to 9, or not any more"
    first = Action(CLAIM, "statement(1)", "1", "statement", words, "1-9", 8, palette=False)
    rest = (Action(CLAIM, f"statement({n})", str(n), "", "", palette=False) for n in range(2, 10))
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
    Action(REVIEW, "find", "slash", "find", "Show only passages with some words", "/", 17),
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
    Action(
        REVIEW, "why", "y", "why", "Why: the words that carry it, and the nearest confirmed passages", bar=21
    ),
    Action(REVIEW, "repeat", "r", "repeat", "Record your last decision on this passage too", bar=22),
    Action(
        REVIEW,
        "twins",
        "e",
        "same words",
        "The same words in other places: read the list, decide alike",
        bar=23,
    ),
    Action(
        REVIEW, "bulk", "b", "bulk", "List what is suggested with confidence, and accept it in one go", bar=24
    ),
    Action(
        REVIEW,
        "similar",
        "B",
        "alike",
        "Rows of the same table or section, or with the same suggestion: read the list, decide in one go",
        bar=24,
    ),
    Action(
        REVIEW,
        "later",
        "U",
        "unsure ones",
        "Show what you put off as unsure; again: back to the queue",
        bar=28,
    ),
    Action(REVIEW, "flag", "exclamation_mark", "flag", "Flag for a colleague, or take the flag off", "!", 25),
    Action(
        REVIEW, "claims", "l", "claims", "Claims: what the council says of itself, for and against", bar=29
    ),
    Action(REVIEW, "cases", "C", "cases", "Cases: what each record shows of the I statements", bar=30),
    Action(REVIEW, "search", "ctrl+f", "search", "Search every passage by words and by meaning", bar=27),
    Action(
        REVIEW, "learning", "L", "learning", "What was learned from decisions, what it changed; off and on"
    ),
    Action(
        REVIEW, "span", "v", "span", "Cut the passage after a sentence, or join it with a neighbour", bar=26
    ),
    Action(REVIEW, "settle", "S", "settle", "Settle where people's codings differ"),
    Action(REVIEW, "others", "o", "others", "Show or hide what other coders decided on this passage"),
    Action(REVIEW, "clear", "escape", "", "Throw away your marks on this passage", "esc"),
    Action(
        BULK, "record", "enter", "accept ticked", "Accept what is ticked, once all of it was seen", "enter", 1
    ),
    Action(BULK, "tick", "space,x", "tick", "Tick or untick the passage under the cursor", "space", 2),
    Action(BULK, "least", "l", "probability", "List from another probability on: 90%, 66%, 50%, any", bar=3),
    Action(BULK, "back", "escape,b", "back", "Back to the review, nothing recorded", "esc", 4),
    Action(SIMILAR, "none", "n", "none of these", "Record for what is ticked: none of these", bar=1),
    Action(
        SIMILAR,
        "record",
        "enter",
        "as marked",
        "Record for what is ticked your marks, or your decision, on the passage you came from",
        "enter",
        2,
    ),
    Action(SIMILAR, "accept", "a", "as suggested", "Record for each what is suggested for it", bar=3),
    Action(SIMILAR, "unsure", "u", "unsure", "Record for what is ticked: unsure, to come back to", bar=8),
    Action(SIMILAR, "tick", "space,x", "tick", "Tick or untick the passage under the cursor", "space", 4),
    Action(SIMILAR, "tick_all", "t", "all or none", "Tick all, or none", bar=5),
    Action(
        SIMILAR,
        "likeness",
        "l",
        "like what",
        "Same table, same headings, or same suggestion in the document",
        bar=6,
    ),
    Action(SIMILAR, "back", "escape,B", "back", "Back to the review, nothing recorded", "esc", 7),
    Action(
        LEARNING,
        "changes",
        "c",
        "what changed",
        "Compare with the shipped classifier, passage by passage",
        bar=1,
    ),
    Action(
        LEARNING, "switch", "o", "on or off", "Learn while reviewing, or not; kept with the project", bar=2
    ),
    Action(
        LEARNING,
        "shipped",
        "s",
        "shipped",
        "Suggest with the shipped classifier again, and stop learning",
        bar=3,
    ),
    Action(LEARNING, "open", "enter", "open passage", "Open the passage under the cursor", "enter", 4),
    Action(LEARNING, "back", "escape,L", "back", "Back to the review", "esc", 5),
    Action(MATRIX, "open", "enter", "open", "Review the passages of the cell or line", "enter", 1),
    Action(MATRIX, "topics", "e", "topics", "Show or hide the topics of the statement", bar=2),
    Action(MATRIX, "standing", "v", "sides", "Strengths against concerns, people's voice, age", bar=3),
    Action(MATRIX, "spoken", "i", "I statements", "Show the I statements, or the statements again", bar=4),
    Action(
        MATRIX, "remaining", "u", "unseen", "How much evidence nobody has seen yet, and when to stop", bar=5
    ),
    Action(MATRIX, "back", "escape,g", "back", "Back to the review", "esc", 6),
    Action(REMAINING, "open", "enter", "read the sample", "Review the random sample", "enter", 1),
    Action(REMAINING, "back", "escape,u", "back", "Back to the matrix", "esc", 2),
    Action(DOCUMENTS, "open", "enter", "open passages", "Review this document only", "enter", 1),
    Action(DOCUMENTS, "sort", "s", "sort", "Sort by name, by what is left, by date, or as added", bar=4),
    Action(DOCUMENTS, "versions", "v", "versions", "What the newest version of the document changed", bar=5),
    Action(DOCUMENTS, "back", "escape,d", "back", "Back to the review", "esc", 2),
    Action(HISTORY, "undo", "z", "undo", "Take back the selected decision of yours", bar=1),
    Action(HISTORY, "open", "enter", "open passage", "Open the passage of this decision", "enter", 2),
    Action(HISTORY, "back", "escape,h", "back", "Back to the review", "esc", 3),
    Action(CLAIMS, "open", "enter", "open claim", "Show the claim, its evidence and candidates", "enter", 1),
    Action(CLAIMS, "next_bare", "n", "next without", "Next claim without evidence", bar=2),
    Action(CLAIMS, "back", "escape,l", "back", "Back to the review", "esc", 3),
    Action(
        CLAIM,
        "link(False)",
        "f",
        "for",
        "Link as evidence for the claim; if not confirmed yet, review it",
        bar=1,
    ),
    Action(
        CLAIM,
        "link(True)",
        "a",
        "against",
        "Link as evidence against the claim; if not confirmed yet, review it",
        bar=2,
    ),
    Action(CLAIM, "skip", "s", "skip", "Leave the candidate out of the list, for now", bar=3),
    Action(CLAIM, "unlink", "u", "unlink", "Take the linked passage off the claim", bar=4),
    Action(CLAIM, "open", "enter", "review", "Read the passage in the review, and confirm it", "enter", 5),
    Action(CLAIM, "next_bare", "n", "next without", "Next claim without evidence", bar=6),
    Action(CLAIM, "edit", "e", "edit", "Change the claim's words", bar=7),
    *_claim_statements(),
    Action(CLAIM, "more", "m", "more", "Find more candidates", bar=10),
    Action(CLAIM, "withdraw", "w", "withdraw", "Withdraw the claim, or make it again", bar=11),
    Action(CLAIM, "scroll(1)", "space", "", "Scroll the passage down", palette=False),
    Action(CLAIM, "scroll(-1)", "b", "", "Scroll the passage up", palette=False),
    Action(CLAIM, "back", "escape", "back", "Back to the claims", "esc", 12),
    Action(
        CASES, "open", "enter", "open passages", "Review the passages of the case, or of the cell", "enter", 1
    ),
    Action(CASES, "back", "escape,C", "back", "Back to the review", "esc", 2),
    Action(SEARCH, "open", "enter", "open passage", "Open the passage in the review", "enter", 1),
    Action(SEARCH, "move(1)", "down", "next", "Next passage found", "↓", 4, palette=False),
    Action(SEARCH, "move(-1)", "up", "previous", "Previous passage found", "↑", 5, palette=False),
    Action(
        SEARCH,
        "which",
        "ctrl+t",
        "which",
        "Search all passages, the confirmed ones, or the suggested ones",
        bar=2,
    ),
    Action(SEARCH, "scroll(1)", "pagedown", "", "Scroll the passage down", palette=False),
    Action(SEARCH, "scroll(-1)", "pageup", "", "Scroll the passage up", palette=False),
    Action(SEARCH, "back", "escape", "back", "Back to the review", "esc", 3),
    Action(SEARCH, "app.help", "f1", "help", "Every key, and what the marks mean", "F1", 6),
    Action(SETTLE, "take(1)", "1", "take", "Take answer 1 to 9", "1-9", 1, palette=False),
    *(Action(SETTLE, f"take({n})", str(n), "", "", palette=False) for n in range(2, 10)),
    Action(SETTLE, "none", "n", "none of these", "Settle it: bears on none of the statements", bar=2),
    Action(SETTLE, "own", "w", "write own", "Settle it by an answer of your own", bar=3),
    Action(SETTLE, "take_off", "z", "unsettle", "Take the settlement off: all answers count again", bar=4),
    Action(SETTLE, "which", "t", "open or all", "Show the open ones, or the settled ones as well", bar=5),
    Action(SETTLE, "open", "enter", "open passage", "Open the passage in the review", "enter", 6),
    Action(SETTLE, "scroll(1)", "space", "", "Scroll the passage down", palette=False),
    Action(SETTLE, "scroll(-1)", "b", "", "Scroll the passage up", palette=False),
    Action(SETTLE, "back", "escape,S", "back", "Back to the review", "esc", 7),
    Action(HELP, "back", "escape,question_mark,f1,q", "back", "Back", "esc", 1),
    *(
        action
        for screen in (
            REVIEW,
            BULK,
            SIMILAR,
            LEARNING,
            MATRIX,
            REMAINING,
            DOCUMENTS,
            HISTORY,
            CLAIMS,
            CLAIM,
            SETTLE,
            CASES,
        )
        for action in (
            Action(
                screen, "app.help", "question_mark,f1", "help", "Every key, and what the marks mean", "?", 9
            ),
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
