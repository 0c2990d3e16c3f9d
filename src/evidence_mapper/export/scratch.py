"""The private folder in which an export is put together, removed however the export ends."""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

_PREFIX: Final = "evidence-mapper-export-"
_LOCK: Final = "in-use"


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """Give a new folder that its owner alone can read, and remove it with all that is in it.

    Folders of exports that were killed are removed first: their owner's lock on them is gone.
    """
    for old in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        if old.is_dir() and not old.is_symlink() and _is_abandoned(old / _LOCK):
            shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    try:
        with (folder / _LOCK).open("wb") as lock:
            _hold(lock)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if sys.platform == "win32":

    def _hold(lock: IO[bytes]) -> None:
        """Nothing more to do: Windows does not remove a file that is open."""

    def _is_abandoned(lock: Path) -> bool:
        try:
            lock.unlink(missing_ok=True)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _hold(lock: IO[bytes]) -> None:
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _is_abandoned(lock: Path) -> bool:
        try:
            with lock.open("rb") as stream:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False  # in use, another user's, or made this very moment
        return True
