"""Compressed rich text, as Outlook keeps the body of a message ([MS-OXRTFCP])."""

from __future__ import annotations

import struct
from typing import Final

_WORDS: Final = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_SIZE: Final = 4096
_PLAIN: Final = b"MELA"
_PACKED: Final = b"LZFu"
_MOST: Final = 64 * 1024 * 1024


def unpack(data: bytes) -> bytes:
    """Return the rich text.

    Raises
    ------
    ValueError
        Not compressed rich text, or more than 64 MB of it.
    """
    if len(data) < 16:
        raise ValueError("cut off")
    _, size, kind = struct.unpack_from("<II4s", data)
    if size > _MOST:
        raise ValueError("too large")
    if kind == _PLAIN:
        return data[16 : 16 + size]
    if kind != _PACKED:
        raise ValueError("of an unknown kind")
    return _unpacked(data[16:])[:size]


def _unpacked(data: bytes) -> bytes:
    window = bytearray(_WORDS.ljust(_SIZE, b"\0"))
    write = len(_WORDS)
    out = bytearray()
    place = 0
    while place < len(data) and len(out) <= _MOST:
        control = data[place]
        place += 1
        for bit in range(8):
            pair = data[place : place + 2]
            if control >> bit & 1:
                if len(pair) < 2 or (pair[0] << 4 | pair[1] >> 4) == write % _SIZE:
                    return bytes(out)  # a reference to the place being written marks the end
                read = pair[0] << 4 | pair[1] >> 4
                places = range(read, read + (pair[1] & 15) + 2)
                place += 2
            else:
                if not pair:
                    return bytes(out)
                window[write % _SIZE] = pair[0]
                places = range(write, write + 1)
                place += 1
            for source in places:
                byte = window[source % _SIZE]
                window[write % _SIZE] = byte
                out.append(byte)
                write += 1
    return bytes(out)
