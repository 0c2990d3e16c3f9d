"""Make scanned pages for tests: text drawn as a picture, turned and made grainy."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate

from evidence_mapper.extract.ocr.program import VARIABLE, find_tesseract

BODY = ParagraphStyle("body", fontName="Times-Roman", fontSize=11, leading=14, spaceAfter=8)

TEXTS = (
    (
        "Carers told the panel that the wait for an assessment has fallen from eleven weeks to five since "
        "the new team began, and that nobody now has to tell their story twice."
    ),
    (
        "The safeguarding board looked at forty closed enquiries. In thirty-four of them the person had been "
        "asked what they wanted to happen, and the answer was written down in their own words."
    ),
    (
        "Members noted that the reablement service helped 412 people in the quarter, of whom 71% needed no "
        "further support after six weeks."
    ),
)


def _installed() -> bool:
    before = os.environ.pop(VARIABLE, None)
    try:
        found = find_tesseract()
        return found is not None and found.reads_english
    finally:
        if before is not None:
            os.environ[VARIABLE] = before


needs_tesseract = pytest.mark.skipif(
    not _installed(), reason="tesseract with English is not installed (Debian: apt-get install tesseract-ocr)"
)


def picture(
    texts: Sequence[str] = TEXTS, *, dpi: int = 200, grain: float = 15.0, skew: float = 0.0
) -> Image.Image:
    """Return a grey picture of a page with the texts as paragraphs; ``skew`` in degrees anticlockwise."""
    stream = io.BytesIO()
    SimpleDocTemplate(stream, pagesize=A4).build([Paragraph(text, BODY) for text in texts])
    document = pdfium.PdfDocument(stream.getvalue())
    page: Image.Image = document[0].render(scale=dpi / 72, grayscale=True).to_pil()
    document.close()
    turned = page.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=255)
    noise = np.random.default_rng(1)
    grey = np.asarray(turned).astype(float)
    grey += noise.normal(0, grain, grey.shape) if grain else 0.0
    if grain:
        grey[noise.random(grey.shape) < 0.002] = 0
    return Image.fromarray(grey.clip(0, 255).astype(np.uint8))


def scan(path: Path, *pages: Image.Image | str) -> Path:
    """Write a PDF: pictures as scanned pages, strings as pages with text."""
    canvas = Canvas(str(path), pagesize=A4)
    for page in pages:
        if isinstance(page, str):
            canvas.drawString(72, 700, page)
        else:
            stream = io.BytesIO()
            page.save(stream, "JPEG", quality=80)
            stream.seek(0)
            size = A4 if page.height > page.width else landscape(A4)
            canvas.setPageSize(size)
            canvas.drawImage(ImageReader(stream), 0, 0, *size)
        canvas.showPage()
    canvas.save()
    return path


def shifted(text: str) -> str:
    """Return what a font without a Unicode map makes of a text: every letter another."""
    return "".join(chr(ord(c) - 29) if "A" <= c <= "z" else c for c in text)


def unmapped(path: Path) -> None:
    """Give the font of the file's first page a wrong map: the page shows words, and its text is others."""
    import pikepdf

    lines = "\n".join(f"<{code:02x}> <{code - 29:04x}>" for code in range(0x41, 0x7B))
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Odd def /CMapType 2 def "
        f"1 begincodespacerange <00> <ff> endcodespacerange {0x7B - 0x41} beginbfchar\n{lines}\nendbfchar "
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    )
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for font in pdf.pages[0].obj.Resources.Font.values():
            font.ToUnicode = pdf.make_stream(cmap.encode())
        pdf.save(path)


def draw_lines(path: Path, lines: Sequence[str], **more: Any) -> Path:
    """Write a page of plain lines, 14 points apart."""
    canvas = Canvas(str(path), pagesize=A4, **more)
    for index, line in enumerate(lines):
        canvas.drawString(72, 780 - 14 * index, line)
    canvas.save()
    return path
