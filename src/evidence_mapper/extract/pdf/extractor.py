"""The PDF extractor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pypdfium2 as pdfium

from evidence_mapper.domain.document import ExtractedDocument
from evidence_mapper.errors import DamagedFile, EmptyFile, NoTextLayer
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.deadline import more_time
from evidence_mapper.extract.ocr import INSTALL_HINT, extractor_name, usable_tesseract
from evidence_mapper.extract.pdf.assemble import Assembled, assemble
from evidence_mapper.extract.pdf.handles import Handle
from evidence_mapper.extract.pdf.model import PageContent
from evidence_mapper.extract.pdf.page import read_page
from evidence_mapper.extract.pdf.reader import metadata_of, open_document, open_page
from evidence_mapper.extract.pdf.ruled import TableFinder
from evidence_mapper.extract.pdf.scanned import FEW, Scans, read_scans

_TABLE_TIME = 0.3
"""Share of the time limit that may go into looking for ruled tables."""


@dataclass(slots=True)
class _Read:
    """Pages that could be read, and those that could not."""

    pages: list[PageContent] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class PdfExtractor:
    """Reads PDF files page by page; not thread-safe, as PDFium is not."""

    name = "pdf/3"
    media_type = "application/pdf"

    def extract(self, path: Path, limits: Limits) -> ExtractedDocument:
        """Read one PDF.

        Parameters
        ----------
        path
            The file.
        limits
            ``file_bytes`` refuses, ``pages`` cuts with a warning, ``page_seconds`` bounds the recognition
            of one page, ``seconds`` the search for ruled tables only: the worker's deadline bounds the rest.

        Returns
        -------
        ExtractedDocument
            Blocks in logical order; locations give page, page_end, bbox in PDF points, and for table
            rows the table and row.

        Raises
        ------
        EmptyFile, EncryptedFile, DamagedFile, LimitExceeded
            The file cannot be opened, or holds nothing.
        NoTextLayer
            No page has text, at least one is a picture, and tesseract is missing or cannot read it.
        """
        with open_document(path, limits) as (document, data):
            total = len(document)
            read = _read_pages(document, data, total, limits)
            metadata = metadata_of(document)
            if not read.pages:
                raise DamagedFile(
                    f"{path.name}: none of its {total} page(s) could be loaded: open it in a PDF viewer, "
                    "print it as a new PDF, and add that"
                )
            found, scans = _with_scans(document, read, limits)
        _refuse_textless(path, read, scans)
        read.warnings += _scan_warnings(read.pages, scans)
        return ExtractedDocument(
            media_type=self.media_type,
            extractor=extractor_name(self.name, recognised=bool(scans.read)),
            blocks=found.blocks,
            exclusions=(*found.exclusions, *scans.noise),
            pages=total,
            unread_pages=tuple(sorted({*scans.unread, *read.failed})),
            warnings=tuple(read.warnings),
            metadata=metadata,
        )


def _with_scans(document: Handle, read: _Read, limits: Limits) -> tuple[Assembled, Scans]:
    """Assemble the document; once more where pages turn out to be pictures and were recognised."""
    found = assemble(read.pages)
    scans = read_scans(document, read.pages, found.kept, limits, usable_tesseract())
    if scans.read:
        more_time(limits.seconds)
        found = assemble(read.pages)
    return found, scans


def _read_pages(document: Handle, data: bytes, total: int, limits: Limits) -> _Read:
    read = _Read()
    if total > limits.pages:
        read.warnings.append(
            f"only the first {limits.pages:,} of {total:,} pages were read: split the file to have the rest"
        )
    finder = TableFinder(data, _TABLE_TIME * limits.seconds)
    try:
        for index in range(min(total, limits.pages)):
            try:
                with open_page(document, index) as (page, text_page):
                    read.pages.append(read_page(index + 1, page, text_page, finder))
            except pdfium.PdfiumError:
                read.failed.append(index + 1)
    finally:
        finder.close()
    if read.failed:
        read.warnings.append(f"{_pages(read.failed)}: damaged, could not be loaded")
    ticked = [page.number for page in read.pages if page.ticked]
    if ticked:
        read.warnings.append(
            f"{_pages(ticked)}: ticks and choices in form fields are not read; print the form to a new PDF "
            "and add that to have them"
        )
    if finder.skipped:
        read.warnings.append(f"{_pages(finder.skipped)}: ruled tables were read as running text")
    return read


def _scan_warnings(pages: Sequence[PageContent], scans: Scans) -> list[str]:
    """Say what was recognised, what was not read, and how to have it."""
    hint = INSTALL_HINT if usable_tesseract() is None else "supply a version with text to have it"
    warnings = []
    if scans.read:
        warnings.append(f"{_pages(scans.read)}: read by text recognition; compare quotes with the page")
    if scans.unread:
        warnings.append(f"{_pages(scans.unread)}: a picture without usable text, not read; {hint}")
    if scans.glanced:
        warnings.append(f"{_pages(scans.glanced)}: words in the picture on the page are not read; {hint}")
    if scans.wordless:
        warnings.append(f"{_pages(scans.wordless)}: a picture in which no words were found")
    hidden = [page.number for page in pages if page.hidden and not page.garbled]
    if hidden:
        warnings.append(
            f"{_pages(hidden)}: text recognised by a scanner or another program; compare quotes with the page"
        )
    return warnings


_WITHOUT: Final = f"{INSTALL_HINT}, or add the original file; what is here: evidence-mapper doctor"


def _refuse_textless(path: Path, read: _Read, scans: Scans) -> None:
    if any((page.characters >= FEW and not page.garbled) or page.notes for page in read.pages):
        return
    if scans.unread:
        tried = usable_tesseract() is not None
        why = "which text recognition cannot read" if tried else "and there is no text recognition here"
        rest = "add the original Word or PDF file" if tried else _WITHOUT
        raise NoTextLayer(
            f"{path.name}: no text on any of its {len(read.pages)} page(s), which are pictures "
            f"({_pages(scans.unread)}), {why}: {rest}"
        )
    if not any(page.characters for page in read.pages):
        raise EmptyFile(f"{path.name}: its {len(read.pages)} page(s) are blank; nothing to read")


def _pages(numbers: Iterable[int]) -> str:
    """Return ``page 3`` or ``pages 1-4, 7``, at most twelve ranges."""
    ranges: list[list[int]] = []
    for number in sorted(set(numbers)):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    shown = [str(a) if a == b else f"{a}-{b}" for a, b in ranges[:12]]
    single = len(ranges) == 1 and ranges[0][0] == ranges[0][1]
    more = ", …" if len(ranges) > 12 else ""
    return f"page{'' if single else 's'} {', '.join(shown)}{more}"
