"""What a file is, judged from its content; its name only separates kinds of plain text."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from evidence_mapper.errors import (
    DamagedFile,
    EncryptedFile,
    LimitExceeded,
    NoTextLayer,
    UnsupportedFormat,
)
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.encoding import decode, looks_binary
from evidence_mapper.extract.own import refuse_own_text, refuse_own_workbook

if TYPE_CHECKING:
    from evidence_mapper.extract.archive import Archive

PDF: Final = "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS: Final = "application/vnd.ms-excel"
PPTX: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT: Final = "application/vnd.oasis.opendocument.text"
ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"
ODP: Final = "application/vnd.oasis.opendocument.presentation"
VTT: Final = "text/vtt"
SRT: Final = "application/x-subrip"
HTML: Final = "text/html"
EML: Final = "message/rfc822"
CSV: Final = "text/csv"
TSV: Final = "text/tab-separated-values"
MARKDOWN: Final = "text/markdown"
TEXT: Final = "text/plain"
PNG: Final = "image/png"
JPEG: Final = "image/jpeg"
TIFF: Final = "image/tiff"
ZIP: Final = "application/zip"
MSG: Final = "application/vnd.ms-outlook"
DOC: Final = "application/msword"
PPT: Final = "application/vnd.ms-powerpoint"
RTF: Final = "application/rtf"
WPD: Final = "application/vnd.wordperfect"

_MANIFEST: Final = "META-INF/manifest.xml"
_HEAD_BYTES: Final = 64 * 1024
_HEADER_BYTES: Final = 1024 * 1024
_BLANK_LINE: Final = re.compile(r"\r?\n\r?\n")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES: Final = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"BM", "BMP"),
)
_READ_PICTURES: Final = {"PNG": PNG, "JPEG": JPEG, "TIFF": TIFF}
_PARTS: Final = frozenset({"[Content_Types].xml", "mimetype", "content.xml", "project.qde"})
"""Parts that only the package of one document has."""
_OFFICE: Final = (
    ("wordprocessingml.document.main", DOCX),
    ("wordprocessingml.template.main", DOCX),
    ("ms-word.document.macroenabled.main", DOCX),
    ("ms-word.template.macroenabledtemplate.main", DOCX),
    ("spreadsheetml.sheet.main", XLSX),
    ("spreadsheetml.template.main", XLSX),
    ("ms-excel.sheet.macroenabled.main", XLSX),
    ("ms-excel.template.macroenabled.main", XLSX),
    ("presentationml.presentation.main", PPTX),
    ("presentationml.slideshow.main", PPTX),
    ("presentationml.template.main", PPTX),
    ("ms-powerpoint.presentation.macroenabled.main", PPTX),
    ("ms-powerpoint.slideshow.macroenabled.main", PPTX),
    ("ms-powerpoint.template.macroenabled.main", PPTX),
)
_ODF: Final = (ODT, ODS, ODP)
_OLE_READ: Final = (
    ("__properties_version1.0", MSG),
    ("WordDocument", DOC),
    ("PowerPoint Document", PPT),
    ("Workbook", XLS),
    ("Book", XLS),
)
_HTML_START: Final = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_SHEET_NAMES: Final = frozenset({".xls", ".xlsx", ".xlsm", ".ods"})
_SHEET_HTML: Final = re.compile(r"\s*<(?:table|style|meta|div)\b", re.IGNORECASE)
"""Reporting systems send a table in HTML and call it a workbook."""
_VTT_START: Final = re.compile(r"\ufeff?WEBVTT(?:[ \t\r\n]|$)")
_SRT_START: Final = re.compile(
    r"\ufeff?\s{0,20}\d{1,6}[ \t]*\r?\n"
    r"(?:\d{1,3}:)?\d{1,2}:\d{2}[,.]\d{1,3}[ \t]*-->[ \t]*(?:\d{1,3}:)?\d{1,2}:\d{2}[,.]\d"
)
_HTML_TAG: Final = re.compile(r"</?(?:p|div|h[1-6]|table|ul|ol|li|span|br)\b[^>]*>", re.IGNORECASE)
_HEADER_LINE: Final = re.compile(r"^([A-Za-z][A-Za-z0-9-]*):[ \t]?", re.MULTILINE)
_MAIL_HEADERS: Final = {
    "from", "to", "subject", "date", "sent", "message-id", "mime-version", "received", "return-path", "cc",
    "delivered-to", "reply-to", "content-type",
}  # fmt: skip


def sniff(path: Path, limits: Limits) -> str:
    """Return the media type of a file that an extractor reads.

    Parameters
    ----------
    path
        An existing file that is not empty.
    limits
        Caps; ``zip_member_bytes`` bounds what is read to look inside an archive.

    Raises
    ------
    EncryptedFile, DamagedFile, NoTextLayer, UnsupportedFormat
        The file is of a kind that is not read; the message says what to do instead.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _sniff_zip(path, limits)
    if head.startswith(_OLE):
        return _sniff_ole(path)
    if b"%PDF" in head[:1024]:  # after the others: an archive may hold a PDF as it is
        return PDF
    picture = _picture(path, head)
    if picture is not None:
        return picture
    if head.lstrip().startswith(b"{\\rtf"):
        return RTF
    if head.startswith(b"\xffWPC"):
        return WPD
    return _sniff_text(path, head)


