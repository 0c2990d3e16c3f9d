"""Where data lies on this machine, who can read it, what is encrypted, and what leaves: nothing."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evidence_mapper.errors import ProjectNotFound

LEAVES: Final = "nothing"
CHECKED: Final = (
    "The program opens no connection: it downloads nothing, sends nothing, and asks no service. Its tests "
    "run with every use of a socket refused, in the program and in the processes it starts, and where the "
    "system permits in a network namespace without a way out (make test-offline). The review in a browser "
    "(review --web) listens on 127.0.0.1 alone, which no other machine can reach."
)
WINDOWS_RIGHTS: Final = "as its folder's (Windows: Properties, Security)"

_SYNCED: Final = ("onedrive", "dropbox", "google drive", "googledrive", "icloud", "nextcloud", "box sync")
_SPARE: Final = "evidence-mapper-"
_LOG: Final = ("-wal", "-shm", ".converting", ".old")


@dataclass(frozen=True, slots=True)
class Place:
    """A file or folder that holds data, or could."""

    what: str
    path: str
    files: int
    """How many files; 0 when it is not there."""
    size: int
    """Bytes."""
    readable_by: str
    """In words; empty when it is not there."""
    encrypted: bool | None
    """Whether this program encrypted it; None where that makes no sense."""
    holds: str
    advice: str = ""
    """What to do about it; empty when nothing need be done."""


def places(project: Path | None) -> list[Place]:
    """Return where data lies: what belongs to a project when one is named, and what is shared.

    Raises
    ------
    ProjectNotFound
        There is no such file.
    """
    if project is not None and not project.is_file():
        raise ProjectNotFound(f"{project}: no project here; make one with `evidence-mapper init`")
    own = list(_of_project(project)) if project is not None else []
    return [*own, _temporary(), _passphrase_file(), _models(), *_none()]


def _of_project(path: Path) -> Iterator[Place]:
    from evidence_mapper.store import cipher
    from evidence_mapper.workflow.copies_beside import copies_beside

    locked = cipher.is_encrypted(path)
    holds = "documents' text, suggestions, decisions, history"
    yield _file("project", path, locked, holds, _advice(path, locked))
    for end in _LOG:
        beside = path.with_name(path.name + end)
        if beside.is_file():
            yield _file(f"project{end}", beside, locked, "the project's latest changes, while it is open")
    for copy in copies_beside(path):
        closed = cipher.is_encrypted(copy)
        yield _file("copy of the project", copy, closed, holds, _advice(copy, closed))


def _advice(path: Path, locked: bool) -> str:
    said = []
    if not locked:
        said.append(f"encrypt it: evidence-mapper db encrypt --project {path}")
    if _others_read(path):
        said.append(f"let nobody else read it: chmod 600 {path}")
    if any(name in str(path.resolve()).lower() for name in _SYNCED):
        said.append("it lies in a folder that is copied elsewhere by itself: move it, or ask your IT service")
    return "; ".join(said)


def _file(what: str, path: Path, encrypted: bool | None, holds: str, advice: str = "") -> Place:
    size = path.stat().st_size
    return Place(what, str(path), 1, size, _readable_by(path), encrypted, holds, advice)


def _temporary() -> Place:
    """Return what readers and exports left in the system's folder for temporary files."""
    root = Path(tempfile.gettempdir())
    folders = [f for f in root.glob(f"{_SPARE}*") if f.is_dir() and not f.is_symlink()]
    files = [f for folder in folders for f in folder.rglob("*") if f.is_file()]
    size = sum(_size(f) for f in files)
    return Place(
        "temporary files",
        str(root / f"{_SPARE}*"),
        len(files),
        size,
        "you alone" if folders and os.name == "posix" else "",
        None,
        "parts of papers while they are read or written, in folders of your own; they are removed when that "
        "is done, and after a crash when the next file is read or written",
        "if nothing is being read or written now, remove them" if size else "",
    )


def _passphrase_file() -> Place:
    from evidence_mapper.store.cipher import PASSPHRASE_FILE

    named = os.environ.get(PASSPHRASE_FILE)
    if not named or not Path(named).is_file():
        return Place("passphrase file", named or PASSPHRASE_FILE, 0, 0, "", None, "not used")
    advice = f"let nobody else read it: chmod 600 {named}" if _others_read(Path(named)) else ""
    return _file("passphrase file", Path(named), None, "the project's passphrase", advice)


def _models() -> Place:
    from evidence_mapper.classify.artefact import models_folder

    folder = models_folder()
    files = [f for f in folder.rglob("*") if f.is_file()]
    return Place(
        "models", str(folder), len(files), sum(_size(f) for f in files), _readable_by(folder), None,
        "weights learned from invented papers and public encoders; nothing of yours",
    )  # fmt: skip


def _none() -> list[Place]:
    return [
        Place("cache", "", 0, 0, "", None, "none is kept: vectors are in the project"),
        Place("logs", "", 0, 0, "", None, "none are written"),
        Place("exports", "", 0, 0, "", None, "where you write them; they are not encrypted by this program"),
    ]


def _readable_by(path: Path) -> str:
    if os.name != "posix":
        return WINDOWS_RIGHTS
    mode = stat.S_IMODE(path.stat().st_mode)
    who = "everybody on this machine" if mode & 0o004 else "your group" if mode & 0o040 else "you alone"
    return f"{who} ({mode:04o})"


def _others_read(path: Path) -> bool:
    return os.name == "posix" and bool(path.stat().st_mode & 0o044)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # it went away meanwhile
        return 0
