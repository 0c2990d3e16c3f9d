"""What a page holds between reading its characters and naming its blocks."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from evidence_mapper.domain.document import BlockKind

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""

HYPHEN = "\ufffe"
"""Stands for a hyphen at a line's end until the whole document's vocabulary is known."""

Key = tuple[int, ...]
"""Child indices from the root of the structure tree: the same element has the same key on every page."""


def union(boxes: Iterable[Box]) -> Box:
    """Return the smallest box round all of at least one box."""
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


@dataclass(frozen=True, slots=True)
class Frame:
    """How a page is shown: its box in PDF points and its clockwise rotation in degrees.

    Layout is judged in display space (upright, origin bottom left of the shown page); locations are
    reported in the file's own PDF points.
    """

    box: Box
    rotation: int = 0
    skew: float = 0.0
    """Degrees by which a scanned page was turned clockwise about its centre before it was read."""

    @property
    def width(self) -> float:
        """Width as shown, in points."""
        left, bottom, right, top = self.box
        return top - bottom if self.rotation in {90, 270} else right - left

    @property
    def height(self) -> float:
        """Height as shown, in points."""
        left, bottom, right, top = self.box
        return right - left if self.rotation in {90, 270} else top - bottom

    def to_display(self, box: Box) -> Box:
        """Turn a box in PDF points into display space."""
        x0, y0, x1, y1 = self.box
        left, bottom, right, top = box
        if self.rotation == 90:
            return bottom - y0, x1 - right, top - y0, x1 - left
        if self.rotation == 180:
            return x1 - right, y1 - top, x1 - left, y1 - bottom
        if self.rotation == 270:
            return y1 - top, left - x0, y1 - bottom, right - x0
        return left - x0, bottom - y0, right - x0, top - y0

    def from_display(self, box: Box) -> Box:
        """Turn a box in display space back into PDF points; of a page set straight, the box round it."""
        x0, y0, x1, y1 = self.box
        left, bottom, right, top = self._unskewed(box) if self.skew else box
        if self.rotation == 90:
            return x1 - top, left + y0, x1 - bottom, right + y0
        if self.rotation == 180:
            return x1 - right, y1 - top, x1 - left, y1 - bottom
        if self.rotation == 270:
            return bottom + x0, y1 - right, top + x0, y1 - left
        return left + x0, bottom + y0, right + x0, top + y0

    def _unskewed(self, box: Box) -> Box:
        left, bottom, right, top = box
        sine, cosine = math.sin(math.radians(self.skew)), math.cos(math.radians(self.skew))
        middle_x, middle_y = self.width / 2, self.height / 2
        corners = [(x - middle_x, y - middle_y) for x in (left, right) for y in (bottom, top)]
        xs = [middle_x + x * cosine - y * sine for x, y in corners]
        ys = [middle_y + x * sine + y * cosine for x, y in corners]
        return (
            max(0.0, min(xs)),
            max(0.0, min(ys)),
            min(self.width, max(xs)),
            min(self.height, max(ys)),
        )


@dataclass(slots=True, eq=False)
class Fragment:
    """A run of characters on one line, in one marked-content sequence, without a wide gap."""

    text: str
    box: Box
    """In display space."""
    size: float
    """Font size in points, as shown."""
    bold: bool
    mcid: int
    """Marked-content id; -1 outside the structure tree."""
    artefact: bool
    """True when the file marks the run as no part of the text."""
    start: int
    """Index of the first character in the content stream."""
    end: int
    """One past the index of the last character."""
    page: int
    """One-based."""
    frame: Frame
    """Of its page."""
    ends_line: bool = False
    confidence: float | None = None
    """Of text recognition, in [0, 1]; None for text that the file holds."""


@dataclass(slots=True, eq=False)
class Line:
    """Fragments that stand on one line, left to right as the stream gives them."""

    fragments: list[Fragment]
    region: int = 0
    """Column the line belongs to; lines of different regions never join."""
    box: Box = field(init=False)

    def __post_init__(self) -> None:
        own = self.fragments
        self.box = own[0].box if len(own) == 1 else union(f.box for f in own)

    @property
    def text(self) -> str:
        """The line's characters, wide gaps as one space."""
        return join(self.fragments)

    @property
    def size(self) -> float:
        """Font size of most characters."""
        return max(self.fragments, key=lambda f: len(f.text)).size

    @property
    def bold(self) -> bool:
        """True when every word is bold."""
        return all(f.bold for f in self.fragments if f.text.strip())


