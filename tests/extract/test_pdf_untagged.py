"""Untagged PDFs: order, paragraphs, furniture, headings and tables from the layout."""

from __future__ import annotations

from pathlib import Path

import pytest
from pdf_samples import excluded, extract, prose, texts
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

from evidence_mapper.domain.document import BlockKind, ExclusionReason
from evidence_mapper.extract.base import Limits

BODY = ParagraphStyle("body", fontSize=11, leading=14, spaceAfter=8)
TITLE = ParagraphStyle("title", fontSize=18, leading=22, spaceAfter=10, fontName="Helvetica-Bold")
SUBTITLE = ParagraphStyle("subtitle", fontSize=11, leading=14, spaceAfter=6, fontName="Helvetica-Bold")
BULLET = ParagraphStyle("bullet", fontSize=11, leading=14, leftIndent=18, bulletIndent=6, spaceAfter=4)


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return tmp_path / "paper.pdf"


def build(path: Path, story: list[Flowable], *, furniture: bool = False, rotate: int = 0) -> None:
    def decorate(canvas: Canvas, template: SimpleDocTemplate) -> None:
        if rotate:
            canvas.setPageRotation(rotate)
        if furniture:
            canvas.setFont("Helvetica", 9)
            canvas.drawString(72, 810, "Adult Social Care Committee")
            canvas.drawCentredString(297, 30, f"Page {template.page}")

    document = SimpleDocTemplate(str(path), pagesize=A4, title="A paper", author="Policy team")
    document.build(story, onFirstPage=decorate, onLaterPages=decorate)


def test_paragraphs_come_back_whole_and_in_order(pdf: Path) -> None:
    build(pdf, [Paragraph(prose(n, 75), BODY) for n in range(8)])
    document = extract(pdf)
    assert texts(document) == [prose(n, 75) for n in range(8)]
    assert ("title", "A paper") in document.metadata
    assert ("author", "Policy team") in document.metadata


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_rotated_page_reads_as_it_is_shown_where_the_text_is_upright(pdf: Path, rotation: int) -> None:
    canvas = Canvas(str(pdf), pagesize=A4)
    canvas.setPageRotation(rotation)
    canvas.translate(297, 421)
    canvas.rotate(rotation)
    canvas.translate(-250, 150)
    shown = [prose(n, 45) for n in range(3)]
    y = 0.0
    for text in shown:
        for line in simpleSplit(text, "Helvetica", 10, 430):
            canvas.setFont("Helvetica", 10)
            canvas.drawString(0, y, line)
            y -= 13
        y -= 8
    canvas.save()
    document = extract(pdf)
    assert texts(document) == shown
    box = document.blocks[0].location.bbox
    assert box is not None
    upright = box[2] - box[0] > box[3] - box[1]
    assert upright is (rotation == 180)


def test_running_header_and_footer_are_left_out(pdf: Path) -> None:
    build(pdf, [Paragraph(prose(n, 75), BODY) for n in range(40)], furniture=True)
    document = extract(pdf)
    assert document.pages is not None
    assert document.pages > 3
    left_out = excluded(document, ExclusionReason.FURNITURE)
    assert left_out.count("Adult Social Care Committee") == document.pages
    assert [t for t in left_out if t.startswith("Page")] == [f"Page {n + 1}" for n in range(document.pages)]
    assert not any("Committee" in text for text in texts(document))


def test_a_sentence_over_a_page_break_is_joined(pdf: Path) -> None:
    build(pdf, [Paragraph(prose(n, 75), BODY) for n in range(40)], furniture=True)
    document = extract(pdf)
    found = texts(document)
    assert sum(prose(n, 75) in found for n in range(40)) >= 39  # a break after a full stop cannot be seen
    over = [b for b in document.blocks if b.location.page_end is not None]
    assert over
    assert all(b.location.page_end == (b.location.page or 0) + 1 for b in over)


def test_headings_and_bullets_are_told_by_their_look(pdf: Path) -> None:
    story = [
        Paragraph("Market position statement", TITLE),
        Paragraph(prose(1), BODY),
        Paragraph("2.1 Care homes", SUBTITLE),
        Paragraph("We will:", BODY),
        Paragraph("pay a fair price", BULLET, bulletText="•"),
        Paragraph("share what we know " + prose(3, 30), BULLET, bulletText="•"),
        Paragraph(prose(2), BODY),
    ]
    build(pdf, story)
    document = extract(pdf)
    assert texts(document, BlockKind.HEADING) == ["Market position statement", "2.1 Care homes"]
    assert document.blocks[-1].heading_path == ("Market position statement", "2.1 Care homes")
    assert texts(document, BlockKind.LIST_ITEM) == ["pay a fair price", "share what we know " + prose(3, 30)]
    assert texts(document)[-1] == prose(2)