def unsupported(path: Path, what: str) -> UnsupportedFormat:
    """Return the error for a kind of file that is not read."""
    return UnsupportedFormat(f"{path.name}: {what}. Formats that are read: {', '.join(FORMAT_NAMES)}.")


FORMAT_NAMES: Final = (
    "PDF",
    "Word .docx",
    "Excel .xlsx and .xls",
    "PowerPoint .pptx",
    "OpenDocument .odt, .ods and .odp",
    "CSV and TSV",
    "text",
    "Markdown",
    "HTML",
    "captions .vtt and .srt",
    "e-mail .eml and .msg",
    "pictures of pages (PNG, JPEG, TIFF) by way of tesseract",
    "ZIP archives of these",
    "rich text, Word 97-2003, PowerPoint 97-2003 and WordPerfect by way of LibreOffice",
)


def _sniff_zip(path: Path, limits: Limits) -> str:
    from evidence_mapper.extract.archive import Archive

    if _is_plain_zip(path):
        return ZIP
    with Archive(path, limits) as archive:
        if "[Content_Types].xml" not in archive:
            kind = _open_document(archive)
            if kind:
                return kind
            raise unsupported(path, _other_zip(archive.names()))
        types = archive.read("[Content_Types].xml").replace(b"\0", b"").decode("utf-8", "replace").lower()
        media_type = next((kind for marker, kind in _OFFICE if marker in types), None)
        if media_type == XLSX:
            refuse_own_workbook(path, archive)
    if media_type:
        return media_type
    if "ms-excel.sheet.binary" in types:
        raise unsupported(path, "binary Excel workbook (.xlsb); save it as .xlsx")
    raise unsupported(path, "Office package of an unknown kind; save it as .docx, .xlsx or .pdf")


def _other_zip(names: frozenset[str]) -> str:
    if "project.qde" in names:
        return "project of an analysis tool, with codings: bring it in with `evidence-mapper refi import`"
    if "content.xml" in names:
        return "OpenDocument file of another kind; save it as .odt, .ods, .odp or .pdf"
    return "package of an unknown kind; save it as .docx, .xlsx or .pdf"


def _open_document(archive: Archive) -> str | None:
    """Return the kind of an OpenDocument package, its templates included; None for any other."""
    stated = archive.read("mimetype") if "mimetype" in archive else b""
    if not stated.strip() and _MANIFEST in archive:
        # Packed by a tool that drops the first part: the manifest says the same of the whole.
        stated = archive.read(_MANIFEST)
    words = stated.decode("ascii", "replace")
    ends = r"(?:-template)?(?![\w.-])"
    return next((kind for kind in _ODF if re.search(re.escape(kind) + ends, words)), None)


def _is_plain_zip(path: Path) -> bool:
    """Return whether a ZIP holds files rather than the parts of one document."""
    try:
        with path.open("rb") as stream, zipfile.ZipFile(stream) as archive:
            return not _PARTS & archive.NameToInfo.keys()
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError):
        return False  # refused with the reason when it is opened as a package


