"""A text with pseudonyms in it, and where every code point of either text lies in the other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from evidence_mapper.domain.passage import Span


@dataclass(frozen=True, slots=True)
class Replacement:
    """What stands in for a span of the original."""

    span: Span
    text: str
    """Never empty."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """A redacted text. Offsets are half-open code-point ranges in both directions."""

    text: str
    originals: tuple[Span, ...]
    """What was replaced, in order, in the original."""
    replaced: tuple[Span, ...]
    """Where each replacement stands in ``text``."""

    def to_redacted(self, span: Span) -> Span:
        """Return where a span of the original lies here; one that cuts a replacement takes in all of it."""
        return _moved(span, self.originals, self.replaced)

    def to_original(self, span: Span) -> Span:
        """Return where a span of this text lies in the original; a replacement is never cut."""
        return _moved(span, self.replaced, self.originals)

    def restored(self, words: Sequence[str]) -> str:
        """Return the original, given the words that were replaced, in order.

        Raises
        ------
        ValueError
            There are not as many words as replacements.
        """
        return restore(self.text, tuple(zip(self.replaced, words, strict=True)))


def redacted(text: str, replacements: Sequence[Replacement]) -> Redacted:
    """Return a text with its replacements made.

    Raises
    ------
    ValueError
        Replacements overlap, are not in order, lie outside the text, or put nothing in place.
    """
    pieces, originals, replaced = list[str](), list[Span](), list[Span]()
    last = length = 0
    for item in replacements:
        start, end = item.span.start, item.span.end
        if start < last or end > len(text) or not item.text:
            raise ValueError(f"cannot replace {start}:{end} after {last} in a text of {len(text)}")
        pieces += [text[last:start], item.text]
        length += start - last
        originals.append(item.span)
        replaced.append(Span(length, length + len(item.text)))
        length += len(item.text)
        last = end
    pieces.append(text[last:])
    return Redacted("".join(pieces), tuple(originals), tuple(replaced))


def restore(text: str, words: Sequence[tuple[Span, str]]) -> str:
    """Return a text with words put back at spans of it, which are in order and do not overlap."""
    pieces, last = list[str](), 0
    for span, word in words:
        pieces += [text[last : span.start], word]
        last = span.end
    return "".join([*pieces, text[last:]])


def _moved(span: Span, source: Sequence[Span], target: Sequence[Span]) -> Span:
    return Span(_start(span.start, source, target), _end(span.end, source, target))


def _start(point: int, source: Sequence[Span], target: Sequence[Span]) -> int:
    at = bisect_right(source, point, key=lambda s: s.start) - 1
    if at < 0:
        return point
    return target[at].start if point < source[at].end else target[at].end + point - source[at].end


def _end(point: int, source: Sequence[Span], target: Sequence[Span]) -> int:
    at = bisect_right(source, point - 1, key=lambda s: s.start) - 1
    if at < 0:
        return point
    return target[at].end if point <= source[at].end else target[at].end + point - source[at].end