_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _raised(fragment: Fragment, last: Fragment) -> bool:
    """Return True for a footnote's number above the line, which would else run into the word before."""
    return (
        fragment.text.strip().isdecimal()
        and fragment.text.strip().isascii()
        and fragment.size < 0.75 * last.size
        and fragment.start == last.end
        and not last.ends_line
        and last.text[-1:].strip() != ""
        and fragment.box[1] > last.box[1]
    )


def _is_hyphenated(before: str, after: str) -> bool:
    """Return True when a line ends inside a word such as "20-day", and not after "pre- (and)"."""
    end, word = before.rstrip(), after.split(maxsplit=1)[:1]
    inside = end[-1:] == "-" and end[-2:-1].isalnum() and after.lstrip()[:1].isalnum()
    return inside and word[0] not in {"and", "or", "to"}


def join(fragments: Iterable[Fragment]) -> str:
    """Return the text of fragments in the given order, with a space between lines.

    Small raised numbers become superscripts, so that "38" with note 1 is never read as "381". A hyphen
    at a line's end stays as :data:`HYPHEN` and takes the next line without a space.
    """
    fragments = list(fragments)
    if len(fragments) == 1:
        return " ".join(fragments[0].text.split())
    pieces: list[str] = []
    last: Fragment | None = None
    for fragment in fragments:
        text = fragment.text.lstrip() if not pieces else fragment.text
        if (last is not None and pieces[-1].rstrip().endswith(HYPHEN)) or (
            last is not None and last.ends_line and _is_hyphenated(pieces[-1], text)
        ):
            pieces[-1], text = pieces[-1].rstrip(), text.lstrip()
        elif last is not None and _raised(fragment, last):
            text = text.translate(_SUPERSCRIPTS)
        elif last is not None and (last.ends_line or fragment.start != last.end):
            pieces.append(" ")
        pieces.append(text)
        last = fragment
    return " ".join("".join(pieces).split())


def runs_on(before: str, after: str) -> bool:
    """Return True when a sentence seems to go on from one text to the next."""
    return bool(before) and before[-1] not in ".!?:;" and after[:1].islower()


@dataclass(slots=True)
class Cell:
    """One table cell, or the part of it that stands on one page."""

    index: int
    """Place among the row's children: the same on every page the row runs over."""
    header: bool
    paragraphs: list[list[Fragment]]
    columns: int = 1
    """Columns it spans."""
    rows: int = 1
    """Rows it spans."""

    def extend(self, other: Cell) -> None:
        """Add the part on a later page; a sentence that runs on stays one paragraph."""
        rest = other.paragraphs
        if self.paragraphs and rest and runs_on(join(self.paragraphs[-1]), join(rest[0])):
            self.paragraphs[-1][-1].ends_line = True
            self.paragraphs[-1].extend(rest[0])
            rest = rest[1:]
        self.paragraphs.extend(rest)


