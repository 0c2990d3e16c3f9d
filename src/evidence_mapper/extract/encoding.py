"""Bytes to text for formats that do not declare their encoding."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Final

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_TEXT_CONTROLS: Final = frozenset(b"\t\n\r\f\x0b\x1b\x00")
_MAX_CONTROL_SHARE: Final = 0.02
_MAX_NUL_SHARE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and what it took to get it."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes, *, declared: str | None = None, cut: bool = False) -> Decoded:
    """Return the text of bytes: byte order mark, declared encoding, UTF-8, UTF-16, then Windows-1252.

    Parameters
    ----------
    data
        The file or its beginning.
    declared
        Encoding that the file names for itself; ignored when unknown or when the bytes disagree.
    cut
        Whether the data may end within a character.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _replacing(data[len(bom) :], encoding)
    utf16 = _utf16_without_bom(data)
    for encoding in filter(None, (_known(declared), utf16, "utf-8")):
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        try:
            return _with_nul_warning(decoder.decode(data, final=not cut), encoding)
        except UnicodeDecodeError:
            continue
    try:
        return _with_nul_warning(data.decode("cp1252"), "cp1252")
    except UnicodeDecodeError:
        return _replacing(data, "cp1252")


def looks_binary(data: bytes) -> bool:
    """Return whether bytes are more likely a program's data than text."""
    if any(data.startswith(bom) for bom, _ in _BOMS) or _utf16_without_bom(data):
        return False
    if not data:
        return False
    controls = sum(1 for byte in data if byte < 0x20 and byte not in _TEXT_CONTROLS)
    return controls / len(data) > _MAX_CONTROL_SHARE or data.count(0) / len(data) > _MAX_NUL_SHARE


def _known(declared: str | None) -> str | None:
    if not declared:
        return None
    try:
        name = codecs.lookup(declared.strip()).name
        b"".decode(name)
    except (LookupError, ValueError):
        return None
    # Browsers read Latin-1 and ASCII as Windows-1252, and files labelled so usually are.
    return "cp1252" if name in {"iso8859-1", "ascii"} else name


def _utf16_without_bom(data: bytes) -> str | None:
    sample = data[:4096]
    if len(sample) < 4 or (len(data) % 2 and len(data) <= 4096):
        return None
    half = len(sample) / 2
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if odd > 0.6 and even < 0.1:
        return "utf-16-le"
    if even > 0.6 and odd < 0.1:
        return "utf-16-be"
    return None


def _replacing(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace")
    bad = text.count("\ufffd")
    warning = (f"{bad} characters could not be decoded as {encoding} and read U+FFFD",) if bad else ()
    return Decoded(text, encoding, (*warning, *_with_nul_warning(text, encoding).warnings))


def _with_nul_warning(text: str, encoding: str) -> Decoded:
    nuls = text.count("\0")
    return Decoded(text, encoding, (f"{nuls} NUL characters were dropped",) if nuls else ())
