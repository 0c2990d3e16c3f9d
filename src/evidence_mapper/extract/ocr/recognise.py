"""From a picture of a page to its words."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np

from evidence_mapper.extract.ocr.picture import Grey, as_pgm, despeckled, skew_of, turned, whitened
from evidence_mapper.extract.ocr.program import LANGUAGE, Tesseract
from evidence_mapper.extract.ocr.rules import RuledTable, ruled_tables, without_lines
from evidence_mapper.extract.ocr.tsv import Word, parse_words

_TSV: Final = ["-c", "tessedit_create_tsv=1"]
_COLUMNS_AND_BLOCKS: Final = "3"
"""Page segmentation mode: find columns and blocks, take the page to be upright."""
_ONE_BLOCK: Final = "6"
"""The page is one block: finds the two lines of an otherwise empty page."""
_FEW: Final = 12.0
"""Sure letters; with fewer the page is looked at a second time."""
_TORN: Final = 2.0
"""Line heights between two parts of one line."""
_COLUMNS_FROM: Final = 0.15
"""Share of the lines from which parts side by side are columns."""
_POOR: Final = 0.6
"""Mean confidence below which the page may lie on its side."""
_OSD: Final = "osd"
_ROTATE: Final = re.compile(r"^Rotate: (90|180|270)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was read on a picture; boxes are in pixels of the picture as it was when read."""

    words: tuple[Word, ...]
    width: int
    height: int
    quarter_turns: int = 0
    """Clockwise quarter turns given to the picture before it was read, 0 to 3."""
    skew: float = 0.0
    """Degrees by which it was then turned clockwise about its centre."""
    tables: tuple[RuledTable, ...] = ()
    """Ruled tables, whose lines were taken out before it was read."""

    @property
    def confidence(self) -> float:
        """Mean confidence over the characters, in [0, 1]; 0 without words."""
        characters = sum(len(word.text) for word in self.words)
        return sum(w.confidence * len(w.text) for w in self.words) / characters if characters else 0.0

    @property
    def weight(self) -> float:
        """Letters and digits read, each counted by its confidence."""
        return sum(w.confidence * sum(map(str.isalnum, w.text)) for w in self.words)


def recognise(grey: Grey, dpi: int, tesseract: Tesseract, seconds: float) -> Recognised | None:
    """Read a picture of a page.

    Parameters
    ----------
    grey
        Shape (height, width), 0 black.
    dpi
        Pixels an inch of it.
    tesseract
        Must have English.
    seconds
        Wall time for all of it; at least one attempt is made.

    Returns
    -------
    Recognised | None
        Without words for a picture without text; None when tesseract fails or time runs out.
    """
    end = time.monotonic() + seconds
    best = _read(grey, dpi, tesseract, end, 0)
    if best is None or best.confidence >= _POOR or end - time.monotonic() < seconds / 3:
        return best
    for turns in _other_ways_up(grey, tesseract, end):
        other = _read(np.rot90(grey, -turns), dpi, tesseract, end, turns)
        if other is not None and other.weight > 1.2 * best.weight:
            best = other
    return best


def _read(grey: Grey, dpi: int, tesseract: Tesseract, end: float, turns: int) -> Recognised | None:
    skew = skew_of(grey)
    ready = whitened(despeckled(grey))  # before it is turned, which would smear the specks
    ready = turned(ready, skew) if skew else ready
    tables = ruled_tables(ready, dpi)
    ready = without_lines(ready, tables)
    height, width = ready.shape
    best: Recognised | None = None
    for mode in (_COLUMNS_AND_BLOCKS, _ONE_BLOCK):
        arguments = ["-l", LANGUAGE, "--psm", mode, "--dpi", str(dpi), *_TSV]
        table = tesseract.run(arguments, as_pgm(ready), max(1.0, end - time.monotonic()))
        if table is None:
            return best
        found = Recognised(tuple(parse_words(table)), width, height, turns, skew, tuple(tables))
        best = found if best is None or found.weight > best.weight else best
        if best.weight >= _FEW and not (mode == _COLUMNS_AND_BLOCKS and is_torn(found.words)):
            return best
    return best


def is_torn(words: Sequence[Word]) -> bool:
    """Return True when a few lines are split between blocks, often in mid-word: the blocks are wrong.

    Many such lines are columns.
    """
    lines = [list(line) for _, line in groupby(words, key=lambda word: word.line)]
    boxes = [(own[0].line[0], _round_all(own)) for own in lines]
    torn = sum(
        one != other and _beside(a, b)
        for i, (one, a) in enumerate(boxes)
        for other, b in boxes[i + 1 : i + 200]
    )
    return 0 < torn <= max(2.0, _COLUMNS_FROM * len(lines))


def _round_all(words: Sequence[Word]) -> tuple[int, int, int, int]:
    lefts, tops, rights, bottoms = zip(*(word.box for word in words), strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _beside(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    """Return True for two pieces on one line with no more than a few letters' room between them."""
    height = min(one[3] - one[1], other[3] - other[1])
    overlap = min(one[3], other[3]) - max(one[1], other[1])
    gap = max(other[0] - one[2], one[0] - other[2])
    return overlap > 0.6 * height and -0.5 * height < gap < _TORN * height


def _other_ways_up(grey: Grey, tesseract: Tesseract, end: float) -> tuple[int, ...]:
    """Return the quarter turns worth a try: what tesseract's own judgement says, else both sideways ones."""
    if _OSD not in tesseract.languages:
        return 1, 3
    answer = tesseract.run(["-l", _OSD, "--psm", "0"], as_pgm(grey), max(1.0, end - time.monotonic()))
    found = _ROTATE.search(answer or "")
    return (int(found.group(1)) // 90,) if found else ()
