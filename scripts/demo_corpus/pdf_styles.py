"""Paragraph styles of the PDF papers, in the standard fonts every reader has."""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle

__all__ = ["STYLES", "escape"]

_INK: Final = HexColor("#1d3c56")


def _style(name: str, size: float, **more: object) -> ParagraphStyle:
    values = {"fontName": "Helvetica", "fontSize": size, "leading": size * 1.35} | more
    return ParagraphStyle(name, **values)


def _heading(name: str, size: float, before: float) -> ParagraphStyle:
    return _style(
        name,
        size,
        fontName="Helvetica-Bold",
        textColor=_INK,
        spaceBefore=before,
        spaceAfter=5,
        keepWithNext=1,
    )


STYLES: Final = {
    style.name: style
    for style in (
        _style("cover", 30, fontName="Helvetica-Bold", textColor=_INK, spaceBefore=160, spaceAfter=18),
        _style("cover-sub", 15, spaceAfter=10),
        _style("contents-title", 17, fontName="Helvetica-Bold", textColor=_INK, spaceAfter=10),
        _heading("h1", 16, 14),
        _heading("h2", 12.5, 9),
        _style("body", 10.5, spaceAfter=7),
        _style("item", 10.5, leftIndent=18, spaceAfter=3),
        _style("cell", 9),
        _style("cell-head", 9, fontName="Helvetica-Bold"),
        _style("narrow", 11, fontName="Times-Roman", spaceAfter=5),
        _style("narrow-item", 11, fontName="Times-Roman", leftIndent=12, bulletIndent=2, spaceAfter=3),
        _heading("narrow-h1", 13, 10),
        _heading("narrow-h2", 11, 7),
        _style("narrow-title", 20, fontName="Helvetica-Bold", textColor=_INK, spaceAfter=4),
    )
}
