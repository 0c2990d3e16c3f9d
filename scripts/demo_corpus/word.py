"""Word documents: heading styles, lists, tables, footnotes and tracked changes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from demo_corpus.fixed import AUTHOR, WRITTEN, repack_zip
from demo_corpus.markup import Block, Paper
from demo_corpus.word_footnotes import Footnotes

_INLINE: Final = re.compile(r"\^\[(?P<note>[^\]]+)\]|\{--(?P<gone>.+?)--\}|\{\+\+(?P<new>.+?)\+\+\}")
_STYLES: Final = {"bullet": "List Bullet", "numbered": "List Number", "paragraph": "Normal"}


def write_docx(paper: Paper, path: Path) -> None:
    """Write a paper as a Word document."""
    document = Document()
    document.styles["Normal"].font.name = "Arial"
    document.styles["Normal"].font.size = Pt(11)
    document.add_paragraph(paper.title, style="Title")
    if "subtitle" in paper.meta:
        document.add_paragraph(paper.meta["subtitle"], style="Subtitle")
    _furniture(document, paper)
    footnotes = Footnotes()
    for block in paper.blocks:
        _add(document, block, footnotes)
    footnotes.attach(document)
    _properties(document, paper.title)
    buffer = io.BytesIO()
    document.save(buffer)
    repack_zip(buffer.getvalue(), path)


def _furniture(document: WordDocument, paper: Paper) -> None:
    section = document.sections[0]
    section.header.paragraphs[0].text = f"Brackenmouth Borough Council\t\t{paper.title}"
    section.footer.paragraphs[0].text = paper.meta.get("footer", "Adult Social Care and Health")


def _add(document: WordDocument, block: Block, footnotes: Footnotes) -> None:
    if block.kind == "heading":
        document.add_heading(block.text, level=block.level)
    elif block.kind == "table":
        table = document.add_table(rows=0, cols=len(block.rows[0]), style="Table Grid")
        for row in block.rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
        document.add_paragraph()
    else:
        paragraph = document.add_paragraph(style=_STYLES[block.kind])
        for piece in _pieces(block.text):
            _piece(paragraph, piece, footnotes)


def _pieces(text: str) -> Iterator[re.Match[str] | str]:
    end = 0
    for match in _INLINE.finditer(text):
        yield text[end : match.start()]
        yield match
        end = match.end()
    yield text[end:]


def _piece(paragraph: Paragraph, piece: re.Match[str] | str, footnotes: Footnotes) -> None:
    if isinstance(piece, str):
        if piece:
            paragraph.add_run(piece)
    elif piece["note"]:
        footnotes.add(paragraph, piece["note"])
    else:
        _tracked(paragraph, piece["new"] or piece["gone"], deleted=piece["gone"] is not None)


def _tracked(paragraph: Paragraph, text: str, *, deleted: bool) -> None:
    run = paragraph.add_run(text)
    change = OxmlElement("w:del" if deleted else "w:ins")
    change.set(qn("w:id"), str(900 + len(paragraph._p)))  # noqa: SLF001 - python-docx has no tracked changes
    change.set(qn("w:author"), "Policy Team")
    change.set(qn("w:date"), WRITTEN.strftime("%Y-%m-%dT%H:%M:%SZ"))
    run._r.addprevious(change)  # noqa: SLF001
    change.append(run._r)  # noqa: SLF001
    if deleted:
        for node in run._r.findall(qn("w:t")):  # noqa: SLF001
            node.tag = qn("w:delText")


def _properties(document: WordDocument, title: str) -> None:
    core = document.core_properties
    core.title, core.author, core.last_modified_by = title, AUTHOR, AUTHOR
    core.created = core.modified = WRITTEN.replace(tzinfo=None)
    core.comments = ""
