"""Running headers, footers and page numbers, found across all pages of a document."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from evidence_mapper.extract.pdf.model import Line, PageContent

_ZONE = 0.14
"""Share of the page's height, at the top and at the bottom, where furniture stands."""
_SHARE = 0.25
"""Of the pages, how many must carry the line."""
_MAX_WORDS = 15
_CLUSTERS = 40
"""Places one pattern may repeat at; a line that stands at more is text."""
_STEADY = 0.2
"""Share of the lines at one place that must have a number in common, as it is or counted from the page's."""
_NUMBER = re.compile(r"\d+")
_NEAR = 6.0
"""Points two lines of furniture may differ in place."""
_PAGE_NUMBER = re.compile(
    r"(?i)^(?:(?P<word>page|p\.?)\s*)?[-–|]?\s*(?P<number>\d{1,4})\s*(?:(?:of|/)\s*\d{1,4})?\s*[-–|]?$"
)
_ROMAN = re.compile(r"(?i)^[ivxlc]{1,6}$")


def find_furniture(
    pages: Iterable[tuple[PageContent, list[Line]]], protected: Mapping[int, set[int]]
) -> set[int]:
    """Return ``id()`` of every line that is page furniture.

    Parameters
    ----------
    pages
        Each page with its lines.
    protected
        Page number to the marked-content ids that are never furniture: tables and headings.
    """
    pages = list(pages)
    zones = [
        _Zone(page, _bands(page, lines, top=top, keep=protected.get(page.number, set())))
        for page, lines in pages
        for top in (True, False)
    ]
    repeated = _repeated(zones, len(pages))
    offsets = _offsets(zones)
    found: set[int] = set()
    for zone in zones:
        found |= _peel(zone, repeated, offsets)
    return found | _artefacts(pages)


class _Zone:
    """The top or bottom of one page: bands of lines on one height, from the edge inwards."""

    def __init__(self, page: PageContent, bands: list[list[Line]]) -> None:
        self.page = page.number
        self.bands = bands


def _bands(page: PageContent, lines: list[Line], *, top: bool, keep: set[int]) -> list[list[Line]]:
    height = page.frame.height
    inside = []
    for line in lines:
        middle = (line.box[1] + line.box[3]) / 2
        in_zone = middle > (1 - _ZONE) * height if top else middle < _ZONE * height
        if in_zone and not any(f.mcid in keep for f in line.fragments):
            inside.append(line)
    inside.sort(key=lambda line: -line.box[1] if top else line.box[1])
    bands: list[list[Line]] = []
    for line in inside:
        if bands and abs(bands[-1][0].box[1] - line.box[1]) < 3:
            bands[-1].append(line)
        else:
            bands.append([line])
    return bands


def _pattern(line: Line) -> str:
    return _NUMBER.sub("#", line.text).casefold()


def _repeated(zones: list[_Zone], pages: int) -> set[int]:
    """Return ids of lines whose pattern stands at the same place on enough pages."""
    groups: dict[str, list[tuple[int, Line]]] = defaultdict(list)
    for zone in zones:
        for line in (line for band in zone.bands for line in band):
            if len(line.text.split()) <= _MAX_WORDS:
                groups[_pattern(line)].append((zone.page, line))
    need = max(2, _SHARE * pages)
    found: set[int] = set()
    for group in groups.values():
        if len({page for page, _ in group}) < need:
            continue
        for cluster in map(_steady, _clusters(group)):
            if len({page for page, _ in cluster}) >= need:
                found |= {id(line) for _, line in cluster}
    return found


def _steady(cluster: list[tuple[int, Line]]) -> list[tuple[int, Line]]:
    """Return the lines whose numbers stay as they are, or count with the pages.

    Rows of a table that goes on at the top of each page differ in their numbers only, and are text.
    """
    numbers = [[int(n[-18:]) for n in _NUMBER.findall(line.text)] for _, line in cluster]
    places = range(len(numbers[0]))
    fixed = [Counter(own[i] for own in numbers) for i in places]
    counting = [
        Counter(own[i] - page for own, (page, _) in zip(numbers, cluster, strict=True)) for i in places
    ]
    least = max(2.0, _STEADY * len(cluster))
    return [
        (page, line)
        for (page, line), own in zip(cluster, numbers, strict=True)
        if all(fixed[i][own[i]] >= least or counting[i][own[i] - page] >= least for i in places)
    ]


def _clusters(group: list[tuple[int, Line]]) -> list[list[tuple[int, Line]]]:
    """Group lines that stand at the place of the first of their cluster."""
    clusters: list[list[tuple[int, Line]]] = []
    for page, line in group:
        for cluster in clusters:
            if _same_place(cluster[0][1], line):
                cluster.append((page, line))
                break
        else:
            if len(clusters) < _CLUSTERS:
                clusters.append([(page, line)])
    return clusters


def _same_place(one: Line, other: Line) -> bool:
    if abs(one.box[1] - other.box[1]) > _NEAR:
        return False
    left, right = abs(one.box[0] - other.box[0]), abs(one.box[2] - other.box[2])
    wide = max(_NEAR, 0.7 * one.size * sum(c.isdigit() for c in one.text))
    return (left <= _NEAR and right <= wide) or (right <= _NEAR and left <= wide) or abs(left - right) <= 2.0


def _offsets(zones: list[_Zone]) -> dict[int, int]:
    """Return how many pages bear a bare number that differs from the page's own by each offset."""
    pages: dict[int, set[int]] = defaultdict(set)
    for zone in zones:
        for line in (line for band in zone.bands for line in band):
            match = _PAGE_NUMBER.match(line.text)
            if match:
                pages[int(match["number"]) - zone.page].add(zone.page)
    return {offset: len(found) for offset, found in pages.items()}


def _is_page_number(line: Line, page: int, offsets: Mapping[int, int]) -> bool:
    match = _PAGE_NUMBER.match(line.text)
    if match is None:
        return bool(_ROMAN.match(line.text))
    offset = int(match["number"]) - page
    return bool(match["word"]) or offset == 0 or offsets.get(offset, 0) >= 2


def _peel(zone: _Zone, repeated: set[int], offsets: Mapping[int, int]) -> set[int]:
    """Take bands from the edge inwards until one holds no furniture."""
    found: set[int] = set()
    for band in zone.bands:
        here = {
            id(line) for line in band if id(line) in repeated or _is_page_number(line, zone.page, offsets)
        }
        if not here:
            break
        found |= here
    return found


def _artefacts(pages: list[tuple[PageContent, list[Line]]]) -> set[int]:
    """Return ids of lines the file itself marks as artefacts.

    Kept as text: what stands only once, in the middle of a page, with at least five words on the page
    altogether, since some programs mark text boxes and diagrams as artefacts.
    """
    seen: dict[str, set[int]] = defaultdict(set)
    marked = []
    for page, lines in pages:
        for line in lines:
            if all(f.artefact for f in line.fragments):
                marked.append((page, line))
                seen[_pattern(line)].add(page.number)
    found: set[int] = set()
    doubtful: dict[int, list[Line]] = defaultdict(list)
    for page, line in marked:
        height = page.frame.height
        margin = not _ZONE * height <= (line.box[1] + line.box[3]) / 2 <= (1 - _ZONE) * height
        if margin or len(seen[_pattern(line)]) > 1:
            found.add(id(line))
        else:
            doubtful[page.number].append(line)
    for lines in doubtful.values():
        if sum(len(line.text.split()) for line in lines) < 5:
            found |= {id(line) for line in lines}
    return found