@dataclass(slots=True)
class Piece:
    """One block in the making."""

    kind: BlockKind
    fragments: list[Fragment]
    """In order; empty only for an empty table row."""
    key: Key | None = None
    """Element in the structure tree; None when the piece comes from the layout."""
    level: int | None = None
    cells: list[Cell] | None = None
    """Set for a TABLE_ROW; its fragments are then all those of the cells."""
    table: Key | None = None
    context: str | None = None
    """A form field's label."""
    contents: bool = False
    """True when the piece is a line of a table of contents."""
    row: int | None = None
    """One-based row of ``table``, for running text in a table that is only a frame."""
    split: bool = False
    """True when the element was split at blank lines: it holds several paragraphs."""
    _joined: str | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def page(self) -> int:
        """One-based page it starts on; 0 for an empty table row."""
        return self.fragments[0].page if self.fragments else 0

    @property
    def page_end(self) -> int:
        """Last page; 0 for an empty table row."""
        return max((f.page for f in self.fragments), default=0)

    @property
    def start(self) -> int:
        """Place of the first character in the content stream."""
        return min((f.start for f in self.fragments), default=0)

    @property
    def text(self) -> str:
        """Joined text, line-end hyphens still marked; kept, so that only :meth:`extend` may change it."""
        if self._joined is None:
            self._joined = join(self.fragments)
        return self._joined

    @property
    def size(self) -> float:
        """Font size of most characters; 0 without text."""
        sizes: dict[float, int] = {}
        for fragment in self.fragments:
            sizes[fragment.size] = sizes.get(fragment.size, 0) + len(fragment.text)
        return max(sizes, key=lambda size: sizes[size], default=0.0)

    @property
    def bold(self) -> bool:
        """True when every word is bold, whatever the number before them."""
        return all(f.bold for f in self.fragments if any(c.isalpha() for c in f.text))

    @property
    def bbox(self) -> Box | None:
        """Box in PDF points of the part on ``page``; None without text there."""
        own = [f for f in self.fragments if f.page == self.page]
        return own[0].frame.from_display(union(f.box for f in own)) if own else None

    @property
    def confidence(self) -> float | None:
        """Mean confidence of the characters that were recognised; None when the file holds all of them."""
        read = [(f.confidence, len(f.text)) for f in self.fragments if f.confidence is not None]
        total = sum(length for _, length in read)
        return sum(sure * length for sure, length in read) / total if total else None

    def extend(self, other: Piece) -> None:
        """Add the part of the same block that stands on a later page."""
        if self.fragments:
            self.fragments[-1].ends_line = True
        self.fragments += other.fragments
        self._joined = None
        self.split |= other.split
        for cell in other.cells or ():
            same = next((c for c in self.cells or () if c.index == cell.index), None)
            if same is None and self.cells is not None:
                self.cells.append(cell)
            elif same is not None:
                same.extend(cell)


@dataclass(slots=True)
class Node:
    """An element of the structure tree, as far as it stands on one page."""

    role: str
    key: Key
    kids: list[Node | int]
    """Child elements and marked-content ids, in logical order."""
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class TableGrid:
    """A ruled table found on an untagged page."""

    box: Box
    rows: list[list[Box | None]]
    """Cell boxes in display space, None where a cell is merged into a neighbour."""


@dataclass(slots=True)
class PageContent:
    """All that was read from one page, before anything is decided."""

    number: int
    """One-based."""
    frame: Frame
    fragments: list[Fragment] = field(default_factory=list)
    """In content-stream order."""
    nodes: list[Node] = field(default_factory=list)
    """Top of the structure tree; empty on an untagged page."""
    tables: list[TableGrid] = field(default_factory=list)
    image_share: float = 0.0
    """Area of pictures over the page's, in [0, 1]."""
    characters: int = 0
    """Characters other than white space."""
    garbled: bool = False
    """True when most characters have no meaning, or make no words."""
    drawn: bool = False
    """True when much is drawn on the page: lines that may be letters turned into outlines."""
    hidden: bool = False
    """True when the text is an invisible layer over a picture, put there by another program."""
    notes: list[Piece] = field(default_factory=list)
    """Reviewers' comments and what was typed into form fields, which are no part of the page's text."""
    ticked: bool = False
    """True when a form field holds a tick or a choice, which are not read."""
