"""The one folder in which a worker may put files, removed when the worker ends, however it ends."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import IO, Final

_PREFIX: Final = "evidence-mapper-worker-"
_LOCK: Final = "in-use"


class WorkFolder:
    """A new private folder, below the system's folder for temporary files.

    Its owner holds a lock on it, so that what a killed owner left can be told from what is in use.
    """

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self._lock: IO[bytes] | None = (self.path / _LOCK).open("wb")
        _hold(self._lock)

    def environment(self) -> dict[str, str]:
        """Return this process's environment, with the folder as the place for temporary files."""
        place = str(self.path)
        return {**os.environ, "TMPDIR": place, "TEMP": place, "TMP": place}

    def remove(self) -> None:
        """Remove the folder and all in it; safe to call twice."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        shutil.rmtree(self.path, ignore_errors=True)


def remove_abandoned() -> int:
    """Remove folders whose owner was killed; return how many."""
    removed = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        if folder.is_dir() and not folder.is_symlink() and not _is_held(folder / _LOCK):
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed


if sys.platform == "win32":

    def _hold(lock: IO[bytes]) -> None:
        """Nothing more to do: Windows does not remove a file that is open."""

    def _is_held(lock: Path) -> bool:
        try:
            lock.unlink(missing_ok=True)
        except OSError:
            return True
        return False

else:
    import fcntl

    def _hold(lock: IO[bytes]) -> None:
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _is_held(lock: Path) -> bool:
        try:
            with lock.open("rb") as stream:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except OSError:
            return True  # in use, or another user's
        return False
