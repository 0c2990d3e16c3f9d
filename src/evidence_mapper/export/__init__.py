"""Evidence rows to bytes on an open stream: CSV, XLSX, JSON Lines."""

from __future__ import annotations

from evidence_mapper.export.base import ExportContext, Exporter, Table, available, exporter
from evidence_mapper.export.columns import SCHEMA_VERSION
from evidence_mapper.export.files import write_atomically

__all__ = [
    "SCHEMA_VERSION",
    "ExportContext",
    "Exporter",
    "Table",
    "available",
    "exporter",
    "write_atomically",
]
