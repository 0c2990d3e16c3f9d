"""OpenDocument texts, presentations and spreadsheets, read part by part with lxml."""

from evidence_mapper.extract.odf.sheets import OdsExtractor
from evidence_mapper.extract.odf.slides import OdpExtractor
from evidence_mapper.extract.odf.text import OdtExtractor

__all__ = ["OdpExtractor", "OdsExtractor", "OdtExtractor"]
