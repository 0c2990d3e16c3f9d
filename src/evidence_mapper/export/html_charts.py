"""Two small charts as inline SVG, in the page's own colours: light, dark and print all work.

Each has a title and a description; the table of the same figures stands beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from evidence_mapper.domain.shown import HIDDEN, Shown, words
from evidence_mapper.export.html_text import safe

_WIDTH: Final = 820
_LEFT: Final = 312
_ROW: Final = 26
_LONGEST: Final = 44
"""Characters of a label."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a chart is, for those who do not see it."""

    key: str
    """Of its ids on the page."""
    title: str
    summary: str


def opposed(said: Said, rows: Sequence[tuple[str, Shown, Shown]]) -> str:
    """Return bars to the left and to the right of a line: (label, left count, right count)."""
    most = max((n for _, *pair in rows for n in pair if n), default=1)
    middle, reach = (_LEFT + _WIDTH) / 2, (_WIDTH - _LEFT) / 2 - 44
    parts = [
        _text(middle - 8, 14, "concerns ◀", "end", "b"),
        _text(middle + 8, 14, "▶ strengths", "start", "b"),
    ]
    for i, (label, left, right) in enumerate(rows):
        top = 22 + _ROW * i
        parts.append(_text(_LEFT - 10, top + 17, _short(label), "end"))
        for count, side, css in ((left, -1, "con"), (right, 1, "str")):
            width = reach * (count or 0) / most
            x = middle - width if side < 0 else middle
            if width:
                parts.append(
                    f'<rect class="{css}" x="{x:.1f}" y="{top + 4}" width="{width:.1f}" height="{_ROW - 8}"/>'
                )
            parts.append(
                _text(middle + side * (width + 6), top + 17, words(count), "end" if side < 0 else "start")
            )
    bottom = 22 + _ROW * len(rows)
    parts.append(f'<line class="axis" x1="{middle}" y1="20" x2="{middle}" y2="{bottom}"/>')
    return _svg(said, bottom + 6, parts)


def dots(said: Said, columns: Sequence[str], rows: Sequence[tuple[str, Sequence[Shown]]]) -> str:
    """Return a dot for each row and column whose area is the count; the count stands beside it.

    Parameters
    ----------
    said
        What the chart is.
    columns
        Names, from left to right.
    rows
        (label, count for each column).
    """
    most = max((n for _, counts in rows for n in counts if n), default=1)
    step = (_WIDTH - _LEFT) / max(1, len(columns))
    parts = [_text(_LEFT + step * (i + 0.4), 16, name, "middle", "b") for i, name in enumerate(columns)]
    for r, (label, counts) in enumerate(rows):
        y = 40 + _ROW * r
        parts.append(_text(_LEFT - 10, y + 4, _short(label), "end"))
        parts.append(f'<line class="grid" x1="{_LEFT}" y1="{y + 13}" x2="{_WIDTH}" y2="{y + 13}"/>')
        for i, count in enumerate(counts):
            x = _LEFT + step * (i + 0.4)
            if count == 0:
                parts.append(_text(x, y + 4, "·", "middle"))
                continue
            radius = 3 if count is None else 3 + 7 * math.sqrt(count / most)
            css = "dot" if count is not None else "dot open"
            parts.append(f'<circle class="{css}" cx="{x:.1f}" cy="{y}" r="{radius:.1f}"/>')
            parts.append(_text(x + radius + 3, y + 4, words(count), "start"))
    return _svg(said, 40 + _ROW * len(rows), parts)


def spread(rows: Sequence[tuple[str, Shown]]) -> str:
    """Return words on the least and the most of some counts, for a chart's description."""
    known = [(label, count) for label, count in rows if count is not None]
    hidden = len(rows) - len(known)
    said = f"{hidden} hidden ({HIDDEN})" if hidden else ""
    if known:
        low, high = min(known, key=lambda k: k[1]), max(known, key=lambda k: k[1])
        ends = f"from {words(low[1])} ({low[0]}) to {words(high[1])} ({high[0]})"
        said = f"{ends}, {said}" if said else ends
    return said


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1]}…"


def _text(x: float, y: float, text: str, anchor: str, css: str = "") -> str:
    kind = f' class="{css}"' if css else ""
    return f'<text{kind} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{safe(text)}</text>'


def _svg(said: Said, height: float, parts: Sequence[str]) -> str:
    return (
        f'<figure class="scroll" tabindex="0" role="region" aria-label="{safe(said.title)} (chart)">'
        f'<svg role="img" aria-labelledby="{said.key}-t {said.key}-d" viewBox="0 0 {_WIDTH} {height:.0f}">'
        f'<title id="{said.key}-t">{safe(said.title)}</title>'
        f'<desc id="{said.key}-d">{safe(said.summary)}</desc>{"".join(parts)}</svg></figure>\n'
    )
