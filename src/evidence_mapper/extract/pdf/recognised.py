"""Words that text recognition found, as fragments of lines like those of any other page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from statistics import mean, median
from typing import Final

from evidence_mapper.extract.ocr import Recognised, Word
from evidence_mapper.extract.ocr.rules import PixelBox
from evidence_mapper.extract.pdf.chars import WIDE_GAP
from evidence_mapper.extract.pdf.model import HYPHEN, Box, Fragment, Frame, PageContent, TableGrid

_TALL: Final = re.compile(r"[A-Zbdfhklt0-9£$%&()/!?]")
_DEEP: Final = re.compile(r"[gjpqy()/]")
_HEIGHTS: Final = {(True, True): 0.91, (True, False): 0.70, (False, True): 0.68, (False, False): 0.47}
"""Height of a word over the font size, by whether it has tall and deep letters."""
_DEPTH, _RISE = 0.22, 0.9
"""How far a line's box reaches below and above its base line, in font sizes, as PDFium has it."""
_ALIKE: Final = 0.18
"""Sizes that differ by less are the same: heights are measured to a pixel only."""
_SPECK: Final = 0.5
"""Confidence below which a mark without letters or digits is a speck."""
_NOISE: Final = 0.3
"""Mean confidence below which a block is no text but part of a picture."""
_GAP: Final = 1.5
_TOUCHING: Final = 0.5
"""Widest gaps inside a line, in font sizes, across which parts of it are put together."""
_RULE: Final = re.compile(r"[|_~=¦\]\[]+")
_BULLETS: Final = frozenset({"¢", "©", "®", "°", "«", "»", "e", "*", "●", "▪", "■"})
_LINE_END: Final = re.compile(r"(?<=[^\W\d_])[-‐]$")


def put_words(content: PageContent, found: Recognised, dpi: float) -> list[str]:
    """Replace what a page holds by the words recognised on its picture, in place.

    Parameters
    ----------
    content
        The page; its frame is turned and set straight as the picture was.
    found
        The words, in pixels.
    dpi
        Pixels an inch of the picture.

    Returns
    -------
    list of str
        What was recognised in blocks that are no text, and left out.
    """
    old = content.frame
    frame = Frame(old.box, (old.rotation + 90 * found.quarter_turns) % 360, found.skew)
    words, noise = _without_noise(found.words)
    content.frame = frame
    content.nodes, content.tables = [], _grids(found, dpi, frame)
    content.fragments = _fragments(words, found, dpi, content.number, frame)
    content.characters = sum(len("".join(f.text.split())) for f in content.fragments)
    content.garbled = content.hidden = False
    return noise


def _without_noise(words: Sequence[Word]) -> tuple[list[Word], list[str]]:
    kept: list[Word] = []
    noise: list[str] = []
    for _, block in groupby(words, key=lambda word: word.line[0]):
        own = [w for w in block if _is_word(w)]
        if own and mean(w.confidence for w in own) >= _NOISE:
            kept += own
        elif own:
            noise.append(" ".join(w.text for w in own))
    return kept, noise


def _is_word(word: Word) -> bool:
    """Return False for a speck of dirt and for the rule of a table."""
    if any(map(str.isalnum, word.text)):
        return True
    return word.confidence >= _SPECK and not _RULE.fullmatch(word.text)


def _text(words: Sequence[Word], *, first: bool) -> str:
    """Return the words of a run; a bullet at the start of a line is often read as another mark."""
    text = " ".join(word.text for word in words)
    if first and len(words) > 2 and words[0].text in _BULLETS:
        return "•" + text[len(words[0].text) :]
    return text


def _fragments(
    words: Sequence[Word], found: Recognised, dpi: float, number: int, frame: Frame
) -> list[Fragment]:
    lines = _mended([list(group) for _, group in groupby(words, key=lambda word: word.line)])
    scale = 72.0 / dpi
    sizes = _settled([_size(line) * scale for line in lines], [sum(len(w.text) for w in li) for li in lines])
    fragments: list[Fragment] = []
    place = 0
    for line, size in zip(lines, sizes, strict=True):
        base = _base_line(line, size / scale)
        runs = [part for run in _runs(line, WIDE_GAP * size / scale) for part in _by_cell(run, found)]
        for run in runs:
            left, right = min(w.box[0] for w in run), max(w.box[2] for w in run)
            x0, x1 = (frame.width / 2 + (x - found.width / 2) * scale for x in (left, right))
            y = frame.height / 2 - (base - found.height / 2) * scale
            last = run is runs[-1]
            text = _text(run, first=run is runs[0])
            place += 1
            fragments.append(
                Fragment(
                    text=_LINE_END.sub(HYPHEN, text) if last else text,
                    box=(x0, y - _DEPTH * size, x1, y + _RISE * size),
                    size=size,
                    bold=False,
                    mcid=-1,
                    artefact=False,
                    start=place,
                    end=place + len(text),
                    page=number,
                    frame=frame,
                    ends_line=last,
                    confidence=_confidence(run),
                )
            )
            place += len(text)
    return fragments


