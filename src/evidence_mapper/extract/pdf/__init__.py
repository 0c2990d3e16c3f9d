"""Read PDF files: tagged pages by their structure tree, untagged ones by layout."""

from evidence_mapper.extract.pdf.extractor import PdfExtractor

__all__ = ["PdfExtractor"]
