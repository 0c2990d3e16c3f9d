"""The structure tree of one page as plain data."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2.raw as raw

from evidence_mapper.extract.pdf.handles import Handle
from evidence_mapper.extract.pdf.model import Node

_DEPTH = 120
"""Elements nested deeper are left to the layout reader, so that their text is not lost."""
_NODES = 200_000
_CELLS = {"TH", "TD"}
_SPAN = 1_000


def read_tree(page: Handle) -> list[Node]:
    """Return the top elements of the page's structure tree; empty when the page has none."""
    with _tree(page) as tree:
        if not tree:
            return []
        reader = _Reader()
        tops = []
        for index in range(raw.FPDF_StructTree_CountChildren(tree)):
            element = raw.FPDF_StructTree_GetChildAtIndex(tree, index)
            if element:
                tops.append(reader.read(element, (index,)))
        return tops


@contextmanager
def _tree(page: Handle) -> Iterator[Handle]:
    tree = raw.FPDF_StructTree_GetForPage(page)
    try:
        yield tree
    finally:
        if tree:
            raw.FPDF_StructTree_Close(tree)


class _Reader:
    """Walks elements, counting them so that a hostile tree ends."""

    def __init__(self) -> None:
        self._left = _NODES

    def read(self, element: Handle, key: tuple[int, ...]) -> Node:
        role = _text(raw.FPDF_StructElement_GetType, element)
        node = Node(role, key, [])
        if role in _CELLS:
            node.columns, node.rows = _span(element, b"ColSpan"), _span(element, b"RowSpan")
        if len(key) > _DEPTH:
            return node
        for index in range(raw.FPDF_StructElement_CountChildren(element)):
            self._left -= 1
            if self._left < 0:
                break
            child = raw.FPDF_StructElement_GetChildAtIndex(element, index)
            if child:
                node.kids.append(self.read(child, (*key, index)))
                continue
            mcid = raw.FPDF_StructElement_GetChildMarkedContentID(element, index)
            if mcid >= 0:
                node.kids.append(mcid)
        return node


_BUFFER = ctypes.create_string_buffer(256)


def _text(function: Handle, element: Handle) -> str:
    length = function(element, _BUFFER, len(_BUFFER))
    return _BUFFER.raw[: min(length, 256)].decode("utf-16-le", "replace").rstrip("\0")


def _span(element: Handle, name: bytes) -> int:
    """Return a cell's ColSpan or RowSpan; 1 when it states none or nonsense."""
    number = ctypes.c_float()
    for index in range(min(raw.FPDF_StructElement_GetAttributeCount(element), 20)):
        attributes = raw.FPDF_StructElement_GetAttributeAtIndex(element, index)
        value = attributes and raw.FPDF_StructElement_Attr_GetValue(attributes, name)
        if not value or not raw.FPDF_StructElement_Attr_GetNumberValue(value, number):
            continue
        if math.isfinite(number.value):
            return int(max(1.0, min(float(_SPAN), number.value)))
    return 1
