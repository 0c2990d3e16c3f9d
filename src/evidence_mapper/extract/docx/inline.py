"""Text of one paragraph: what a reader sees, and apart from it what was deleted or hidden."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from evidence_mapper.extract.docx.names import Element, attr, child, children, is_on, name
from evidence_mapper.extract.docx.styles import Styles

_TRANSPARENT: Final = frozenset(
    {"w:ins", "w:moveTo", "w:hyperlink", "w:smartTag", "w:customXml", "w:fldSimple", "w:dir", "w:bdo"}
)
_DELETED: Final = frozenset({"w:del", "w:moveFrom"})
_DRAWN: Final = frozenset({"w:drawing", "w:pict", "w:object"})
_PLAIN: Final = {"w:tab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-", "w:ptab": "\t"}
_SYMBOLS: Final = {
    "F0FC": "✓", "F0FB": "✗", "F0FE": "☑", "F0FD": "☒", "F0A8": "☐", "F06F": "☐", "F052": "☑", "F0B7": "•",
    "F050": "✓", "F04F": "✗",
}  # fmt: skip
"""Wingdings and Symbol characters of ticked forms."""


@dataclass(slots=True)
class Inline:
    """What a paragraph holds."""

    text: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    placeholders: list[str] = field(default_factory=list)
    """Prompts of content controls nobody filled in."""
    boxes: list[Element] = field(default_factory=list)
    """Contents of text boxes anchored here."""
    references: list[tuple[str, str]] = field(default_factory=list)
    """(part, id) of footnotes, endnotes and comments anchored here."""
    pictures: int = 0
    bold: bool = True
    """Whether every visible character is bold."""


class InlineReader:
    """Reads paragraphs with one document's styles."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._paragraph_style: str | None = None

    def read(self, paragraph: Element) -> Inline:
        """Return what the paragraph holds."""
        found = Inline()
        style = child(paragraph, "w:pPr", "w:pStyle")
        self._paragraph_style = attr(style, "val") if style is not None else None
        self._walk(paragraph, found, found.text)
        if not "".join(found.text).strip():
            found.bold = False
        return found

    def _walk(self, parent: Element, found: Inline, sink: list[str]) -> None:
        for element in parent:
            kind = name(element)
            if kind == "w:r":
                self._run(element, found, sink)
            elif kind in _DELETED:
                self._walk(element, found, found.deleted)
            elif kind == "w:sdt":
                self._control(element, found, sink)
            elif kind in _TRANSPARENT:
                self._walk(element, found, sink)
            elif kind == "mc:AlternateContent":
                self._walk(alternative(element), found, sink)
            elif kind == "m:r":
                sink.extend(text.text or "" for text in children(element, "m:t"))
            elif kind.startswith("m:"):
                self._walk(element, found, sink)
            elif kind == "w:commentRangeStart":
                found.references.append(("comments", attr(element, "id") or ""))

    def _control(self, control: Element, found: Inline, sink: list[str]) -> None:
        content = child(control, "w:sdtContent")
        if content is None:
            return
        unfilled = is_on(child(control, "w:sdtPr", "w:showingPlcHdr"))
        self._walk(content, found, found.placeholders if unfilled else sink)

    def _run(self, run: Element, found: Inline, sink: list[str]) -> None:
        properties = child(run, "w:rPr")
        if sink is found.text and self._is_hidden(properties):
            sink = found.hidden
        before = len(sink)
        for element in run:
            self._run_part(element, found, sink)
        if sink is found.text and found.bold and "".join(sink[before:]).strip():
            found.bold = self._is_bold(properties)

    def _run_part(self, element: Element, found: Inline, sink: list[str]) -> None:
        kind = name(element)
        if kind == "w:t":
            sink.append(element.text or "")
        elif kind == "w:delText":
            found.deleted.append(element.text or "")
        elif kind in _PLAIN:
            sink.append(_PLAIN[kind])
        elif kind == "w:sym":
            sink.append(_SYMBOLS.get((attr(element, "char") or "").upper(), ""))
        elif kind in {"w:footnoteReference", "w:endnoteReference"}:
            found.references.append((kind[2:-9] + "s", attr(element, "id") or ""))
        elif kind == "w:commentReference":
            found.references.append(("comments", attr(element, "id") or ""))
        elif kind in _DRAWN:
            self._drawing(element, found)
        elif kind == "mc:AlternateContent":
            for inner in alternative(element):
                self._run_part(inner, found, sink)
        elif kind == "w:ruby":
            base = child(element, "w:rubyBase")
            if base is not None:
                self._walk(base, found, sink)

    def _drawing(self, drawing: Element, found: Inline) -> None:
        boxes = text_boxes(drawing)
        found.boxes.extend(boxes)
        if not boxes and any(name(e) in {"a:blip", "v:imagedata"} for e in drawing.iter()):
            found.pictures += 1

    def _is_hidden(self, properties: Element | None) -> bool:
        own = child(properties, "w:vanish")
        if own is not None:
            return is_on(own)
        style = child(properties, "w:rStyle")
        return self._styles.is_hidden(attr(style, "val") if style is not None else None) or (
            self._styles.is_hidden(self._paragraph_style)
        )

    def _is_bold(self, properties: Element | None) -> bool:
        own = child(properties, "w:b")
        if own is not None:
            return is_on(own)
        style = child(properties, "w:rStyle")
        return self._styles.is_bold(attr(style, "val") if style is not None else None) or (
            self._styles.is_bold(self._paragraph_style)
        )


def alternative(element: Element) -> Element:
    """Return the content to read of ``mc:AlternateContent``: the first choice, else the fallback.

    Reading both would give every text box twice. With neither, the element itself, whose children
    then mean nothing to a reader.
    """
    choice = child(element, "mc:Choice")
    fallback = child(element, "mc:Fallback")
    return next((branch for branch in (choice, fallback) if branch is not None), element)


def text_boxes(element: Element) -> list[Element]:
    """Return the outermost text box contents below an element, fallbacks left out."""
    found = []
    for inner in element:
        kind = name(inner)
        if kind == "w:txbxContent":
            found.append(inner)
        elif kind == "mc:AlternateContent":
            found.extend(text_boxes(alternative(inner)))
        else:
            found.extend(text_boxes(inner))
    return found
