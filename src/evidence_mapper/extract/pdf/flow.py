"""Blocks of text that has no tags: lines in stream order, grouped into paragraphs by their layout."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from statistics import median

from evidence_mapper.domain.document import BlockKind
from evidence_mapper.extract.pdf.contents import has_leader
from evidence_mapper.extract.pdf.model import Fragment, Line, Piece

BULLETS = "•●▪■◦‣○□➢➤✓✔❖–·∙\u2043\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf02d"
BULLET = re.compile(rf"^(?:[{BULLETS}]|[-o*](?=\s))\s*")
_LETTER = r"(?:\(?[A-Za-z][.)]|\(?[ivx]{1,5}\))"
_CLAUSE = r"\d{1,2}(?:\.\d{1,2}){1,4}\.?\s*(?=[A-Z\"'‘“(])"
"""The number of a clause: "3.2 The", and not "3.2 million"."""
_LABEL = re.compile(rf"^(?:\d{{1,2}}[.)]\s+\S|{_CLAUSE}|{_LETTER}{{1,2}}\s*(?<=[\s)])\S)")
_LISTED = re.compile(rf"^(?:\d{{1,2}}\)\s*|{_LETTER}{{1,2}}\s*)(?<=[\s)])\S")
_ENDS = ".!?:;"
_LOOSE = 1.3
"""A line further below than this many usual leadings starts a paragraph."""
_INDENT = 0.8
"""In font sizes."""


def build_lines(fragments: Iterable[Fragment]) -> list[Line]:
    """Return lines in the order of the fragments."""
    lines: list[Line] = []
    current: list[Fragment] = []
    for fragment in fragments:
        if current and any(_under(fragment, above) for above in current):
            current[-1].ends_line = True
            lines.append(Line(current))
            current = []
        current.append(fragment)
        if fragment.ends_line:
            lines.append(Line(current))
            current = []
    if current:
        lines.append(Line(current))
    return lines


def _under(fragment: Fragment, above: Fragment) -> bool:
    """Return True for a fragment below another of what PDFium takes for one line: columns out of step."""
    across = min(fragment.box[2], above.box[2]) - max(fragment.box[0], above.box[0])
    narrow = min(fragment.box[2] - fragment.box[0], above.box[2] - above.box[0])
    return across > 0.5 * narrow and above.box[1] - fragment.box[1] > 0.6 * max(above.size, fragment.size)


def flow_pieces(lines: list[Line]) -> list[Piece]:
    """Group lines, in reading order, into paragraphs and list items."""
    if not lines:
        return []
    layout = _Layout(lines)
    groups = [[lines[0]]]
    for line in lines[1:]:
        if layout.breaks(groups[-1], line):
            groups.append([line])
        else:
            groups[-1].append(line)
    return [_piece(group) for group in groups]


def starts_item(text: str) -> bool:
    """Return True for a text that starts with a bullet, a number or a letter of a list."""
    return bool(BULLET.match(text) or _LABEL.match(text))


def split_at_blank_lines(fragments: list[Fragment]) -> list[list[Fragment]]:
    """Split what is tagged as one paragraph but shown as several, with blank lines between them."""
    lines = build_lines(fragments)
    if len(lines) == 1:
        return [lines[0].fragments]
    steps = [a.box[1] - b.box[1] for a, b in pairwise(lines)]
    usual = min((step for step in steps if step > 0.8 * lines[0].size), default=0.0)
    parts: list[list[Fragment]] = [[]]
    for index, line in enumerate(lines):
        parts[-1] += line.fragments
        wide = index < len(steps) and steps[index] > max(1.7 * usual, 1.9 * line.size)
        if wide and line.text[-1:] in _ENDS:
            parts.append([])
    return parts


def _piece(group: list[Line]) -> Piece:
    first = group[0].text
    listed = BULLET.match(first) or _LISTED.match(first)
    for line in group:
        line.fragments[-1].ends_line = True
    fragments = [fragment for line in group for fragment in line.fragments]
    kind = BlockKind.LIST_ITEM if listed else BlockKind.PARAGRAPH
    return Piece(kind, fragments)


class _Layout:
    """What is usual on this page: leading by font size, and each region's right edge."""

    def __init__(self, lines: list[Line]) -> None:
        steps: dict[int, list[float]] = {}
        edges: dict[int, list[float]] = {}
        for before, line in pairwise(lines):
            step = before.box[1] - line.box[1]
            if before.region == line.region and 0 < step < 3 * line.size:
                steps.setdefault(round(line.size), []).append(step)
        for line in lines:
            edges.setdefault(line.region, []).append(line.box[2])
        self._leading = {size: median(found) for size, found in steps.items() if len(found) >= 3}
        self._right = {region: max(found) for region, found in edges.items()}

    def breaks(self, group: list[Line], line: Line) -> bool:
        """Return True when ``line`` starts a new paragraph after ``group``."""
        before = group[-1]
        text = line.text
        if line.region != before.region or abs(line.size - before.size) > max(0.8, 0.08 * before.size):
            return True
        if has_leader(before.text):
            return True
        step = before.box[1] - line.box[1]
        if step <= 0 or step > _LOOSE * self._usual(line):
            return True
        if BULLET.match(text) or (line.bold != before.bold and not self._full(before, line)):
            return True
        if _LABEL.match(text) and (before.text[-1:] in _ENDS or not self._full(before, line)):
            return True
        return self._indents(group, line) or self._stops(before, line)

    def _usual(self, line: Line) -> float:
        return min(self._leading.get(round(line.size), 1.25 * line.size), 2.2 * line.size)

    def _full(self, before: Line, line: Line) -> bool:
        """Return True when the next line's first word would not have fitted on the line before."""
        words = line.text.split(maxsplit=1)
        width = (line.box[2] - line.box[0]) * len(words[0]) / max(1, len(line.text)) if words else 0.0
        return before.box[2] + width + 0.3 * line.size >= self._right[before.region] - 0.5 * line.size

    @staticmethod
    def _indents(group: list[Line], line: Line) -> bool:
        shift = (line.box[0] - group[-1].box[0]) / line.size
        if len(group) == 1:  # a hanging indent after a label, or a first line set in
            labelled = BULLET.match(group[0].text) or _LABEL.match(group[0].text)
            tabs = [f.box[0] for f in group[0].fragments[1:]]
            hangs = any(abs(tab - line.box[0]) < 0.5 * line.size for tab in tabs)
            return shift > _INDENT and not labelled and not hangs
        return abs(shift) > _INDENT

    def _stops(self, before: Line, line: Line) -> bool:
        """Return True when the line before ends short, as the last line of a paragraph does."""
        if self._full(before, line):
            return False
        if before.text[-1:] in _ENDS:
            return True
        slack = self._right[before.region] - before.box[2]
        width = max(1.0, self._right[before.region] - before.box[0])
        return slack > 0.25 * width and not line.text[:1].islower()
