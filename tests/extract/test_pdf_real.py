"""Real council papers, where they are at hand: nothing lost, nothing cut, page by page."""

from __future__ import annotations

import re
import time
from collections import Counter
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from pdf_samples import extract

from evidence_mapper.domain.document import BlockKind, ExclusionReason
from evidence_mapper.extract.clean import clean

FOLDER = Path(__file__).parents[3] / "shared" / "real" / "council_papers"
PAPERS = sorted(FOLDER.glob("*.pdf"))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PAPERS, reason="the council papers are not part of the repository"),
]


def letters(text: str) -> Counter[str]:
    return Counter(char for char in clean(text) if char.isalpha())


def plain_text(path: Path) -> list[str]:
    """Return the text of each page as PDFium gives it, without any of this package's work."""
    document = pdfium.PdfDocument(path.read_bytes())
    pages = []
    for page in document:
        text_page = page.get_textpage()
        pages.append(text_page.get_text_range())
        text_page.close()
        page.close()
    document.close()
    return pages


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.stem)
def test_no_letter_is_lost(path: Path) -> None:
    document = extract(path)
    found = Counter[str]()
    for block in document.blocks:
        found.update(letters(block.text))
    for exclusion in document.exclusions:
        found.update(letters(exclusion.text))
    stated = letters("".join(plain_text(path)))
    lost = stated - found
    assert lost.total() <= max(1, 0.0002 * stated.total()), lost


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.stem)
def test_every_paragraph_stands_on_its_page(path: Path) -> None:
    """Words of a block are found, in order and unbroken, on the pages it names."""
    document = extract(path)
    pages = ["".join(re.findall(r"\w+", clean(text))) for text in plain_text(path)]
    running = [
        b
        for b in document.blocks
        if b.kind in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.HEADING}
        and b.location.page_end is None
        and len(b.text) >= 40
    ]
    whole = sum("".join(re.findall(r"\w+", b.text)) in pages[(b.location.page or 0) - 1] for b in running)
    assert whole >= 0.98 * len(running)


def test_headers_and_page_numbers_of_a_performance_report_are_left_out() -> None:
    document = extract(FOLDER / "quarterly-performance-report.pdf")
    furniture = [e.text for e in document.exclusions if e.reason is ExclusionReason.FURNITURE]
    assert furniture.count("Appendix 1") >= 69
    assert {str(n) for n in range(2, 70)} <= set(furniture)
    assert not any(b.text == "Appendix 1" for b in document.blocks)


def test_an_impact_assessment_gives_questions_as_headings() -> None:
    document = extract(FOLDER / "strengthening-independence-eqia.pdf")
    answer = next(b for b in document.blocks if b.text == "Affected staff have been engaged.")
    assert answer.heading_path[-1] == "Who have you involved, consulted and engaged with?"


def test_speed() -> None:
    started = time.process_time()
    pages = sum(extract(path).pages or 0 for path in PAPERS)
    assert pages / (time.process_time() - started) > 20
