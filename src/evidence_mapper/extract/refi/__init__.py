"""Files of analysis tools: REFI-QDA projects (``.qdpx``) and codebooks (``.qdc``)."""

from __future__ import annotations

from evidence_mapper.extract.refi.package import RefiPackage, open_refi
from evidence_mapper.extract.refi.project import read_project
from evidence_mapper.extract.refi.reading import SourceText, read_file, read_text

__all__ = ["RefiPackage", "SourceText", "open_refi", "read_file", "read_project", "read_text"]
