"""Short names for WordprocessingML elements, the same in the transitional and the strict namespace."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Final

from lxml import etree

Element = etree._Element  # noqa: SLF001 - lxml publishes the type under this name only

_PREFIXES: Final = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://purl.oclc.org/ooxml/drawingml/main": "a",
    "urn:schemas-microsoft-com:vml": "v",
}
_W: Final = tuple(uri for uri, prefix in _PREFIXES.items() if prefix == "w")


def name(element: Element) -> str:
    """Return a name such as ``"w:p"``; ``""`` for comments and elements of other vocabularies."""
    tag: object = element.tag  # a function for comments and processing instructions
    return _short(tag) if isinstance(tag, str) else ""


@functools.lru_cache(maxsize=4096)
def _short(tag: str) -> str:
    uri, _, local = tag.rpartition("}")
    prefix = _PREFIXES.get(uri[1:])
    return f"{prefix}:{local}" if prefix else ""


def attr(element: Element, local: str) -> str | None:
    """Return a ``w:`` attribute, None when it is absent."""
    for uri in _W:
        value = element.get(f"{{{uri}}}{local}")
        if value is not None:
            return value
    return None


def child(element: Element | None, *path: str) -> Element | None:
    """Return the first descendant along a path of short names; None when a step is missing."""
    for step in path:
        if element is None:
            return None
        element = next((e for e in element if name(e) == step), None)
    return element


def children(element: Element, wanted: str) -> Iterator[Element]:
    """Yield the children of one short name."""
    return (e for e in element if name(e) == wanted)


def is_on(element: Element | None) -> bool:
    """Return a toggle property's value: present without ``w:val`` means on."""
    return element is not None and (attr(element, "val") or "1").lower() not in {"0", "false", "off", "none"}


def number(text: str | None) -> int | None:
    """Return a whole number, None when the text is not one."""
    try:
        return int(text) if text is not None else None
    except ValueError:
        return None
