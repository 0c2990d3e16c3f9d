"""Bullets typed as characters."""

from __future__ import annotations

import re
from typing import Final

_BULLET: Final = re.compile(r"\s*(?:[•▪▫●○◦‣⁃∙·\uf0b7\uf0a7]|[-–—*+o](?=\s))\s*(?=\S)")
_NUMBER: Final = re.compile(r"\s*(?:\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]|\(\w{1,3}\))\s+(?=\S)")


def bulleted(line: str) -> str | None:
    """Return the text after a bullet; None when the line has no bullet."""
    match = _BULLET.match(line)
    return line[match.end() :] if match else None


def is_numbered(line: str) -> bool:
    """Return whether a line starts like an item of a numbered list: "1.", "(a)", "iv)"."""
    return bool(_NUMBER.match(line))
