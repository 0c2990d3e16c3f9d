"""Tesseract's table of words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_WORD_LEVEL: Final = "5"
_COLUMNS: Final = 12
_CERTAIN: Final = 100.0


@dataclass(frozen=True, slots=True)
class Word:
    """A word on a picture."""

    text: str
    """Without white space, never empty."""
    box: tuple[int, int, int, int]
    """Left, top, right, bottom in pixels, origin top left."""
    confidence: float
    """What tesseract thinks of its reading, in [0, 1]."""
    line: tuple[int, int, int]
    """Block, paragraph and line it stands in."""


def parse_words(table: str) -> list[Word]:
    """Return the words of tesseract's TSV output, in reading order; lines that are none are passed over."""
    words = []
    for row in table.split("\n"):
        cells = row.rstrip("\r").split("\t")
        if len(cells) != _COLUMNS or cells[0] != _WORD_LEVEL:
            continue
        text = "".join(cells[11].split())
        try:
            block, paragraph, line = (int(cell) for cell in cells[2:5])
            left, top, width, height = (int(cell) for cell in cells[6:10])
            confidence = float(cells[10])
        except ValueError:
            continue
        if text and confidence >= 0 and width > 0 and height > 0:
            box = (left, top, left + width, top + height)
            words.append(Word(text, box, min(1.0, confidence / _CERTAIN), (block, paragraph, line)))
    return words
