"""The part of a passage that is shown for a hit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from evidence_mapper.domain.passage import Span

WIDTH: Final = 260
"""Characters shown, where the passage has more."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a passage, verbatim but for line breaks, which are spaces."""

    text: str
    matched: tuple[Span, ...]
    """Where the words looked for stand in ``text``."""
    cut_before: bool
    """Whether the passage has more before it."""
    cut_after: bool

    def pieces(self) -> list[tuple[str, bool]]:
        """Return the text in pieces with whether each is a match, an ellipsis where it is cut."""
        found: list[tuple[str, bool]] = [("… ", False)] if self.cut_before else []
        place = 0
        for span in self.matched:
            found += [(self.text[place : span.start], False), (span.of(self.text), True)]
            place = span.end
        found.append((self.text[place:], False))
        if self.cut_after:
            found.append((" …", False))
        return [(text, match) for text, match in found if text]


def snippet(text: str, matched: Sequence[Span], width: int = WIDTH) -> Snippet:
    """Return the piece of a passage that holds most of what matched, cut between words where it can be.

    Parameters
    ----------
    text
        The passage.
    matched
        Where the words stand in it, in order, apart from one another.
    width
        Characters; 1 or more.
    """
    start, end = _window(text, matched, width)
    inside = [
        Span(max(s.start, start) - start, min(s.end, end) - start)
        for s in matched
        if s.end > start and s.start < end
    ]
    shown = "".join(" " if c.isspace() else c for c in text[start:end])
    return Snippet(shown, tuple(inside), start > 0, end < len(text))


def _window(text: str, matched: Sequence[Span], width: int) -> tuple[int, int]:
    if len(text) <= width:
        return 0, len(text)
    held = [
        sum(other.start >= s.start and other.end <= s.start + width for other in matched) for s in matched
    ]
    # The first of the best: a little of what stands before it is shown with it.
    first = matched[held.index(max(held))].start if matched else 0
    start = max(0, min(first - width // 5, len(text) - width))
    end = start + width
    if start > 0:
        gap = text.find(" ", start, min(first, start + width // 5) + 1)
        start = gap + 1 if gap >= 0 else start
    if end < len(text):
        gap = text.rfind(" ", end - width // 5, end)
        end = gap if gap > start else end
    return start, end
