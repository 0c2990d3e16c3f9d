"""Files that are broken, locked, empty, scanned or made to harm."""

from __future__ import annotations

import random
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdf_samples import P, extract, prose, tagged_pdf, texts
from pikepdf import Array, Dictionary, Name
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from evidence_mapper.errors import (
    DamagedFile,
    EmptyFile,
    EncryptedFile,
    ExtractionError,
    LimitExceeded,
    NoTextLayer,
)
from evidence_mapper.extract.base import Limits


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return tagged_pdf(tmp_path / "paper.pdf", [[P(prose(n))] for n in range(3)])


def scan(canvas: Canvas, path: Path) -> None:
    """Draw one page that is a picture."""
    picture = path.with_suffix(".png")
    if not picture.exists():
        from PIL import Image

        Image.frombytes("L", (100, 140), random.Random(1).randbytes(14_000)).save(picture)
    canvas.drawImage(str(picture), 0, 0, *A4)
    canvas.showPage()


def test_a_password_is_asked_for(pdf: Path, tmp_path: Path) -> None:
    locked = tmp_path / "locked.pdf"
    with pikepdf.open(pdf) as document:
        document.save(locked, encryption=pikepdf.Encryption(user="secret", owner="owner"))
    with pytest.raises(EncryptedFile, match=r"locked\.pdf needs a password.*save a copy without"):
        extract(locked)


def test_an_owner_password_alone_does_not_stop_reading(pdf: Path, tmp_path: Path) -> None:
    restricted = tmp_path / "restricted.pdf"
    with pikepdf.open(pdf) as document:
        document.save(
            restricted,
            encryption=pikepdf.Encryption(user="", owner="owner", allow=pikepdf.Permissions(extract=False)),
        )
    assert texts(extract(restricted)) == [prose(n) for n in range(3)]


def test_no_bytes(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pdf"
    empty.write_bytes(b"")
    with pytest.raises(EmptyFile, match="has no bytes"):
        extract(empty)


@pytest.mark.parametrize(
    "content",
    [b"Minutes of the meeting held on 3 March", b"%PDF-1.7\n", b"%PDF-1.7\nxref\n0 99999\nrubbish\n%%EOF"],
    ids=["text", "header only", "xref rubbish"],
)
def test_what_is_no_pdf_inside(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "renamed.pdf"
    path.write_bytes(content)
    with pytest.raises(DamagedFile, match=r"renamed\.pdf cannot be read as PDF"):
        extract(path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_truncated(pdf: Path, share: float) -> None:
    whole = pdf.read_bytes()
    pdf.write_bytes(whole[: int(share * len(whole))])
    try:
        found = texts(extract(pdf))
    except ExtractionError:
        found = []
    assert set(found) <= {prose(n) for n in range(3)}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), min_size=1, max_size=8))
def test_corrupt_bytes_never_raise_anything_else(
    pdf: Path, tmp_path: Path, patches: list[tuple[float, bytes]]
) -> None:
    data = bytearray(pdf.read_bytes())
    for place, patch in patches:
        start = int(place * (len(data) - len(patch)))
        data[start : start + len(patch)] = patch
    path = tmp_path / "corrupt.pdf"
    path.write_bytes(bytes(data))
    try:
        document = extract(path)
    except ExtractionError:
        return
    for block in document.blocks:
        assert block.text == block.text.strip() != ""
        block.text.encode("utf-8")


def test_a_deep_page_tree(tmp_path: Path) -> None:
    path = tmp_path / "deep.pdf"
    with pikepdf.new() as document:
        document.add_blank_page()
        node = document.Root.Pages
        for _ in range(3_000):
            node = document.make_indirect(Dictionary(Type=Name.Pages, Kids=Array([node]), Count=1))
        document.Root.Pages = node
        document.save(path)
    with pytest.raises(ExtractionError, match=r"deep\.pdf"):
        extract(path)


def test_a_deep_structure_tree_loses_no_text(tmp_path: Path) -> None:
    from pdf_samples import Tag

    tag = P(prose(1))
    for _ in range(200):
        tag = Tag("Sect", kids=[tag])
    path = tagged_pdf(tmp_path / "deep.pdf", [[tag, P(prose(2))]])
    assert sorted(texts(extract(path))) == sorted([prose(1), prose(2)])


def test_scanned_pages_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIDENCE_MAPPER_TESSERACT", "off")
    path = tmp_path / "scan.pdf"
    canvas = Canvas(str(path), pagesize=A4)
    for _ in range(3):
        scan(canvas, path)
    canvas.save()
    with pytest.raises(
        NoTextLayer, match=r"pages 1-3.*no text recognition here.*Windows.*Linux.*add the original"
    ):
        extract(path)


def test_one_scanned_page_among_others_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIDENCE_MAPPER_TESSERACT", "off")
    path = tmp_path / "mixed.pdf"
    canvas = Canvas(str(path), pagesize=A4)
    canvas.drawString(72, 700, "This page has words that can be read.")
    canvas.showPage()
    scan(canvas, path)
    canvas.save()
    document = extract(path)
    assert document.unread_pages == (2,)
    (warning,) = document.warnings
    assert warning.startswith("page 2: a picture without usable text, not read; install tesseract")


def test_blank_pages(tmp_path: Path) -> None:
    path = tmp_path / "blank.pdf"
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(path)
    with pytest.raises(EmptyFile, match="blank"):
        extract(path)


def test_a_page_that_does_not_load_is_named_and_the_rest_is_read(pdf: Path, tmp_path: Path) -> None:
    path = tmp_path / "broken.pdf"
    with pikepdf.open(pdf) as document:
        node = Dictionary(Type=Name.Pages, Kids=Array([Dictionary(Type=Name.Foo)]), Count=1)
        document.Root.Pages.Kids[1] = document.make_indirect(node)
        document.save(path)
    document_read = extract(path)
    assert texts(document_read) == [prose(0), prose(2)]
    assert document_read.unread_pages == (2,)
    assert document_read.warnings == ("page 2: damaged, could not be loaded",)


def test_the_page_cap_is_reported(pdf: Path) -> None:
    document = extract(pdf, Limits(pages=2))
    assert texts(document) == [prose(0), prose(1)]
    assert document.pages == 3
    assert "only the first 2 of 3 pages were read" in document.warnings[0]


def test_the_size_cap(pdf: Path) -> None:
    with pytest.raises(LimitExceeded, match="the limit is 1,000"):
        extract(pdf, Limits(file_bytes=1_000))


def test_control_and_bidi_characters_do_not_get_through(tmp_path: Path) -> None:
    path = tmp_path / "control.pdf"
    mapping = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
1 begincodespacerange <00> <FF> endcodespacerange
4 beginbfchar <61> <001B> <62> <202E> <63> <D800> <64> <0064> endbfchar
endcmap end end"""
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(300, 300))
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        font.ToUnicode = document.make_stream(mapping)
        page = document.pages[0].obj
        page.Resources = Dictionary(Font=Dictionary(F1=document.make_indirect(font)))
        page.Contents = document.make_stream(b"BT /F1 12 Tf 20 200 Td (dddabcddd) Tj ET")
        document.save(path)
    (text,) = texts(extract(path))
    assert not {"\x1b", "\u202e", "\ud800"} & set(text)
    assert text.startswith("ddd")
