"""Read pictures of text with tesseract, where it is installed: a program of its own, never required."""

from evidence_mapper.extract.ocr.program import (
    INSTALL_HINT,
    Tesseract,
    extractor_name,
    find_tesseract,
    usable_tesseract,
)
from evidence_mapper.extract.ocr.recognise import Recognised, recognise
from evidence_mapper.extract.ocr.tsv import Word

__all__ = [
    "INSTALL_HINT",
    "Recognised",
    "Tesseract",
    "Word",
    "extractor_name",
    "find_tesseract",
    "recognise",
    "usable_tesseract",
]
