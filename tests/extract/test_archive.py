from __future__ import annotations

import dataclasses
import struct
import zipfile
from pathlib import Path

import pytest
from office_files import DOCX_TYPES, write_docx, write_xlsx, write_zip

from evidence_mapper.errors import DamagedFile, EncryptedFile, ExtractionError, LimitExceeded
from evidence_mapper.extract.archive import Archive
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.registry import extract_file

_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{i} "{"&a" + (str(i - 1) if i else "") + ";"}{"&a;" * 9}">' for i in range(20))
    + "]>"
)
_OUTSIDE = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


def test_zip_bomb_is_refused_from_its_directory(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx", "<w:p/>" + " " * (40 * 1024 * 1024))
    with pytest.raises(LimitExceeded, match="packed"):
        extract_file(path)


def test_lying_sizes_are_caught_while_reading(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"part": b"x" * 100_000})
    data = bytearray(path.read_bytes())
    # Claim a small size in the central directory: the true one shows only on unpacking.
    at = data.rindex(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<I", 10)
    path.write_bytes(bytes(data))
    limits = dataclasses.replace(Limits(), zip_member_bytes=1_000)
    with Archive(path, limits) as archive, pytest.raises(ExtractionError):
        archive.read("part")


def test_total_is_counted_over_members(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"a": b"x" * 600, "b": b"y" * 600})
    with Archive(path, dataclasses.replace(Limits(), zip_total_bytes=1_200)) as archive:
        archive.read("a")
        archive.read("b")
        with pytest.raises(LimitExceeded):
            archive.read("a")


@pytest.mark.parametrize(
    ("limits", "error"),
    [
        (Limits(zip_members=1), LimitExceeded),
        (Limits(zip_total_bytes=5), LimitExceeded),
        (Limits(zip_member_bytes=5), LimitExceeded),
    ],
)
def test_directory_caps(tmp_path: Path, limits: Limits, error: type[ExtractionError]) -> None:
    path = write_zip(tmp_path / "a.zip", {"a": "hello", "b": "hello hello"})
    with pytest.raises(error):
        Archive(path, limits)


@pytest.mark.parametrize("name", ["../evil.xml", "/abs.xml", "C:/x.xml", "a/../../b"])
def test_names_that_climb_out_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DamagedFile, match="outside"):
        Archive(write_zip(tmp_path / "a.zip", {name: "x"}), Limits())


def test_repeated_names_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as package:
        package.writestr("a", "1")
        with pytest.warns(UserWarning, match="Duplicate"):
            package.writestr("a", "2")
    with pytest.raises(DamagedFile, match="same name"):
        Archive(tmp_path / "a.zip", Limits())


def test_encrypted_member_is_named_as_such(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.docx", {"[Content_Types].xml": DOCX_TYPES})
    data = bytearray(path.read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))
    with pytest.raises(EncryptedFile, match="password"):
        extract_file(path)


@pytest.mark.parametrize("prologue", [_LAUGHS, _OUTSIDE])
def test_document_types_are_refused(tmp_path: Path, prologue: str) -> None:
    with pytest.raises(DamagedFile, match="document type"):
        extract_file(write_docx(tmp_path / "a.docx", "<w:p/>", prologue=prologue))
    with pytest.raises(DamagedFile, match="document type"):
        extract_file(write_xlsx(tmp_path / "a.xlsx", "", prologue=prologue))


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_truncated_package_is_damaged(tmp_path: Path, share: float) -> None:
    path = write_docx(tmp_path / "a.docx", "<w:p><w:r><w:t>Hello</w:t></w:r></w:p>" * 500)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(DamagedFile, match="ZIP"):
        extract_file(path)


def test_flipped_bytes_and_bad_xml_are_damaged(tmp_path: Path) -> None:
    path = write_docx(
        tmp_path / "a.docx", "".join(f"<w:p><w:r><w:t>{i * 7919}</w:t></w:r></w:p>" for i in range(2000))
    )
    data = bytearray(path.read_bytes())
    at = data.index(b"word/document.xml") + 400
    data[at : at + 200] = bytes(200)
    path.write_bytes(bytes(data))
    with pytest.raises(DamagedFile):
        extract_file(path)
    with pytest.raises(DamagedFile, match="not valid XML"):
        extract_file(write_docx(tmp_path / "b.docx", "<w:p>"))


def test_nesting_beyond_the_parser_is_damaged(tmp_path: Path) -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 5_000 + "</w:tc></w:tr></w:tbl>" * 5_000
    with pytest.raises(DamagedFile, match="not valid XML"):
        extract_file(write_docx(tmp_path / "a.docx", deep))


def test_missing_main_part_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match="missing"):
        extract_file(write_zip(tmp_path / "a.docx", {"[Content_Types].xml": DOCX_TYPES}))
