"""Untagged PDFs, as an office program prints them: one or two columns, header, footer, page numbers."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Final

import pikepdf
from reportlab.lib.colors import HexColor, black
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from demo_corpus.fixed import save_pdf
from demo_corpus.markup import Block, Paper
from demo_corpus.pdf_styles import STYLES, escape

_MARGIN: Final = 20 * mm
_GAP: Final = 8 * mm
_BOTTOM: Final = 22 * mm
_TITLE_SPACE: Final = 30 * mm
_SHADE: Final = HexColor("#e3eaf0")


def write_two_column_pdf(paper: Paper, path: Path) -> None:
    """Write a paper in two columns under a title that runs over both."""
    flow = [
        Paragraph(escape(paper.title), STYLES["narrow-title"]),
        Paragraph(escape(paper.meta["subtitle"]), STYLES["narrow"]),
        NextPageTemplate("later"),
        *_flow(paper.blocks, "narrow-", "narrow"),
    ]
    height = A4[1] - _BOTTOM - 25 * mm
    width = (A4[0] - 2 * _MARGIN - _GAP) / 2
    title = Frame(_MARGIN, _BOTTOM + height - _TITLE_SPACE, A4[0] - 2 * _MARGIN, _TITLE_SPACE, 0, 0, 0, 0)
    first = [title, *_columns(width, height - _TITLE_SPACE)]
    _build(paper, path, flow, first=first, later=_columns(width, height))


def write_one_column_pdf(paper: Paper, path: Path) -> None:
    """Write a paper in one column, its tables ruled and shaded."""
    flow = [
        Paragraph(escape(paper.title), STYLES["narrow-title"]),
        Paragraph(escape(paper.meta["subtitle"]), STYLES["body"]),
        *_flow(paper.blocks, "", "body"),
    ]
    frame = Frame(_MARGIN, _BOTTOM, A4[0] - 2 * _MARGIN, A4[1] - _BOTTOM - 25 * mm, 0, 0, 0, 0)
    _build(paper, path, flow, first=[frame], later=None)


def _columns(width: float, height: float) -> list[Any]:
    lefts = (_MARGIN, _MARGIN + width + _GAP)
    return [Frame(left, _BOTTOM, width, height, 0, 0, 0, 0) for left in lefts]


def _flow(blocks: tuple[Block, ...], prefix: str, body: str) -> list[Any]:
    flow: list[Any] = []
    for block in blocks:
        if block.kind == "heading":
            flow.append(Paragraph(escape(block.text), STYLES[f"{prefix}h{block.level}"]))
        elif block.kind == "bullet":
            flow.append(Paragraph(escape(block.text), STYLES["narrow-item"], bulletText="•"))
        elif block.kind == "table":
            flow += [_table(block), Spacer(1, 8)]
        else:
            flow.append(Paragraph(escape(block.text), STYLES[body]))
    return flow


def _table(block: Block) -> Table:
    cells = [
        [Paragraph(escape(cell), STYLES["cell" if index else "cell-head"]) for cell in row]
        for index, row in enumerate(block.rows)
    ]
    others = len(block.rows[0]) - 1
    total = A4[0] - 2 * _MARGIN
    widths = [total * 0.42] + [total * 0.58 / others] * others
    table = Table(cells, colWidths=widths, repeatRows=1)
    table.setStyle([("GRID", (0, 0), (-1, -1), 0.5, black), ("BACKGROUND", (0, 0), (-1, 0), _SHADE)])
    return table


def _build(paper: Paper, path: Path, flow: list[Any], *, first: list[Any], later: list[Any] | None) -> None:
    def furniture(canvas: Canvas, _template: BaseDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(_MARGIN, A4[1] - 15 * mm, "Brackenmouth Borough Council")
        canvas.drawRightString(A4[0] - _MARGIN, A4[1] - 15 * mm, "OFFICIAL")
        canvas.drawString(_MARGIN, 12 * mm, paper.meta["footer"])
        canvas.drawRightString(A4[0] - _MARGIN, 12 * mm, str(canvas.getPageNumber()))

    buffer = io.BytesIO()
    templates = [PageTemplate("first", first, onPage=furniture)]
    if later is not None:
        templates.append(PageTemplate("later", later, onPage=furniture))
    BaseDocTemplate(buffer, pagesize=A4, pageTemplates=templates, invariant=1).build(flow)
    with pikepdf.open(io.BytesIO(buffer.getvalue())) as pdf:
        save_pdf(pdf, path, paper.title)
