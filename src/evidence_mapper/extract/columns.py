"""Column letters of spreadsheets."""

from __future__ import annotations

from typing import Final

MAX_COLUMN: Final = 16_384


def column_index(reference: str) -> int | None:
    """Return the zero-based column of a reference such as ``"AB12"``; None when it is not one."""
    index = 0
    for char in reference:
        if not "A" <= char <= "Z":
            break
        index = index * 26 + ord(char) - 64
        if index > MAX_COLUMN:
            return None
    return index - 1 if index else None


def column_letter(index: int) -> str:
    """Return the letters of a zero-based column: 0 is ``"A"``, 26 is ``"AA"``."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
