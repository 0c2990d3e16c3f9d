"""The same files through other tools; those that are not installed are left out, and said to be."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium

from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.pdf import PdfExtractor

Read = Callable[[Path], list[str]]
"""From a file to its pieces of text: blocks where the tool has such, else pages."""


def ours(path: Path) -> list[str]:
    """Blocks in reading order, boxes and structure worked out."""
    return [block.text for block in PdfExtractor().extract(path, Limits()).blocks]


def pdfium_text(path: Path) -> list[str]:
    """Plain text, page by page."""
    document = pdfium.PdfDocument(path)
    pages = []
    for page in document:
        text = page.get_textpage()
        pages.append(text.get_text_range())
        text.close()
        page.close()
    document.close()
    return pages


def plumber_text(path: Path) -> list[str]:
    """Pdfplumber as most people call it."""
    import pdfplumber

    with pdfplumber.open(path) as document:
        return _closing(document, use_text_flow=False)


def plumber_flow(path: Path) -> list[str]:
    """Pdfplumber told to follow the stream."""
    import pdfplumber

    with pdfplumber.open(path) as document:
        return _closing(document, use_text_flow=True)


def _closing(document: Any, *, use_text_flow: bool) -> list[str]:  # noqa: ANN401 - pdfplumber's document
    texts = []
    for page in document.pages:
        texts.append(page.extract_text(use_text_flow=use_text_flow) or "")
        page.close()
    return texts


def plumber_words(path: Path) -> list[str]:
    """Pdfplumber's words with their boxes: what is nearest to blocks with boxes."""
    import pdfplumber

    words: list[str] = []
    with pdfplumber.open(path) as document:
        for page in document.pages:
            words += [word["text"] for word in page.extract_words(use_text_flow=True)]
            page.close()
    return words


def plumber_structure(path: Path) -> list[str]:
    """Words with boxes and tables: what pdfplumber has of structure."""
    import pdfplumber

    found: list[str] = []
    with pdfplumber.open(path) as document:
        for page in document.pages:
            found += [word["text"] for word in page.extract_words(use_text_flow=True)]
            found += [str(table) for table in page.extract_tables()]
            page.close()
    return found


def _kreuzberg(path: Path) -> list[str]:
    kreuzberg = importlib.import_module("kreuzberg")
    return [str(kreuzberg.extract_file_sync(str(path)).content)]


def text_tools() -> dict[str, Read]:
    """Return the tools to compare texts of, by name."""
    tools: dict[str, Read] = {
        "evidence-mapper": ours,
        "pypdfium2 text": pdfium_text,
        "pdfplumber": plumber_text,
        "pdfplumber, flow": plumber_flow,
    }
    if importlib.util.find_spec("kreuzberg"):
        tools["kreuzberg"] = _kreuzberg
    return tools


def speed_tools() -> dict[str, Read]:
    """Return the tools to compare speed of, by name."""
    tools = {
        "evidence-mapper": ours,
        "pypdfium2 text": pdfium_text,
        "pdfplumber words": plumber_words,
        "pdfplumber, with tables": plumber_structure,
    }
    if importlib.util.find_spec("kreuzberg"):
        tools["kreuzberg"] = _kreuzberg
    return tools
