"""Text over the cap to parts that end where sentences do."""

from __future__ import annotations

from collections.abc import Sequence

from evidence_mapper.segment.sentences import sentence_spans
from evidence_mapper.segment.sizes import CAP, TARGET, word_count, word_ends


def split_text(text: str) -> list[tuple[int, int]]:
    """Return half-open ranges of parts, in order, covering all but white space.

    A text within the cap is one part. A longer one is cut at sentence ends into as few parts of at
    most 150 words as there can be, made about equally long; a sentence over the cap is cut after
    every 220th word.
    """
    if word_count(text) <= CAP:
        return [(0, len(text))]
    pieces = [piece for span in sentence_spans(text) for piece in _within_cap(text, span)]
    counts = [word_count(text[start:end]) for start, end in pieces]
    return [(pieces[first][0], pieces[last - 1][1]) for first, last in balanced(counts, TARGET)]


def balanced(counts: Sequence[int], most: int) -> list[tuple[int, int]]:
    """Return half-open ranges of items whose word counts sum to at most ``most``, about equally.

    The number of ranges is the smallest possible; among those the longest range is as short as can
    be. An item over ``most`` is a range of its own.
    """
    ranges = _packed(counts, most)
    low, high = -(-sum(counts) // max(len(ranges), 1)), most
    while low < high:
        middle = (low + high) // 2
        if len(_packed(counts, middle)) <= len(ranges):
            high = middle
        else:
            low = middle + 1
    return _packed(counts, high)


def _packed(counts: Sequence[int], most: int) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    start = total = 0
    for index, count in enumerate(counts):
        if index > start and total + count > most:
            ranges.append((start, index))
            start, total = index, 0
        total += count
    return [*ranges, (start, len(counts))] if counts else []


def _within_cap(text: str, span: tuple[int, int]) -> list[tuple[int, int]]:
    start, end = span
    ends = word_ends(text[start:end])
    if len(ends) <= CAP:
        return [span]
    parts, left = [], start
    for stop in (*ends[CAP - 1 :: CAP], ends[-1]):
        piece = text[left : start + stop]
        if piece.strip():
            parts.append((left + len(piece) - len(piece.lstrip()), start + stop))
        left = start + stop
    return parts
