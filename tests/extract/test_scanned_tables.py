"""Ruled tables on scanned pages come out row by row; lines that are no table change nothing."""

from __future__ import annotations

import io
from itertools import pairwise
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle
from scan_samples import needs_tesseract

from evidence_mapper.domain.document import BlockKind
from evidence_mapper.extract.ocr.program import VARIABLE
from evidence_mapper.extract.ocr.rules import ruled_tables, without_lines
from evidence_mapper.extract.registry import extract_file

BEFORE = "The panel looked at two teams in the spring and asked each what it had found."
AFTER = "The next panel meets in the autumn and will ask the same teams again."
ROWS = (
    ("Team", "What we found", "What will change"),
    (
        "North hospital",
        "Carers waited eleven weeks for an assessment because two posts were vacant.",
        "A second worker starts in May and the list is looked at every Monday.",
    ),
    (
        "South locality",
        "People said that letters were hard to read and came after the visit.",
        "Letters are rewritten with two people who draw on care.",
    ),
)


def _scan(path: Path, skew: float) -> None:
    stream = io.BytesIO()
    style = getSampleStyleSheet()["BodyText"]
    rows = [[Paragraph(cell, style) for cell in row] for row in ROWS]
    grid = Table(rows, colWidths=[80, 180, 180], style=TableStyle([("GRID", (0, 0), (-1, -1), 0.7, "black")]))
    story = [Paragraph(BEFORE, style), Spacer(1, 12), grid, Spacer(1, 12), Paragraph(AFTER, style)]
    SimpleDocTemplate(stream, pagesize=A4).build(story)
    page = pdfium.PdfDocument(stream.getvalue())[0]
    picture = page.render(scale=200 / 72).to_pil().convert("L").rotate(skew, fillcolor=255, resample=2)
    picture.save(path, "PDF", resolution=200)


@needs_tesseract
@pytest.mark.parametrize("skew", [0.0, 1.5])
def test_a_ruled_table_on_a_scan_is_read_row_by_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, skew: float
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    _scan(tmp_path / "a.pdf", skew)
    blocks = extract_file(tmp_path / "a.pdf").blocks
    heads = ROWS[0]
    rows = ["; ".join(f"{head}: {cell}" for head, cell in zip(heads, row, strict=True)) for row in ROWS[1:]]
    assert [(b.kind, b.text) for b in blocks] == [
        (BlockKind.PARAGRAPH, BEFORE),
        *((BlockKind.TABLE_ROW, row) for row in rows),
        (BlockKind.PARAGRAPH, AFTER),
    ]
    assert all(b.location.confidence is not None and b.location.page == 1 for b in blocks)


def _drawn(xs: list[int], ys: list[int], *, dpi: int = 200) -> Image.Image:
    picture = Image.new("L", (8 * dpi, 11 * dpi), 255)
    pen = ImageDraw.Draw(picture)
    for y in ys:
        pen.line((xs[0], y, xs[-1], y), fill=0, width=2)
    for x in xs:
        pen.line((x, ys[0], x, ys[-1]), fill=0, width=2)
    return picture


@settings(max_examples=8, deadline=None)
@given(st.integers(2, 4), st.integers(2, 6))
def test_every_cell_is_found_where_it_is_drawn(columns: int, rows: int) -> None:
    xs = [150 + 300 * n for n in range(columns + 1)]
    ys = [200 + 90 * n for n in range(rows + 1)]
    (table,) = ruled_tables(np.asarray(_drawn(xs, ys)), 200)
    assert len(table.rows) == rows
    for row, (top, bottom) in zip(table.rows, pairwise(ys), strict=True):
        for cell, (left, right) in zip(row, pairwise(xs), strict=True):
            assert cell is not None
            assert max(abs(a - b) for a, b in zip(cell, (left, top, right, bottom), strict=True)) <= 3


def test_the_lines_go_and_the_rest_stays() -> None:
    picture = _drawn([150, 450, 900], [200, 300, 420])
    ImageDraw.Draw(picture).rectangle((300, 240, 330, 260), fill=0)
    grey = np.asarray(picture)
    clear = without_lines(grey, ruled_tables(grey, 200))
    assert (clear[240:261, 300:331] == 0).all()
    assert (clear == 0).sum() == 21 * 31


def test_a_merged_cell_is_one() -> None:
    picture = _drawn([150, 450, 900], [200, 300, 420])
    ImageDraw.Draw(picture).line((450, 205, 450, 297), fill=255, width=4)
    (table,) = ruled_tables(np.asarray(picture), 200)
    first, second = table.rows[0]
    assert second is None
    assert first is not None
    assert first[2] - first[0] > 700
    assert None not in table.rows[1]


def test_frames_underlines_and_pictures_are_no_tables() -> None:
    frame = _drawn([150, 900], [200, 300])
    assert ruled_tables(np.asarray(frame), 200) == []
    underlined = Image.new("L", (1600, 2200), 255)
    for y in range(200, 2000, 60):
        ImageDraw.Draw(underlined).line((100, y, 1500, y), fill=0, width=2)
    assert ruled_tables(np.asarray(underlined), 200) == []
    assert ruled_tables(np.zeros((900, 900), dtype=np.uint8), 200) == []
    assert ruled_tables(np.full((4, 4), 255, dtype=np.uint8), 200) == []
