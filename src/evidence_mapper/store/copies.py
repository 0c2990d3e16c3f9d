"""What a reading says of its file, and the other names its bytes were met under."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection, and_, delete, insert, select

from evidence_mapper.errors import StoreError
from evidence_mapper.store import schema
from evidence_mapper.store.codec import loads

SOURCE_PATH = "source_path"
"""Key of the one fact that stays in the project."""

_d, _c, _cur = schema.documents, schema.copies, schema.current_revisions


def facts(connection: Connection) -> dict[str, dict[str, str]]:
    """Return, by document name, the facts of the newest revision."""
    kept = schema.document_facts.c
    query = (
        select(_d.c.name, kept.metadata)
        .join_from(_d, _cur, _cur.c.document_number == _d.c.number)
        .join(schema.document_facts, kept.revision_number == _cur.c.revision_number)
        .outerjoin(schema.withdrawals, schema.withdrawals.c.document_number == _d.c.number)
        # Of two documents from one place, the one that counts is the file's: it comes last.
        .order_by(schema.withdrawals.c.sequence.is_(None), _d.c.number)
    )
    return {row.name: dict(loads(row.metadata)) for row in connection.execute(query)}


def shown(metadata: str | None) -> tuple[tuple[str, str], ...]:
    """Return stored facts without the place of the file."""
    return tuple((key, value) for key, value in loads(metadata) if key != SOURCE_PATH) if metadata else ()


def record(connection: Connection, name: str, document_id: str, file_sha256: str, at: str) -> None:
    """Keep a name for a document's bytes, replacing what was kept for that name.

    Raises
    ------
    StoreError
        No such document.
    """
    number = connection.execute(select(_d.c.number).where(_d.c.id == document_id)).scalar()
    if number is None:
        raise StoreError(f"no document {document_id} in this project")
    forget(connection, name)
    connection.execute(delete(schema.refusals).where(schema.refusals.c.name == name))
    row = {"name": name, "document_number": number, "file_sha256": file_sha256, "at": at}
    connection.execute(insert(_c), row)


def forget(connection: Connection, name: str) -> None:
    """Drop a name: it is a document of its own now."""
    connection.execute(delete(_c).where(_c.c.name == name))


def by_document(connection: Connection) -> dict[int, tuple[str, ...]]:
    """Return other names by document number, of those that still have the document's bytes."""
    revisions = schema.revisions.c
    query = (
        select(_c.c.document_number, _c.c.name)
        .join(_cur, _cur.c.document_number == _c.c.document_number)
        .join(
            schema.revisions,
            and_(revisions.number == _cur.c.revision_number, revisions.file_sha256 == _c.c.file_sha256),
        )
        .order_by(_c.c.name)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.document_number].append(row.name)
    return {number: tuple(names) for number, names in found.items()}