def _sniff_ole(path: Path) -> str:
    """Return the kind of an old Office file or an Outlook message, by what lies at its root."""
    data = path.read_bytes()
    names = _ole_names(data)

    def has(name: str) -> bool:
        return name in names if names else name.encode("utf-16-le") in data

    for name, kind in _OLE_READ:
        if has(name):
            return kind
    if has("EncryptedPackage"):
        raise EncryptedFile(
            f"{path.name}: protected by a password. Open it in Word, Excel or PowerPoint, remove the "
            "password, save it and add it again."
        )
    if not names:
        raise damaged(path, "an old Office file that is cut off or broken")
    raise unsupported(path, "old Office file; save it as .docx or .xlsx")


def _ole_names(data: bytes) -> set[str]:
    """Return the names at the root; none when the directory is broken."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            return {entry.name for entry in ole.root.kids}
    except (OSError, ValueError, IndexError, AttributeError, RecursionError, struct.error):
        return set()


def _picture(path: Path, head: bytes) -> str | None:
    """Return the kind of picture that text recognition reads; None for what is no picture."""
    kind = next((name for magic, name in _IMAGES if head.startswith(magic)), None)
    if kind == "BMP" and head[6:10] != b"\0\0\0\0":
        kind = None
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        kind = "WebP"
    if head[4:12] in (b"ftypheic", b"ftypmif1", b"ftypheix"):
        kind = "HEIC"
    if kind in _READ_PICTURES:
        return _READ_PICTURES[kind]
    if kind:
        raise NoTextLayer(f"{path.name}: a picture ({kind}); save it as PNG, JPEG or TIFF and add that.")
    return None


def _sniff_text(path: Path, head: bytes) -> str:
    if looks_binary(head):
        raise unsupported(
            path, f"not text and not a known format (name ends in '{path.suffix or 'nothing'}')"
        )
    text = decode(head, cut=True).text
    refuse_own_text(path, text)
    suffix = path.suffix.lower()
    if _VTT_START.match(text):
        return VTT
    if _SRT_START.match(text):
        return SRT
    if suffix in _SHEET_NAMES and _SHEET_HTML.match(text):
        return HTML
    if _HTML_START.match(text) or (suffix in {".html", ".htm", ".xhtml"} and _HTML_TAG.search(text)):
        return HTML
    if text.lstrip().startswith("<?xml"):
        raise unsupported(path, "XML data; export it as .csv, .xlsx or .pdf")
    if is_mail(_mail_head(path, head, text)):
        return EML
    return _plain_kind(suffix, text)


def _plain_kind(suffix: str, text: str) -> str:
    if suffix in {".tsv", ".tab"}:
        return TSV
    if suffix == ".csv":
        return CSV
    if suffix in {".md", ".markdown"}:
        return MARKDOWN
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    tabs = {line.count("\t") for line in lines}
    if len(lines) >= 3 and len(tabs) == 1 and tabs != {0}:
        return TSV
    if suffix in _SHEET_NAMES and any(mark in "".join(lines[:3]) for mark in ",;\t|"):
        return CSV
    return TEXT


def _mail_head(path: Path, head: bytes, text: str) -> str:
    """Return text that holds all header lines, if the file is a message.

    Raises
    ------
    LimitExceeded
        It opens like a message, and its header does not end.
    """
    first = _HEADER_LINE.match(text.lstrip("\ufeff\r\n"))
    if first is None or len(head) < _HEAD_BYTES or _BLANK_LINE.search(text):
        return text
    with path.open("rb") as stream:
        more = decode(stream.read(_HEADER_BYTES), cut=True).text
    if not _BLANK_LINE.search(more) and is_mail(more):
        raise LimitExceeded(
            f"{path.name}: an e-mail whose header is over {_HEADER_BYTES // 2**20} MB, which mail programs "
            "never write. Open it in Outlook, save it as text and add that."
        )
    return more


def is_mail(text: str) -> bool:
    """Return whether the text opens with the header lines of an e-mail message."""
    top = _BLANK_LINE.split(text.lstrip("\ufeff\r\n"), maxsplit=1)[0]
    first = _HEADER_LINE.match(top)
    if not first:
        return False
    named = {m.group(1).lower() for m in _HEADER_LINE.finditer(top)} & _MAIL_HEADERS
    sender = "from" in named or "return-path" in named
    return sender and len(named) >= 3


def damaged(path: Path, what: str) -> DamagedFile:
    """Return the error for a file that breaks its own format's rules."""
    return DamagedFile(f"{path.name}: {what}. Open it in its own program, save a new copy and add that.")
