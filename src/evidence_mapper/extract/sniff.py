"""What a file is, judged from its content; its name only separates kinds of plain text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from evidence_mapper.errors import DamagedFile, EncryptedFile, NoTextLayer, UnsupportedFormat
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.encoding import decode, looks_binary
from evidence_mapper.extract.own import refuse_own_text, refuse_own_workbook

PDF: Final = "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HTML: Final = "text/html"
EML: Final = "message/rfc822"
CSV: Final = "text/csv"
TSV: Final = "text/tab-separated-values"
MARKDOWN: Final = "text/markdown"
TEXT: Final = "text/plain"

_HEAD_BYTES: Final = 64 * 1024
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES: Final = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"BM", "BMP"),
)
_OFFICE: Final = (
    ("wordprocessingml.document.main", DOCX),
    ("wordprocessingml.template.main", DOCX),
    ("ms-word.document.macroenabled.main", DOCX),
    ("ms-word.template.macroenabledtemplate.main", DOCX),
    ("spreadsheetml.sheet.main", XLSX),
    ("spreadsheetml.template.main", XLSX),
    ("ms-excel.sheet.macroenabled.main", XLSX),
    ("ms-excel.template.macroenabled.main", XLSX),
)
_OLE_KINDS: Final = (
    ("WordDocument", "Word 97-2003 (.doc); save it as .docx"),
    ("PowerPoint Document", "PowerPoint 97-2003 (.ppt); save it as .pdf"),
    ("__properties_version1.0", "Outlook message (.msg); save it as .eml or .pdf"),
    ("Workbook", "Excel 97-2003 (.xls); save it as .xlsx"),
    ("Book", "Excel 5 (.xls); save it as .xlsx"),
)
_HTML_START: Final = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
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
    if b"%PDF" in head[:1024]:
        return PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _sniff_zip(path, limits)
    if head.startswith(_OLE):
        return _refuse_ole(path)
    _refuse_image(path, head)
    if head.lstrip().startswith(b"{\\rtf"):
        raise unsupported(path, "rich text (.rtf); save it as .docx")
    return _sniff_text(path, head)


def unsupported(path: Path, what: str) -> UnsupportedFormat:
    """Return the error for a kind of file that is not read."""
    return UnsupportedFormat(f"{path.name}: {what}. Formats that are read: {', '.join(FORMAT_NAMES)}.")


FORMAT_NAMES: Final = (
    "PDF",
    "Word .docx",
    "Excel .xlsx",
    "CSV and TSV",
    "text",
    "Markdown",
    "HTML",
    "e-mail .eml",
)


def _sniff_zip(path: Path, limits: Limits) -> str:
    from evidence_mapper.extract.archive import Archive

    with Archive(path, limits) as archive:
        if "[Content_Types].xml" not in archive:
            raise unsupported(path, _other_zip(archive.names()))
        types = archive.read("[Content_Types].xml").replace(b"\0", b"").decode("utf-8", "replace").lower()
        media_type = next((kind for marker, kind in _OFFICE if marker in types), None)
        if media_type == XLSX:
            refuse_own_workbook(path, archive)
    if media_type:
        return media_type
    if "presentationml" in types:
        raise unsupported(path, "PowerPoint presentation; save it as .pdf")
    if "ms-excel.sheet.binary" in types:
        raise unsupported(path, "binary Excel workbook (.xlsb); save it as .xlsx")
    raise unsupported(path, "Office package of an unknown kind; save it as .docx, .xlsx or .pdf")


def _other_zip(names: frozenset[str]) -> str:
    if "content.xml" in names:
        return "OpenDocument file; save it as .docx or .xlsx"
    return "ZIP archive; unpack it and add the files inside"


def _refuse_ole(path: Path) -> str:
    data = path.read_bytes()

    def has(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if has("EncryptedPackage"):
        raise EncryptedFile(
            f"{path.name}: protected by a password. Open it in Word or Excel, remove the password, "
            "save it and add it again."
        )
    for name, what in _OLE_KINDS:
        if has(name):
            raise unsupported(path, what)
    raise unsupported(path, "old Office file; save it as .docx or .xlsx")


def _refuse_image(path: Path, head: bytes) -> None:
    kind = next((name for magic, name in _IMAGES if head.startswith(magic)), None)
    if kind == "BMP" and head[6:10] != b"\0\0\0\0":
        kind = None
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        kind = "WebP"
    if head[4:12] in (b"ftypheic", b"ftypmif1", b"ftypheix"):
        kind = "HEIC"
    if kind:
        raise NoTextLayer(
            f"{path.name}: a picture ({kind}) without text. Run it through text recognition, "
            "save the result as a searchable PDF or .docx, and add that."
        )


def _sniff_text(path: Path, head: bytes) -> str:
    if looks_binary(head):
        raise unsupported(
            path, f"not text and not a known format (name ends in '{path.suffix or 'nothing'}')"
        )
    text = decode(head, cut=True).text
    refuse_own_text(path, text)
    suffix = path.suffix.lower()
    if _HTML_START.match(text) or (suffix in {".html", ".htm", ".xhtml"} and _HTML_TAG.search(text)):
        return HTML
    if text.lstrip().startswith("<?xml"):
        raise unsupported(path, "XML data; export it as .csv, .xlsx or .pdf")
    if is_mail(text):
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
    return TEXT


def is_mail(text: str) -> bool:
    """Return whether the text opens with the header lines of an e-mail message."""
    top = re.split(r"\r?\n\r?\n", text.lstrip("\ufeff\r\n"), maxsplit=1)[0]
    first = _HEADER_LINE.match(top)
    if not first:
        return False
    named = {m.group(1).lower() for m in _HEADER_LINE.finditer(top)} & _MAIL_HEADERS
    sender = "from" in named or "return-path" in named
    return sender and len(named) >= 3


def damaged(path: Path, what: str) -> DamagedFile:
    """Return the error for a file that breaks its own format's rules."""
    return DamagedFile(f"{path.name}: {what}. Open it in its own program, save a new copy and add that.")
