"""The structure tree of one page as plain data."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2.raw as raw

from evidence_mapper.extract.pdf.handles import Handle
from evidence_mapper.extract.pdf.model import Node
from evidence_mapper.extract.pdf.native import HANDLE, INT, LONG, address_of, numeric

_DEPTH = 120
"""Elements nested deeper are left to the layout reader, so that their text is not lost."""
_NODES = 200_000
_CELLS = {"TH", "TD"}
_SPAN = 1_000


_children = numeric(raw.FPDF_StructElement_CountChildren, INT, HANDLE)
_child = numeric(raw.FPDF_StructElement_GetChildAtIndex, HANDLE, HANDLE, INT)
_content_id = numeric(raw.FPDF_StructElement_GetChildMarkedContentID, INT, HANDLE, INT)
_type = numeric(raw.FPDF_StructElement_GetType, LONG, HANDLE, HANDLE, LONG)
_attributes = numeric(raw.FPDF_StructElement_GetAttributeCount, INT, HANDLE)


def read_tree(page: Handle) -> list[Node]:
    """Return the top elements of the page's structure tree; empty when the page has none."""
    with _tree(page) as tree:
        if not tree:
            return []
        reader = _Reader()
        tops = []
        for index in range(raw.FPDF_StructTree_CountChildren(tree)):
            element = address_of(raw.FPDF_StructTree_GetChildAtIndex(tree, index))
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
        self._buffer = ctypes.create_string_buffer(256)
        self._buffer_at = ctypes.addressof(self._buffer)
        self._roles: dict[bytes, str] = {}

    def read(self, element: int, key: tuple[int, ...]) -> Node:
        role = self._role(element)
        kids: list[Node | int] = []
        node = Node(role, key, kids)
        if role in _CELLS and _attributes(element) > 0:
            node.columns, node.rows = _span(element, b"ColSpan"), _span(element, b"RowSpan")
        if len(key) > _DEPTH:
            return node
        for index in range(_children(element)):
            self._left -= 1
            if self._left < 0:
                break
            child = _child(element, index)
            if child:
                kids.append(self.read(child, (*key, index)))
                continue
            mcid = _content_id(element, index)
            if mcid >= 0:
                kids.append(mcid)
        return node

    def _role(self, element: int) -> str:
        length = _type(element, self._buffer_at, 256)
        stated = self._buffer.raw[: min(length, 256)]
        role = self._roles.get(stated)
        if role is None:
            role = self._roles[stated] = stated.decode("utf-16-le", "replace").rstrip("\0")
        return role


def _span(address: int, name: bytes) -> int:
    """Return a cell's ColSpan or RowSpan; 1 when it states none or nonsense."""
    element = ctypes.cast(address, raw.FPDF_STRUCTELEMENT)
    number = ctypes.c_float()
    for index in range(min(raw.FPDF_StructElement_GetAttributeCount(element), 20)):
        attributes = raw.FPDF_StructElement_GetAttributeAtIndex(element, index)
        value = attributes and raw.FPDF_StructElement_Attr_GetValue(attributes, name)
        if not value or not raw.FPDF_StructElement_Attr_GetNumberValue(value, number):
            continue
        if math.isfinite(number.value):
            return int(max(1.0, min(float(_SPAN), number.value)))
    return 1
