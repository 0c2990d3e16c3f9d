"""Text of one paragraph, and apart from it what is hidden, noted or drawn there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from evidence_mapper.extract.odf.names import ODF, Element
from evidence_mapper.extract.odf.styles import Styles
from evidence_mapper.extract.vocabulary import whole_number

_SPACE: Final = re.compile(r"[ \t\r\n]+")
_SILENT: Final = frozenset(
    {
        "office:annotation-end", "office:event-listeners", "text:soft-page-break", "text:change-end",
        "text:script", "text:ruby-text", "text:note-citation", "svg:title", "svg:desc",
    }
)  # fmt: skip
_NOTES: Final = {"footnote": "footnotes", "endnote": "endnotes"}
_MOST_SPACES: Final = 100
DRAWN: Final = frozenset(
    f"draw:{shape}"
    for shape in (
        "a", "caption", "circle", "connector", "custom-shape", "ellipse", "frame", "g", "line", "measure",
        "page-thumbnail", "path", "polygon", "polyline", "rect", "regular-polygon",
    )
)  # fmt: skip


@dataclass(slots=True)
class Inline:
    """What a paragraph holds."""

    text: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    placeholders: list[str] = field(default_factory=list)
    """Prompts nobody filled in."""
    boxes: list[Element] = field(default_factory=list)
    """Elements with the block content of text boxes and shapes anchored here."""
    notes: list[tuple[str, Element]] = field(default_factory=list)
    """(part, element) of footnotes, endnotes and comments anchored here."""
    changes: list[str] = field(default_factory=list)
    """Ids of tracked changes made here."""
    pictures: int = 0
    bold: bool = True
    """Whether every visible character is bold."""


class InlineReader:
    """Reads paragraphs with one document's styles."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles

    def read(self, paragraph: Element) -> Inline:
        """Return what a paragraph or heading holds."""
        found = Inline()
        style = ODF.attr(paragraph, "text:style-name")
        bold = self._styles.is_bold("paragraph", style) or False
        sink = found.hidden if self._styles.is_hidden("paragraph", style) else found.text
        self._walk(paragraph, found, sink, bold)
        if not "".join(found.text).strip():
            found.bold = False
        return found

    def _walk(self, parent: Element, found: Inline, sink: list[str], bold: bool) -> None:
        _put(parent.text, found, sink, bold)
        for element in parent:
            self._element(element, found, sink, bold)
            _put(element.tail, found, sink, bold)

    def _element(self, element: Element, found: Inline, sink: list[str], bold: bool) -> None:
        kind = ODF.name(element)
        if kind in _SILENT or not isinstance(element.tag, str):
            return
        if kind == "text:s":
            sink.append(" " * (whole_number(ODF.attr(element, "text:c"), most=_MOST_SPACES) or 1))
        elif kind in {"text:tab", "text:line-break"}:
            sink.append("\t" if kind == "text:tab" else "\n")
        elif kind == "text:note":
            found.notes.append((_NOTES.get(ODF.attr(element, "text:note-class") or "", "footnotes"), element))
        elif kind == "office:annotation":
            found.notes.append(("comments", element))
        elif kind in {"text:change", "text:change-start"}:
            found.changes.append(ODF.attr(element, "text:change-id") or "")
        elif kind in DRAWN:
            collect_shapes(element, found)
        elif kind == "text:placeholder":
            self._walk(element, found, found.placeholders, bold)
        else:
            self._walk(element, found, *self._styled(element, kind, found, sink, bold))

    def _styled(
        self, element: Element, kind: str, found: Inline, sink: list[str], bold: bool
    ) -> tuple[list[str], bool]:
        style = ODF.attr(element, "text:style-name") if kind in {"text:span", "text:a"} else None
        hides = ODF.attr(element, "text:is-hidden") == "true"
        if sink is found.text and (hides or self._styles.is_hidden("text", style)):
            sink = found.hidden
        own = self._styles.is_bold("text", style)
        return sink, bold if own is None else own


def collect_shapes(element: Element, found: Inline) -> None:
    """Add what a drawn element holds: text boxes and shapes with text, tables, pictures."""
    kind = ODF.name(element)
    if kind in {"draw:g", "draw:a"}:
        for inner in element:
            if ODF.name(inner) in DRAWN:
                collect_shapes(inner, found)
    elif kind == "draw:frame":
        inside = {ODF.name(inner): inner for inner in reversed(element)}
        if "draw:text-box" in inside:
            found.boxes.append(inside["draw:text-box"])
        elif "table:table" in inside:
            found.boxes.append(element)
        else:
            found.pictures += "draw:image" in inside or "draw:object" in inside
    elif kind in DRAWN:
        found.boxes.append(element)


def plain_text(paragraph: Element) -> str:
    """Return a cell's paragraph without what is noted or drawn in it; styles are not looked at."""
    return "".join(_UNSTYLED.read(paragraph).text)


def _put(text: str | None, found: Inline, sink: list[str], bold: bool) -> None:
    if not text:
        return
    sink.append(_SPACE.sub(" ", text))
    if sink is found.text and not bold and text.strip():
        found.bold = False


_UNSTYLED: Final = InlineReader(Styles())
