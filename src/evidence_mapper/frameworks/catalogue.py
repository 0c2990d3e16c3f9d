"""What frameworks there are, and one of them by name."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evidence_mapper.domain.framework import Framework
from evidence_mapper.errors import FrameworkError, UsageError
from evidence_mapper.frameworks.loader import load_file, load_text, read_file

_SHIPPED: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class FrameworkEntry:
    """One file of a folder of frameworks; a faulty one has its fault and zero counts."""

    id: str
    title: str
    """Empty when the file is faulty."""
    version: str
    """Empty when the file is faulty."""
    themes: int = 0
    statements: int = 0
    topics: int = 0
    i_statements: int = 0
    evidence_categories: int = 0
    fault: str | None = None
    """Why the file does not load; None when it does."""


def available(folder: Path = _SHIPPED) -> tuple[FrameworkEntry, ...]:
    """Return what is in a folder, by id; without an argument, the shipped frameworks.

    A faulty file is listed with its fault; it does not keep the others from being listed.
    """
    return tuple(sorted((_entry(path) for path in folder.glob("*.toml")), key=lambda e: e.id))


def load(name: str) -> Framework:
    """Return a framework by the id of a shipped one, or by the path of a file.

    Raises
    ------
    UsageError
        Neither an id nor a file; the message lists the ids.
    FrameworkError
        The file is no valid framework.
    """
    path = _resolve(name)
    return load_text(read_file(path), name)


def read_text(name: str) -> str:
    r"""Return the text of a framework by id or path, with line ends as ``\n``; it is not checked.

    Raises
    ------
    UsageError
        As :func:`load`.
    FrameworkError
        The file cannot be read.
    """
    return read_file(_resolve(name))


def _resolve(name: str) -> Path:
    shipped = _file_of(name)
    if shipped is not None:
        return shipped
    path = Path(name)
    try:
        exists = path.is_file()
    except (OSError, ValueError):  # too long for the system, or a NUL in it
        exists = False
    if exists:
        return path
    known = [_id_of(p) for p in sorted(_SHIPPED.glob("*.toml"))]
    near = difflib.get_close_matches(name, known, n=1)
    meant = f"Did you mean '{near[0]}'? " if near else ""
    raise UsageError(
        f"No framework '{name}': it is neither a shipped framework nor a file. {meant}"
        f"Shipped: {', '.join(known)}. To check a file of your own: evidence-mapper framework check FILE"
    )


def _file_of(name: str) -> Path | None:
    return next((p for p in _SHIPPED.glob("*.toml") if _id_of(p) == name), None)


def _id_of(path: Path) -> str:
    """Return the id of a shipped file: its name with hyphens, which a test holds it to."""
    return path.stem.replace("_", "-")


def _entry(path: Path) -> FrameworkEntry:
    try:
        framework = load_file(path)
    except FrameworkError as error:
        return FrameworkEntry(_id_of(path), "", "", fault=str(error))
    return FrameworkEntry(
        id=framework.id,
        title=framework.title,
        version=framework.version,
        themes=len(framework.themes),
        statements=len(framework.statements),
        topics=len(framework.topics),
        i_statements=len(framework.i_statements),
        evidence_categories=len(framework.evidence_categories),
    )
