"""What every exporter is, what it is told besides the rows, and how one is found by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import BinaryIO, Final, Protocol

from evidence_mapper.domain.project import EvidenceRow
from evidence_mapper.errors import UsageError

Cell = str | int | float | None
"""A value of one cell; None leaves it empty."""

_MODULES: Final = {"csv": "csv_", "jsonl": "jsonl", "parquet": "parquet", "xlsx": "xlsx"}


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet prepared by the caller."""

    columns: tuple[str, ...]
    rows: Iterable[Sequence[Cell]]
    """Each as long as ``columns``; read once, from the first to the last."""


@dataclass(frozen=True, slots=True)
class ExportContext:
    """What an export says besides its rows."""

    framework_title: str
    framework_id: str
    framework_version: str
    copyright: str
    """The publisher's copyright line, written out as it stands."""
    project_id: str
    exported_at: str
    """When the project last changed: UTC, ISO 8601. Written into XLSX, so not the time of the export."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Id of a statement, topic, I statement or evidence category to its title; an id that is not in
    here stands for itself."""
    unverified: Sequence[str] | None = None
    """A line for each part of the framework that is not official text; None when the caller did not
    look, empty when there is none."""
    documents: Table | None = None
    matrix: Table | None = None
    gaps: Table | None = None
    """None leaves the sheet out."""
    privacy: str = ""
    """What the reader must know of names that were replaced; empty where none were."""


class Exporter(Protocol):
    """One format."""

    @property
    def name(self) -> str:
        """Name to ask for it by, such as ``csv``."""

    @property
    def suffix(self) -> str:
        """Ending of its files with the dot, such as ``.csv``."""

    def write(self, rows: Iterable[EvidenceRow], stream: BinaryIO, context: ExportContext) -> int:
        """Write rows in the order given and return how many there were.

        The same rows and context give the same bytes. The stream is left open; what is on it after
        an error is not a complete file (see :func:`~evidence_mapper.export.files.write_atomically`).

        Raises
        ------
        ExportError
            A row is neither confirmed nor suggested, is both, or does not fit the format.
        """


def available() -> tuple[str, ...]:
    """Return the names of all formats, sorted."""
    return tuple(sorted(_MODULES))


def exporter(name: str) -> Exporter:
    """Return the exporter of a format.

    Raises
    ------
    UsageError
        No such format.
    """
    module = _MODULES.get(name)
    if module is None:
        known = ", ".join(available())
        raise UsageError(f"no export format {name!r}; there are: {known}. Try --format {available()[0]}")
    # Imported on demand: the XLSX library is not needed to start the program.
    found: Exporter = import_module(f"evidence_mapper.export.{module}").EXPORTER
    return found
