from __future__ import annotations

import dataclasses
from pathlib import Path

import docx
import openpyxl
import pytest
from office_files import types, write_zip

from evidence_mapper.errors import (
    DamagedFile,
    EmptyFile,
    EncryptedFile,
    ExtractionError,
    LimitExceeded,
    NoTextLayer,
    UnsupportedFormat,
)
from evidence_mapper.extract import sniff
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.registry import extract_file, supported_formats

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def _write(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def _docx(path: Path) -> Path:
    document = docx.Document()
    document.add_paragraph("Carers told us that the new service is easier to reach.")
    document.save(str(path))
    return path


def test_content_decides_and_not_the_name(tmp_path: Path) -> None:
    document = extract_file(_docx(tmp_path / "report.pdf"))
    assert document.media_type == sniff.DOCX
    assert document.extractor.startswith("docx/")


def test_text_named_docx_is_read_as_text(tmp_path: Path) -> None:
    document = extract_file(_write(tmp_path / "notes.docx", "Notes of a visit to the reablement team."))
    assert document.media_type == sniff.TEXT


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("a.bin", "<!doctype html><p>Hello</p>", sniff.HTML),
        ("a.htm", "\n<div><p>Hello</p></div>", sniff.HTML),
        ("a.txt", "From: a@b.example\nTo: c@d.example\nSubject: Hi\n\nBody", sniff.EML),
        ("a.csv", "id,comment\n1,Very good", sniff.CSV),
        ("a.txt", "id\tcomment\n1\tVery good\n2\tGood", sniff.TSV),
        ("a.md", "# Title\n\nText", sniff.MARKDOWN),
        ("a.txt", "To: everyone\nWe met on Monday.", sniff.TEXT),
        ("a", b"\xff\xfeH\0i\0", sniff.TEXT),
        ("a.txt", "junk before %PDF-1.7", sniff.PDF),
    ],
)
def test_sniffing(tmp_path: Path, name: str, data: bytes | str, media_type: str) -> None:
    assert sniff.sniff(_write(tmp_path / name, data), Limits()) == media_type


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"", EmptyFile, "0 bytes"),
        (b" \n\t\n", EmptyFile, "no text"),
        (b"{\\rtf1 Hello}", UnsupportedFormat, "save it as .docx"),
        (_OLE + "WordDocument".encode("utf-16-le"), UnsupportedFormat, "LibreOffice reads it"),
        (_OLE + "Workbook".encode("utf-16-le"), DamagedFile, "not a readable Excel workbook"),
        (_OLE + "EncryptedPackage".encode("utf-16-le"), EncryptedFile, "password"),
        (b"GIF89a" + b"\0" * 20, NoTextLayer, "PNG, JPEG or TIFF"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 20, DamagedFile, "picture"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 20, DamagedFile, "picture"),
        (bytes(range(256)) * 40, UnsupportedFormat, "not text"),
        (b"<?xml version='1.0'?><data/>", UnsupportedFormat, "XML"),
        (b"PK\x03\x04" + b"\0" * 40, DamagedFile, "ZIP"),
    ],
)
def test_refusals_say_why_and_what_to_do(
    tmp_path: Path, data: bytes, error: type[ExtractionError], words: str
) -> None:
    path = _write(tmp_path / "file.dat", data)
    with pytest.raises(error, match=words) as caught:
        extract_file(path)
    assert "file.dat" in str(caught.value)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"[Content_Types].xml": types("ms-excel.sheet.binary.macroEnabled.main")}, "xlsb"),
        ({"content.xml": "<x/>", "mimetype": "application/vnd.oasis.opendocument.graphics"}, "OpenDocument"),
    ],
)
def test_other_packages_are_named(tmp_path: Path, parts: dict[str, str | bytes], words: str) -> None:
    with pytest.raises(UnsupportedFormat, match=words) as caught:
        extract_file(write_zip(tmp_path / "a.zip", parts))
    assert all(name in str(caught.value) for name in supported_formats())


def test_size_cap_is_checked_before_reading(tmp_path: Path) -> None:
    limits = dataclasses.replace(Limits(), file_bytes=10)
    with pytest.raises(LimitExceeded, match="limit"):
        extract_file(_write(tmp_path / "a.txt", "more than ten bytes"), limits)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(ExtractionError, match="cannot be opened"):
        extract_file(tmp_path / "none.txt")
    with pytest.raises(ExtractionError, match="folder"):
        extract_file(tmp_path)


def test_empty_workbook_and_document(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    docx.Document().save(str(tmp_path / "a.docx"))
    for name in ("a.xlsx", "a.docx"):
        with pytest.raises(EmptyFile):
            extract_file(tmp_path / name)


def test_macro_enabled_and_template_packages_are_word(tmp_path: Path) -> None:
    source = _docx(tmp_path / "a.docx")
    import zipfile

    with zipfile.ZipFile(source) as package:
        parts: dict[str, str | bytes] = {name: package.read(name) for name in package.namelist()}
    types_part = parts["[Content_Types].xml"]
    assert isinstance(types_part, bytes)
    parts["[Content_Types].xml"] = types_part.replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    assert extract_file(write_zip(tmp_path / "b.docm", parts)).media_type == sniff.DOCX
