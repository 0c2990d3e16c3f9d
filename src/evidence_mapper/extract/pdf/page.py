"""Read one page: characters, tags, ruled tables and how much of it is a picture."""

from __future__ import annotations

import ctypes
import unicodedata

import pypdfium2.raw as raw

from evidence_mapper.extract.pdf.annotations import read_annotations
from evidence_mapper.extract.pdf.chars import read_fragments
from evidence_mapper.extract.pdf.handles import Handle
from evidence_mapper.extract.pdf.model import Fragment, Frame, PageContent
from evidence_mapper.extract.pdf.reader import frame_of
from evidence_mapper.extract.pdf.ruled import TableFinder, has_ruling
from evidence_mapper.extract.pdf.tree import read_tree

_SPARSE = 300
"""Characters: only pages with fewer are looked through for pictures."""
_MEANINGLESS = {"Co", "Cn", "Cc", "Cs"}
_OBJECTS = 20_000


def read_page(number: int, page: Handle, text_page: Handle, finder: TableFinder) -> PageContent:
    """Return what stands on one page (one-based)."""
    frame = frame_of(page)
    content = PageContent(number, frame, nodes=read_tree(page))
    if not content.nodes and has_ruling(page):
        content.tables = finder.find(number, frame)
    cells = [cell for table in content.tables for row in table.rows for cell in row if cell]
    read_annotations(page, content)
    content.fragments = read_fragments(text_page, number, frame, cells)
    content.characters = sum(len("".join(f.text.split())) for f in content.fragments)
    content.garbled = _is_garbled(content.fragments)
    if content.characters < _SPARSE:
        content.image_share = _image_share(page, frame)
    return content


def _is_garbled(fragments: list[Fragment]) -> bool:
    """Return True when most characters have no meaning, as with fonts that lack a Unicode map."""
    bad = good = 0
    for char in (char for fragment in fragments for char in fragment.text if not char.isspace()):
        if char == "\ufffd" or unicodedata.category(char) in _MEANINGLESS:
            bad += 1
        else:
            good += 1
    return bad > 20 and bad > good


def _image_share(page: Handle, frame: Frame) -> float:
    """Return the area of the page's pictures over its own, at most 1; overlaps count twice."""
    whole = frame.width * frame.height
    edges = [ctypes.c_float() for _ in range(4)]
    area = 0.0
    for index in range(min(raw.FPDFPage_CountObjects(page), _OBJECTS)):
        handle = raw.FPDFPage_GetObject(page, index)
        if _holds_picture(handle) and raw.FPDFPageObj_GetBounds(handle, *edges):
            left, bottom, right, top = (edge.value for edge in edges)
            area += max(0.0, right - left) * max(0.0, top - bottom)
    return min(1.0, area / whole) if whole > 0 else 0.0


def _holds_picture(handle: Handle) -> bool:
    kind = raw.FPDFPageObj_GetType(handle)
    if kind == raw.FPDF_PAGEOBJ_FORM:
        inside = range(min(raw.FPDFFormObj_CountObjects(handle), 200))
        return any(
            raw.FPDFPageObj_GetType(raw.FPDFFormObj_GetObject(handle, index)) == raw.FPDF_PAGEOBJ_IMAGE
            for index in inside
        )
    return bool(kind == raw.FPDF_PAGEOBJ_IMAGE)
