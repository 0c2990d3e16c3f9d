"""A file is there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

from evidence_mapper.errors import ExportError


def write_atomically(path: Path, write: Callable[[BinaryIO], int], *, overwrite: bool = False) -> int:
    """Write a file beside its final place, then move it there; return what ``write`` returned.

    When anything fails the final place is as it was and the half-written file is removed. On POSIX
    the file can be read by its owner only: it may hold personal data.

    Parameters
    ----------
    path
        Where the file goes; the folder must exist.
    write
        Writes the content to the open stream it is given.
    overwrite
        Replace a file that is there.

    Raises
    ------
    ExportError
        The file exists and ``overwrite`` is False, it is a folder, or the system refused to write.
    """
    _check_place(path, overwrite=overwrite)
    try:
        handle, name = tempfile.mkstemp(prefix=".evidence-mapper-", suffix=".part", dir=path.parent)
    except OSError as error:
        raise _refused(path, error) from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            result = write(cast("BinaryIO", stream))
            stream.flush()
            os.fsync(stream.fileno())
        # Again: someone may have written it meanwhile.
        _check_place(path, overwrite=overwrite)
        part.replace(path)
    except OSError as error:
        raise _refused(path, error) from error
    finally:
        part.unlink(missing_ok=True)
    return result


def _check_place(path: Path, *, overwrite: bool) -> None:
    if path.is_dir():
        raise ExportError(f"{path} is a folder. Give the name of a file, such as {path / 'evidence.xlsx'}")
    if not overwrite and os.path.lexists(path):
        raise ExportError(f"{path} already exists; it was left as it is. Add --force to replace it")
    if not path.parent.is_dir():
        raise ExportError(f"cannot write {path}: there is no folder {path.parent}. Make it and run it again")


def _refused(path: Path, error: OSError) -> ExportError:
    advice = "Choose another place"
    if isinstance(error, PermissionError):
        advice = "Close it if it is open in another program, or choose a folder you may write to"
    return ExportError(f"cannot write {path}: {error.strerror or error}. {advice}, then run it again")
