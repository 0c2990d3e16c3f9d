"""Reads and writes one line at a time: nothing moves the cursor, nothing is told by colour."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Generic, TextIO, TypeVar

from evidence_mapper.tui.text import harmless, one_line

Value = TypeVar("Value")

_MANY: Final = 20
"""Choices above which part of the name is asked for first."""


class EndOfInput(Exception):
    """There are no more lines to read."""


@dataclass(frozen=True, slots=True)
class Chosen(Generic[Value]):
    """An answer to a choice; ``value`` None is the answer "any" or "none"."""

    value: Value | None


class Lines:
    """The conversation with one person, or with a file of answers.

    Parameters
    ----------
    source, sink
        Where answers are read and questions written.
    width
        Characters after which lines are folded at a space; None leaves them whole.
    """

    def __init__(self, source: TextIO, sink: TextIO, width: int | None = None) -> None:
        self._source, self._sink = source, sink
        self._width = width
        self._echo = not source.isatty()

    @property
    def typed(self) -> bool:
        """Whether a person types at a terminal; otherwise answers come from a file."""
        return not self._echo

    def say(self, *texts: str) -> None:
        """Write each text on lines of its own, made harmless and folded."""
        for text in texts:
            for line in harmless(text).split("\n"):
                self._write(self._fold(line) + "\n")
        self._sink.flush()

    def ask(self, prompt: str) -> str:
        """Return the next line without surrounding white space.

        Raises
        ------
        EndOfInput
            There are no more lines.
        """
        self._write(self._fold(harmless(prompt)) + " ")
        self._sink.flush()
        line = self._source.readline()
        if not line:
            self.say("")
            raise EndOfInput
        answer = line.strip()
        if self._echo:  # answers from a file: so that the record reads as a conversation
            self.say(answer)
        return answer

    def ask_number(self, prompt: str, most: int) -> int | None:
        """Return a number from 1 to ``most``, or None for an empty answer; asks again for anything else."""
        numbers = self._numbers(prompt, most)
        return numbers[0] if numbers else None

    def ask_yes(self, question: str) -> bool:
        """Return whether the answer is yes; anything but ``y`` or ``yes`` is no."""
        return self.ask(f"{question} y or n:").lower() in ("y", "yes")

    def choose(
        self, title: str, options: Sequence[tuple[str, Value]], *, neither: str | None
    ) -> Chosen[Value] | None:
        """Return the option chosen by its number; None leaves things as they were.

        Parameters
        ----------
        options
            (words, value) of each.
        neither
            What the answer 0 is called, such as ``any``; None offers no such answer.
        """
        shown = self._narrowed(title, options)
        self.say(f"{title}:", *([f"0. {neither}"] if neither is not None else []))
        self.say(*(f"{number}. {one_line(words)}" for number, (words, _) in enumerate(shown, 1)))
        numbers = self._numbers("Number, or nothing to leave it:", len(shown), zero=neither is not None)
        if not numbers:
            return None
        return Chosen(shown[numbers[0] - 1][1] if numbers[0] else None)

    def pick(self, title: str, options: Sequence[tuple[str, str]], ticked: set[str]) -> set[str] | None:
        """Return the ids ticked, or None when nothing was changed; the numbers tick and clear.

        Parameters
        ----------
        options
            (words, id) of each.
        ticked
            Ids ticked at first.
        """
        now = set(ticked)
        self.say(
            f"{title}:", *(self._pick_line(n, words, i in now) for n, (words, i) in enumerate(options, 1))
        )
        while numbers := self._numbers("Numbers to tick or clear, or nothing to keep this:", len(options)):
            for number in numbers:
                words, option = options[number - 1]
                now ^= {option}
                self.say(self._pick_line(number, words, option in now))
        return None if now == ticked else now

    def _pick_line(self, number: int, words: str, ticked: bool) -> str:
        return f"{number}. {'ticked' if ticked else 'not ticked'}: {one_line(words)}"

    def _narrowed(self, title: str, options: Sequence[tuple[str, Value]]) -> Sequence[tuple[str, Value]]:
        shown = options
        while len(shown) > _MANY:
            self.say(f"{title}: {len(shown)} to choose from.")
            part = self.ask("Part of the name, or nothing for all:").lower()
            if not part:
                return shown
            found = [option for option in shown if part in option[0].lower()]
            if found:
                shown = found
            else:
                self.say("None has that in its name.")
        return shown

    def _numbers(self, prompt: str, most: int, *, zero: bool = False) -> list[int]:
        """Return numbers in range; empty for an empty answer; asks again for anything else."""
        least = 0 if zero else 1
        while answer := self.ask(prompt):
            numbers = numbers_in(answer)
            if numbers and all(least <= n <= most for n in numbers):
                return numbers
            self.say(f"Not understood. Numbers are {least} to {most}.")
        return []

    def _fold(self, line: str) -> str:
        if self._width is None or len(line) <= self._width:
            return line
        return "\n".join(textwrap.wrap(line, self._width, break_on_hyphens=False))

    def _write(self, text: str) -> None:
        self._sink.write(text)


def numbers_in(answer: str) -> list[int] | None:
    """Return the numbers of an answer such as ``1 3`` or ``1,3``; None when it holds anything else."""
    words = answer.replace(",", " ").split()
    if not words or not all(word.isascii() and word.isdigit() and len(word) < 10 for word in words):
        return None
    return [int(word) for word in words]
