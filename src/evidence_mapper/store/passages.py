"""Passages: one, a document's, a passage's neighbours."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from evidence_mapper.domain.passage import Passage
from evidence_mapper.errors import StoreError
from evidence_mapper.store.queries import STREAM, passage_select
from evidence_mapper.store.rows import passage_of
from evidence_mapper.store.schema import current_revisions, documents, passages, queue_items


def one(connection: Connection, passage_id: str) -> Passage:
    """Return a passage of any revision.

    Raises
    ------
    StoreError
        No such passage.
    """
    row = connection.execute(passage_select().where(passages.c.id == passage_id)).one_or_none()
    if row is None:
        raise StoreError(f"no passage {passage_id} in this project")
    return passage_of(row)


def of_document(connection: Connection, document_id: str) -> Iterator[Passage]:
    """Yield the passages of a document's newest revision, in reading order."""
    query = (
        passage_select()
        .join(current_revisions, current_revisions.c.revision_number == passages.c.revision_number)
        .where(documents.c.id == document_id, passages.c.ordinal >= 0)
        .order_by(passages.c.ordinal)
    )
    for row in connection.execution_options(**STREAM).execute(query):
        yield passage_of(row)


def neighbours(
    connection: Connection, passage_id: str, before: int, after: int
) -> tuple[list[Passage], list[Passage]]:
    """Return passages of the same revision above (nearest last) and below (nearest first).

    Raises
    ------
    StoreError
        No such passage.
    """
    p = passages.c
    columns = (p.revision_number, p.ordinal, p.span_start, p.span_end)
    place = connection.execute(select(*columns).where(p.id == passage_id)).one_or_none()
    if place is None:
        raise StoreError(f"no passage {passage_id} in this project")
    same = passage_select().where(p.revision_number == place.revision_number, p.ordinal >= 0)
    if place.ordinal < 0:  # cut another way since: what stands around it now
        above = same.where(p.span_end <= place.span_start).order_by(p.ordinal.desc()).limit(before)
        below = same.where(p.span_start >= place.span_end).order_by(p.ordinal).limit(after)
        return (
            [passage_of(row) for row in connection.execute(above)][::-1],
            [passage_of(row) for row in connection.execute(below)],
        )
    above = same.where(p.ordinal < place.ordinal).order_by(p.ordinal.desc()).limit(before)
    below = same.where(p.ordinal > place.ordinal).order_by(p.ordinal).limit(after)
    return (
        [passage_of(row) for row in connection.execute(above)][::-1],
        [passage_of(row) for row in connection.execute(below)],
    )


def count(connection: Connection) -> int:
    """Return how many passages the newest revisions hold."""
    query = select(func.count()).select_from(queue_items).where(queue_items.c.live == 1)
    return int(connection.execute(query).scalar_one())