def _grids(found: Recognised, dpi: float, frame: Frame) -> list[TableGrid]:
    """Return the ruled tables of the picture in display space."""
    scale = 72.0 / dpi

    def shown(box: PixelBox) -> Box:
        x0, x1 = (frame.width / 2 + (x - found.width / 2) * scale for x in (box[0], box[2]))
        y1, y0 = (frame.height / 2 - (y - found.height / 2) * scale for y in (box[1], box[3]))
        return x0, y0, x1, y1

    return [
        TableGrid(shown(t.box), [[cell and shown(cell) for cell in row] for row in t.rows])
        for t in found.tables
    ]


def _by_cell(run: list[Word], found: Recognised) -> list[list[Word]]:
    """Return a run cut where it goes from one cell of a ruled table to the next."""
    if not found.tables:
        return [run]
    cells = [cell for table in found.tables for row in table.rows for cell in row if cell]

    def place(word: Word) -> int:
        x, y = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
        held = (i for i, c in enumerate(cells) if c[0] <= x <= c[2] and c[1] <= y <= c[3])
        return next(held, -1)

    return [list(part) for _, part in groupby(run, key=place)]


def _mended(lines: list[list[Word]]) -> list[list[Word]]:
    """Put together parts of one line that tesseract took for blocks of their own.

    Where that would join many lines, the gaps between them are those of columns, and only parts that all
    but touch are put together.
    """
    mended = _joined(lines, _GAP)
    if len(lines) - len(mended) > max(2, 0.1 * len(lines)):
        return _joined(lines, _TOUCHING)
    return mended


def _joined(lines: Sequence[list[Word]], widest: float) -> list[list[Word]]:
    joined: list[list[Word]] = []
    for line in lines:
        place = next((i for i, other in enumerate(joined) if _same_line(other, line, widest)), None)
        if place is None:
            joined.append(line)
        else:
            joined[place] = sorted([*joined[place], *line], key=lambda word: word.box[0])
    return joined


def _same_line(one: Sequence[Word], other: Sequence[Word], widest: float) -> bool:
    """Return True for two runs of words on one base line with at most ``widest`` font sizes between them."""
    size = _size(one)
    if (
        not 0.7 < _size(other) / size < 1.4
        or abs(_base_line(one, size) - _base_line(other, size)) > 0.25 * size
    ):
        return False
    gaps = (other[0].box[0] - one[-1].box[2], one[0].box[0] - other[-1].box[2])
    return any(-0.5 * size < gap < widest * size for gap in gaps)


def _confidence(words: Iterable[Word]) -> float:
    pairs = [(word.confidence, len(word.text)) for word in words]
    return sum(sure * length for sure, length in pairs) / sum(length for _, length in pairs)


def _size(line: Sequence[Word]) -> float:
    """Return the font size of a line, in pixels, from the heights of its words."""
    lettered = [w for w in line if any(map(str.isalnum, w.text))] or line
    return median(
        (w.box[3] - w.box[1]) / _HEIGHTS[bool(_TALL.search(w.text)), bool(_DEEP.search(w.text))]
        for w in lettered
    )


def _settled(sizes: Sequence[float], weights: Sequence[int]) -> list[float]:
    """Return the sizes with those near the usual one set to it, others in steps of a quarter of it."""
    if not sizes:
        return []
    usual = median(size for size, weight in zip(sizes, weights, strict=True) for _ in range(weight))
    usual = max(4.0, round(2 * usual) / 2)
    steps = (1.0 if abs(s / usual - 1) < _ALIKE else max(0.5, round(4 * s / usual) / 4) for s in sizes)
    return [step * usual for step in steps]


def _base_line(line: Sequence[Word], size: float) -> float:
    """Return the line's base line in pixels from the top: the foot of words without deep letters."""
    feet = [w.box[3] for w in line if any(map(str.isalnum, w.text)) and not _DEEP.search(w.text)]
    return median(feet) if feet else max(w.box[3] for w in line) - 0.21 * size


def _runs(line: Sequence[Word], widest: float) -> list[list[Word]]:
    runs = [[line[0]]]
    for word in line[1:]:
        if word.box[0] - runs[-1][-1].box[2] > widest:
            runs.append([word])
        else:
            runs[-1].append(word)
    return runs
