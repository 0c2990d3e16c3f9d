"""One door to every extractor: judge the content, load the reader, read."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Final, cast

from evidence_mapper.domain.document import ExtractedDocument
from evidence_mapper.errors import EmptyFile, ExtractionError, LimitExceeded, NoTextLayer
from evidence_mapper.extract import sniff
from evidence_mapper.extract.base import Extractor, Limits

DEFAULT_LIMITS: Final = Limits()

_EXTRACTORS: Final = {
    sniff.PDF: "evidence_mapper.extract.pdf:PdfExtractor",
    sniff.DOCX: "evidence_mapper.extract.docx:DocxExtractor",
    sniff.XLSX: "evidence_mapper.extract.xlsx:XlsxExtractor",
    sniff.XLS: "evidence_mapper.extract.xls:XlsExtractor",
    sniff.PPTX: "evidence_mapper.extract.pptx:PptxExtractor",
    sniff.ODT: "evidence_mapper.extract.odf:OdtExtractor",
    sniff.ODS: "evidence_mapper.extract.odf:OdsExtractor",
    sniff.ODP: "evidence_mapper.extract.odf:OdpExtractor",
    sniff.VTT: "evidence_mapper.extract.subtitles:VttExtractor",
    sniff.SRT: "evidence_mapper.extract.subtitles:SrtExtractor",
    sniff.HTML: "evidence_mapper.extract.html:HtmlExtractor",
    sniff.EML: "evidence_mapper.extract.mail:MailExtractor",
    sniff.MSG: "evidence_mapper.extract.mail:MsgExtractor",
    sniff.ZIP: "evidence_mapper.extract.container.zip_:ZipExtractor",
    sniff.DOC: "evidence_mapper.extract.convert:DocExtractor",
    sniff.RTF: "evidence_mapper.extract.convert:RtfExtractor",
    sniff.WPD: "evidence_mapper.extract.convert:WpdExtractor",
    sniff.PPT: "evidence_mapper.extract.convert:PptExtractor",
    sniff.PNG: "evidence_mapper.extract.image:PngExtractor",
    sniff.JPEG: "evidence_mapper.extract.image:JpegExtractor",
    sniff.TIFF: "evidence_mapper.extract.image:TiffExtractor",
    sniff.CSV: "evidence_mapper.extract.csv_:CsvExtractor",
    sniff.TSV: "evidence_mapper.extract.csv_:TsvExtractor",
    sniff.MARKDOWN: "evidence_mapper.extract.plain:MarkdownExtractor",
    sniff.TEXT: "evidence_mapper.extract.plain:PlainExtractor",
}
"""Media type to "module:class"; the module is imported when the first such file comes."""


def extract_file(path: Path, limits: Limits = DEFAULT_LIMITS) -> ExtractedDocument:
    """Read one file of any supported format.

    The format is judged from the content: a PDF named ``.docx`` is read as a PDF.

    Parameters
    ----------
    path
        The file.
    limits
        Caps; ``file_bytes`` is checked before the file is opened.

    Returns
    -------
    ExtractedDocument
        With at least one block, or with members of its own to read.

    Raises
    ------
    EmptyFile
        No bytes, or no text.
    NoTextLayer
        A picture, or pages that are all pictures.
    LimitExceeded
        Larger than a cap.
    UnsupportedFormat
        Of a kind that is not read; the message names those that are. Its subclass OwnExport: an
        evidence list that this program wrote.
    EncryptedFile, DamagedFile, ExtractionError
        Needs a password, breaks its format's rules, or cannot be opened.
    """
    try:
        _check_size(path, limits)
        media_type = sniff.sniff(path, limits)
        if media_type != sniff.ZIP:
            _check_bytes(path, limits.file_bytes)
        document = extractor_for(media_type).extract(path, limits)
    except OSError as error:
        raise ExtractionError(f"{path.name}: cannot be opened: {error.strerror or error}.") from error
    if document.blocks or document.members:
        return document
    if document.unread_pages:
        raise NoTextLayer(
            f"{path.name}: no page has text. Scanned pages are read by tesseract: see evidence-mapper doctor."
        )
    why = f" ({'; '.join(document.warnings)})" if document.warnings else ""
    raise EmptyFile(f"{path.name}: has no text in it{why}.")


def extractor_for(media_type: str) -> Extractor:
    """Return the reader of a media type.

    Raises
    ------
    KeyError
        No reader for it: :func:`evidence_mapper.extract.sniff.sniff` never returns such a type.
    """
    module, _, name = _EXTRACTORS[media_type].partition(":")
    return cast("Extractor", getattr(importlib.import_module(module), name)())


def reader_today(media_type: str, name: str) -> int | None:
    """Return the version of a reader in this program; None when it has none of that name.

    Parameters
    ----------
    media_type
        Of the documents it reads.
    name
        Without its version, such as ``docx``; may be the reader of what a document is converted to.
    """
    beside = [kind for kind, found in _EXTRACTORS.items() if found.endswith(f":{name.title()}Extractor")]
    for kind in (media_type, *beside):
        if kind in _EXTRACTORS:
            known, _, version = extractor_for(kind).name.rpartition("/")
            if known == name:
                return int(version)
    return None


def media_types() -> tuple[str, ...]:
    """Return every media type that has a reader."""
    return tuple(_EXTRACTORS)


def supported_formats() -> tuple[str, ...]:
    """Return the names of the formats that are read, for messages."""
    return sniff.FORMAT_NAMES


def _check_size(path: Path, limits: Limits) -> None:
    if path.is_dir():
        raise ExtractionError(f"{path.name}: is a folder. Add the files in it.")
    if path.stat().st_size == 0:
        raise EmptyFile(f"{path.name}: the file is empty (0 bytes).")
    with path.open("rb") as stream:
        is_zip = stream.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
    _check_bytes(path, limits.container_bytes if is_zip else limits.file_bytes)


def _check_bytes(path: Path, most: int) -> None:
    size = path.stat().st_size
    if size > most:
        raise LimitExceeded(
            f"{path.name}: {size / 2**20:.0f} MB, over the limit of {most / 2**20:.0f} MB. "
            "Split it and add the parts."
        )
