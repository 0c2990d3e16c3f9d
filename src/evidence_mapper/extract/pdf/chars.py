"""Characters of a page as fragments of lines."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import pypdfium2.raw as raw

from evidence_mapper.extract.pdf.handles import Handle
from evidence_mapper.extract.pdf.model import HYPHEN, Box, Fragment, Frame

WIDE_GAP = 1.5
"""A gap wider than this many font sizes ends a fragment."""
_WORD_GAP = 0.3
_BOLD_WEIGHTS = range(600, 1001)
"""Larger values come from fonts with a nonsensical stem width."""
_BOLD_NAMES = ("bold", "black", "heavy", "semibd", "-demi")
_FORCE_BOLD = 1 << 18
_PDFIUM_HYPHEN = 2
_SOFT_HYPHEN = 0xAD
_STRIDES = (48, 12, 3)
"""Characters looked ahead to see whether a text object goes on."""
_CHECK = 61
"""Every so many characters the text taken at once is compared with the one at that index."""
_HALF = "\ufdd0"
"""Stands, until the text is finished, for the first half of a pair that its second half spells out."""
_WORD_END = re.compile(r"[\s\ufffe]")


@dataclass(frozen=True, slots=True)
class _Style:
    """What all characters of one text object share."""

    mcid: int
    artefact: bool
    size: float
    bold: bool


def read_fragments(text_page: Handle, number: int, frame: Frame, cells: Sequence[Box] = ()) -> list[Fragment]:
    """Return the fragments of a page (one-based) in content-stream order, boxes in display space.

    No fragment reaches from one of the ``cells`` (display space) into another.
    """
    builder = _Builder(number, frame, cells)
    builder.read(text_page)
    builder.finish()
    return builder.fragments


def _object_address() -> Callable[[Handle, int], int | None]:
    """Return PDFium's lookup of a character's text object as one that gives a number: far cheaper here."""
    address = ctypes.cast(raw.FPDFText_GetTextObject, ctypes.c_void_p).value
    prototype = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
    assert address is not None
    return cast("Callable[[Handle, int], int | None]", prototype(address))


_loose_box = raw.FPDFText_GetLooseCharBox
_address_at = _object_address()
"""Address of the text object a character belongs to; None for one that PDFium made up."""


def _style(text_page: Handle, index: int, handle: Handle) -> _Style:
    mcid = raw.FPDFPageObj_GetMarkedContentID(handle)
    artefact = mcid < 0 and "Artifact" in _marks(handle)
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text_page, index, matrix)
    scale = math.hypot(matrix.c, matrix.d) or 1.0
    size = raw.FPDFText_GetFontSize(text_page, index) * scale
    return _Style(mcid, artefact, round(size, 1) or 1.0, _is_bold(handle))


def _marks(handle: Handle) -> set[str]:
    names = set()
    length = ctypes.c_ulong()
    buffer = (ctypes.c_ushort * 64)()
    for position in range(raw.FPDFPageObj_CountMarks(handle)):
        mark = raw.FPDFPageObj_GetMark(handle, position)
        if raw.FPDFPageObjMark_GetName(mark, buffer, ctypes.sizeof(buffer), length):
            names.add(bytes(buffer)[: length.value].decode("utf-16-le", "replace").rstrip("\0"))
    return names


def _is_bold(handle: Handle) -> bool:
    font = raw.FPDFTextObj_GetFont(handle)
    if not font:
        return False
    if raw.FPDFFont_GetWeight(font) in _BOLD_WEIGHTS or raw.FPDFFont_GetFlags(font) & _FORCE_BOLD:
        return True
    buffer = ctypes.create_string_buffer(128)
    raw.FPDFFont_GetBaseFontName(font, buffer, len(buffer))
    name = buffer.value.decode("utf-8", "replace").lower()
    return any(part in name for part in _BOLD_NAMES)


def _stream_text(text_page: Handle) -> str:
    """Return the page's characters, one for each index of PDFium's.

    All at once where PDFium gives as many as it counts; one by one where it leaves out or splits some.
    """
    count = raw.FPDFText_CountChars(text_page)
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (count + 1))()
    length = raw.FPDFText_GetText(text_page, 0, count, buffer) - 1
    if length == count:
        text = bytes(buffer)[: 2 * length].decode("utf-16-le", "replace")
        checked = (*range(0, count, _CHECK), count - 1)
        if len(text) == count and all(_char_at(text_page, i) == text[i] for i in checked):
            return text
    return "".join(_char_at(text_page, index) for index in range(count))


def _char_at(text_page: Handle, index: int) -> str:
    """Return one character; :data:`_HALF` for the first half of a surrogate pair."""
    code = raw.FPDFText_GetUnicode(text_page, index)
    if 0xD800 <= code < 0xDC00:
        return _HALF
    if 0xDC00 <= code < 0xE000:
        high = raw.FPDFText_GetUnicode(text_page, index - 1) if index else 0
        return (
            chr(0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)) if 0xD800 <= high < 0xDC00 else "\ufffd"
        )
    if code == _PDFIUM_HYPHEN:
        return HYPHEN
    return chr(code) if 0 < code <= 0x10FFFF else "\ufffd"


def _same_until(text_page: Handle, index: int, address: int, count: int) -> int:
    """Return an index up to which all characters belong to the same text object."""
    for stride in _STRIDES:
        ahead = index + stride
        if ahead < count and _address_at(text_page, ahead) == address:
            return ahead
    return index


class _Builder:
    """Collects characters into fragments."""

    def __init__(self, page: int, frame: Frame, cells: Sequence[Box]) -> None:
        self.fragments: list[Fragment] = []
        self._page = page
        self._frame = frame
        self._cells = cells
        self._cell = -1
        self._chars: list[str] = []
        self._style: _Style | None = None
        self._box: list[float] = []
        self._start = 0
        self._end = 0
        self._pending = -1
        """Index of the last letter whose place was not asked for yet; -1 for none."""
        self._edges = raw.FS_RECTF()
        self._edges_at = ctypes.byref(self._edges)
        self._upright = None if frame.rotation else frame.box[:2]
        """Lower left corner of a page that is not turned; None for one that is."""

    def read(self, text_page: Handle) -> None:
        """Take all characters of a page. Written out at length: this loop is most of a document's time.

        Inside a word of one text object neither the object nor the place of every letter is asked for:
        objects do not interleave, and PDFium has put a space wherever letters stand apart.
        """
        text = _stream_text(text_page)
        styles: dict[int, _Style] = {}
        last: _Style | None = None
        address: int | None = None
        index, same_until = 0, -1
        while index < len(text):
            char = text[index]
            if index > same_until or char in "\r\n":
                address = _address_at(text_page, index)
                same_until = index if address is None else _same_until(text_page, index, address, len(text))
            if address is None:
                self._catch_up(text_page)
                self.generated(char)
                last = None
                index += 1
                continue
            style = styles.get(address)
            if style is None:
                style = styles[address] = _style(
                    text_page, index, raw.FPDFText_GetTextObject(text_page, index)
                )
            if last is style and self._chars and not self._cells and char != HYPHEN:
                if char == " ":
                    self._catch_up(text_page)
                    self._chars.append(char)
                    index += 1
                    self._end = index
                    continue
                if not char.isspace() and self._chars[-1] != " ":
                    stop = _WORD_END.search(text, index, same_until + 1)
                    end = stop.start() if stop else same_until + 1
                    self._chars.append(text[index:end])
                    index = end
                    self._end, self._pending = end, end - 1
                    continue
            self._catch_up(text_page)
            self.add(index, char, style, self._box_of(text_page, index))
            last = style if self._chars else None
            index += 1
        self._catch_up(text_page)

    def _catch_up(self, text_page: Handle) -> None:
        """Let the box reach to the last letter taken without asking for its place."""
        if self._pending >= 0:
            self._grow(self._box_of(text_page, self._pending))
            self._pending = -1

    def _box_of(self, text_page: Handle, index: int) -> Box:
        edges = self._edges
        _loose_box(text_page, index, self._edges_at)
        if self._upright is None:
            return self._frame.to_display((edges.left, edges.bottom, edges.right, edges.top))
        x, y = self._upright
        return edges.left - x, edges.bottom - y, edges.right - x, edges.top - y

    def add(self, index: int, char: str, style: _Style, box: Box) -> None:
        """Take one character that stands in the file."""
        cell = self._cell_of(box) if self._cells else -1
        if self._chars and (cell != self._cell or self._changes(style) or self._jumps(box, style.size)):
            self.finish()
        self._cell = cell
        if not self._chars:
            if char.isspace() and not self._continues(style, index):
                return
            self._style, self._start, self._box = style, index, list(box)
        elif self._box and box[0] - self._box[2] > _WORD_GAP * style.size and not self._chars[-1].isspace():
            self._chars.append(" ")
        self._chars.append(" " if char in "\r\n\t" else char)
        self._end = index + 1
        if not char.isspace():
            self._grow(box)
        if char == HYPHEN:
            self.finish(ends_line=True)

    def generated(self, char: str) -> None:
        """Take a space or line break that PDFium put between text objects."""
        if char in "\r\n":
            if self._chars:
                self.finish(ends_line=True)
            elif self.fragments:
                self.fragments[-1].ends_line = True
            return
        if self._chars:
            self._chars.append(" ")
            self._end += 1
        elif self.fragments:
            self.fragments[-1].text += " "
            self.fragments[-1].end += 1

    def finish(self, *, ends_line: bool = False) -> None:
        """Close the fragment under way; one of white space only lends its space to the one before."""
        text, style = "".join(self._chars).replace(_HALF, ""), self._style
        self._chars = []
        if style is None or not text:
            return
        if text.isspace():
            self.fragments[-1].text += " "
            self.fragments[-1].end = self._end
            self.fragments[-1].ends_line |= ends_line
            return
        if ord(text.rstrip()[-1:] or " ") == _SOFT_HYPHEN and ends_line:
            text = text.rstrip()[:-1] + HYPHEN
        left, bottom, right, top = self._box
        box = (left, bottom, right, top)
        self.fragments.append(
            Fragment(
                text=text,
                box=box,
                size=style.size,
                bold=style.bold,
                mcid=style.mcid,
                artefact=style.artefact,
                start=self._start,
                end=self._end,
                page=self._page,
                frame=self._frame,
                ends_line=ends_line,
            )
        )

    def _continues(self, style: _Style, index: int) -> bool:
        last = self.fragments[-1] if self.fragments else None
        return last is not None and last.mcid == style.mcid and last.end == index and not last.ends_line

    def _cell_of(self, box: Box) -> int:
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        inside = (i for i, c in enumerate(self._cells) if c[0] <= x <= c[2] and c[1] <= y <= c[3])
        return next(inside, -1)

    def _changes(self, style: _Style) -> bool:
        old = self._style
        assert old is not None
        return old is not style and (
            old.mcid != style.mcid
            or old.artefact != style.artefact
            or old.bold != style.bold
            or abs(old.size - style.size) > 0.5
        )

    def _jumps(self, box: Box, size: float) -> bool:
        gap = box[0] - self._box[2]
        return gap > WIDE_GAP * size or gap < -max(4 * size, self._box[2] - self._box[0])

    def _grow(self, box: Box) -> None:
        own = self._box
        left, bottom, right, top = box
        if left < own[0]:
            own[0] = left
        if bottom < own[1]:
            own[1] = bottom
        if right > own[2]:
            own[2] = right
        if top > own[3]:
            own[3] = top
