"""Scanned pages in PDF files, with tesseract and without."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from pdf_samples import extract, texts
from scan_samples import TEXTS, draw_lines, needs_tesseract, picture, scan, shifted, unmapped

from evidence_mapper.domain.document import ExtractedDocument
from evidence_mapper.errors import NoTextLayer
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.ocr.picture import despeckled, skew_of, turned, whitened
from evidence_mapper.extract.ocr.program import VARIABLE, find_tesseract
from evidence_mapper.extract.ocr.tsv import parse_words
from evidence_mapper.extract.pool import ExtractionPool
from evidence_mapper.segment import segment


@pytest.fixture
def tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.fixture
def no_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "off")


@needs_tesseract
@pytest.mark.parametrize("skew", [0.0, 2.0, -3.0])
def test_a_grainy_crooked_scan_is_read_word_for_word(tmp_path: Path, tesseract: None, skew: float) -> None:
    document = extract(scan(tmp_path / "scan.pdf", picture(skew=skew)))
    assert texts(document) == list(TEXTS)
    assert document.extractor.startswith("pdf/3+tesseract-")
    assert document.unread_pages == ()
    assert document.warnings == ("page 1: read by text recognition; compare quotes with the page",)
    for block in document.blocks:
        assert block.location.page == 1
        assert block.location.confidence is not None
        assert block.location.confidence > 0.9
        assert block.location.label() == "p. 1, scan"


@needs_tesseract
def test_a_box_lies_round_its_words_on_the_crooked_page(tmp_path: Path, tesseract: None) -> None:
    """All ink of the page falls into the boxes, which are no larger than the crooked lines ask for."""
    path = scan(tmp_path / "scan.pdf", picture(grain=0.0, skew=2.0))
    document = extract(path)
    shown = pdfium.PdfDocument(path)[0].render(scale=1, grayscale=True).to_numpy()
    ys, xs = np.nonzero(shown < 100)
    boxes = [b.location.bbox for b in document.blocks if b.location.bbox]
    height = shown.shape[0]
    inside = [
        any(box[0] - 2 <= x <= box[2] + 2 and box[1] - 2 <= height - y <= box[3] + 2 for box in boxes)
        for x, y in zip(xs, ys, strict=True)
    ]
    assert np.mean(inside) > 0.995
    assert sum(box[3] - box[1] for box in boxes) < 3 * (3 * 14 + 25)


@needs_tesseract
def test_a_page_on_its_side_is_read(tmp_path: Path, tesseract: None) -> None:
    sideways = picture().rotate(90, expand=True)
    document = extract(scan(tmp_path / "scan.pdf", sideways))
    assert texts(document) == list(TEXTS)
    box = document.blocks[0].location.bbox
    assert box is not None
    assert box[3] - box[1] > box[2] - box[0]


@needs_tesseract
def test_scanned_pages_among_others_keep_their_place(tmp_path: Path, tesseract: None) -> None:
    first, last = "This page has words that can be read.", "So has this one, which comes after the scan."
    document = extract(scan(tmp_path / "mixed.pdf", first, picture(TEXTS[:1]), last))
    assert texts(document) == [first, TEXTS[0], last]
    assert [b.location.confidence is None for b in document.blocks] == [True, False, True]


@needs_tesseract
def test_poor_words_are_marked_as_doubtful_through_to_the_passage(tmp_path: Path, tesseract: None) -> None:
    small = picture(dpi=55, grain=0.0)  # too coarse to read without mistakes
    document = extract(scan(tmp_path / "scan.pdf", small.resize((1654, 2339))))
    doubtful = [b for b in document.blocks if b.location.is_doubtful]
    assert doubtful
    assert all(b.location.label() == "p. 1, scan, may be misread" for b in doubtful)
    drafts = segment(document).drafts
    assert any(draft.location.is_doubtful for draft in drafts)


@needs_tesseract
def test_a_stamp_on_a_scan_does_not_hide_it(tmp_path: Path, tesseract: None) -> None:
    path = scan(tmp_path / "scan.pdf", picture(TEXTS))
    import pikepdf

    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0]
        page.contents_add(b"BT /F1 9 Tf 400 20 Td (Page 45 Agenda item 7, appendix B) Tj ET")
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1)
        font.BaseFont = pikepdf.Name.Helvetica
        page.obj.Resources["/Font"] = pikepdf.Dictionary(F1=font)
        pdf.save(path)
    document = extract(path)
    assert [t for t in texts(document) if t in TEXTS] == list(TEXTS)


@needs_tesseract
def test_a_page_that_shows_no_words_either_is_named(tmp_path: Path, tesseract: None) -> None:
    """The page shows shifted letters, which recognition reads no better."""
    lines = [
        shifted(line) for line in ("The council agreed that every adult will be seen within two weeks",) * 8
    ]
    with pytest.raises(NoTextLayer, match=r"page 1.*which text recognition cannot read"):
        extract(draw_lines(tmp_path / "odd.pdf", lines))


@needs_tesseract
def test_words_behind_a_wrong_font_map_are_read_as_they_are_shown(tmp_path: Path, tesseract: None) -> None:
    shown = ["The council agreed that every adult will be seen within", "two weeks of asking for help."] * 5
    path = draw_lines(tmp_path / "odd.pdf", shown)
    unmapped(path)
    raw = pdfium.PdfDocument(path)[0].get_textpage().get_text_range()
    assert "council" not in raw
    document = extract(path)
    assert " ".join(texts(document)) == " ".join(shown)
    assert document.unread_pages == ()


@needs_tesseract
def test_a_scan_in_a_worker_asks_for_the_time_it_needs(tmp_path: Path, tesseract: None) -> None:
    """The document's own deadline is far too short for recognition; each page brings its own time."""
    path = scan(tmp_path / "scan.pdf", *[picture(TEXTS[:1])] * 3)
    with ExtractionPool(workers=1, limits=Limits(seconds=3.0, page_seconds=60.0)) as pool:
        ((_, result),) = pool.run([path])
    assert isinstance(result, ExtractedDocument), result
    assert [b.text for b in result.blocks] == [TEXTS[0]] * 3


