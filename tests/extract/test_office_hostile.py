"""Harmful input to the readers of presentations and OpenDocument files: a named error or the right result."""

from __future__ import annotations

import dataclasses
import time
import zipfile
from pathlib import Path

import pytest
from odf_files import sheet, sheet_row, text_cell, write_odf
from office_files import relations, types, write_zip

from evidence_mapper.domain.document import ExtractedDocument
from evidence_mapper.errors import DamagedFile, EmptyFile, ExtractionError, LimitExceeded
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.registry import extract_file

_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CONTENT = {"odt": "content.xml", "ods": "content.xml", "odp": "content.xml", "pptx": "ppt/slide1.xml"}


def _pptx(path: Path, shapes: str) -> Path:
    spaces = f'xmlns:p="{_P}" xmlns:a="{_A}" xmlns:r="{_R}"'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": types("presentationml.presentation.main+xml"),
        "_rels/.rels": relations(("officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": (
            f'<p:presentation {spaces}><p:sldIdLst><p:sldId r:id="rId1"/></p:sldIdLst></p:presentation>'
        ),
        "ppt/_rels/presentation.xml.rels": relations(("slide", "slide1.xml")),
        "ppt/slide1.xml": f"<p:sld {spaces}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>",
    }
    return write_zip(path, parts)


def _sample(folder: Path, kind: str, words: str = "Words") -> Path:
    path = folder / f"a.{kind}"
    if kind == "pptx":
        return _pptx(path, f"<p:sp><p:txBody><a:p><a:r><a:t>{words}</a:t></a:r></a:p></p:txBody></p:sp>")
    if kind == "odt":
        return write_odf(path, "text", f"<text:p>{words}</text:p>")
    if kind == "ods":
        return write_odf(path, "spreadsheet", sheet(sheet_row(text_cell(words), text_cell("x"))))
    frame = f"<draw:frame><draw:text-box><text:p>{words}</text:p></draw:text-box></draw:frame>"
    return write_odf(path, "presentation", f"<draw:page>{frame}</draw:page>")


def _replace(path: Path, part: str, data: bytes) -> Path:
    with zipfile.ZipFile(path) as package:
        parts: dict[str, str | bytes] = {name: package.read(name) for name in package.namelist()}
    parts[part] = data
    return write_zip(path, parts)


@pytest.mark.parametrize("kind", sorted(_CONTENT))
class TestEachKind:
    def test_truncated(self, tmp_path: Path, kind: str) -> None:
        path = _sample(tmp_path, kind)
        path.write_bytes(path.read_bytes()[:-40])
        with pytest.raises(DamagedFile):
            extract_file(path)

    def test_wrong_extension(self, tmp_path: Path, kind: str) -> None:
        path = _sample(tmp_path, kind)
        assert extract_file(path).blocks == extract_file(path.rename(tmp_path / "b.pdf")).blocks

    def test_zero_bytes(self, tmp_path: Path, kind: str) -> None:
        (tmp_path / f"a.{kind}").touch()
        with pytest.raises(EmptyFile):
            extract_file(tmp_path / f"a.{kind}")

    def test_broken_xml(self, tmp_path: Path, kind: str) -> None:
        path = _replace(_sample(tmp_path, kind), _CONTENT[kind], b"<a><b></a>")
        with pytest.raises(DamagedFile, match="not valid XML"):
            extract_file(path)

    def test_entities_are_not_expanded(self, tmp_path: Path, kind: str) -> None:
        laughs = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
        bomb = f'<!DOCTYPE x [<!ENTITY a0 "ha">{laughs}]><x>&a9;</x>'.encode()
        with pytest.raises(DamagedFile, match="document type"):
            extract_file(_replace(_sample(tmp_path, kind), _CONTENT[kind], bomb))

    def test_zip_bomb(self, tmp_path: Path, kind: str) -> None:
        path = _replace(_sample(tmp_path, kind), _CONTENT[kind], b"<x>" + b" " * 12_000_000)
        with pytest.raises(LimitExceeded):
            extract_file(path)

    def test_member_cap_counts_what_is_unpacked(self, tmp_path: Path, kind: str) -> None:
        with pytest.raises(LimitExceeded):
            extract_file(_sample(tmp_path, kind), dataclasses.replace(Limits(), zip_total_bytes=200))

    def test_control_and_bidi_characters(self, tmp_path: Path, kind: str) -> None:
        document = extract_file(_sample(tmp_path, kind, "one\u202etwo\u2066\ufeff\u0085three"))
        assert "onetwo\nthree" in " ".join(b.text for b in document.blocks)

    def test_nul_in_a_part(self, tmp_path: Path, kind: str) -> None:
        with pytest.raises(DamagedFile):
            extract_file(_replace(_sample(tmp_path, kind), _CONTENT[kind], b"<a>\0</a>"))


def _nested(kind: str, depth: int) -> str:
    if kind == "odt":
        opened = "<table:table><table:table-row><table:table-cell/><table:table-cell>"
        return (
            opened * depth
            + "<text:p>x</text:p>"
            + "</table:table-cell></table:table-row></table:table>" * depth
        )
    if kind == "list":
        return (
            "<text:list><text:list-item>" * depth
            + "<text:p>x</text:p>"
            + "</text:list-item></text:list>" * depth
        )
    return "<text:section>" * depth + "<text:p>x</text:p>" + "</text:section>" * depth


@pytest.mark.parametrize("kind", ["odt", "list", "section"])
@pytest.mark.parametrize("depth", [70, 20_000])
def test_deep_nesting_ends(tmp_path: Path, kind: str, depth: int) -> None:
    started = time.monotonic()
    path = write_odf(tmp_path / "a.odt", "text", _nested(kind, depth))
    try:
        found: ExtractedDocument | None = extract_file(path)
    except ExtractionError:
        found = None
    assert time.monotonic() - started < 30
    assert (found is not None) == (depth == 70)


def test_deep_groups_and_many_shapes_end(tmp_path: Path) -> None:
    words = "<p:sp><p:txBody><a:p><a:r><a:t>x</a:t></a:r></a:p></p:txBody></p:sp>"
    started = time.monotonic()
    assert extract_file(_pptx(tmp_path / "a.pptx", "<p:grpSp>" * 200 + words + "</p:grpSp>" * 200)).blocks
    assert len(extract_file(_pptx(tmp_path / "b.pptx", words * 20_000)).blocks) == 20_000
    assert time.monotonic() - started < 60
