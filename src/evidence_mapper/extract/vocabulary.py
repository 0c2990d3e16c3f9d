"""Short names for the elements and attributes of one XML vocabulary."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping

from lxml import etree

Element = etree._Element  # noqa: SLF001 - lxml publishes the type under this name only


class Vocabulary:
    """Names such as ``"text:p"``, whichever prefixes a file itself uses.

    Parameters
    ----------
    prefixes
        Namespace to prefix. Several namespaces may share a prefix: editions of one standard.
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = dict(prefixes)
        self._uris: dict[str, list[str]] = {}
        for uri, prefix in prefixes.items():
            self._uris.setdefault(prefix, []).append(uri)
        self._short = functools.lru_cache(maxsize=4096)(self._shortened)

    def name(self, element: Element) -> str:
        """Return the short name; ``""`` for comments and elements of other vocabularies."""
        tag: object = element.tag  # a function for comments and processing instructions
        return self._short(tag) if isinstance(tag, str) else ""

    def attr(self, element: Element, name: str) -> str | None:
        """Return an attribute by short name, None when it is absent."""
        prefix, _, local = name.rpartition(":")
        for uri in self._uris[prefix]:
            value = element.get(f"{{{uri}}}{local}")
            if value is not None:
                return value
        return None

    def child(self, element: Element | None, *path: str) -> Element | None:
        """Return the first descendant along a path of short names; None when a step is missing."""
        for step in path:
            if element is None:
                return None
            element = next((e for e in element if self.name(e) == step), None)
        return element

    def children(self, element: Element | None, *wanted: str) -> Iterator[Element]:
        """Yield the children of some short names."""
        return (e for e in (element if element is not None else ()) if self.name(e) in wanted)

    def all(self, element: Element | None, *wanted: str) -> Iterator[Element]:
        """Yield an element and everything below it of some short names, in document order."""
        return (e for e in (element.iter() if element is not None else ()) if self.name(e) in wanted)

    def _shortened(self, tag: str) -> str:
        uri, _, local = tag.rpartition("}")
        prefix = self._prefixes.get(uri[1:])
        return f"{prefix}:{local}" if prefix else ""


def whole_number(text: str | None, *, most: int) -> int | None:
    """Return a whole number from 0, cut to ``most``; None when the text is not one."""
    digits = (text or "").strip()
    if not digits.isascii() or not digits.isdigit():
        return None
    digits = digits.lstrip("0") or "0"
    return most if len(digits) > len(str(most)) else min(int(digits), most)
