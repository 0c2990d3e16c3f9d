"""The same file read another way: other columns of a survey taken for answers."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from evidence_mapper.errors import DecisionsHeld
from evidence_mapper.store import carry, schema, words
from evidence_mapper.store.queries import chunks
from evidence_mapper.store.records import IngestedDocument
from evidence_mapper.store.rows import passage_values

_p = schema.passages


def differs(connection: Connection, ingested: IngestedDocument, revision_number: int) -> bool:
    """Return whether a reading has another text than the stored one of the same file."""
    query = select(schema.revisions.c.text_sha256).where(schema.revisions.c.number == revision_number)
    return str(connection.execute(query).scalar_one()) != ingested.revision.text_sha256


def replace_passages(
    connection: Connection, ingested: IngestedDocument, revision_number: int, document_number: int
) -> None:
    """Put a reading in the place of the stored one; its facts and exclusions are the caller's to write.

    Passages with the same identity (the same words at the same place) stay, with their decisions and
    suggestions. Others go, which is refused where somebody has decided something on them.

    Raises
    ------
    DecisionsHeld
        A passage that the new reading lacks carries a decision, or did once; nothing was written.
    """
    held = {
        row.id: row.number
        for row in connection.execute(
            select(_p.c.id, _p.c.number).where(_p.c.revision_number == revision_number)
        )
    }
    new = {passage.id: passage for passage in ingested.passages}
    gone = [number for passage_id, number in held.items() if passage_id not in new]
    of_revision = _p.c.revision_number == revision_number
    _refuse_decided(connection, [i for i in held if i not in new], ingested.document.name)
    words.drop(connection, of_revision)
    _delete(connection, gone)
    # Ordinals are unique in a revision: those that stay are first moved out of the way.
    connection.execute(update(_p).where(of_revision).values(ordinal=-1 - _p.c.ordinal))
    reading = ingested.revision
    connection.execute(
        update(schema.revisions)
        .where(schema.revisions.c.number == revision_number)
        .values(
            id=reading.id,
            text=reading.text,
            text_sha256=reading.text_sha256,
            extractor=reading.extractor,
            created_at=reading.created_at,
        )
    )
    added = []
    for passage in ingested.passages:
        values = passage_values(passage, revision_number, document_number)
        if passage.id in held:
            connection.execute(update(_p).where(_p.c.number == held[passage.id]).values(**values))
        else:
            added.append(values)
    if added:
        connection.execute(insert(_p), added)
    words.add(connection, of_revision)


def forget_facts(connection: Connection, revision_number: int) -> None:
    """Drop a revision's facts and exclusions, which a new reading brings anew."""
    for table in (schema.document_facts, schema.exclusions):
        connection.execute(delete(table).where(table.c.revision_number == revision_number))


def _refuse_decided(connection: Connection, ids: list[str], name: str) -> None:
    subject = schema.events.c.subject
    decided = sum(
        len(connection.execute(select(subject).where(subject.in_(piece)).distinct()).all())
        for piece in chunks(ids)
    )
    if decided:
        raise DecisionsHeld(
            f"decisions rest on {decided} passages that {name} no longer has when read this way, so it "
            "stays as it was read. Save a copy of the file under another name and add that."
        )


def _delete(connection: Connection, numbers: list[int]) -> None:
    derived = (schema.suggested_codes, schema.suggestions, schema.queue_items, schema.passage_keys)
    carry.forget_passages(connection, numbers)
    for piece in chunks(numbers):
        for table in derived:
            connection.execute(delete(table).where(table.c.passage_number.in_(piece)))
        connection.execute(delete(_p).where(_p.c.number.in_(piece)))
