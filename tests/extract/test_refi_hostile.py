"""Packages that lie, explode, point elsewhere or are cut off: each refused by name, none harmful."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from evidence_mapper.domain.exchange import LossReport, QdaProject
from evidence_mapper.errors import DamagedFile, EmptyFile, EncryptedFile, LimitExceeded, UnsupportedFormat
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.refi import open_refi, read_project, read_text

START = '<?xml version="1.0"?>'
ROOT = '<Project xmlns="urn:QDA-XML:project:1.0" name="x">'
PLAIN = f"{START}{ROOT}</Project>"
GUID = "a5c3bcfe-235f-5e70-b56d-18dcd08445ea"


def package(path: Path, xml: str | bytes, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("project.qde", xml)
        for name, data in members.items():
            made.writestr(name.replace("__", "/"), data)
    return path


def read(path: Path, limits: Limits | None = None) -> QdaProject:
    with open_refi(path, limits or Limits()) as opened:
        return read_project(opened, LossReport())


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE Project [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE Project [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE Project SYSTEM "http://example.org/x.dtd">',
    ],
    ids=["external entity", "billion laughs", "outside grammar"],
)
@pytest.mark.parametrize("padding", [0, 100_000], ids=["at the top", "behind a long comment"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_types_are_refused(tmp_path: Path, doctype: str, padding: int, encoding: str) -> None:
    comment = f"<!--{'x' * padding}-->" if padding else ""
    start = f'<?xml version="1.0" encoding="{encoding}"?>{comment}{doctype}'
    xml = f"{start}{ROOT}<Description>&b;</Description></Project>"
    with pytest.raises(DamagedFile, match=r"document type declaration, which is refused|not valid"):
        read(package(tmp_path / "x.qdpx", xml.encode(encoding)))
    codebook = xml.replace("Project", "CodeBook")
    (tmp_path / "x.qdc").write_bytes(codebook.encode("utf-8").replace(b"utf-16", b"utf-8"))
    with pytest.raises(DamagedFile, match=r"document type declaration, which is refused|not valid"):
        read(tmp_path / "x.qdc")


@pytest.mark.parametrize("name", ["../out.txt", "/etc/out.txt", "C:\\out.txt", "sources/../../out.txt"])
def test_names_that_climb_out_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "x.qdpx"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("project.qde", PLAIN)
        made.writestr(name, b"text")
    with pytest.raises(DamagedFile, match="points outside the package"):
        read(path)


def test_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = package(tmp_path / "x.qdpx", PLAIN, sources__a=b"", **{"sources__b.txt": b"\0" * (64 << 20)})
    tracemalloc.start()
    with pytest.raises(LimitExceeded, match=r"packed .* to 1"):
        read(path)
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()


def test_size_that_lies_is_counted_while_unpacking(tmp_path: Path) -> None:
    xml = f"{START}{ROOT}<Description>{'x' * 300_000}</Description></Project>"
    data = bytearray(package(tmp_path / "x.qdpx", xml).read_bytes())
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = (100).to_bytes(4, "little")
    (tmp_path / "y.qdpx").write_bytes(data)
    with pytest.raises((DamagedFile, LimitExceeded)):
        read(tmp_path / "y.qdpx", Limits(zip_member_bytes=100_000))


def test_large_recording_inside_does_not_matter(tmp_path: Path) -> None:
    path = package(tmp_path / "x.qdpx", PLAIN, **{"sources__film.mp4": b"\0" * 3_000_000})
    assert read(path, Limits(zip_member_bytes=1_000_000, zip_total_bytes=1_000_000)).name == "x"


def test_xml_over_the_limit(tmp_path: Path) -> None:
    xml = f"{START}{ROOT}<Description>{'xy' * 300_000}</Description></Project>"
    with pytest.raises(LimitExceeded):
        read(package(tmp_path / "x.qdpx", xml), Limits(zip_member_bytes=100_000))
    (tmp_path / "x.qdc").write_text(xml.replace("Project", "CodeBook"))
    with pytest.raises(LimitExceeded, match="over 0 MB"):
        read(tmp_path / "x.qdc", Limits(zip_member_bytes=100_000))


def test_endless_nesting_is_refused(tmp_path: Path) -> None:
    deep = "".join(f'<Code guid="{GUID}" name="c" isCodable="true">' for _ in range(5_000))
    xml = f"{START}{ROOT}<CodeBook><Codes>{deep}{'</Code>' * 5_000}</Codes></CodeBook></Project>"
    with pytest.raises(DamagedFile, match="not valid"):
        read(package(tmp_path / "x.qdpx", xml))


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9, 0.99])
def test_cut_off_packages(tmp_path: Path, cut: float) -> None:
    whole = package(tmp_path / "x.qdpx", PLAIN, **{"sources__a.txt": b"words " * 1000}).read_bytes()
    (tmp_path / "y.qdpx").write_bytes(whole[: int(len(whole) * cut)])
    with pytest.raises(DamagedFile, match="Export it once more from the program it came from"):
        read(tmp_path / "y.qdpx")


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (b"", EmptyFile, "no bytes in it"),
        (b"%PDF-1.7 and so on", UnsupportedFormat, "neither a REFI-QDA project"),
        (b"<html><body/></html>", UnsupportedFormat, "its root is 'html'"),
        (b"<CodeBook><Codes>", DamagedFile, "not valid"),
    ],
)
def test_what_is_no_project(tmp_path: Path, data: bytes, error: type[Exception], message: str) -> None:
    path = tmp_path / "x.qdpx"
    path.write_bytes(data)
    with pytest.raises(error, match=message):
        read(path)


def test_packages_without_one_project(tmp_path: Path) -> None:
    none, two, other = io.BytesIO(), tmp_path / "two.qdpx", tmp_path / "other.qdpx"
    with zipfile.ZipFile(none, "w") as made:
        made.writestr("a.txt", "a")
    (tmp_path / "none.qdpx").write_bytes(none.getvalue())
    with pytest.raises(UnsupportedFormat, match=r"a ZIP without project\.qde in it"):
        read(tmp_path / "none.qdpx")
    with zipfile.ZipFile(two, "w") as made:
        made.writestr("a.qde", PLAIN)
        made.writestr("b.qde", PLAIN)
    with pytest.raises(UnsupportedFormat, match=r"holds a\.qde, b\.qde, and it is not clear"):
        read(two)
    with zipfile.ZipFile(other, "w") as made:
        made.writestr("Study.qde", PLAIN)
    assert read(other).name == "x"


def test_protected_package(tmp_path: Path) -> None:
    path = package(tmp_path / "x.qdpx", PLAIN)
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    path.write_bytes(data)
    with pytest.raises(EncryptedFile):
        read(path)


def test_text_that_is_not_utf8_or_holds_controls(tmp_path: Path) -> None:
    source = f'<TextSource guid="{GUID}" name="s" plainTextPath="internal://{{}}.txt"/>'
    xml = f"{START}{ROOT}<Sources>{source.format('a')}{source.format('b')}</Sources></Project>"
    members = {"Sources__A.TXT": "Caf\xe9".encode("cp1252"), "sources__b.txt": b"a\x00b\x1bc"}
    with open_refi(package(tmp_path / "x.qdpx", xml, **members), Limits()) as opened:
        first, second = read_project(opened, LossReport()).sources
        one, two = read_text(opened, first, Limits()), read_text(opened, second, Limits())
    assert (one.text, two.text) == ("Caf\xe9", "a\ufffdb\ufffdc")
    assert any("cp1252" in remark for remark in one.remarks)
    assert any("control characters" in remark for remark in two.remarks)
