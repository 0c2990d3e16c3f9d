"""What can be typed, once: this table reads the answers and makes the help.

The words are those of the full-screen review wherever a command does the same there, so that the two cannot
drift apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from evidence_mapper.tui.actions import REVIEW, actions_of


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be typed."""

    letters: str
    """The characters that call it, the first of which is shown; empty for what is called by a word."""
    name: str
    """Method of the review, without its leading ``do_``."""
    same_as: str | None = None
    """Action of the full-screen review whose words describe it; None when it has words of its own."""
    words: str = ""
    argument: str = ""
    """What may follow the letter, in words; empty when nothing may."""
    needed: bool = False
    """Whether the argument must be there."""
    word: str = ""
    """The whole word that calls it: what is needed less often, and records nothing unasked."""

    @property
    def typed(self) -> str:
        """Return how the command is typed."""
        return f"{self.letters[:1] or self.word} {self.argument}".strip()

    @property
    def description(self) -> str:
        """Return what it does."""
        return self.words or _words_of(self.same_as)


def _words_of(action: str | None) -> str:
    return next(a.description for a in actions_of(REVIEW) if a.name == action)


COMMANDS: Final[tuple[Command, ...]] = (
    Command("a", "accept", "accept"),
    Command("r", "record", "record"),
    Command("x", "reject", words="Reject a statement, or clear that", argument="NUMBER", needed=True),
    Command("n", "none", "none"),
    Command("u", "unsure", "unsure"),
    Command("c", "change", words="Change the category, the polarity, topics or I statements"),
    Command("p", "polarity", "polarity"),
    Command("t", "topics", "topics"),
    Command("om", "note", "note", argument="TEXT"),
    Command("", "clear", "clear", word="clear"),
    Command("z", "undo", words="Take back your last decision or cut, or the one with this number in the "
            "history; go to its passage", argument="NUMBER"),
    Command("e", "alike", "twins"),
    Command("=", "repeat", "repeat"),
    Command("b", "bulk", words="Read out what is suggested at 90 % or more, or at another percentage, then "
            "accept it in one go", argument="PERCENT"),
    Command("", "similar", "similar", argument="table, section or suggestion", word="alike"),
    Command("", "later", "later", word="later"),
    Command("!", "flag", "flag", argument="NAME"),
    Command("", "flags", words="What is put to a colleague's notice, by whom and why", word="flags"),
    Command("", "cut", words="Cut the passage in two after a sentence", word="cut"),
    Command("", "join", words="Join the passage with the one above or below", argument="above or below",
            word="join"),
    Command("sj", "skip", "skip"),
    Command("k", "previous", "previous"),
    Command("g", "goto", words="Go to a passage, whatever the filter: by its id, or by the number of a "
            "decision in the history", argument="ID", needed=True),
    Command("f", "filter", "filter"),
    Command("/", "find", "find", argument="WORDS"),
    Command("", "search", "search", argument="WORDS", word="search"),
    Command("wy", "why", words="Why it was suggested: the words that carry it, and confirmed passages "
            "like it", argument="NUMBER"),
    Command("d", "definition", words="Wording, definition and boundaries of a statement, and passages "
            "confirmed for it", argument="NUMBER", needed=True),
    Command("l", "statements", words="All statements, with how probable the model finds them"),
    Command("v", "context", words="What stands before and after, and what other coders decided"),
    Command(".", "again", words="Read the passage again"),
    Command("h", "history", words="The latest decisions of everybody, with their numbers; with a number, "
            "those before it", argument="NUMBER"),
    Command("i", "progress", words="How far you are, and what the filter shows"),
    Command("", "matrix", "matrix", word="matrix"),
    Command("", "unseen", words="How much evidence nobody has seen yet, and when to stop", word="unseen"),
    Command("", "documents", "documents", argument="PART OF A NAME", word="documents"),
    Command("", "claims", "claims", argument="NUMBER", word="claims"),
    Command("", "link", words="Link the passage to a claim, as evidence for it or against it",
            argument="NUMBER", needed=True, word="link"),
    Command("", "cases", "cases", word="cases"),
    Command("", "settle", "settle", word="settle"),
    Command("", "learning", "learning", word="learning"),
    Command("?", "help", words="This list"),
    Command("q", "quit", "app.leave"),
)  # fmt: skip

TICKS: Final = ("numbers", "Accept or clear statements in your marks: 2, or 2 5; then r records them")


@dataclass(frozen=True, slots=True)
class Typed:
    """A command with what followed it."""

    command: Command
    argument: str


def read(answer: str) -> Typed | str:
    """Return what an answer calls, or what is wrong with it.

    A whole word never counts as its first letter: ``none`` is not ``n``, so that nothing is recorded which
    was not meant.
    """
    first, _, rest = answer.partition(" ")
    by_word = next((c for c in COMMANDS if c.word and c.word == first.lower()), None)
    if by_word is not None:
        return _with(by_word, rest.strip())
    letter, glued = first[:1].lower(), first[1:]
    command = next((c for c in COMMANDS if letter and letter in c.letters), None)
    if command is None or (glued and not (command.argument and (letter == "/" or glued.isdigit()))):
        return f"Not understood: {first}. Type ? for help."
    return _with(command, f"{glued} {rest}".strip())


def _with(command: Command, argument: str) -> Typed | str:
    if argument and not command.argument:
        return f"{command.typed} stands alone; nothing was done. Type ? for help."
    if command.needed and not argument:
        return f"Type it as: {command.typed}"
    return Typed(command, argument)
