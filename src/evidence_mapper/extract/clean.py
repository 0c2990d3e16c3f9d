"""One cleaning for the text of every format."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LIGATURES: Final = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
}
_LINE_BREAKS: Final = dict.fromkeys((0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029), "\n")
_SPACES: Final = dict.fromkeys((0xA0, 0x202F), " ")
_DROPPED: Final = dict.fromkeys(
    (
        *(c for c in range(0x20) if c not in (0x09, 0x0A)),
        *range(0x7F, 0xA0),
        0xAD,  # soft hyphen
        0x200B,  # zero-width space
        0x2060,  # word joiner
        *range(0x202A, 0x202F),  # bidi embeddings and overrides
        *range(0x2066, 0x206A),  # bidi isolates
        0xFEFF,
        0xFFFE,
        0xFFFF,
    )
)
_TABLE: Final[dict[int, str | None]] = {**_DROPPED, **_LIGATURES, **_LINE_BREAKS, **_SPACES}
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    r"""Return text fit to be stored, shown and cited.

    Characters are composed (NFC, never NFKC, which would turn "½" and "²" into other text) and the
    Latin ligatures U+FB00 to U+FB06 are spelled out. No-break spaces become spaces; every kind of
    line break becomes ``"\n"``. Control characters other than newline and tab, soft hyphens,
    zero-width spaces, bidirectional embeddings, overrides and isolates, the byte order mark and the
    non-characters U+FFFE and U+FFFF are dropped. A surrogate pair becomes its character and a lone
    surrogate becomes U+FFFD, so that the result can always be written as UTF-8. White space is
    stripped at both ends and at the end of every line; inside a line it is kept as it is.

    Cleaning clean text changes nothing. The result may be empty.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = text.replace("\r\n", "\n").translate(_TABLE)
    text = unicodedata.normalize("NFC", text)
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def one_line(text: str) -> str:
    """Return cleaned text with every run of white space, line breaks included, as one space."""
    return " ".join(clean(text).split())
