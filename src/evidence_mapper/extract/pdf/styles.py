"""The style of a page's text objects: what all characters of one have in common."""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass

import pypdfium2.raw as raw

from evidence_mapper.extract.pdf.native import HANDLE, INT, LONG, numeric

_BOLD_WEIGHTS = range(600, 1001)
"""Larger values come from fonts with a nonsensical stem width."""
_BOLD_NAMES = ("bold", "black", "heavy", "semibd", "-demi")
_FORCE_BOLD = 1 << 18
_matrix = numeric(raw.FPDFText_GetMatrix, INT, HANDLE, INT, HANDLE)
_font_size = numeric(raw.FPDFText_GetFontSize, ctypes.c_double, HANDLE, INT)
_font_of = numeric(raw.FPDFTextObj_GetFont, HANDLE, HANDLE)
_content_id = numeric(raw.FPDFPageObj_GetMarkedContentID, INT, HANDLE)
_mark_count = numeric(raw.FPDFPageObj_CountMarks, INT, HANDLE)
_mark_at = numeric(raw.FPDFPageObj_GetMark, HANDLE, HANDLE, LONG)
_mark_name = numeric(raw.FPDFPageObjMark_GetName, INT, HANDLE, HANDLE, LONG, HANDLE)


@dataclass(frozen=True, slots=True)
class Style:
    """What all characters of one text object share."""

    mcid: int
    artefact: bool
    size: float
    bold: bool


class Styles:
    """The styles of one page's text objects, each worked out once, and its fonts'."""

    def __init__(self, text_page: int) -> None:
        self._text_page = text_page
        self._fonts: dict[int | None, bool] = {None: False}
        self._matrix = raw.FS_MATRIX()
        self._matrix_at = ctypes.addressof(self._matrix)

    def read(self, index: int, address: int) -> Style:
        """Return the style of a character's text object."""
        mcid = _content_id(address)
        artefact = mcid < 0 and "Artifact" in _marks(address)
        matrix = self._matrix
        matrix.c = matrix.d = 0.0  # stay so where PDFium refuses
        _matrix(self._text_page, index, self._matrix_at)
        size = _font_size(self._text_page, index) * (math.hypot(matrix.c, matrix.d) or 1.0)
        font = _font_of(address)
        bold = self._fonts.get(font)
        if bold is None:
            bold = self._fonts[font] = _is_bold(font)
        return Style(mcid, artefact, round(size, 1) or 1.0, bold)


def _marks(address: int) -> set[str]:
    names = set()
    for position in range(_mark_count(address)):
        length = ctypes.c_ulong()
        buffer = (ctypes.c_ushort * 64)()
        place, size = ctypes.addressof(buffer), ctypes.sizeof(buffer)
        if _mark_name(_mark_at(address, position), place, size, ctypes.addressof(length)):
            names.add(bytes(buffer)[: length.value].decode("utf-16-le", "replace").rstrip("\0"))
    return names


def _is_bold(address: int) -> bool:
    font = ctypes.cast(address, raw.FPDF_FONT)
    if raw.FPDFFont_GetWeight(font) in _BOLD_WEIGHTS or raw.FPDFFont_GetFlags(font) & _FORCE_BOLD:
        return True
    buffer = ctypes.create_string_buffer(128)
    raw.FPDFFont_GetBaseFontName(font, buffer, len(buffer))
    name = buffer.value.decode("utf-8", "replace").lower()
    return any(part in name for part in _BOLD_NAMES)
