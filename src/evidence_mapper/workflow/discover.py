"""Which files a person means by a path, and which of those under it are passed over."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.naming import apart

LINKED_FOLDER: Final = "linked folder"
_LITTER: Final = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
_PROJECT_SUFFIXES: Final = (".sqlite", ".sqlite-wal", ".sqlite-shm", ".sqlite-journal")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file with the name it goes by in the project."""

    name: str
    """Path from the folder that was added, that folder's own name first, with forward slashes; more
    folders before it where another file would have the same name."""
    path: Path
    """Absolute."""


@dataclass
class Found:
    """What is under the paths, each part sorted by name."""

    files: list[FoundFile] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    """Names of the folders that could be listed."""
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    """(name of a folder that could not be listed, why)."""
    passed_over: list[tuple[str, str]] = field(default_factory=list)
    """(name, reason): ``hidden``, ``lock file``, ``system file``, ``project file``, ``special file``
    or ``linked folder``. A folder that is passed over is one entry, whatever it holds."""


def find_files(paths: Iterable[Path]) -> Found:
    """Return the files under the paths, each once, no two with the same name.

    Hidden files, office lock files (``~$...``), system litter and project files are passed over, and
    so are links to folders, which could lead round in a circle. A file that is named itself is taken
    whatever it is called.

    Raises
    ------
    UsageError
        A path does not exist.
    """
    walk = _Walk()
    for path in paths:
        try:
            exists = path.exists()
        except OSError as error:
            walk.failed(Path(os.path.abspath(path)), error)  # noqa: PTH100 - resolve() needs the access we lack
            continue
        if not exists:
            raise UsageError(f"no such file or folder: {path}")
        walk.add(path.resolve())
    return walk.found()


class _Walk:
    """Collects what is found, by path, with how many parts of the path its name has."""

    def __init__(self) -> None:
        self._depth: dict[Path, int] = {}
        self._files: set[Path] = set()
        self._folders: set[Path] = set()
        self._failed: dict[Path, str] = {}
        self._passed: dict[Path, str] = {}

    def add(self, root: Path) -> None:
        """Take a file, or everything under a folder."""
        if root.is_file():
            self._depth.setdefault(root, 2)
            self._files.add(root)
            return
        self._depth.setdefault(root, 1)
        seen = {str(root)}
        walk = os.walk(root, onerror=lambda error: self.failed(Path(error.filename), error))
        for name, folders, files in walk:
            folder = Path(name)
            self._folders.add(folder)
            folders[:] = [f for f in sorted(folders) if self._enter(folder / f, seen, root)]
            for file in files:
                self._take(folder / file, root)

    def failed(self, folder: Path, error: OSError) -> None:
        """Note a folder that cannot be listed."""
        self._depth.setdefault(folder, 1)
        self._failed[folder] = error.strerror or str(error)

    def found(self) -> Found:
        """Return all of it under names that differ."""
        names = apart(self._depth)
        named_itself = self._files | self._folders
        return Found(
            files=sorted((FoundFile(names[p], p) for p in self._files), key=lambda f: f.name),
            folders=sorted(names[p] for p in self._folders - self._failed.keys()),
            unreadable=sorted((names[p], why) for p, why in self._failed.items()),
            passed_over=sorted((names[p], why) for p, why in self._passed.items() if p not in named_itself),
        )

    def _enter(self, folder: Path, seen: set[str], root: Path) -> bool:
        self._depth.setdefault(folder, len(folder.relative_to(root).parts) + 1)
        real = os.path.realpath(folder)
        # A junction of Windows is no link to Python 3.11, but leads to a folder that was seen.
        if folder.name.startswith((".", "~$")):
            self._passed[folder] = "hidden"
        elif folder.is_symlink() or real in seen:
            self._passed[folder] = LINKED_FOLDER
        else:
            seen.add(real)
            return True
        return False

    def _take(self, file: Path, root: Path) -> None:
        self._depth.setdefault(file, len(file.relative_to(root).parts) + 1)
        reason = _reason(file)
        if reason is None:
            self._files.add(file)
        else:
            self._passed[file] = reason


def litter(name: str) -> str | None:
    """Return why a file of this name is passed over; None when it is not."""
    name = name.lower()
    if name in _LITTER:
        return "system file"
    if name.startswith(("~$", ".~lock.")) or name.endswith(".lock"):
        return "lock file"
    if name.startswith("."):
        return "hidden"
    if name.endswith(_PROJECT_SUFFIXES):
        return "project file"
    return None


def _reason(file: Path) -> str | None:
    """Return why a file is passed over; None when it is not."""
    reason = litter(file.name)
    if reason is not None:
        return reason
    try:
        return None if stat.S_ISREG(file.stat().st_mode) else "special file"
    except OSError:
        return None  # refused with the reason when it is opened
