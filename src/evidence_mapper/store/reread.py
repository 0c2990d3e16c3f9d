"""The same file read again: by a newer reader, or with other columns of a survey taken for answers.

Where nothing rests on the stored reading, the new one takes its place. Where anything does (a decision, a
flag, a link), the new one is a version of its own beside it, and what people said goes along as with any
other version: a text that somebody decided on never changes.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, delete, insert, or_, select, update

from evidence_mapper.store import schema, words
from evidence_mapper.store.named import Named
from evidence_mapper.store.queries import chunks
from evidence_mapper.store.records import IngestedDocument
from evidence_mapper.store.recut import OUT
from evidence_mapper.store.rows import passage_values

_p, _e, _r = schema.passages, schema.events, schema.revisions
_PLACED: Final = ("kind", "location", "heading_path", "attributes")
"""What another reading may say of the same words."""


def latest(connection: Connection, document_number: int, file_sha256: str) -> int | None:
    """Return the key of the reading of a file that counts, the newest version's or the latest; None: none."""
    cur = schema.current_revisions.c
    query = (
        select(_r.c.number)
        .outerjoin(schema.current_revisions, cur.revision_number == _r.c.number)
        .where(_r.c.document_number == document_number, _r.c.file_sha256 == file_sha256)
        .order_by(cur.revision_number.is_(None), _r.c.number.desc())
        .limit(1)
    )
    found = connection.execute(query).scalar()
    return None if found is None else int(found)


def differs(connection: Connection, ingested: IngestedDocument, revision_number: int) -> bool:
    """Return whether a reading has another text, or other passages, than the stored one of the same file.

    What a person cut another way since is no difference.
    """
    query = select(_r.c.text_sha256).where(_r.c.number == revision_number)
    if str(connection.execute(query).scalar_one()) != ingested.revision.text_sha256:
        return True
    rows = connection.execute(
        select(_p.c.ordinal, _p.c.span_start, _p.c.span_end, _p.c.context).where(
            _p.c.revision_number == revision_number
        )
    ).all()
    held = {(row.span_start, row.span_end, row.context) for row in rows}
    read = {(p.span.start, p.span.end, p.context) for p in ingested.passages}
    is_recut = any(row.ordinal <= OUT for row in rows)
    return not read <= held if is_recut else read != held


def stands_apart(
    connection: Connection, ingested: IngestedDocument, revision_number: int | None, named: Named
) -> bool:
    """Return whether a reading must be a version of its own: it differs, and something rests on the other.

    Parameters
    ----------
    revision_number
        Key of the stored reading of the same file; None when there is none.
    named
        What the project's events name.
    """
    return (
        ingested.reread
        and revision_number is not None
        and differs(connection, ingested, revision_number)
        and _is_rested_on(connection, revision_number, named)
    )


def _is_rested_on(connection: Connection, revision_number: int, named: Named) -> bool:
    """Return whether an event is on a passage of the revision, or names one or the revision itself."""
    ids = set(connection.execute(select(_p.c.id).where(_p.c.revision_number == revision_number)).scalars())
    ids |= set(connection.execute(select(_r.c.id).where(_r.c.number == revision_number)).scalars())
    for piece in chunks(sorted(ids)):
        if connection.execute(select(_e.c.sequence).where(_e.c.subject.in_(piece)).limit(1)).first():
            return True
    return named.any_of(connection, ids)


def refresh(
    connection: Connection, ingested: IngestedDocument, revision_number: int, document_number: int
) -> None:
    """Note that today's reader reads the same words, and where it says they stand."""
    connection.execute(
        update(_r).where(_r.c.number == revision_number).values(extractor=ingested.revision.extractor)
    )
    by_span = {(p.span.start, p.span.end): p for p in ingested.passages}
    columns = [_p.c[name] for name in ("number", "span_start", "span_end", *_PLACED)]
    for row in connection.execute(select(*columns).where(_p.c.revision_number == revision_number)).all():
        passage = by_span.get((row.span_start, row.span_end))
        if passage is None:
            continue
        values = passage_values(passage, revision_number, document_number)
        kept = {name: values[name] for name in _PLACED if values[name] != getattr(row, name)}
        if kept:
            this = _p.c.number == row.number
            words.drop(connection, this)
            connection.execute(update(_p).where(this).values(**kept))
            words.add(connection, this)


def replace_passages(
    connection: Connection, ingested: IngestedDocument, revision_number: int, document_number: int
) -> None:
    """Put a reading in the place of the stored one, on which nothing rests; facts are the caller's to write.

    Passages with the same identity (the same words at the same place) stay, with their suggestions.
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
    words.drop(connection, of_revision)
    _delete(connection, gone)
    # Ordinals are unique in a revision: those that stay are first moved out of the way.
    connection.execute(update(_p).where(of_revision).values(ordinal=-1 - _p.c.ordinal))
    _write_revision(connection, ingested, revision_number)
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


def _write_revision(connection: Connection, ingested: IngestedDocument, revision_number: int) -> None:
    reading = ingested.revision
    connection.execute(
        update(_r)
        .where(_r.c.number == revision_number)
        .values(
            id=reading.id,
            text=reading.text,
            text_sha256=reading.text_sha256,
            extractor=reading.extractor,
            created_at=reading.created_at,
        )
    )


def _delete(connection: Connection, numbers: list[int]) -> None:
    """Drop passages that the new reading lacks, and what is noted of them."""
    fates = schema.passage_fates
    derived = (schema.suggested_codes, schema.suggestions, schema.queue_items, schema.passage_keys)
    for piece in chunks(numbers):
        gone = or_(fates.c.old_number.in_(piece), fates.c.new_number.in_(piece))
        connection.execute(delete(fates).where(gone))
        for table in derived:
            connection.execute(delete(table).where(table.c.passage_number.in_(piece)))
        connection.execute(delete(_p).where(_p.c.number.in_(piece)))
