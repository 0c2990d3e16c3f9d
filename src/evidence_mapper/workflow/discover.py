"""Which files a person means by a path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evidence_mapper.errors import UsageError

_IGNORED_NAMES: Final = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
_IGNORED_SUFFIXES: Final = (".sqlite", ".sqlite-wal", ".sqlite-shm", ".sqlite-journal", ".lock")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file with the name it goes by in the project."""

    name: str
    """Path from the folder that was added, that folder's own name first, with forward slashes."""
    path: Path


def find_files(paths: Iterable[Path]) -> list[FoundFile]:
    """Return files under the paths, sorted by name, each once.

    Hidden files, office lock files (``~$...``), system litter and project files are passed over.

    Raises
    ------
    UsageError
        A path does not exist.
    """
    found: dict[Path, FoundFile] = {}
    for path in paths:
        if not path.exists():
            raise UsageError(f"no such file or folder: {path}")
        for item in _under(path):
            found.setdefault(item.path, item)
    return sorted(found.values(), key=lambda f: f.name)


def _under(path: Path) -> Iterator[FoundFile]:
    root = path.resolve()
    if root.is_file():
        yield FoundFile(f"{root.parent.name}/{root.name}", root)
        return
    for item in sorted(root.rglob("*")):
        relative = item.relative_to(root)
        if any(part.startswith((".", "~$")) for part in relative.parts) or not item.is_file():
            continue
        if item.name.lower() in _IGNORED_NAMES or item.name.lower().endswith(_IGNORED_SUFFIXES):
            continue
        yield FoundFile(f"{root.name}/{relative.as_posix()}", item)
