"""Small pieces several query modules share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, select

from evidence_mapper.errors import StoreError
from evidence_mapper.store.rows import PASSAGE_COLUMNS
from evidence_mapper.store.schema import documents, passages, revisions

T = TypeVar("T")

CHUNK = 500
"""Most values in one IN list."""

STREAM = {"yield_per": 500}
"""Execution options of queries whose rows are not all held in memory."""


def chunks(values: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """Yield the values in pieces of at most ``size``."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def passage_select(*extra: ColumnElement[Any]) -> Select[Any]:
    """Return a query of PASSAGE_COLUMNS and ``extra`` from passages, revisions and documents."""
    return (
        select(*PASSAGE_COLUMNS, *extra)
        .select_from(passages)
        .join(revisions, revisions.c.number == passages.c.revision_number)
        .join(documents, documents.c.number == passages.c.document_number)
    )


def passage_number(connection: Connection, passage_id: str) -> int:
    """Return a passage's key.

    Raises
    ------
    StoreError
        No such passage.
    """
    number = connection.execute(select(passages.c.number).where(passages.c.id == passage_id)).scalar()
    if number is None:
        raise StoreError(f"no passage {passage_id} in this project; nothing was changed")
    return int(number)


def passage_numbers(connection: Connection, passage_ids: Sequence[str]) -> dict[str, int]:
    """Return the keys of passages by id.

    Raises
    ------
    StoreError
        One of them does not exist.
    """
    found: dict[str, int] = {}
    for piece in chunks(passage_ids):
        query = select(passages.c.id, passages.c.number).where(passages.c.id.in_(piece))
        found.update({row.id: row.number for row in connection.execute(query)})
    for passage_id in passage_ids:
        if passage_id not in found:
            raise StoreError(f"no passage {passage_id} in this project; nothing was changed")
    return found