def test_without_tesseract_the_page_is_named_with_the_way_to_get_it(
    tmp_path: Path, no_tesseract: None
) -> None:
    document = extract(scan(tmp_path / "mixed.pdf", "This page has words that can be read.", picture()))
    assert document.unread_pages == (2,)
    (warning,) = document.warnings
    assert warning.startswith("page 2: a picture without usable text, not read; install tesseract")
    assert "Windows" in warning
    assert "apt-get install tesseract-ocr" in warning
    assert document.extractor == "pdf/3"


def test_without_tesseract_a_whole_scan_is_refused(tmp_path: Path, no_tesseract: None) -> None:
    with pytest.raises(NoTextLayer, match=r"page 1.*install tesseract"):
        extract(scan(tmp_path / "scan.pdf", picture()))


def test_a_tesseract_that_does_not_run_counts_as_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "tesseract"))
    assert find_tesseract() is None


def test_text_of_unmapped_fonts_is_left_out_of_nothing_but_named(tmp_path: Path, no_tesseract: None) -> None:
    lines = [
        shifted(line) for line in ("The council agreed that every adult will be seen within two weeks",) * 8
    ]
    path = scan(tmp_path / "odd.pdf", "This page has words that can be read.")
    import pikepdf

    draw_lines(tmp_path / "two.pdf", lines)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf, pikepdf.open(tmp_path / "two.pdf") as other:
        pdf.pages.extend(other.pages)
        pdf.save(path)
    document = extract(path)
    assert document.unread_pages == (2,)
    kept = " ".join([*texts(document), *(e.text for e in document.exclusions)])
    assert shifted("agreed") in kept


@pytest.mark.parametrize("angle", [-4.0, -1.3, 0.0, 0.7, 2.0, 4.5])
def test_skew_is_measured_to_a_fifth_of_a_degree(angle: float) -> None:
    assert skew_of(np.asarray(picture(skew=angle))) == pytest.approx(angle, abs=0.2)


def test_a_blank_or_tiny_picture_has_no_skew() -> None:
    assert skew_of(np.full((300, 200), 255, np.uint8)) == 0.0
    assert skew_of(np.zeros((1, 1), np.uint8)) == 0.0


def test_specks_go_and_strokes_stay() -> None:
    page = np.full((60, 60), 230, np.uint8)
    page[20:40, 30:33] = 10
    dirty = page.copy()
    dirty[10, 10] = 0
    cleaned = despeckled(dirty)
    assert cleaned[10, 10] == 230
    assert (cleaned[21:39, 30:33] == 10).all()
    assert np.max(whitened(page)) == 255
    assert whitened(page)[30, 31] < 30
    assert turned(page, 5.0).shape[0] > 60


def test_a_table_of_words_is_read_whatever_it_holds() -> None:
    head = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
    good = "5\t1\t1\t2\t3\t1\t10\t20\t30\t12\t91.5\tcarers"
    table = "\n".join(
        [head, "4\t1\t1\t2\t3\t0\t10\t20\t30\t12\t-1\t", good, "5\tx", good.replace("91.5", "-1")]
    )
    (word,) = parse_words(table + "\r\n" + good.replace("carers", "  "))
    assert (word.text, word.box, word.confidence, word.line) == ("carers", (10, 20, 40, 32), 0.915, (1, 2, 3))
    assert parse_words("") == []
