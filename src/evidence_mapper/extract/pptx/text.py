"""Paragraphs of a text body, with what marks them as items of a list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from evidence_mapper.domain.document import BlockKind, SourceLocation
from evidence_mapper.extract.clean import clean
from evidence_mapper.extract.headings import BlockList
from evidence_mapper.extract.lists import bulleted
from evidence_mapper.extract.pptx.names import PPT, Element

_LONG_ITEM: Final = 25
_BULLETS: Final = frozenset({"a:buChar", "a:buBlip", "a:buAutoNum"})
_FIELDS: Final = ("slidenum", "datetime", "footer", "header")
"""Beginnings of the types of fields that say nothing of the slide's own."""
_TRANSPARENT: Final = frozenset({"mc:Choice", "a14:m", "m:oMathPara", "m:oMath", "a:r", "a:fld"})


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph."""

    text: str
    """Cleaned; never empty."""
    bullet: bool | None
    """Whether it is marked as an item; None when it says nothing and its shape decides."""


def paragraphs(body: Element | None) -> Iterator[Paragraph]:
    """Yield the paragraphs of a text body that have text."""
    for element in PPT.children(body, "a:p"):
        text = clean("".join(_runs(element)))
        if text:
            yield Paragraph(text, _bullet(PPT.child(element, "a:pPr")))


def body_text(body: Element | None) -> str:
    """Return a text body's paragraphs, one on a line."""
    return "\n".join(paragraph.text for paragraph in paragraphs(body))


def add_paragraphs(out: BlockList, body: Element | None, place: SourceLocation, *, listed: bool) -> None:
    """Add a text body's paragraphs; ``listed`` says whether those without a mark are items of a list."""
    for paragraph in paragraphs(body):
        text = paragraph.text
        marked = listed if paragraph.bullet is None else paragraph.bullet
        typed = None if marked else bulleted(text)
        item = typed is not None or (marked and (paragraph.bullet or len(text.split()) < _LONG_ITEM))
        out.add(typed or text, BlockKind.LIST_ITEM if item else BlockKind.PARAGRAPH, place)


def _runs(parent: Element) -> Iterator[str]:
    for element in parent:
        kind = PPT.name(element)
        if kind in {"a:t", "m:t"}:
            yield element.text or ""
        elif kind == "a:br":
            yield "\n"
        elif kind == "a:tab":
            yield "\t"
        elif kind == "mc:AlternateContent":
            chosen = PPT.child(element, "mc:Choice")
            yield from _runs(chosen if chosen is not None else element)
        elif kind == "a:fld" and (element.get("type") or "").startswith(_FIELDS):
            continue
        elif kind in _TRANSPARENT or kind.startswith("m:"):
            yield from _runs(element)


def _bullet(properties: Element | None) -> bool | None:
    if properties is None:
        return None
    kinds = {PPT.name(element) for element in properties}
    if kinds & _BULLETS:
        return True
    return False if "a:buNone" in kinds else None
