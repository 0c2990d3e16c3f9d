"""Length-prefixed JSON messages over a pipe."""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

_HEADER = struct.Struct(">Q")


class FrameTooLarge(Exception):
    """A message is longer than the reader takes."""


def write_frame(pipe: BinaryIO, message: object) -> None:
    """Write one message and flush.

    Raises
    ------
    OSError
        The other end has gone.
    """
    body = json.dumps(message, separators=(",", ":")).encode("ascii")
    pipe.write(_HEADER.pack(len(body)))
    pipe.write(body)
    pipe.flush()


def read_frame(pipe: BinaryIO, *, most: int) -> dict[str, Any] | None:
    """Return the next message; None when the other end closed or died, even in mid-message.

    Parameters
    ----------
    pipe
        Blocking, buffered.
    most
        Bytes a message may have.

    Raises
    ------
    FrameTooLarge
        The message announces more than ``most`` bytes; none of it has been read.
    ValueError
        The message is not a JSON object.
    """
    header = pipe.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return None
    (length,) = _HEADER.unpack(header)
    if length > most:
        raise FrameTooLarge(f"{length:,} bytes; the limit is {most:,}")
    body = pipe.read(length)
    if len(body) < length:
        return None
    message = json.loads(body)
    if not isinstance(message, dict):
        raise ValueError("a message must be a JSON object")
    return message
