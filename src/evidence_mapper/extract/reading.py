"""A file's bytes, up to the cap."""

from __future__ import annotations

from pathlib import Path

from evidence_mapper.errors import LimitExceeded
from evidence_mapper.extract.base import Limits


def read_file(path: Path, limits: Limits) -> bytes:
    """Return a file's bytes.

    Raises
    ------
    LimitExceeded
        It holds more than ``limits.file_bytes``.
    OSError
        It cannot be opened.
    """
    with path.open("rb") as stream:
        data = stream.read(limits.file_bytes + 1)
    if len(data) > limits.file_bytes:
        raise LimitExceeded(
            f"{path.name}: over the limit of {limits.file_bytes / 2**20:.0f} MB. Split it and add the parts."
        )
    return data
