"""What every extractor is and the limits all of them keep."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from evidence_mapper.domain.document import ExtractedDocument


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps on one document; passing one raises LimitExceeded or is reported as a warning."""

    file_bytes: int = 200 * 1024 * 1024
    pages: int = 5_000
    rows: int = 200_000
    zip_members: int = 5_000
    zip_member_bytes: int = 200 * 1024 * 1024
    zip_total_bytes: int = 500 * 1024 * 1024
    zip_ratio: int = 200
    """Uncompressed to compressed, checked above 10 MB uncompressed."""
    seconds: float = 120.0
    """Wall time a worker may spend on one document."""
    memory_bytes: int = 3 * 1024 * 1024 * 1024
    """Address space of a worker, where the system can cap it."""
    result_bytes: int = 256 * 1024 * 1024
    """Size of what a worker may send back."""


class Extractor(Protocol):
    """One file format's reader. Runs inside a worker process, on input that may be hostile."""

    name: str
    """Name and version, such as ``docx/1``: a change of output is a new version."""

    def extract(self, path: Path, limits: Limits) -> ExtractedDocument:
        """Read one file.

        Raises
        ------
        ExtractionError
            The file cannot be read; the subclass says why.
        """
