"""What styles and list definitions say about paragraphs, sections, sheets and slides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from evidence_mapper.extract.odf.names import ODF, Element

_HEADING: Final = re.compile(r"Heading(?:_20_)?([1-9])$")
_CONTENTS: Final = re.compile(r"Contents(?:_20_)?(?:\d|Heading)", re.IGNORECASE)
_MAX_CHAIN: Final = 20
_BOLD: Final = frozenset({"bold", "600", "700", "800", "900"})


class Styles:
    """Lookup by family and name through parent styles.

    Parameters
    ----------
    roots
        Elements that hold styles: of the content first, whose names win, then of ``styles.xml``.
    """

    def __init__(self, *roots: Element | None) -> None:
        self._styles: dict[tuple[str, str], Element] = {}
        self._bullets: dict[tuple[str, int], bool] = {}
        for root in roots:
            for style in ODF.all(root, "style:style"):
                key = ODF.attr(style, "style:family") or "", ODF.attr(style, "style:name") or ""
                self._styles.setdefault(key, style)
            for definition in ODF.all(root, "text:list-style"):
                self._add_list(definition)

    def is_hidden(self, family: str, name: str | None) -> bool:
        """Return whether a paragraph or text style hides its text."""
        return self._text_property(family, name, "text:display") == "none"

    def is_bold(self, family: str, name: str | None) -> bool | None:
        """Return whether a style sets bold; None when it says nothing about it."""
        weight = self._text_property(family, name, "fo:font-weight")
        return None if weight is None else weight in _BOLD

    def heading_level(self, name: str | None) -> int | None:
        """Return the level of a paragraph style that is a heading by name; None for others."""
        for style in self._chain("paragraph", name):
            own = ODF.attr(style, "style:name") or ""
            if own == "Title":
                return 1
            match = _HEADING.match(own)
            if match:
                return int(match[1])
        return None

    def is_contents(self, name: str | None) -> bool:
        """Return whether a paragraph style is one of a table of contents."""
        names = (ODF.attr(style, "style:name") or "" for style in self._chain("paragraph", name))
        return any(_CONTENTS.match(own) for own in names)

    def is_bullet(self, list_style: str | None, level: int) -> bool:
        """Return whether a list marks a level with bullets; a list without a definition counts as one."""
        return self._bullets.get((list_style or "", level), True)

    def is_sheet_hidden(self, name: str | None) -> bool:
        """Return whether a table style hides its sheet."""
        return self._property("table", name, "style:table-properties", "table:display") == "false"

    def is_slide_hidden(self, name: str | None) -> bool:
        """Return whether a drawing page's style leaves it out of the show."""
        kind = "style:drawing-page-properties"
        return self._property("drawing-page", name, kind, "presentation:visibility") == "hidden"

    def _text_property(self, family: str, name: str | None, attribute: str) -> str | None:
        return self._property(family, name, "style:text-properties", attribute)

    def _property(self, family: str, name: str | None, kind: str, attribute: str) -> str | None:
        for style in self._chain(family, name):
            properties = ODF.child(style, kind)
            value = ODF.attr(properties, attribute) if properties is not None else None
            if value is not None:
                return value
        return None

    def _chain(self, family: str, name: str | None) -> Iterator[Element]:
        for _ in range(_MAX_CHAIN):
            style = self._styles.get((family, name or ""))
            if style is None:
                return
            yield style
            name = ODF.attr(style, "style:parent-style-name")

    def _add_list(self, definition: Element) -> None:
        name = ODF.attr(definition, "style:name") or ""
        for level in definition:
            depth = ODF.attr(level, "text:level") or "" if ODF.name(level) else ""
            if depth.isdigit() and len(depth) < 4:
                is_number = ODF.name(level).endswith("-number")
                self._bullets.setdefault((name, int(depth)), not is_number)
