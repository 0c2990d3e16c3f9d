"""Scans and photographs of pages, read by text recognition."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

import numpy as np

from evidence_mapper.domain.document import ExtractedDocument
from evidence_mapper.errors import EmptyFile, NoTextLayer
from evidence_mapper.extract import sniff
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.deadline import more_time
from evidence_mapper.extract.ocr import (
    INSTALL_HINT,
    Recognised,
    Tesseract,
    extractor_name,
    recognise,
    usable_tesseract,
)
from evidence_mapper.extract.pdf.assemble import assemble
from evidence_mapper.extract.pdf.model import Frame as PageFrame
from evidence_mapper.extract.pdf.model import PageContent
from evidence_mapper.extract.pdf.recognised import put_words
from evidence_mapper.extract.picture_file import Frame, frame_count, frames

_BEST_DPI: Final = 300.0
_GOOD: Final = (180.0, 400.0)
"""Resolutions read as they are; others are brought to the best one."""
_MAX_PIXELS: Final = 24_000_000
_FEW: Final = 3
"""Letters and digits: fewer in all pages is no text."""


class _ImageExtractor:
    """Reads pictures with tesseract; without it every picture is refused with the way to get it."""

    name = "image/2"
    media_type = ""

    def extract(self, path: Path, limits: Limits) -> ExtractedDocument:
        """Read one picture file.

        Returns
        -------
        ExtractedDocument
            Locations give the page (a TIFF file may have many), the box in points of 1/72 inch from
            the bottom left of the upright picture, and the confidence.

        Raises
        ------
        NoTextLayer
            There is no tesseract here, or it fails on every page.
        EmptyFile
            No words are in the picture.
        DamagedFile, LimitExceeded
            The picture is broken, or too large.
        """
        tesseract = usable_tesseract()
        if tesseract is None:
            next(frames(path, limits), None)  # a broken picture is called broken
            raise NoTextLayer(
                f"{path.name}: a picture, and there is no text recognition here: {INSTALL_HINT}; "
                "what is here: evidence-mapper doctor"
            )
        pages: list[PageContent] = []
        unread: list[int] = []
        for number, frame in enumerate(frames(path, limits), 1):
            more_time(limits.page_seconds + limits.seconds)
            content = _read(number, frame, tesseract, limits.page_seconds)
            pages += [content] if content is not None else []
            unread += [number] if content is None else []
        if not pages:
            raise NoTextLayer(f"{path.name}: text recognition failed on it: save it as PNG and add that.")
        return self._document(path, limits, pages, unread)

    def _document(
        self, path: Path, limits: Limits, pages: list[PageContent], unread: list[int]
    ) -> ExtractedDocument:
        found = assemble(pages)
        if sum(map(str.isalnum, "".join(block.text for block in found.blocks))) < _FEW and not unread:
            raise EmptyFile(f"{path.name}: a picture in which no words were found.")
        total = max(len(pages) + len(unread), frame_count(path, limits))
        warnings = ["read by text recognition; compare quotes with the picture"]
        if unread:
            warnings.append(f"page {', '.join(map(str, unread))}: text recognition failed, not read")
        if total > limits.pages:
            warnings.append(f"only the first {limits.pages:,} of {total:,} pages were read: split the file")
        return ExtractedDocument(
            media_type=self.media_type,
            extractor=extractor_name(self.name, recognised=True),
            blocks=found.blocks,
            exclusions=found.exclusions,
            pages=total,
            unread_pages=tuple(unread),
            warnings=tuple(warnings),
        )


class PngExtractor(_ImageExtractor):
    """Reader of PNG pictures."""

    media_type = sniff.PNG


class JpegExtractor(_ImageExtractor):
    """Reader of JPEG pictures."""

    media_type = sniff.JPEG


class TiffExtractor(_ImageExtractor):
    """Reader of TIFF pictures, of one page or many."""

    media_type = sniff.TIFF


def _read(number: int, frame: Frame, tesseract: Tesseract, seconds: float) -> PageContent | None:
    """Return a page with its words, none where there are none; None when tesseract fails."""
    dpi = frame.dpi if _GOOD[0] <= frame.dpi <= _GOOD[1] else _BEST_DPI
    pixels = frame.picture.width * frame.picture.height * (dpi / frame.dpi) ** 2
    dpi *= min(1.0, math.sqrt(_MAX_PIXELS / max(1.0, pixels)))
    picture = frame.picture
    if abs(dpi - frame.dpi) > 1:
        size = tuple(max(1, round(side * dpi / frame.dpi)) for side in picture.size)
        picture = picture.resize((size[0], size[1]))
    found: Recognised | None = recognise(np.asarray(picture), round(dpi), tesseract, seconds)
    if found is None:
        return None
    width, height = frame.points
    content = PageContent(number, PageFrame((0.0, 0.0, width, height)))
    put_words(content, found, picture.width * 72 / width)
    return content
