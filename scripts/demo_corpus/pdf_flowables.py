"""Flowables that mark what they draw with its tag."""

from __future__ import annotations

from typing import Any, Final

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, Paragraph

from demo_corpus.pdf_tags import Marker, Tag

_RULE: Final = HexColor("#8a9aa8")
_PAD: Final = 4.0


class TaggedParagraph(Paragraph):  # type: ignore[misc]
    """A paragraph whose parts on every page carry one tag; a list label may stand before it."""

    marker: Marker
    tag: Tag
    label: str = ""
    label_tag: Tag | None = None

    def split(self, width: float, height: float) -> list[Any]:
        """Split over a page break; the label stays with the first part."""
        parts: list[Any] = super().split(width, height)
        for index, part in enumerate(parts):
            part.marker, part.tag = self.marker, self.tag
            if index == 0:
                part.label, part.label_tag = self.label, self.label_tag
        return parts

    def draw(self) -> None:
        """Draw the label and the text, each in its own marked content."""
        if self.label_tag is not None:
            self.marker.begin(self.canv, self.label_tag)
            size, font = self.style.fontSize, self.style.fontName
            self.canv.setFont(font, size)
            left = self.style.leftIndent - 14
            self.canv.drawString(left, self.height - size, self.label)
            self.marker.end(self.canv)
        self.marker.begin(self.canv, self.tag)
        super().draw()
        self.marker.end(self.canv)


def tagged(text: str, style: ParagraphStyle, marker: Marker, tag: Tag) -> TaggedParagraph:
    """Return a paragraph that is marked with a tag."""
    paragraph = TaggedParagraph(text, style)
    paragraph.marker, paragraph.tag = marker, tag
    return paragraph


class ContentsLine(Flowable):  # type: ignore[misc]
    """One line of the contents page: a heading, dots, a page number."""

    def __init__(self, text: str, page: str, *, indent: float, marker: Marker, tag: Tag) -> None:
        super().__init__()
        self.text, self.page, self.indent = text, page, indent
        self.marker, self.tag = marker, tag

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Take the whole width and one line."""
        self.width = width
        return width, 18.0

    def draw(self) -> None:
        """Draw the line in one piece of marked content."""
        canvas = self.canv
        self.marker.begin(canvas, self.tag)
        canvas.setFont("Helvetica", 10.5)
        canvas.drawString(self.indent, 5, self.text)
        start = self.indent + stringWidth(self.text, "Helvetica", 10.5) + 6
        dots = int((self.width - 24 - start) / stringWidth(".", "Helvetica", 10.5))
        canvas.drawString(start, 5, "." * dots)
        canvas.drawRightString(self.width, 5, self.page)
        self.marker.end(canvas)


class TaggedTable(Flowable):  # type: ignore[misc]
    """A small ruled table that stays on one page; cells are paragraphs."""

    def __init__(self, cells: list[list[TaggedParagraph]], widths: list[float], marker: Marker) -> None:
        super().__init__()
        self.cells, self.widths, self.marker = cells, widths, marker
        self.heights: list[float] = []

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Take the widths given and the height the tallest cell of each row asks for."""
        self.heights = [
            max(c.wrap(w - 2 * _PAD, 1000)[1] for c, w in zip(row, self.widths, strict=True)) + 2 * _PAD
            for row in self.cells
        ]
        return sum(self.widths), sum(self.heights)

    def draw(self) -> None:
        """Draw the cells row by row, then the rules as an artefact."""
        top = sum(self.heights)
        edges = [top]
        for row, height in zip(self.cells, self.heights, strict=True):
            left = 0.0
            for cell, width in zip(row, self.widths, strict=True):
                cell.drawOn(self.canv, left + _PAD, top - _PAD - cell.height)
                left += width
            top -= height
            edges.append(top)
        self.marker.begin_artifact(self.canv)
        self.canv.setStrokeColor(_RULE)
        self.canv.setLineWidth(0.5)
        for y in edges:
            self.canv.line(0, y, sum(self.widths), y)
        for index in range(len(self.widths) + 1):
            x = sum(self.widths[:index])
            self.canv.line(x, 0, x, edges[0])
        self.marker.end(self.canv)
