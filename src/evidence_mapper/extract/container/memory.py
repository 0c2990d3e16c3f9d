"""A file that is bytes in memory, for readers that ask for a path."""

from __future__ import annotations

import io
import os
import re
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

# Path may be subclassed from Python 3.12 on; before that, only the system's own kind of path.
if TYPE_CHECKING:
    _Base = Path
else:
    _Base = type(Path())

_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")


class MemoryPath(_Base):
    """A member of a container: has a name and bytes, and no place on disk.

    Opening, reading and measuring it use the bytes. A library that insists on a real file gets a copy
    in the worker's own folder, which :meth:`close` removes.
    """

    _data: bytes
    _copy: str | None

    @classmethod
    def of(cls, name: str, data: bytes) -> MemoryPath:
        """Return the path of a member.

        Parameters
        ----------
        name
            Its own name, without folders.
        data
            All of it.
        """
        path = cls(name.replace("/", "_").replace("\\", "_") or "member")
        path._data, path._copy = data, None
        return path

    def open(self, mode: str = "r", *_rest: Any, **_more: Any) -> IO[Any]:  # type: ignore[override]  # noqa: ANN401 - as Path's
        """Return the bytes as a stream.

        Raises
        ------
        io.UnsupportedOperation
            Any mode but ``rb``.
        """
        if mode != "rb":
            raise io.UnsupportedOperation(f"a member of a container is read as bytes, not in mode {mode!r}")
        return io.BytesIO(self._data)

    def read_bytes(self) -> bytes:
        """Return the bytes."""
        return self._data

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:  # noqa: ARG002 - as Path's
        """Return what a plain file of this size would say."""
        return os.stat_result((0o100400, 0, 0, 1, 0, 0, len(self._data), 0, 0, 0))

    def exists(self, *, follow_symlinks: bool = True) -> bool:  # noqa: ARG002 - as Path's
        """Return True."""
        return True

    def is_file(self, *, follow_symlinks: bool = True) -> bool:  # noqa: ARG002 - as Path's
        """Return True."""
        return True

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:  # noqa: ARG002 - as Path's
        """Return False."""
        return False

    def __fspath__(self) -> str:
        """Return the path of a copy on disk, for a library that takes nothing else."""
        if self._copy is None:
            ending = self.suffix if _SUFFIX.fullmatch(self.suffix) else ""
            handle, self._copy = tempfile.mkstemp(ending, "member-")
            with os.fdopen(handle, "wb") as stream:
                stream.write(self._data)
        return self._copy

    def close(self) -> None:
        """Remove the copy on disk, if one was asked for."""
        if self._copy is not None:
            Path(self._copy).unlink(missing_ok=True)
            self._copy = None
