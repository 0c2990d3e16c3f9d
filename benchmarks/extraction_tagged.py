"""Tagged papers as their own truth: paragraphs by the structure tree, furniture by artefact marks."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.pdf.flow import build_lines
from evidence_mapper.extract.pdf.furniture import find_furniture
from evidence_mapper.extract.pdf.model import Line, PageContent
from evidence_mapper.extract.pdf.page import read_page
from evidence_mapper.extract.pdf.reader import open_document, open_page
from evidence_mapper.extract.pdf.ruled import TableFinder

_SHORTEST = 40
"""Characters of a paragraph that is looked for."""


def tagged_paragraphs(path: Path) -> list[str]:
    """Return the text of every P and LBody element of at least 40 characters, page by page.

    Read straight from PDFium's structure tree and characters, by none of the extractor's code.
    """
    found: list[str] = []
    document = pdfium.PdfDocument(path)
    for page in document:
        text = page.get_textpage()
        tree = raw.FPDF_StructTree_GetForPage(page)
        if tree:
            by_id = _text_by_id(text.raw)
            for index in range(raw.FPDF_StructTree_CountChildren(tree)):
                _walk(raw.FPDF_StructTree_GetChildAtIndex(tree, index), by_id, found)
            raw.FPDF_StructTree_Close(tree)
        text.close()
        page.close()
    document.close()
    return [text for text in found if len("".join(text.split())) >= _SHORTEST]


def _text_by_id(text_page: Any) -> dict[int, str]:  # noqa: ANN401 - PDFium's handle
    texts: dict[int, list[str]] = {}
    mcid = -1
    for index in range(raw.FPDFText_CountChars(text_page)):
        handle = raw.FPDFText_GetTextObject(text_page, index)
        if handle:
            mcid = raw.FPDFPageObj_GetMarkedContentID(handle)
        code = raw.FPDFText_GetUnicode(text_page, index)
        texts.setdefault(mcid, []).append("-" if code == 2 else chr(code))
    return {key: "".join(chars) for key, chars in texts.items()}


def _walk(element: Any, by_id: dict[int, str], found: list[str]) -> str:  # noqa: ANN401 - PDFium's handle
    """Return the element's own running text; paragraphs below it go to ``found``."""
    if not element:
        return ""
    buffer = ctypes.create_string_buffer(128)
    length = raw.FPDF_StructElement_GetType(element, buffer, len(buffer))
    role = buffer.raw[: min(length, 128)].decode("utf-16-le", "replace").rstrip("\0")
    own = []
    for index in range(raw.FPDF_StructElement_CountChildren(element)):
        child = raw.FPDF_StructElement_GetChildAtIndex(element, index)
        if child:
            own.append(_walk(child, by_id, found))
        else:
            own.append(by_id.get(raw.FPDF_StructElement_GetChildMarkedContentID(element, index), ""))
    text = "".join(own)
    if role in {"P", "LBody"}:
        found.append(text)
        return ""
    return text if role in {"Span", "Link", "Reference", "Em", "Strong", "Quote"} else ""


@dataclass
class Furniture:
    """Lines judged by their look alone, against the file's own artefact marks."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    wrong_texts: tuple[str, ...] = ()
    missed_texts: tuple[str, ...] = ()

    @property
    def precision(self) -> float:
        """Share of removed lines that are furniture."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Share of furniture that is removed."""
        return self.right / max(1, self.right + self.missed)


def judge_furniture(path: Path) -> Furniture | None:
    """Read a tagged file with its tags hidden; None when it marks artefacts on fewer than half its pages."""
    pages = list(_pages(path))
    marked = [(page, build_lines(page.fragments)) for page in pages]
    truth = {
        (page.number, _place(line))
        for page, lines in marked
        for line in lines
        if _is_marked(line) and line.text.strip() and _in_margin(page, line)
    }
    if not pages or len({number for number, _ in truth}) < len(pages) / 2:
        return None
    hidden = [_untagged(page) for page in pages]
    lined = [(page, build_lines(page.fragments)) for page in hidden]
    taken = find_furniture(lined, {})
    removed = {
        (page.number, _place(line)): line.text
        for page, lines in lined
        for line in lines
        if id(line) in taken and line.text.strip()
    }
    texts = {(p.number, _place(line)): line.text for p, lines in marked for line in lines}
    return Furniture(
        right=len(truth & removed.keys()),
        wrong=len(removed.keys() - truth),
        missed=len(truth - removed.keys()),
        wrong_texts=tuple(sorted(f"{k[0]}: {removed[k]}" for k in removed.keys() - truth)),
        missed_texts=tuple(sorted(f"{k[0]}: {texts[k]}" for k in truth - removed.keys())),
    )


def _is_marked(line: Line) -> bool:
    return all(f.artefact for f in line.fragments if f.text.strip())


def _in_margin(page: PageContent, line: Line) -> bool:
    """Return True in the outer 14 % of the page: some programs mark diagrams and table heads as artefacts."""
    middle = (line.box[1] + line.box[3]) / 2 / page.frame.height
    return not 0.14 <= middle <= 0.86


def _place(line: Line) -> tuple[str, int]:
    return re.sub(r"\s+", "", line.text), round(line.box[1])


def _pages(path: Path) -> Iterator[PageContent]:
    with open_document(path, Limits()) as (document, data):
        finder = TableFinder(data, 30.0)
        for index in range(len(document)):
            with open_page(document, index) as (page, text):
                yield read_page(index + 1, page, text, finder)
        finder.close()


def _untagged(page: PageContent) -> PageContent:
    plain = [replace(f, mcid=-1, artefact=False) for f in page.fragments]
    return replace(page, nodes=[], fragments=plain)


def total(found: Sequence[Furniture]) -> Furniture:
    """Return the counts of all files together."""
    return Furniture(
        right=sum(f.right for f in found),
        wrong=sum(f.wrong for f in found),
        missed=sum(f.missed for f in found),
    )
