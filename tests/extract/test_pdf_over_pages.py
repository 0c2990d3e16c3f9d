"""What goes on over the page: tables whose rows are text and no furniture, and columns out of step."""

from __future__ import annotations

from pathlib import Path

import pytest
from pdf_samples import excluded, extract, prose, texts
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate, Table

from evidence_mapper.domain.document import ExclusionReason


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return tmp_path / "paper.pdf"


def test_rows_at_the_top_of_each_page_are_no_furniture(pdf: Path) -> None:
    """They stand at one place on every page and differ in their numbers only, unlike a running header."""
    canvas = Canvas(str(pdf), pagesize=A4)
    rows = []
    for page in range(1, 7):
        canvas.drawString(72, 810, f"Performance report, page {page} of 6")
        for index in range(20):
            rows.append(
                f"Measure {page * 37 + index * 5} {(page * 13 + index * 7) % 90}% {page * index + 3}%"
            )
            canvas.drawString(72, 790 - 30 * index, rows[-1])
        canvas.showPage()
    canvas.save()
    document = extract(pdf)
    found = " ".join(texts(document))
    assert [row for row in rows if row not in found] == []
    assert excluded(document, ExclusionReason.FURNITURE) == [
        f"Performance report, page {n} of 6" for n in range(1, 7)
    ]


def test_a_header_with_a_long_number_is_read(pdf: Path) -> None:
    canvas = Canvas(str(pdf), pagesize=A4)
    for _ in range(3):
        canvas.setFontSize(2)
        canvas.drawString(20, 810, "9" * 500)
        canvas.drawString(20, 400, prose(1, 30))
        canvas.showPage()
    canvas.save()
    assert len(excluded(extract(pdf), ExclusionReason.FURNITURE)) == 3


def test_a_ruled_table_keeps_its_headers_on_the_next_page(pdf: Path) -> None:
    rows = [["Measure", "Target", "Result"], *([f"Measure {n}", "90%", f"{n + 30}%"] for n in range(1, 70))]
    table = Table(rows, colWidths=[150, 100, 100], repeatRows=0)
    table.setStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)])
    SimpleDocTemplate(str(pdf), pagesize=A4).build([table])
    document = extract(pdf)
    assert document.pages is not None
    assert document.pages > 1
    assert texts(document) == [f"Measure: Measure {n}; Target: 90%; Result: {n + 30}%" for n in range(1, 70)]
    assert {b.location.table for b in document.blocks} == {1}
    assert [b.location.row for b in document.blocks] == list(range(2, 71))


def test_tables_of_other_columns_on_the_next_page_stay_apart(pdf: Path) -> None:
    first = Table(
        [["Measure", "Target", "Result"], *(["A", "90%", "84%"] for _ in range(36))], colWidths=[150] * 3
    )
    second = Table([["Area", "Reviews"], ["North", "12"], ["South", "15"]], colWidths=[200] * 2)
    for table in (first, second):
        table.setStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)])
    from reportlab.platypus import PageBreak

    SimpleDocTemplate(str(pdf), pagesize=A4).build([first, PageBreak(), second])
    assert texts(extract(pdf))[-2:] == ["North: 12", "South: 15"]


@pytest.mark.parametrize("step", [0, 2, 5, 7])
def test_interleaved_columns_whose_lines_are_out_of_step(pdf: Path, step: int) -> None:
    left, right = [prose(n, 45) for n in range(5)], [prose(n, 45) for n in range(5, 10)]
    canvas = Canvas(str(pdf), pagesize=A4)
    lines = []
    for x, down, paragraphs in ((60.0, 0, left), (310.0, step, right)):
        y = 780.0 - down
        for paragraph in paragraphs:
            for line in simpleSplit(paragraph, "Helvetica", 10, 220):
                lines.append((x, y, line))
                y -= 12
            y -= 9
    canvas.setFont("Helvetica", 10)
    for x, y, line in sorted(lines, key=lambda item: (-item[1], item[0])):
        canvas.drawString(x, y, line)
    canvas.save()
    assert texts(extract(pdf)) == left + right
