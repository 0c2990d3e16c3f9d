"""Characters of a page as fragments of lines."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
    styles: dict[int, _Style] = {}
    box = raw.FS_RECTF()
    for index, code, handle in _characters(text_page):
        if handle is None:
            builder.generated(code)
            continue
        style = styles.get(handle[0])
        if style is None:
            style = styles[handle[0]] = _style(text_page, index, handle[1])
        raw.FPDFText_GetLooseCharBox(text_page, index, box)
        shown = frame.to_display((box.left, box.bottom, box.right, box.top))
        builder.add(index, code, style, shown)
    builder.finish()
    return builder.fragments


def _characters(text_page: Handle) -> Iterator[tuple[int, str, tuple[int, Handle] | None]]:
    """Yield index, character, and the text object's address and handle; None for what PDFium made up."""
    high = 0
    for index in range(raw.FPDFText_CountChars(text_page)):
        code = raw.FPDFText_GetUnicode(text_page, index)
        handle = raw.FPDFText_GetTextObject(text_page, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
        high = 0
        if code == _PDFIUM_HYPHEN:
            code = ord(HYPHEN)
        char = chr(code) if code and code <= 0x10FFFF else "\ufffd"
        yield index, char, (ctypes.addressof(handle.contents), handle) if handle else None


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
        text, style = "".join(self._chars), self._style
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
        own[0], own[1] = min(own[0], box[0]), min(own[1], box[1])
        own[2], own[3] = max(own[2], box[2]), max(own[3], box[3])
