"""Scanned pages with known text: rendered, turned, made grainy and put into a PDF as a picture."""

from __future__ import annotations

import html
import io
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
from extraction_texts import passages
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate

BODY = ParagraphStyle("body", fontName="Times-Roman", fontSize=11, leading=14, spaceAfter=8)


def make_scan(folder: Path, seed: int, *, dpi: int, grain: float, skew: float) -> tuple[Path, list[str]]:
    """Write a scan of one page, and return it with its paragraphs.

    Parameters
    ----------
    folder
        Where to.
    seed
        Of the text and the noise.
    dpi
        Of the picture.
    grain
        Standard deviation of the noise in grey levels; one pixel in 250 is black or white besides.
    skew
        Degrees, anticlockwise.
    """
    texts = passages(seed, 8)
    clean = folder / "clean.pdf"
    SimpleDocTemplate(str(clean), pagesize=A4).build([Paragraph(html.escape(text), BODY) for text in texts])
    document = pdfium.PdfDocument(clean)
    page = document[0].render(scale=dpi / 72, grayscale=True).to_pil()
    document.close()
    noise = np.random.default_rng(seed)
    turned = page.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=255)
    grey = np.asarray(turned).astype(float)
    grey += noise.normal(0, grain, grey.shape)
    specks = noise.random(grey.shape)
    grey[specks < 0.002], grey[specks > 0.998] = 0, 255
    stream = io.BytesIO()
    Image.fromarray(grey.clip(0, 255).astype(np.uint8)).save(stream, "JPEG", quality=75)
    stream.seek(0)
    path = folder / f"scan_{seed}_{dpi}.pdf"
    canvas = Canvas(str(path), pagesize=A4)
    canvas.drawImage(ImageReader(stream), 0, 0, *A4)
    canvas.save()
    return path, texts
