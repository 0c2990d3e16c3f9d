"""Bars and lines as inline SVG: text in the page's own colours, so that light, dark and print all work.

Written out by hand, because the two kinds of plot needed are small and no plotting library of a licence
and size that fits writes SVG that follows the reader's colour scheme.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

_WIDTH: Final = 640
_ROW: Final = 22
_LEFT: Final = 230
_RIGHT: Final = 60
_TOP: Final = 8
_BOTTOM: Final = 34
_TICKS: Final = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Bar:
    """One share with its interval, all in [0, 1]; None where there is none."""

    label: str
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Line:
    """Points of one line, in order of x."""

    label: str
    points: tuple[tuple[float, float], ...]


def bar_chart(bars: Sequence[Bar], *, title: str, summary: str, mark: float | None = None) -> str:
    """Return bars from 0 to 1 with whiskers for the intervals.

    Parameters
    ----------
    bars
        From top to bottom.
    title, summary
        What the chart is, and what it shows, for those who do not see it.
    mark
        Where to draw a dashed line down all bars; None for nowhere.
    """
    bottom = _TOP + _ROW * len(bars)
    parts = [_axis(bottom), *(_bar(b, _TOP + _ROW * i) for i, b in enumerate(bars))]
    if mark is not None:
        x = _x(mark)
        parts.append(f'<line class="mark" x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{bottom}"/>')
    return _svg(bottom + _BOTTOM, title, summary, parts)


def line_chart(
    lines: Sequence[Line],
    *,
    axes: tuple[str, str],
    title: str,
    summary: str,
    diagonal: bool = False,
    x_top: float = 1.0,
    y_range: tuple[float, float] = (0.0, 1.0),
) -> str:
    """Return lines with a dot at each point.

    Parameters
    ----------
    lines
        One or more; each has its own dash pattern as well as its name in the legend.
    axes
        What x and y are.
    title, summary
        What the chart is, and what it shows, for those who do not see it.
    diagonal
        Draw the line on which y equals x.
    x_top
        Right end of the x axis, which starts at 0.
    y_range
        Lower and upper end of the y axis.
    """
    frame = _Frame(x_top, *y_range)
    parts = [frame.grid(axes)]
    if diagonal:
        parts.append(frame.path(((0.0, 0.0), (1.0, 1.0)), "mark"))
    for i, line in enumerate(lines):
        parts.append(frame.path(line.points, f"line l{i % 4}"))
        parts += [frame.dot(x, y, f"{line.label}: {x:g}, {y:.3f}") for x, y in line.points]
        if len(lines) > 1:
            y = _TOP + 16 + 16 * i
            sample = f'x1="{_LEFT + 10}" y1="{y - 4}" x2="{_LEFT + 40}" y2="{y - 4}"'
            parts.append(f'<line class="line l{i % 4}" {sample}/>')
            parts.append(_text(_LEFT + 48, y, line.label, "start"))
    return _svg(frame.bottom + _BOTTOM + 14, title, summary, parts)


@dataclass(frozen=True, slots=True)
class _Frame:
    x_top: float
    low: float
    high: float
    bottom: int = 300

    def x(self, value: float) -> float:
        return _x(value / self.x_top)

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.bottom - share * (self.bottom - _TOP)

    def grid(self, axes: tuple[str, str]) -> str:
        parts = []
        for tick in _TICKS:
            x, y = _x(tick), self.bottom - tick * (self.bottom - _TOP)
            parts.append(f'<line class="grid" x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{self.bottom}"/>')
            parts.append(f'<line class="grid" x1="{_x(0):.1f}" y1="{y:.1f}" x2="{_x(1):.1f}" y2="{y:.1f}"/>')
            parts.append(_text(x, self.bottom + 16, f"{tick * self.x_top:g}", "middle"))
            parts.append(_text(_x(0) - 8, y + 4, f"{self.low + tick * (self.high - self.low):.2g}", "end"))
        parts.append(_text((_x(0) + _x(1)) / 2, self.bottom + 36, axes[0], "middle"))
        parts.append(_text(_x(0) - 48, (self.bottom + _TOP) / 2, axes[1], "end"))
        return "".join(parts)

    def path(self, points: Sequence[tuple[float, float]], css: str) -> str:
        joined = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in points)
        return f'<polyline class="{css}" points="{joined}"/>'

    def dot(self, x: float, y: float, label: str) -> str:
        place = f'cx="{self.x(x):.1f}" cy="{self.y(y):.1f}"'
        return f'<circle class="dot" {place} r="3"><title>{escape(label)}</title></circle>'


def _x(share: float) -> float:
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _axis(bottom: int) -> str:
    parts = []
    for tick in _TICKS:
        parts.append(
            f'<line class="grid" x1="{_x(tick):.1f}" y1="{_TOP}" x2="{_x(tick):.1f}" y2="{bottom}"/>'
        )
        parts.append(_text(_x(tick), bottom + 16, f"{tick:g}", "middle"))
    return "".join(parts)


def _bar(bar: Bar, top: int) -> str:
    middle = top + _ROW / 2
    width = _x(bar.value) - _x(0)
    parts = [
        _text(_LEFT - 8, middle + 4, bar.label, "end"),
        f'<rect class="bar" x="{_x(0):.1f}" y="{top + 4}" width="{width:.1f}" height="{_ROW - 8}"/>',
        _text(_WIDTH - _RIGHT + 8, middle + 4, f"{bar.value:.2f}", "start"),
    ]
    if bar.low is not None and bar.high is not None:
        low, high = _x(bar.low), _x(bar.high)
        parts.append(f'<line class="whisker" x1="{low:.1f}" y1="{middle}" x2="{high:.1f}" y2="{middle}"/>')
        parts += [
            f'<line class="whisker" x1="{x:.1f}" y1="{middle - 4}" x2="{x:.1f}" y2="{middle + 4}"/>'
            for x in (low, high)
        ]
    return "".join(parts)


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(height: float, title: str, summary: str, parts: Sequence[str]) -> str:
    name = escape(f"{title}. {summary}", quote=True)
    return f'<svg role="img" aria-label="{name}" viewBox="0 0 {_WIDTH} {height:.0f}">{"".join(parts)}</svg>'
