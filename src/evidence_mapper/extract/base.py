"""What every extractor is and the limits all of them keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from evidence_mapper.domain.document import ExtractedDocument


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps on one document, and what its reader is told; passing a cap raises LimitExceeded or warns."""

    file_bytes: int = 200 * 1024 * 1024
    pages: int = 5_000
    rows: int = 200_000
    zip_members: int = 5_000
    zip_member_bytes: int = 200 * 1024 * 1024
    zip_total_bytes: int = 500 * 1024 * 1024
    zip_ratio: int = 200
    """Uncompressed to compressed, checked above 10 MB uncompressed."""
    container_bytes: int = 2 * 1024 * 1024 * 1024
    """Size of an archive of documents, and of all that it unpacks to; one member keeps ``file_bytes``."""
    container_members: int = 5_000
    """Files in one archive or message, those of archives inside it included."""
    container_depth: int = 5
    """How many containers a file may lie inside."""
    seconds: float = 120.0
    """Wall time a worker may spend on one document; each page that is recognised brings time of its own."""
    page_seconds: float = 300.0
    """Wall time for recognising the text on one picture of a page."""
    memory_bytes: int = 3 * 1024 * 1024 * 1024
    """Address space of a worker, where the system can cap it."""
    result_bytes: int = 256 * 1024 * 1024
    """Size of what a worker may send back."""
    comments: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Path to the columns that a person says hold answers; a file without an entry is judged.

    A file inside another has the outer one's path, a slash, and its path inside.
    """

    def for_file(self, path: Path) -> Limits:
        """Return the same limits with what concerns one file and those inside it, for its reader."""
        own, inside = str(path), f"{path}/"
        named = {p: tuple(n) for p, n in self.comments.items() if n and (p == own or p.startswith(inside))}
        return replace(self, comments=named)

    def chosen(self, path: Path) -> tuple[str, ...]:
        """Return the columns of one file that a person named; empty when the reader is to judge."""
        return tuple(self.comments.get(str(path), ()))


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
