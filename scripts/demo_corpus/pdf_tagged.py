"""A tagged PDF: cover, contents page, sections, lists, a table, running header and footer."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pikepdf
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, SimpleDocTemplate, Spacer

from demo_corpus.fixed import save_pdf
from demo_corpus.markup import Block, Paper
from demo_corpus.pdf_flowables import ContentsLine, TaggedParagraph, TaggedTable, tagged
from demo_corpus.pdf_styles import STYLES, escape
from demo_corpus.pdf_tags import Marker, Tag, write_structure

_MARGIN: Final = 25 * mm
_WIDTH: Final = A4[0] - 2 * _MARGIN


@dataclass
class _Story:
    """Flowables and the tags they fill, built side by side."""

    paper: Paper
    pages: list[str]
    """Page number of each heading, from an earlier pass; empty on the first."""
    marker: Marker = field(default_factory=Marker)
    document: Tag = field(default_factory=lambda: Tag("Document"))
    flow: list[Any] = field(default_factory=list)
    headings: list[Tag] = field(default_factory=list)
    list_tag: Tag | None = None
    list_kind: str = ""
    count: int = 0

    def build(self) -> None:
        self._text("Title", self.paper.title, "cover")
        self._text("P", self.paper.meta["subtitle"], "cover-sub")
        self._text("P", self.paper.meta["footer"], "cover-sub")
        self.flow.append(PageBreak())
        self._contents()
        self.flow.append(PageBreak())
        for block in self.paper.blocks:
            self._block(block)

    def _text(self, role: str, text: str, style: str) -> Tag:
        tag = self.document.add(role)
        self.flow.append(tagged(escape(text), STYLES[style], self.marker, tag))
        return tag

    def _contents(self) -> None:
        self._text("P", "Contents", "contents-title")
        contents = self.document.add("TOC")
        headings = [b for b in self.paper.blocks if b.kind == "heading"]
        for index, block in enumerate(headings):
            page = self.pages[index] if self.pages else "0"
            line = ContentsLine(
                block.text, page, indent=14 * (block.level - 1), marker=self.marker, tag=contents.add("TOCI")
            )
            self.flow.append(line)

    def _block(self, block: Block) -> None:
        if block.kind in {"bullet", "numbered"}:
            self._item(block)
            return
        self.list_tag, self.list_kind = None, ""
        if block.kind == "heading":
            self.headings.append(self._text(f"H{block.level}", block.text, f"h{block.level}"))
        elif block.kind == "table":
            self._table(block)
        else:
            self._text("P", block.text, "body")

    def _item(self, block: Block) -> None:
        if self.list_tag is None or self.list_kind != block.kind:
            self.list_tag, self.list_kind, self.count = self.document.add("L"), block.kind, 0
        self.count += 1
        item = self.list_tag.add("LI")
        label_tag, body = item.add("Lbl"), item.add("LBody")
        paragraph: TaggedParagraph = tagged(escape(block.text), STYLES["item"], self.marker, body)
        paragraph.label_tag = label_tag
        paragraph.label = "•" if block.kind == "bullet" else f"{self.count}."
        self.flow.append(paragraph)

    def _table(self, block: Block) -> None:
        table = self.document.add("Table")
        cells = []
        for index, row in enumerate(block.rows):
            row_tag = table.add("TR")
            role, style = ("TH", "cell-head") if index == 0 else ("TD", "cell")
            cells.append(
                [tagged(escape(c), STYLES[style], self.marker, row_tag.add(role).add("P")) for c in row]
            )
        widths = [_WIDTH * share for share in (0.22, 0.53, 0.25)]
        self.flow += [Spacer(1, 4), TaggedTable(cells, widths, self.marker), Spacer(1, 8)]


def write_tagged_pdf(paper: Paper, path: Path) -> None:
    """Write a paper as a tagged PDF, laying it out twice to learn the page numbers of its headings."""
    first, _ = _lay_out(paper, [])
    pages = [str(tag.first_page() + 1) for tag in first.headings]
    story, data = _lay_out(paper, pages)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        write_structure(pdf, story.document, "en-GB")
        save_pdf(pdf, path, paper.title)


def _lay_out(paper: Paper, pages: list[str]) -> tuple[_Story, bytes]:
    story = _Story(paper, pages)
    story.build()
    buffer = io.BytesIO()
    template = SimpleDocTemplate(
        buffer, pagesize=A4, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=28 * mm,
        bottomMargin=25 * mm, invariant=1,
    )  # fmt: skip

    def furniture(canvas: Canvas, _template: SimpleDocTemplate) -> None:
        if canvas.getPageNumber() == 1:
            return
        canvas.setFont("Helvetica", 8)
        story.marker.begin_artifact(canvas, "Header")
        canvas.drawString(_MARGIN, A4[1] - 16 * mm, f"{paper.title}: {paper.meta['subtitle']}")
        story.marker.end(canvas)
        story.marker.begin_artifact(canvas, "Footer")
        canvas.drawString(_MARGIN, 14 * mm, paper.meta["footer"])
        canvas.drawRightString(A4[0] - _MARGIN, 14 * mm, f"Page {canvas.getPageNumber()}")
        story.marker.end(canvas)

    template.build(story.flow, onFirstPage=furniture, onLaterPages=furniture)
    return story, buffer.getvalue()
