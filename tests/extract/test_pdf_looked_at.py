"""Faults seen when pages were compared with their picture, each with a page of our own."""

from __future__ import annotations

from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate, Table, TableStyle

from evidence_mapper.extract.registry import extract_file


def test_labels_over_their_answers_are_told_apart_from_labels_beside_them(tmp_path: Path) -> None:
    rows = [
        ["Directorate:", "Adult services"],
        ["Proposed Amount", "Proposed Source:"],
        ["250 pounds added to the budget", "A smaller grant to the gallery"],
    ]
    form = Table(rows, colWidths=[220, 220], style=TableStyle([("GRID", (0, 0), (-1, -1), 0.7, "black")]))
    SimpleDocTemplate(str(tmp_path / "form.pdf"), pagesize=A4).build([form])
    assert [b.text for b in extract_file(tmp_path / "form.pdf").blocks] == [
        "Directorate: Adult services",
        "Proposed Amount: 250 pounds added to the budget; Proposed Source: A smaller grant to the gallery",
    ]


def test_a_raised_ending_stays_with_its_number(tmp_path: Path) -> None:
    pen = Canvas(str(tmp_path / "dates.pdf"), pagesize=A4)
    place = 72.0
    for text, size, rise, gap in (
        ("The panel met on 9", 12, 0, 0.0),
        ("th", 7, 5, 3.0),
        (" April and on 26", 12, 0, 0.0),
        ("th", 7, 5, 3.0),
        (" May 2025, at a cost of 3 thousand pounds a day.", 12, 0, 0.0),
    ):
        pen.setFont("Helvetica", size)
        place += gap
        pen.drawString(place, 700 + rise, text)
        place += pen.stringWidth(text, "Helvetica", size)
    pen.save()
    (block,) = extract_file(tmp_path / "dates.pdf").blocks
    assert (
        block.text == "The panel met on 9th April and on 26th May 2025, at a cost of 3 thousand pounds a day."
    )
