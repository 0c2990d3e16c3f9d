"""Pictures of pages as documents."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scan_samples import TEXTS, needs_tesseract, picture

from evidence_mapper.errors import DamagedFile, EmptyFile, LimitExceeded, NoTextLayer
from evidence_mapper.extract import picture_file
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.ocr.program import VARIABLE
from evidence_mapper.extract.registry import extract_file


@pytest.fixture
def tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


@needs_tesseract
@pytest.mark.parametrize("name", ["page.png", "page.jpg", "page.tif"])
def test_a_picture_of_a_page_is_read(tmp_path: Path, tesseract: None, name: str) -> None:
    path = tmp_path / name
    picture(skew=1.0).save(path, dpi=(200, 200))
    document = extract_file(path)
    assert [b.text for b in document.blocks] == list(TEXTS)
    assert document.extractor.startswith("image/2+tesseract-")
    assert document.pages == 1
    assert document.media_type == {"png": "image/png", "jpg": "image/jpeg", "tif": "image/tiff"}[name[5:]]
    box = document.blocks[0].location.bbox
    assert box is not None
    assert 60 < box[0] < 110  # points of the A4 page, as in a PDF
    assert 700 < box[3] < 800


@needs_tesseract
def test_every_page_of_a_tiff_is_read(tmp_path: Path, tesseract: None) -> None:
    path = tmp_path / "pages.tif"
    pages = [picture([text]) for text in TEXTS]
    pages[0].save(path, save_all=True, append_images=pages[1:], dpi=(200, 200))
    document = extract_file(path)
    assert [(b.text, b.location.page) for b in document.blocks] == [(t, n) for n, t in enumerate(TEXTS, 1)]
    assert document.pages == 3
    cut = extract_file(path, Limits(pages=2))
    assert [b.text for b in cut.blocks] == list(TEXTS[:2])
    assert any("only the first 2 of 3 pages" in warning for warning in cut.warnings)


@needs_tesseract
def test_a_photograph_turned_by_the_camera_is_read_upright(tmp_path: Path, tesseract: None) -> None:
    path = tmp_path / "photo.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6  # shown turned clockwise by a quarter
    picture().rotate(90, expand=True).save(path, exif=exif, dpi=(72, 72))
    assert [b.text for b in extract_file(path).blocks] == list(TEXTS)


@needs_tesseract
def test_a_picture_without_words_says_so(tmp_path: Path, tesseract: None) -> None:
    path = tmp_path / "wall.png"
    Image.fromarray(np.full((400, 300), 200, np.uint8)).save(path)
    with pytest.raises(EmptyFile, match="no words were found"):
        extract_file(path)


def test_without_tesseract_a_picture_is_refused_with_the_way_to_get_it(tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    picture().save(path)
    with pytest.raises(NoTextLayer, match=r"page\.png.*install tesseract.*apt-get"):
        extract_file(path)


def test_a_broken_picture_is_called_broken(tmp_path: Path) -> None:
    whole = io.BytesIO()
    picture().save(whole, "PNG")
    path = tmp_path / "page.png"
    path.write_bytes(whole.getvalue()[:5_000])
    with pytest.raises(DamagedFile, match=r"page\.png"):
        extract_file(path)


def test_a_huge_picture_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    """Its bytes say 40,000 by 40,000 pixels; nothing of that size is ever made."""
    data = io.BytesIO()
    Image.new("1", (8, 8)).save(data, "PNG")
    raw = bytearray(data.getvalue())
    raw[16:24] = (40_000).to_bytes(4, "big") * 2
    import zlib

    raw[29:33] = zlib.crc32(bytes(raw[12:29])).to_bytes(4, "big")
    path = tmp_path / "huge.png"
    path.write_bytes(bytes(raw))
    with pytest.raises(LimitExceeded, match="million pixels"):
        extract_file(path)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F"])
def test_pictures_of_every_mode_become_grey(tmp_path: Path, mode: str) -> None:
    grey = np.full((40, 30), 250, np.uint8)
    grey[10:20, 10:20] = 20
    if mode == "I;16":
        source = Image.fromarray(grey.astype(np.uint16) * 200)
    else:
        source = Image.fromarray(grey).convert(mode)
    path = tmp_path / ("page.tif" if mode in {"CMYK", "I;16", "I", "F"} else "page.png")
    source.save(path)
    (frame,) = picture_file.frames(path, Limits())
    shown = np.asarray(frame.picture)
    assert shown.shape == (40, 30)
    assert shown[15, 15] < 90 < shown[30, 5]


def test_what_is_transparent_is_paper(tmp_path: Path) -> None:
    path = tmp_path / "clear.png"
    Image.new("RGBA", (30, 40), (0, 0, 0, 0)).save(path)
    (frame,) = picture_file.frames(path, Limits())
    assert np.asarray(frame.picture).min() == 255


@pytest.mark.parametrize(
    ("stated", "longest", "dpi"),
    [((300, 300), 3508, 300), (None, 1169, 100), ((72, 72), 4032, 345), ((0, 0), 0, 72)],
)
def test_the_resolution_is_the_stated_one_or_that_of_a_page(
    tmp_path: Path, stated: tuple[int, int] | None, longest: int, dpi: int
) -> None:
    path = tmp_path / "a.png"
    page = Image.new("L", (max(1, longest // 2), max(1, longest)), 255)
    if stated:
        page.save(path, dpi=stated)
    else:
        page.save(path)
    (frame,) = picture_file.frames(path, Limits())
    assert frame.dpi == pytest.approx(dpi, abs=1)
