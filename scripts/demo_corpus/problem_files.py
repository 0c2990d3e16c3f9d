"""Files that a reader must refuse, each for its own reason."""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Final

import pikepdf
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from demo_corpus.fixed import save_pdf
from demo_corpus.markup import read

PASSWORD: Final = "larkhithe"
"""Opens the encrypted file."""
_PAGE: Final = (910, 1287)
"""A4 at 110 dots an inch, in pixels."""
_SEED: Final = 12031924
_OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def write_scanned(path: Path) -> None:
    """Write a PDF whose pages are pictures of text, a little crooked and speckled."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    pages = read("problem-files/scanned-carers-forum-minutes.txt").split("---\n")
    for number, text in enumerate(pages):
        picture = io.BytesIO()
        _scan(text, number).save(picture, "JPEG", quality=40)
        canvas.drawImage(ImageReader(picture), 0, 0, *A4)
        canvas.showPage()
    canvas.save()
    with pikepdf.open(io.BytesIO(buffer.getvalue())) as pdf:
        save_pdf(pdf, path, "Scan_20240402_093311")


def _scan(text: str, number: int) -> Image.Image:
    page = Image.new("L", _PAGE, 244)
    ImageDraw.Draw(page).multiline_text((95, 110), text, fill=40, font=ImageFont.load_default(20), spacing=9)
    page = page.rotate(0.7 - number, resample=Image.Resampling.BICUBIC, fillcolor=244)
    page = page.filter(ImageFilter.GaussianBlur(0.6))
    rng = random.Random(_SEED + number)
    for _ in range(1400):
        spot = (rng.randrange(_PAGE[0]), rng.randrange(_PAGE[1]))
        page.putpixel(spot, rng.randrange(120, 225))
    return page


def write_truncated(whole: Path, path: Path) -> None:
    """Write the first part of a PDF, as when a copy is broken off."""
    data = whole.read_bytes()
    path.write_bytes(data[: len(data) // 3])


def write_encrypted(whole: Path, path: Path) -> None:
    """Write a copy of a PDF that asks for a password.

    The cipher is an old one because newer ones salt with chance and so give other bytes every time.
    """
    with pikepdf.open(whole) as pdf:
        encryption = pikepdf.Encryption(owner=PASSWORD, user=PASSWORD, R=3, aes=False, metadata=False)
        pdf.save(path, static_id=True, encryption=encryption)


def write_empty(path: Path) -> None:
    """Write a file of no bytes."""
    path.write_bytes(b"")


def write_legacy_doc(path: Path) -> None:
    """Write the beginning of a Word 97 document: enough to know it by, not enough to read."""
    sector = _OLE_MAGIC + bytes(16) + b"\x3e\x00\x03\x00\xfe\xff\x09\x00" + bytes(480)
    directory = "Root Entry".encode("utf-16-le").ljust(128, b"\0")
    directory += "WordDocument".encode("utf-16-le").ljust(128, b"\0")
    words = "Supervision policy, 2009. Superseded.".encode("cp1252")
    path.write_bytes((sector + directory + words).ljust(4096, b"\0"))
