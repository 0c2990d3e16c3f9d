"""Which project files this process has open; while it has, nothing else here may open and close them.

On Linux and macOS a process gives up its locks on a file when *any* descriptor of it is closed, also one that
only read its first bytes. SQLite's locks would go with it, and another program that ends would take itself
for the last one and delete the log that is still written to here: decisions would be lost. So what the first
bytes say is remembered for as long as the file is open.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

_Place = tuple[Path, int, int]


@dataclass(slots=True)
class InUse:
    """A file that is open here."""

    key: str | None
    """None for a plain file."""
    times: int = 0
    """How often it is open."""


_files: dict[_Place, InUse] = {}
_lock = threading.Lock()


def enter(path: Path, key: str | None) -> _Place | None:
    """Remember that a file is open, and return what :func:`leave` takes; None when there is no file."""
    place = _place(path)
    if place is not None:
        with _lock:
            _files.setdefault(place, InUse(key)).times += 1
    return place


def leave(place: _Place | None) -> None:
    """Forget a file once it is closed as often as it was opened."""
    with _lock:
        if place is not None and place in _files:
            _files[place].times -= 1
            if not _files[place].times:
                del _files[place]


def find(path: Path) -> InUse | None:
    """Return what is known of a file that is open here; None for any other."""
    place = _place(path)
    with _lock:
        return None if place is None else _files.get(place)


def _place(path: Path) -> _Place | None:
    """Return name and identity of a file: another file put in its place is not the same."""
    try:
        found = path.stat()
    except OSError:
        return None
    return path.resolve(), found.st_dev, found.st_ino
