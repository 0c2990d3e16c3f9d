"""Characters of a page as fragments of lines."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence

import pypdfium2.raw as raw

from evidence_mapper.extract.pdf.handles import Handle
from evidence_mapper.extract.pdf.model import HYPHEN, Box, Fragment, Frame
from evidence_mapper.extract.pdf.native import HANDLE, INT, address_of, numeric
from evidence_mapper.extract.pdf.styles import Style, Styles

WIDE_GAP = 1.5
"""A gap wider than this many font sizes ends a fragment."""
_WORD_GAP = 0.3
_PDFIUM_HYPHEN = 2
_SOFT_HYPHEN = 0xAD
_STRIDE = 48
"""Characters looked ahead to see whether a text object goes on."""
_CHECK = 61
"""Every so many characters the text taken at once is compared with the one at that index."""
_HALF = "\ufdd0"
"""Stands, until the text is finished, for the first half of a pair that its second half spells out."""
_WORD_END = re.compile(r"[\s\ufffe]")
_WORD = re.compile(r"[^\s\ufffe]+ ")


def read_fragments(text_page: Handle, number: int, frame: Frame, cells: Sequence[Box] = ()) -> list[Fragment]:
    """Return the fragments of a page (one-based) in content-stream order, boxes in display space.

    No fragment reaches from one of the ``cells`` (display space) into another.
    """
    address = address_of(text_page)
    assert address is not None
    builder = _Builder(address, number, frame, cells)
    builder.read()
    builder.finish()
    return builder.fragments


_address_at = numeric(raw.FPDFText_GetTextObject, HANDLE, HANDLE, INT)
"""Address of the text object a character belongs to; None for one that PDFium made up."""
_loose_box = numeric(raw.FPDFText_GetLooseCharBox, INT, HANDLE, INT, HANDLE)
_char_count = numeric(raw.FPDFText_CountChars, INT, HANDLE)
_text_of = numeric(raw.FPDFText_GetText, INT, HANDLE, INT, INT, HANDLE)
_unicode_at = numeric(raw.FPDFText_GetUnicode, ctypes.c_uint, HANDLE, INT)


def _stream_text(text_page: int) -> str:
    """Return the page's characters, one for each index of PDFium's.

    All at once where PDFium gives as many as it counts; one by one where it leaves out or splits some.
    """
    count = _char_count(text_page)
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (count + 1))()
    length = _text_of(text_page, 0, count, ctypes.addressof(buffer)) - 1
    if length == count:
        text = bytes(buffer)[: 2 * length].decode("utf-16-le", "replace")
        checked = (*range(0, count, _CHECK), count - 1)
        if len(text) == count and all(_char_at(text_page, i) == text[i] for i in checked):
            return text
    return "".join(_char_at(text_page, index) for index in range(count))


def _char_at(text_page: int, index: int) -> str:
    """Return one character; :data:`_HALF` for the first half of a surrogate pair."""
    code = _unicode_at(text_page, index)
    if 0xD800 <= code < 0xDC00:
        return _HALF
    if 0xDC00 <= code < 0xE000:
        high = _unicode_at(text_page, index - 1) if index else 0
        return (
            chr(0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)) if 0xD800 <= high < 0xDC00 else "\ufffd"
        )
    if code == _PDFIUM_HYPHEN:
        return HYPHEN
    return chr(code) if 0 < code <= 0x10FFFF else "\ufffd"


def _same_until(text_page: int, index: int, address: int, count: int) -> int:
    """Return the last index up to which all characters belong to the same text object.

    A space that PDFium made up inside the object may end it early.
    """
    low = index
    while low + _STRIDE < count and _address_at(text_page, low + _STRIDE) == address:
        low += _STRIDE
    high = min(low + _STRIDE, count)
    while high - low > 1:
        middle = (low + high) // 2
        if _address_at(text_page, middle) == address:
            low = middle
        else:
            high = middle
    return low


class _Builder:
    """Collects characters into fragments."""

    def __init__(self, text_page: int, page: int, frame: Frame, cells: Sequence[Box]) -> None:
        self.fragments: list[Fragment] = []
        self._text_page = text_page
        self._page = page
        self._frame = frame
        self._cells = cells
        self._cell = -1
        self._chars: list[str] = []
        self._style: Style | None = None
        self._box: list[float] = []
        self._start = 0
        self._end = 0
        self._pending = -1
        """Index of the last letter whose place was not asked for yet; -1 for none."""
        self._edges = raw.FS_RECTF()
        self._edges_at = ctypes.addressof(self._edges)
        self._corner = None if frame.rotation else frame.box[:2]
        """Lower left corner of a page that is not turned; None for one that is."""

    def read(self) -> None:
        """Take all characters of the page. Written out at length: this loop is most of a document's time.

        Inside a word of one text object neither the object nor the place of every letter is asked for:
        objects do not interleave, and PDFium has put a space wherever letters stand apart.
        """
        text_page = self._text_page
        text = _stream_text(text_page)
        styles, made = Styles(text_page), dict[int, Style]()
        last: Style | None = None
        address: int | None = None
        index, same_until = 0, -1
        while index < len(text):
            char = text[index]
            if index > same_until or char in "\r\n":
                address = _address_at(text_page, index)
                same_until = index if address is None else _same_until(text_page, index, address, len(text))
            if address is None:
                self._catch_up()
                self.generated(char)
                last = None
                index += 1
                continue
            style = made.get(address)
            if style is None:
                style = made[address] = styles.read(index, address)
            if self._chars and not self._cells and char != HYPHEN:
                taken = self._take(text, index, same_until, style, goes_on=last is style)
                if taken:
                    index, last = index + taken, style
                    continue
            self._catch_up()
            self.add(index, char, style, self._box_of(index))
            last = style if self._chars else None
            index += 1
        self._catch_up()

    def _take(self, text: str, index: int, same_until: int, style: Style, *, goes_on: bool) -> int:
        """Take characters of one text object at once, and return how many.

        Parameters
        ----------
        text, index, same_until
            The page's characters, where to start, and the last of the same object for certain.
        style
            Theirs.
        goes_on
            Whether the character before is of the same object.
        """
        char = text[index]
        if self._chars[-1][-1] == " ":
            if char == " " and goes_on:
                return self._take_space(index)
            return 0 if self._changes(style) else self._take_words(text, index, same_until, style.size)
        if not goes_on:
            return 0
        if char == " ":
            return self._take_space(index)
        if char.isspace():
            return 0
        stop = _WORD_END.search(text, index, same_until + 1)
        end = stop.start() if stop else same_until + 1
        self._chars.append(text[index:end])
        self._end, self._pending = end, end - 1
        return end - index

    def _take_space(self, index: int) -> int:
        self._catch_up()
        self._chars.append(" ")
        self._end = index + 1
        return 1

    def _take_words(self, text: str, index: int, same_until: int, size: float) -> int:
        """Take words, each with the space after it, up to a jump, by their first and last letters' places."""
        start, own = index, self._box
        for word in _WORD.finditer(text, index, same_until + 1):
            box = self._box_of(index)
            gap = box[0] - own[2]
            if word.start() != index or gap > WIDE_GAP * size or gap < -max(4 * size, own[2] - own[0]):
                break
            self._chars.append(word[0])
            self._grow(box)
            index = word.end()
            if index - word.start() > 2:
                self._grow(self._box_of(index - 2))
            self._end = index
        return index - start

    def _catch_up(self) -> None:
        """Let the box reach to the last letter taken without asking for its place."""
        if self._pending >= 0:
            self._grow(self._box_of(self._pending))
            self._pending = -1

    def _box_of(self, index: int) -> Box:
        edges = self._edges
        _loose_box(self._text_page, index, self._edges_at)
        if self._corner is None:
            return self._frame.to_display((edges.left, edges.bottom, edges.right, edges.top))
        x, y = self._corner
        return edges.left - x, edges.bottom - y, edges.right - x, edges.top - y

    def add(self, index: int, char: str, style: Style, box: Box) -> None:
        """Take one character that stands in the file."""
        cell = self._cell_of(box) if self._cells else -1
        if self._chars and (cell != self._cell or self._changes(style) or self._jumps(box, style.size)):
            self.finish()
        self._cell = cell
        if not self._chars:
            if char.isspace() and not self._continues(style, index):
                return
            self._style, self._start, self._box = style, index, list(box)
        elif box[0] - self._box[2] > _WORD_GAP * style.size and not self._chars[-1][-1].isspace():
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

    def _continues(self, style: Style, index: int) -> bool:
        last = self.fragments[-1] if self.fragments else None
        return last is not None and last.mcid == style.mcid and last.end == index and not last.ends_line

    def _cell_of(self, box: Box) -> int:
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        inside = (i for i, c in enumerate(self._cells) if c[0] <= x <= c[2] and c[1] <= y <= c[3])
        return next(inside, -1)

    def _changes(self, style: Style) -> bool:
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
