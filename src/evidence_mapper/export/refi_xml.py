"""XML written piece by piece, so that a project of any size needs little memory."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import BinaryIO, Final
from xml.sax.saxutils import escape

# What XML 1.0 has no form for, not even as a reference.
_ILLEGAL: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IN_TEXT: Final = {"\r": "&#13;"}
_IN_ATTRIBUTE: Final = {'"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}


def legal(text: str) -> str:
    """Return the text with each character that XML cannot hold as U+FFFD."""
    return _ILLEGAL.sub("\ufffd", text)


class XmlWriter:
    """Writes elements to a stream in the order they are asked for.

    Parameters
    ----------
    stream
        Open for bytes; left open.
    part
        Whether it is no document but elements that another writer takes over.
    """

    def __init__(self, stream: BinaryIO, *, part: bool = False) -> None:
        self._stream = stream
        self._open: list[str] = []
        if not part:
            self._write('<?xml version="1.0" encoding="UTF-8"?>\n')

    def start(self, name: str, attributes: Mapping[str, str | None] | None = None) -> None:
        """Open an element; attributes that are None are left out."""
        self._write(f"<{name}{_attributes(attributes)}>")
        self._open.append(name)

    def end(self) -> None:
        """Close the element opened last."""
        self._write(f"</{self._open.pop()}>")

    def empty(self, name: str, attributes: Mapping[str, str | None]) -> None:
        """Write an element without content."""
        self._write(f"<{name}{_attributes(attributes)}/>")

    def element(self, name: str, text: str) -> None:
        """Write an element that holds text only."""
        self._write(f"<{name}>{escape(legal(text), _IN_TEXT)}</{name}>")

    def written(self, elements: bytes) -> None:
        """Take over what another writer wrote as a part."""
        self._stream.write(elements)

    def _write(self, text: str) -> None:
        self._stream.write(text.encode("utf-8"))


def _attributes(attributes: Mapping[str, str | None] | None) -> str:
    pairs = (attributes or {}).items()
    return "".join(
        f' {name}="{escape(legal(value), _IN_ATTRIBUTE)}"' for name, value in pairs if value is not None
    )
