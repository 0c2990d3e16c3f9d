"""Read one page: characters, tags, ruled tables and how much of it is a picture."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

import pypdfium2.raw as raw

from evidence_mapper.extract.pdf.annotations import read_annotations
from evidence_mapper.extract.pdf.chars import read_fragments
from evidence_mapper.extract.pdf.handles import Handle
from evidence_mapper.extract.pdf.legible import is_garbled, is_rubbish
from evidence_mapper.extract.pdf.model import Frame, PageContent
from evidence_mapper.extract.pdf.reader import frame_of
from evidence_mapper.extract.pdf.ruled import TableFinder, has_ruling
from evidence_mapper.extract.pdf.tree import read_tree

_SPARSE = 300
"""Characters: a page with fewer may be a picture with a little text on it."""
_OBJECTS = 20_000
_SAMPLE = 60
"""Text objects asked whether they can be seen."""
_INVISIBLE = 3
"""Text render mode of a layer that only makes a picture searchable."""
_OUTLINES = 250
"""Drawn paths from which a page without characters may be text turned into outlines."""


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
    _judge(page, content)
    return content


def _judge(page: Handle, content: PageContent) -> None:
    """Note how far the page is a picture, and whether its characters are text."""
    if content.characters < _SPARSE or not content.nodes:  # a tagged page is no scan
        seen = _look(page, content.frame)
        content.image_share = seen.pictures
        content.drawn = content.characters < _SPARSE and seen.paths >= _OUTLINES
        content.hidden = seen.hidden and seen.pictures > 0
    texts = [fragment.text for fragment in content.fragments]
    content.garbled = is_garbled(texts) or is_rubbish(texts, hidden=content.hidden)


@dataclass(slots=True)
class _Seen:
    """What kinds of objects a page holds."""

    pictures: float = 0.0
    """Their area over the page's, at most 1; overlaps count twice."""
    paths: int = 0
    hidden: bool = False
    """Whether most of the text is invisible."""


def _look(page: Handle, frame: Frame) -> _Seen:
    whole = frame.width * frame.height
    edges = [ctypes.c_float() for _ in range(4)]
    seen = _Seen()
    area, texts, invisible = 0.0, 0, 0
    for index in range(min(raw.FPDFPage_CountObjects(page), _OBJECTS)):
        handle = raw.FPDFPage_GetObject(page, index)
        kind = raw.FPDFPageObj_GetType(handle)
        if kind == raw.FPDF_PAGEOBJ_TEXT and texts < _SAMPLE:
            texts += 1
            invisible += raw.FPDFTextObj_GetTextRenderMode(handle) == _INVISIBLE
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            seen.paths += 1
        elif _holds_picture(handle, kind) and raw.FPDFPageObj_GetBounds(handle, *edges):
            left, bottom, right, top = (edge.value for edge in edges)
            area += max(0.0, right - left) * max(0.0, top - bottom)
    seen.pictures = min(1.0, area / whole) if whole > 0 else 0.0
    seen.hidden = invisible > texts / 2
    return seen


def _holds_picture(handle: Handle, kind: int) -> bool:
    if kind == raw.FPDF_PAGEOBJ_FORM:
        inside = range(min(raw.FPDFFormObj_CountObjects(handle), 200))
        return any(
            raw.FPDFPageObj_GetType(raw.FPDFFormObj_GetObject(handle, index)) == raw.FPDF_PAGEOBJ_IMAGE
            for index in inside
        )
    return bool(kind == raw.FPDF_PAGEOBJ_IMAGE)