def two_columns(path: Path, columns: tuple[list[str], list[str]], *, interleaved: bool) -> None:
    """Draw two columns; the stream holds them one after the other, or line by line."""
    canvas = Canvas(str(path), pagesize=A4)
    drawn: list[list[tuple[float, float, str]]] = []
    for x, paragraphs in zip((60.0, 310.0), columns, strict=True):
        y, lines = 780.0, []
        for paragraph in paragraphs:
            for line in simpleSplit(paragraph, "Helvetica", 10, 220):
                lines.append((x, y, line))
                y -= 13
            y -= 13
        drawn.append(lines)
    ordered = drawn[0] + drawn[1]
    if interleaved:
        ordered = sorted(ordered, key=lambda line: (-line[1], line[0]))
    canvas.setFont("Helvetica", 10)
    for x, y, line in ordered:
        canvas.drawString(x, y, line)
    canvas.save()


@pytest.mark.parametrize("interleaved", [False, True])
def test_two_columns_are_read_one_after_the_other(pdf: Path, interleaved: bool) -> None:
    left, right = [prose(n, 45) for n in range(5)], [prose(n, 45) for n in range(5, 10)]
    two_columns(pdf, (left, right), interleaved=interleaved)
    assert texts(extract(pdf)) == left + right


def test_a_table_without_rules_is_not_taken_for_columns(pdf: Path) -> None:
    canvas = Canvas(str(pdf), pagesize=A4)
    for index in range(12):
        canvas.drawString(72, 700 - 20 * index, f"Ward {index}")
        canvas.drawString(300, 700 - 20 * index, f"{index * 3}%")
    canvas.save()
    assert " ".join(texts(extract(pdf))).split()[:6] == ["Ward", "0", "0%", "Ward", "1", "3%"]


def ruled_table(cells: list[list[str]]) -> Table:
    table = Table([[Paragraph(cell, BODY) for cell in row] for row in cells], colWidths=[150, 150, 150])
    table.setStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)])
    return table


def test_ruled_tables_become_rows(pdf: Path) -> None:
    cells = [
        ["Measure", "Target", "Result"],
        ["Reviews done within twelve months of the last one", "90%", "84%"],
        ["Carers offered an assessment", "all", "nine in ten"],
    ]
    build(pdf, [Paragraph(prose(1), BODY), ruled_table(cells), Spacer(1, 20), Paragraph(prose(2), BODY)])
    document = extract(pdf)
    assert texts(document) == [
        prose(1),
        "Measure: Reviews done within twelve months of the last one; Target: 90%; Result: 84%",
        "Measure: Carers offered an assessment; Target: all; Result: nine in ten",
        prose(2),
    ]
    assert [b.location.row for b in document.blocks] == [None, 2, 3, None]
    assert {b.location.table for b in document.blocks[1:3]} == {1}


def test_no_time_for_tables_is_reported_and_loses_no_text(pdf: Path) -> None:
    build(pdf, [ruled_table([["Measure", "Target", "Result"], ["Reviews", "90%", "84%"]])])
    document = extract(pdf, Limits(seconds=0.0))
    assert {"Measure", "Target", "Result", "Reviews", "90%", "84%"} <= set(" ".join(texts(document)).split())
    assert document.warnings == ("page 1: ruled tables were read as running text",)


def test_a_contents_page_is_told_by_its_dot_leaders(pdf: Path) -> None:
    canvas = Canvas(str(pdf), pagesize=A4)
    for index, title in enumerate(["Foreword", "Our county", "Next steps"]):
        canvas.drawString(72, 700 - 16 * index, f"{title} {'.' * 60} {index + 2}")
    canvas.showPage()
    canvas.drawString(72, 700, "Our county is large and people live far from services.")
    canvas.save()
    document = extract(pdf)
    contents = excluded(document, ExclusionReason.CONTENTS)
    assert [entry.split()[0] for entry in contents] == ["Foreword", "Our", "Next"]
    assert texts(document) == ["Our county is large and people live far from services."]
