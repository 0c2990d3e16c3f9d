"""Local names and attributes of SpreadsheetML, the same in the transitional and the strict namespace."""

from __future__ import annotations

import functools

from lxml import etree

from evidence_mapper.extract.columns import MAX_COLUMN, column_index, column_letter

__all__ = ["MAX_COLUMN", "Element", "column_index", "column_letter", "is_true", "local", "relation_id"]

Element = etree._Element  # noqa: SLF001 - lxml publishes the type under this name only


def local(element: Element) -> str:
    """Return the name without its namespace; ``""`` for comments and processing instructions."""
    tag: object = element.tag
    return _local(tag) if isinstance(tag, str) else ""


@functools.lru_cache(maxsize=1024)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def relation_id(element: Element) -> str | None:
    """Return the ``r:id`` of an element in either namespace."""
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith("}id")), None)


def is_true(text: str | None) -> bool:
    """Return an XML boolean; absent means false."""
    return text in {"1", "true", "on"}
