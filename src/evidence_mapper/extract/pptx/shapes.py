"""Shapes of a slide: groups opened, placed, and in the order in which a person reads them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from evidence_mapper.extract.clean import one_line
from evidence_mapper.extract.placing import Box, reading_order
from evidence_mapper.extract.pptx.names import PPT, Element

TITLES: Final = frozenset({"title", "ctrTitle"})
_SHAPES: Final = frozenset({"p:sp", "p:graphicFrame", "p:pic", "p:cxnSp"})
_SAME: Final = {"ctrTitle": "title", "subTitle": "body", "obj": "body"}
_TransformT = tuple[float, float, float, float]
_IDENTITY: Final[_TransformT] = (1.0, 0.0, 1.0, 0.0)
"""Scale and offset, across and down."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape that is no group."""

    element: Element
    kind: str
    """Short name of the element."""
    name: str
    placeholder: str | None
    """Type of the placeholder, ``body`` when it states none; None for other shapes."""
    is_hidden: bool
    box: Box | None


def shapes(slide: Element, *layouts: Element) -> list[Shape]:
    """Return a slide's shapes, title first, then in reading order.

    Parameters
    ----------
    slide
        Root of the slide.
    layouts
        Roots of its layout and master, which place what the slide itself does not.
    """
    tree = PPT.child(slide, "p:cSld", "p:spTree")
    found = list(_shapes(tree, _IDENTITY, layouts, hidden=False)) if tree is not None else []
    titles = [shape for shape in found if shape.placeholder in TITLES]
    others = [shape for shape in found if shape.placeholder not in TITLES]
    return [*titles, *(others[i] for i in reading_order([shape.box for shape in others]))]


def _shapes(
    parent: Element, outer: _TransformT, layouts: tuple[Element, ...], *, hidden: bool
) -> Iterator[Shape]:
    for element in parent:
        kind = PPT.name(element)
        if kind == "mc:AlternateContent":
            chosen = PPT.child(element, "mc:Choice")
            fallback = PPT.child(element, "mc:Fallback")
            inner = chosen if chosen is not None and len(chosen) else fallback
            if inner is not None:
                yield from _shapes(inner, outer, layouts, hidden=hidden)
        elif kind == "p:grpSp":
            concealed = hidden or _properties(element)[1]
            yield from _shapes(element, _grouped(element, outer), layouts, hidden=concealed)
        elif kind in _SHAPES:
            name, concealed = _properties(element)
            placeholder = _placeholder(element)
            box = _box(element, outer) or _inherited(placeholder, layouts)
            form = (placeholder.get("type") or "body") if placeholder is not None else None
            yield Shape(element, kind, name, form, hidden or concealed, box)


def _properties(element: Element) -> tuple[str, bool]:
    """Return a shape's name and whether it is hidden."""
    outer = next((e for e in element if PPT.name(e).startswith("p:nv")), None)
    inner = PPT.child(outer, "p:cNvPr")
    if inner is None:
        return "", False
    name = one_line(inner.get("name") or "") or f"shape {one_line(inner.get('id') or '')}".strip()
    return name, (inner.get("hidden") or "") in {"1", "true"}


def _placeholder(element: Element) -> Element | None:
    outer = next((e for e in element if PPT.name(e).startswith("p:nv")), None)
    return PPT.child(outer, "p:nvPr", "p:ph")


def _inherited(placeholder: Element | None, layouts: tuple[Element, ...]) -> Box | None:
    if placeholder is None:
        return None
    for layout in layouts:
        matches = [
            s for s in PPT.all(layout, "p:sp") if _is_same(_placeholder(s), placeholder, layout is layouts[0])
        ]
        for shape in matches:
            box = _box(shape, _IDENTITY)
            if box is not None:
                return box
    return None


def _is_same(other: Element | None, placeholder: Element, by_index: bool) -> bool:
    if other is None:
        return False
    if by_index and placeholder.get("idx") is not None:
        return other.get("idx") == placeholder.get("idx")
    own, theirs = placeholder.get("type") or "body", other.get("type") or "body"
    return _SAME.get(own, own) == _SAME.get(theirs, theirs)


def _box(element: Element, outer: _TransformT) -> Box | None:
    transform = PPT.child(element, "p:xfrm")
    if transform is None:
        transform = PPT.child(element, "p:spPr", "a:xfrm")
    offset, extent = PPT.child(transform, "a:off"), PPT.child(transform, "a:ext")
    if offset is None or extent is None:
        return None
    sx, dx, sy, dy = outer
    left, top = _number(offset.get("x")) * sx + dx, _number(offset.get("y")) * sy + dy
    width, height = _number(extent.get("cx")) * sx, _number(extent.get("cy")) * sy
    return Box(left, top, left + abs(width), top + abs(height))


def _grouped(group: Element, outer: _TransformT) -> _TransformT:
    """Return the transform of what is in a group, whose shapes count from a corner of their own."""
    transform = PPT.child(group, "p:grpSpPr", "a:xfrm")
    parts = [PPT.child(transform, f"a:{name}") for name in ("off", "ext", "chOff", "chExt")]
    offset, extent, inner_offset, inner_extent = parts
    if offset is None or extent is None or inner_offset is None or inner_extent is None:
        return outer
    sx, dx, sy, dy = outer
    across = _number(extent.get("cx")) / (_number(inner_extent.get("cx")) or 1.0)
    down = _number(extent.get("cy")) / (_number(inner_extent.get("cy")) or 1.0)
    left = _number(offset.get("x")) - _number(inner_offset.get("x")) * across
    top = _number(offset.get("y")) - _number(inner_offset.get("y")) * down
    return sx * across, sx * left + dx, sy * down, sy * top + dy


def _number(text: str | None) -> float:
    digits = (text or "").strip()
    plain = digits.removeprefix("-")
    return float(digits) if plain.isascii() and plain.isdigit() and len(plain) < 16 else 0.0
