"""Wipes what deleting leaves behind in the project file and its log, and whole files."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, Final

from evidence_mapper.errors import StoreError
from evidence_mapper.store import cipher
from evidence_mapper.store.database import explain, translated

PENDING: Final = "wipe_pending"
"""Key in the project's facts, there from a forgetting until the file was wiped."""

_PIECE: Final = 1 << 20


def finish(path: Path, seconds: float) -> bool:
    """Write the file anew without deleted content, empty its log, and return whether that is done.

    Done after a forgetting, and when a project is opened that was not wiped since. False when another
    program keeps the file for longer than ``seconds``: nothing is lost, and the next opening tries again.

    Raises
    ------
    StoreError
        The file cannot be written, such as on a full disk.
    """
    with translated(path), closing(cipher.connect(path, timeout=seconds)) as connection:
        connection.isolation_level = None
        try:
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("PRAGMA temp_store=MEMORY")
            connection.execute("VACUUM")
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if busy:
                return False
            connection.execute("DELETE FROM project WHERE key = ?", (PENDING,))
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except cipher.errors() as error:
            if "locked" in str(error).lower() or "busy" in str(error).lower():
                return False
            raise StoreError(explain(path, str(error))) from error
    return True


def is_pending(path: Path) -> bool:
    """Return whether a project was not wiped since something was forgotten."""
    with translated(path), closing(cipher.connect(path)) as connection:
        row = connection.execute("SELECT value FROM project WHERE key = ?", (PENDING,)).fetchone()
    return row is not None


def wipe_file(path: Path) -> None:
    """Overwrite a file with zeros once and remove it; a file that is not there is no error.

    On a solid-state drive, a copying file system, or where a backup or a sync program has been by, the
    old blocks may live on: only the drive's own encryption helps there.

    Raises
    ------
    StoreError
        The file cannot be written or removed.
    """
    try:
        with path.open("r+b") as stream:
            overwrite(stream)
        path.unlink()
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(
            f"{path}: could not be wiped ({error.strerror or error}); close what uses it and remove it"
        ) from error


def overwrite(stream: BinaryIO) -> None:
    """Overwrite an open file with zeros, and see that they reach the disk."""
    left = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    while left > 0:
        left -= stream.write(bytes(min(_PIECE, left)))
    stream.flush()
    os.fsync(stream.fileno())
