"""Open a PDF, and turn PDFium's refusals into this package's errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from evidence_mapper.errors import DamagedFile, EmptyFile, EncryptedFile, LimitExceeded
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.clean import clean
from evidence_mapper.extract.pdf.handles import Handle
from evidence_mapper.extract.pdf.model import Box, Frame

_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?")
_METADATA = (("Title", "title"), ("Author", "author"))
_DATES = (("CreationDate", "created"), ("ModDate", "modified"))


@contextmanager
def open_document(path: Path, limits: Limits) -> Iterator[tuple[Handle, bytes]]:
    """Open the file; yield PDFium's document and the bytes it reads from.

    Raises
    ------
    EmptyFile
        No bytes.
    LimitExceeded
        Larger than ``limits.file_bytes``.
    EncryptedFile
        A password is needed.
    DamagedFile
        Not a PDF, or too broken to open.
    """
    size = path.stat().st_size
    if size == 0:
        raise EmptyFile(f"{path.name} has no bytes: copy the file again from where it came from")
    if size > limits.file_bytes:
        raise LimitExceeded(
            f"{path.name} is {size:,} bytes; the limit is {limits.file_bytes:,}: split it into smaller files"
        )
    data = path.read_bytes()  # from memory, so that Windows never locks the user's file
    document = _open(path, data)
    try:
        yield document, data
    finally:
        document.close()


def _open(path: Path, data: bytes) -> Handle:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code == raw.FPDF_ERR_PASSWORD:
            raise EncryptedFile(
                f"{path.name} needs a password: open it with the password, save a copy without one, "
                "and add the copy"
            ) from error
        if code == raw.FPDF_ERR_SECURITY:
            raise EncryptedFile(
                f"{path.name} is protected by a scheme that cannot be opened here: print it to a new PDF "
                "and add that"
            ) from error
        raise DamagedFile(
            f"{path.name} cannot be read as PDF ({error}): open it in a PDF viewer, save or print it as a "
            "new PDF, and add that"
        ) from error


@contextmanager
def open_page(document: Handle, index: int) -> Iterator[tuple[Handle, Handle]]:
    """Load one page (zero-based) and its text; both are closed in the order PDFium asks for.

    Raises
    ------
    pypdfium2.PdfiumError
        The page fails to load.
    """
    page = document[index]
    try:
        text = page.get_textpage()
        try:
            yield page, text.raw
        finally:
            text.close()
    finally:
        page.close()


def frame_of(page: Handle) -> Frame:
    """Return how the page is shown."""
    left, bottom, right, top = page.get_mediabox()
    box: Box = (min(left, right), min(bottom, top), max(left, right), max(bottom, top))
    return Frame(box, page.get_rotation())


def metadata_of(document: Handle) -> tuple[tuple[str, str], ...]:
    """Return title, author and dates, where the file states them and they are not blank."""
    found: dict[str, str] = document.get_metadata_dict(skip_empty=True)
    pairs = [(name, clean(found[key]).strip()) for key, name in _METADATA if key in found]
    pairs += [(name, _iso_date(found[key])) for key, name in _DATES if key in found]
    return tuple((name, value) for name, value in pairs if value)


def _iso_date(stated: str) -> str:
    """Turn ``D:20250211143300Z`` into ``2025-02-11T14:33:00``; leave anything else as it is."""
    match = _DATE.match(stated)
    if match is None:
        return clean(stated).strip()
    year, month, day, hour, minute, second = (part or "" for part in match.groups())
    date = "-".join(part for part in (year, month, day) if part)
    return f"{date}T{hour}:{minute}:{second or '00'}" if day and hour and minute else date
