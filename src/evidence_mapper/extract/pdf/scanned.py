"""Pages that are pictures: which they are, and their words where tesseract is installed."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from evidence_mapper.domain.document import Exclusion, ExclusionReason, SourceLocation
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.clean import clean
from evidence_mapper.extract.deadline import more_time
from evidence_mapper.extract.ocr import Recognised, Tesseract, recognise
from evidence_mapper.extract.pdf.handles import Handle
from evidence_mapper.extract.pdf.legible import is_rubbish
from evidence_mapper.extract.pdf.model import Frame, PageContent
from evidence_mapper.extract.pdf.recognised import put_words

FEW: Final = 20
"""Characters: a page with fewer, and a picture over half of it, is a scan."""
_MOSTLY_PICTURE: Final = 0.5
_SOME_PICTURE: Final = 0.1
_LITTLE: Final = 150
"""Characters: a page with fewer over a picture may be a stamp on a scan, or the title of a slide."""
_DPI: Final = 300
_LEAST_DPI: Final = 190
_MAX_PIXELS: Final = 24_000_000
"""An A3 page at 300 dpi has 17 million; a larger page is rendered at fewer dpi."""
_MIN_DPI: Final = 72
_SURE: Final = 0.6
"""Confidence from which recognised words take the place of characters without meaning."""
_LEGIBLE: Final = 0.4
_GIVE_UP: Final = 3
"""Pages in a row on which tesseract may fail."""


_Found = tuple[Recognised, float, Frame]
"""Words, pixels an inch of the picture they were found on, and how the page is shown."""


@dataclass(slots=True)
class Scans:
    """What became of the pages that are pictures; page numbers are one-based and sorted."""

    read: list[int] = field(default_factory=list)
    """Recognised."""
    unread: list[int] = field(default_factory=list)
    """Pictures, and pages whose characters have no meaning, that were not read."""
    wordless: list[int] = field(default_factory=list)
    """Pictures in which no words were found."""
    glanced: list[int] = field(default_factory=list)
    """Mostly pictures, and of them only what stands outside the picture was read."""
    noise: list[Exclusion] = field(default_factory=list)


def read_scans(
    document: Handle,
    pages: Sequence[PageContent],
    kept: Mapping[int, int],
    limits: Limits,
    tesseract: Tesseract | None,
) -> Scans:
    """Recognise the pages that need it, in place.

    Parameters
    ----------
    document
        PDFium's document, open.
    pages
        All pages that were read.
    kept
        Page number to the characters on it that are not furniture.
    limits
        ``page_seconds`` is each page's time; the document's own deadline is moved accordingly.
    tesseract
        None when it is not installed: such pages are listed only.
    """
    scans = Scans()
    failures = 0
    for page in pages:
        if not _is_candidate(page, kept[page.number]):
            continue
        if tesseract is None or failures >= _GIVE_UP:
            _pass_over(page, kept[page.number], scans)
            continue
        more_time(limits.page_seconds + limits.seconds)
        found = _recognise(document, page, tesseract, limits.page_seconds)
        failures = failures + 1 if found is None else 0
        _decide(page, kept[page.number], found, scans)
    return scans


def _is_candidate(page: PageContent, kept: int) -> bool:
    if page.garbled:
        return True
    if kept < FEW:
        return page.image_share > _SOME_PICTURE or page.drawn
    return kept < _LITTLE and page.image_share > _MOSTLY_PICTURE and not page.nodes


def _is_scan(page: PageContent, kept: int) -> bool:
    """Return True for a page that cannot have been read without recognition."""
    return page.garbled or (kept < FEW and (page.image_share > _MOSTLY_PICTURE or page.drawn))


def _pass_over(page: PageContent, kept: int, scans: Scans) -> None:
    if _is_scan(page, kept):
        scans.unread.append(page.number)
    elif kept >= FEW:
        scans.glanced.append(page.number)


def _decide(page: PageContent, kept: int, found: _Found | None, scans: Scans) -> None:
    """Take the recognised words, unless the page's own text is better."""
    if found is None:
        _pass_over(page, kept, scans)
        return
    recognised, dpi, shown = found
    letters = sum(map(str.isalnum, "".join(w.text for w in recognised.words)))
    least = _SURE if page.garbled else _LEGIBLE
    better = letters >= FEW and recognised.confidence >= least
    better = better and not is_rubbish(word.text for word in recognised.words)
    if better and (page.garbled or kept < FEW or letters > 3 * kept):
        page.frame = shown
        location = SourceLocation(page=page.number)
        for noise in put_words(page, recognised, dpi):
            scans.noise.append(Exclusion(clean(noise), ExclusionReason.OTHER, location))
        scans.read.append(page.number)
    elif page.garbled or (letters >= FEW and kept < FEW):
        scans.unread.append(page.number)
    elif kept < FEW and page.image_share > _MOSTLY_PICTURE:
        scans.wordless.append(page.number)


def _recognise(document: Handle, content: PageContent, tesseract: Tesseract, seconds: float) -> _Found | None:
    """Return the words on a page's picture; None when it cannot be rendered or recognised."""
    try:
        page = document[content.number - 1]
    except pdfium.PdfiumError:
        return None
    try:
        shown = Frame(page.get_cropbox(), content.frame.rotation)  # what is rendered, and no more
        dpi = _dpi(page, shown)
        bitmap = page.render(scale=dpi / 72, grayscale=True, may_draw_forms=True)
        try:
            found = recognise(bitmap.to_numpy().copy(), round(dpi), tesseract, seconds)
        finally:
            bitmap.close()
    except pdfium.PdfiumError:
        return None
    finally:
        page.close()
    return None if found is None else (found, dpi, shown)


def _dpi(page: Handle, frame: Frame) -> float:
    """Return the resolution to render at: a scan's own where that is good, so that no pixel is blurred."""
    own = _picture_dpi(page, frame)
    wanted = own if own is not None and _LEAST_DPI <= own <= _DPI else float(_DPI)
    inches = max(1e-6, frame.width * frame.height / 72**2)
    return max(float(_MIN_DPI), min(wanted, math.sqrt(_MAX_PIXELS / inches)))


def _picture_dpi(page: Handle, frame: Frame) -> float | None:
    """Return the resolution of the one picture that covers the page; None when there is no such picture."""
    width, height = ctypes.c_uint(), ctypes.c_uint()
    edges = [ctypes.c_float() for _ in range(4)]
    for index in range(min(raw.FPDFPage_CountObjects(page), 50)):
        handle = raw.FPDFPage_GetObject(page, index)
        if raw.FPDFPageObj_GetType(handle) != raw.FPDF_PAGEOBJ_IMAGE:
            continue
        raw.FPDFPageObj_GetBounds(handle, *edges)
        left, bottom, right, top = (edge.value for edge in edges)
        covers = (right - left) * (top - bottom) > 0.8 * frame.width * frame.height
        if covers and raw.FPDFImageObj_GetImagePixelSize(handle, width, height):
            pixels = width.value * height.value
            return 72 * math.sqrt(pixels / ((right - left) * (top - bottom)))
    return None
