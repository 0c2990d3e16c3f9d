"""Put columns back in order where the content stream jumps between them line by line.

The stream's own order is right in nearly all files, tables included; only lines that hold words of two
columns of running text are taken apart.
"""

from __future__ import annotations

from statistics import median

from evidence_mapper.extract.pdf.model import Fragment, Line

_MIN_LINES = 5
_MIN_SHARE = 0.6
"""Of the lines with a wide gap, how many must have it at the same place."""
_MIN_WORDS = 3.0
"""Mean words on each side: fewer is a table, whose rows are to stay together."""
_DEPTH = 3


def order_columns(lines: list[Line], depth: int = 0) -> list[Line]:
    """Return the lines with interleaved columns taken apart; the same lines when there are none.

    Lines of one column share a ``region`` number, different from that of other columns.
    """
    joined = _join_rows(lines)
    gutter = _gutter(joined) if depth < _DEPTH else None
    if gutter is None:
        return lines
    ordered: list[Line] = []
    band: list[Line] = []
    for line in joined:
        if _crosses(line, gutter):
            ordered += _split(band, gutter, depth)
            ordered.append(line)
            band = []
        else:
            band.append(line)
    ordered += _split(band, gutter, depth)
    return ordered


def number_columns(lines: list[Line]) -> list[Line]:
    """Give each run of lines down the page a region of its own: the stream jumps up at a new column."""
    numbered: list[Line] = []
    region = 0
    for index, line in enumerate(lines):
        before = lines[index - 1] if index else line
        if before.region != line.region or line.box[1] - before.box[1] > 2 * line.size:
            region += 1
        numbered.append(Line(line.fragments, region))
    return numbered


def _split(band: list[Line], gutter: float, depth: int) -> list[Line]:
    sides: tuple[list[Line], list[Line]] = ([], [])
    for line in band:
        left = [f for f in line.fragments if (f.box[0] + f.box[2]) / 2 < gutter]
        right = [f for f in line.fragments if (f.box[0] + f.box[2]) / 2 >= gutter]
        for side, fragments in zip(sides, (left, right), strict=True):
            if fragments:
                side.append(Line(fragments, 2 * line.region + 1 + (side is sides[1])))
    return order_columns(sides[0], depth + 1) + order_columns(sides[1], depth + 1)


def _join_rows(lines: list[Line]) -> list[Line]:
    """Join neighbours in the stream that stand side by side on one baseline."""
    joined: list[Line] = []
    for line in lines:
        before = joined[-1] if joined else None
        if before is not None and before.region == line.region and _beside(before, line):
            joined[-1] = Line([*before.fragments, *line.fragments], before.region)
        else:
            joined.append(line)
    return joined


def _beside(before: Line, line: Line) -> bool:
    apart = line.box[0] - before.box[2]
    return apart > line.size and abs(before.box[1] - line.box[1]) < 0.3 * line.size


def _gutter(lines: list[Line]) -> float | None:
    """Return the x position of the gap most lines share; None when no columns are interleaved."""
    gaps = [gap for line in lines if (gap := _widest_gap(line.fragments))]
    if len(gaps) < _MIN_LINES:
        return None
    gutter = median((left + right) / 2 for left, right, _, _ in gaps)
    shared = [gap for gap in gaps if gap[0] <= gutter <= gap[1]]
    if len(shared) < max(_MIN_LINES, _MIN_SHARE * len(gaps)):
        return None
    words = [sum(gap[side] for gap in shared) / len(shared) for side in (2, 3)]
    return gutter if min(words) >= _MIN_WORDS else None


def _widest_gap(fragments: list[Fragment]) -> tuple[float, float, int, int] | None:
    """Return left and right edge of the widest gap, and the words on either side."""
    best: tuple[float, float, int, int] | None = None
    for index in range(1, len(fragments)):
        left, right = fragments[index - 1].box[2], fragments[index].box[0]
        before = sum(len(f.text.split()) for f in fragments[:index])
        label = index == 1 and before == 1 and len(fragments[0].text.strip()) <= 6
        least = max(fragments[index].size, best[1] - best[0] if best else 0.0)
        if right - left > least and not label:
            best = left, right, before, sum(len(f.text.split()) for f in fragments[index:])
    return best


def _crosses(line: Line, gutter: float) -> bool:
    return any(f.box[0] < gutter - f.size and f.box[2] > gutter + f.size for f in line.fragments)
