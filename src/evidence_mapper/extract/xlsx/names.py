"""Local names and attributes of SpreadsheetML, the same in the transitional and the strict namespace."""

from __future__ import annotations

import functools
from typing import Final

from lxml import etree

Element = etree._Element  # noqa: SLF001 - lxml publishes the type under this name only

MAX_COLUMN: Final = 16_384


def local(element: Element) -> str:
    """Return the name without its namespace; ``""`` for comments and processing instructions."""
    tag: object = element.tag
    return _local(tag) if isinstance(tag, str) else ""


@functools.lru_cache(maxsize=1024)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def relation_id(element: Element) -> str | None:
    """Return the ``r:id`` of an element in either namespace."""
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith("}id")), None)


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


def is_true(text: str | None) -> bool:
    """Return an XML boolean; absent means false."""
    return text in {"1", "true", "on"}
