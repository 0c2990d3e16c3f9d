"""A small real file of every format, and ways to spoil one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import docx
import openpyxl
import pptx
import xlwt
from hypothesis import strategies as st
from odf_files import sheet, sheet_row, text_cell, write_odf
from ole_files import msg, ole
from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from evidence_mapper.extract import sniff

WORDS: Final = "Carers told us that the wait for an assessment has fallen since the new team began."


_ANSWERS: Final[list[list[str | int]]] = [
    ["id", "What would you change?"], [1, WORDS], [2, "Nothing, it was good."],
]  # fmt: skip


def _docx(path: Path) -> None:
    document = docx.Document()
    document.add_heading("Carers", 1)
    document.add_paragraph(WORDS)
    table = document.add_table(rows=2, cols=2)
    for row in table.rows:
        for cell in row.cells:
            cell.text = "Measure"
    document.save(str(path))


def _xlsx(path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.create_sheet("Answers", 0)
    for row in _ANSWERS:
        page.append(row)
    book.save(path)


def _xls(path: Path) -> None:
    book = xlwt.Workbook()
    page = book.add_sheet("Answers")
    for row, cells in enumerate(_ANSWERS):
        for column, cell in enumerate(cells):
            page.write(row, column, cell)
    book.save(str(path))


def _pptx(path: Path) -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Carers"
    slide.placeholders[1].text = WORDS
    slide.notes_slide.notes_text_frame.text = "Say thank you."
    deck.save(str(path))


def _pdf(path: Path) -> None:
    """Not compressed, so that a spoilt byte lands in the content."""
    canvas = Canvas(str(path), pagesize=A4, pageCompression=0)
    for index in range(6):
        canvas.drawString(72, 700 - 20 * index, WORDS)
        canvas.line(72, 695 - 20 * index, 500, 695 - 20 * index)
    canvas.save()


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("notes/one.txt", WORDS)
        archive.writestr("two.csv", f"id,comment\n1,{WORDS}")


def _image(kind: str) -> Callable[[Path], object]:
    def write(path: Path) -> None:
        picture = Image.new("L", (240, 80), 255)
        ImageDraw.Draw(picture).text((10, 30), "Carers told us", fill=0)
        picture.save(path, kind)

    return write


def _text(text: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(text, encoding="utf-8")


def _old(name: str) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(ole({name: WORDS.encode("utf-16-le") * 20}))


_MAIL: Final = (
    "From: Duty Team <duty@council.example>\nTo: Panel <panel@council.example>\nSubject: Carers\n"
    'Date: Tue, 4 Mar 2025 10:30:00 +0000\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n'
    f"--b\nContent-Type: text/plain; charset=utf-8\n\n{WORDS}\n--b\nContent-Type: text/csv\n"
    'Content-Disposition: attachment; filename="a.csv"\n\nid,comment\n1,Good\n--b--\n'
)

SEEDS: Final[dict[str, tuple[str, Callable[[Path], object]]]] = {
    sniff.PDF: ("a.pdf", _pdf),
    sniff.DOCX: ("a.docx", _docx),
    sniff.XLSX: ("a.xlsx", _xlsx),
    sniff.XLS: ("a.xls", _xls),
    sniff.PPTX: ("a.pptx", _pptx),
    sniff.ODT: ("a.odt", lambda p: write_odf(p, "text", f"<text:p>{WORDS}</text:p>")),
    sniff.ODS: (
        "a.ods",
        lambda p: write_odf(
            p, "spreadsheet", sheet(sheet_row(text_cell("Say")), sheet_row(text_cell(WORDS)))
        ),
    ),
    sniff.ODP: (
        "a.odp",
        lambda p: write_odf(
            p,
            "presentation",
            '<draw:page draw:name="1"><draw:frame><draw:text-box><text:p>'
            f"{WORDS}</text:p></draw:text-box></draw:frame></draw:page>",
        ),
    ),
    sniff.VTT: ("a.vtt", _text(f"WEBVTT\n\n00:00.000 --> 00:04.000\n<v Ann>{WORDS}\n")),
    sniff.SRT: ("a.srt", _text(f"1\n00:00:00,000 --> 00:00:04,000\n{WORDS}\n")),
    sniff.HTML: ("a.html", _text(f"<!doctype html><h1>Carers</h1><p>{WORDS}</p><table><tr><td>1</table>")),
    sniff.EML: ("a.eml", _text(_MAIL)),
    sniff.MSG: ("a.msg", lambda p: p.write_bytes(ole(msg(body=WORDS)))),
    sniff.ZIP: ("a.zip", _zip),
    sniff.DOC: ("a.doc", _old("WordDocument")),
    sniff.PPT: ("a.ppt", _old("PowerPoint Document")),
    sniff.RTF: ("a.rtf", _text("{\\rtf1 " + WORDS + "}")),
    sniff.WPD: ("a.wpd", lambda p: p.write_bytes(b"\xffWPC" + bytes(60))),
    sniff.PNG: ("a.png", _image("PNG")),
    sniff.JPEG: ("a.jpg", _image("JPEG")),
    sniff.TIFF: ("a.tif", _image("TIFF")),
    sniff.CSV: ("a.csv", _text(f'id,comment\n1,"{WORDS}"\n2,Good\n')),
    sniff.TSV: ("a.tsv", _text(f"id\tcomment\n1\t{WORDS}\n2\tGood\n")),
    sniff.MARKDOWN: ("a.md", _text(f"# Carers\n\n{WORDS}\n\n- one\n- two\n")),
    sniff.TEXT: ("a.txt", _text(f"{WORDS}\n\nSpeaker 1: Yes.\nSpeaker 2: No.\n")),
}
"""Media type to a file's name and what writes it; a format added to the registry needs one here."""

_POISON: Final = (
    b"\0", b"\xff\xff\xff\xff", b"9999999999", b"-1", b"\x1b[2J", b"\xe2\x80\xae", b"<", b">", b"&#0;", b"%s",
    b"\xed\xa0\x80", b'"', b"\r\n\r\n", b"(", b"<<", b"endobj", b"/Kids [1 0 R]", b"A" * 5_000,
)  # fmt: skip


@st.composite
def spoils(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """Return a function that spoils bytes in one to four places, or cuts them short."""
    edits = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["flip", "insert", "delete", "double", "cut", "swap"]),
                st.floats(0, 1, exclude_max=True),
                st.integers(1, 64),
                st.sampled_from(_POISON),
            ),
            min_size=1,
            max_size=4,
        )
    )

    def spoil(data: bytes) -> bytes:
        for how, share, length, poison in edits:
            at = int(share * len(data))
            part = data[at : at + length]
            data = {
                "flip": data[:at] + bytes(b ^ (1 << length % 8) for b in part) + data[at + length :],
                "insert": data[:at] + poison + data[at:],
                "delete": data[:at] + data[at + length :],
                "double": data[:at] + part * 40 + data[at:],
                "cut": data[:at] or data[:1],
                "swap": data[at:] + data[:at],
            }[how]
        return data

    return spoil


def spoil_member(data: bytes, share: float, spoil: Callable[[bytes], bytes]) -> bytes:
    """Return a package with one member spoilt and everything else in order."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen = names[int(share * len(names))]
        for name in names:
            content = old.read(name)
            new.writestr(name, spoil(content) if name == chosen else content)
    return stream.getvalue()
