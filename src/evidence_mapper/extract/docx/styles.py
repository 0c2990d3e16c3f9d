"""What paragraph styles and list definitions say about a paragraph."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from evidence_mapper.extract.docx.names import Element, attr, child, children, is_on, number

_HEADING_NAME: Final = re.compile(r"heading\s*([1-9])$", re.IGNORECASE)
_TOC_NAME: Final = re.compile(r"toc\s*(?:\d|heading)|table of (?:figures|authorities)", re.IGNORECASE)
_MAX_CHAIN: Final = 20


class ListKind(StrEnum):
    """How a list marks its items."""

    BULLET = "bullet"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class _Style:
    id: str
    name: str
    based_on: str | None
    properties: Element | None
    hidden: bool
    bold: bool


class Styles:
    """Lookup by style id through ``basedOn``; names are the built-in English ones even in a Welsh Word.

    Parameters
    ----------
    styles, numbering
        Roots of ``styles.xml`` and ``numbering.xml``; None when the package has none.
    """

    def __init__(self, styles: Element | None, numbering: Element | None) -> None:
        self._styles = {s.id: s for s in map(_read_style, styles if styles is not None else ()) if s}
        self._formats = _list_formats(numbering)

    def heading_level(self, paragraph: Element) -> int | None:
        """Return the heading level from 1; None for body text."""
        direct = _outline(child(paragraph, "w:pPr"))
        if direct is not None:
            return direct + 1 if direct < 9 else None
        for style in self._chain(_style_id(paragraph)):
            own = _outline(style.properties)
            if own is not None:
                return own + 1 if own < 9 else None
            named = _HEADING_NAME.match(style.name) or _HEADING_NAME.match(style.id)
            if named:
                return int(named[1])
            if style.name.lower() == "title":
                return 1
        return None

    def is_contents(self, paragraph: Element) -> bool:
        """Return whether the paragraph's style is one of a table of contents."""
        return any(_TOC_NAME.match(style.name) for style in self._chain(_style_id(paragraph)))

    def is_hidden(self, style_id: str | None) -> bool:
        """Return whether a paragraph or character style hides its text."""
        return any(style.hidden for style in self._chain(style_id))

    def is_bold(self, style_id: str | None) -> bool:
        """Return whether a style sets bold."""
        return any(style.bold for style in self._chain(style_id))

    def list_kind(self, paragraph: Element) -> ListKind | None:
        """Return how the paragraph is marked as a list item; None when it is none."""
        for properties in self._property_chain(paragraph):
            numbered = child(properties, "w:numPr")
            if numbered is None:
                continue
            num = child(numbered, "w:numId")
            depth = child(numbered, "w:ilvl")
            num_id = attr(num, "val") if num is not None else None
            if num_id is None:
                continue
            if num_id == "0":
                return None
            level = number(attr(depth, "val")) if depth is not None else 0
            return self._formats.get((num_id, level or 0), ListKind.NUMBER)
        names = [style.name.lower() for style in self._chain(_style_id(paragraph))]
        if any(name.startswith("list bullet") for name in names):
            return ListKind.BULLET
        return ListKind.NUMBER if any(name.startswith("list number") for name in names) else None

    def _property_chain(self, paragraph: Element) -> list[Element]:
        chain = [child(paragraph, "w:pPr"), *(s.properties for s in self._chain(_style_id(paragraph)))]
        return [properties for properties in chain if properties is not None]

    def _chain(self, style_id: str | None) -> list[_Style]:
        chain: list[_Style] = []
        while style_id in self._styles and len(chain) < _MAX_CHAIN:
            style = self._styles[style_id or ""]
            if style in chain:
                break
            chain.append(style)
            style_id = style.based_on
        return chain


def _style_id(paragraph: Element) -> str | None:
    style = child(paragraph, "w:pPr", "w:pStyle")
    return attr(style, "val") if style is not None else None


def _read_style(element: Element) -> _Style | None:
    style_id = attr(element, "styleId")
    if style_id is None:
        return None
    label, base = child(element, "w:name"), child(element, "w:basedOn")
    return _Style(
        id=style_id,
        name=(attr(label, "val") or "" if label is not None else "").strip(),
        based_on=attr(base, "val") if base is not None else None,
        properties=child(element, "w:pPr"),
        hidden=is_on(child(element, "w:rPr", "w:vanish")),
        bold=is_on(child(element, "w:rPr", "w:b")),
    )


def _outline(properties: Element | None) -> int | None:
    level = child(properties, "w:outlineLvl")
    return number(attr(level, "val")) if level is not None else None


def _list_formats(numbering: Element | None) -> dict[tuple[str, int], ListKind]:
    if numbering is None:
        return {}
    abstract = {attr(a, "abstractNumId"): a for a in children(numbering, "w:abstractNum")}
    formats = {}
    for num in children(numbering, "w:num"):
        link = child(num, "w:abstractNumId")
        definition = abstract.get(attr(link, "val")) if link is not None else None
        for level in children(definition, "w:lvl") if definition is not None else ():
            form = child(level, "w:numFmt")
            bullet = form is not None and attr(form, "val") in {"bullet", "none"}
            depth = number(attr(level, "ilvl")) or 0
            formats[attr(num, "numId") or "", depth] = ListKind.BULLET if bullet else ListKind.NUMBER
    return formats
