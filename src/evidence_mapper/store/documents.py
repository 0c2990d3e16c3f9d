"""Documents: what was brought in, in which revision, and what was refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, insert, select

from evidence_mapper.domain.document import (
    Document,
    DocumentRevision,
    Exclusion,
    ExclusionReason,
    SourceLocation,
)
from evidence_mapper.domain.ids import derived_id, sha256_text
from evidence_mapper.domain.project import DocumentProgress, Refusal
from evidence_mapper.errors import IntegrityError, StoreError
from evidence_mapper.store import carry, copies, keys, ranking, reread, schema, words
from evidence_mapper.store.carry import Plan
from evidence_mapper.store.codec import dumps, loads
from evidence_mapper.store.events import Draft
from evidence_mapper.store.queries import chunks
from evidence_mapper.store.records import IngestedDocument, Kept
from evidence_mapper.store.rows import DOCUMENT_COLUMNS, document_of, passage_values, revision_of

_d, _r, _cur = schema.documents, schema.revisions, schema.current_revisions


def add(connection: Connection, ingested: IngestedDocument, draft: Draft, plan: Plan) -> Kept:
    """Write one file's reading.

    A name already there with the same file hash changes nothing, unless the file was read anew on
    purpose: see :mod:`evidence_mapper.store.reread`. With another hash the reading
    becomes the document's newest revision; earlier revisions, their passages and codings stay. A file
    that goes back to an earlier content makes that earlier revision the newest again. Identifiers
    that are in use already (the same content under two names, or read twice) are derived anew. Decisions,
    flags and settlements on words that stand in the new version go along, in the same transaction.

    Parameters
    ----------
    ingested
        The reading.
    draft
        Whose framework and current run are the project's now.
    plan
        What becomes of the passages of the newest revision.

    Raises
    ------
    IntegrityError
        A passage is not the text of its span, or the revision's hash is not its text's.
    """
    _check(ingested)
    connection.execute(delete(schema.refusals).where(schema.refusals.c.name == ingested.document.name))
    copies.forget(connection, ingested.document.name)
    document_number = _document_number(connection, ingested.document)
    kept, known = _write(connection, ingested, document_number, plan)
    if kept is Kept.SAME:
        return kept
    connection.execute(delete(_cur).where(_cur.c.document_number == document_number))
    connection.execute(insert(_cur), {"document_number": document_number, "revision_number": known})
    keys.write(connection, schema.passages.c.revision_number == known)
    of_document = schema.passages.c.document_number == document_number
    ranking.refresh(connection, draft.run_number, of_document)
    if plan.before is not None:
        carry.follow(connection, plan, known, draft)
        ranking.refresh(connection, draft.run_number, of_document)
    return kept


def _write(
    connection: Connection, ingested: IngestedDocument, document_number: int, plan: Plan
) -> tuple[Kept, int]:
    """Write a reading where it belongs; return how, and the key of the revision that holds it."""
    known = reread.latest(connection, document_number, ingested.revision.file_sha256)
    if known is None or plan.apart:
        number = _write_revision(connection, ingested, document_number)
        return (Kept.NEW if plan.newest is None else Kept.VERSION), number
    if known != plan.newest:
        return Kept.VERSION, known
    if not ingested.reread:
        return Kept.SAME, known
    is_other = reread.differs(connection, ingested, known)
    (reread.replace_passages if is_other else reread.refresh)(connection, ingested, known, document_number)
    reread.forget_facts(connection, known)
    _write_facts(connection, ingested, known)
    return (Kept.IN_PLACE if is_other else Kept.SAME), known


def by_name(connection: Connection, name: str) -> Document | None:
    """Return the document of a name; None when there is none."""
    row = connection.execute(_newest().where(_d.c.name == name)).one_or_none()
    return None if row is None else document_of(row)


def one(connection: Connection, document_id: str) -> Document:
    """Return a document.

    Raises
    ------
    StoreError
        No such document.
    """
    row = connection.execute(_newest().where(_d.c.id == document_id)).one_or_none()
    if row is None:
        raise StoreError(f"no document {document_id} in this project")
    return document_of(row)


def every(connection: Connection) -> list[Document]:
    """Return every document, in the order they were added."""
    return [document_of(row) for row in connection.execute(_newest().order_by(_d.c.number))]


def progress(connection: Connection, coder: str) -> list[DocumentProgress]:
    """Return every document with its counts for one coder, in the order they were added."""
    items, held = schema.queue_items.c, schema.decisions.c
    counted = (
        select(
            items.document_number, func.count().label("passages"), func.count(held.sequence).label("decided")
        )
        .outerjoin_from(
            schema.queue_items,
            schema.decisions,
            and_(held.passage_number == items.passage_number, held.coder == coder),
        )
        .where(items.live == 1)
        .group_by(items.document_number)
        .subquery()
    )
    facts, withdrawn = schema.document_facts.c, schema.withdrawals
    query = (
        _newest(
            _d.c.number,
            withdrawn.c.sequence.label("withdrawn"),
            facts.unread_pages,
            facts.warnings,
            facts.metadata,
            counted.c.passages,
            counted.c.decided,
        )
        .outerjoin(schema.document_facts, facts.revision_number == _r.c.number)
        .outerjoin(counted, counted.c.document_number == _d.c.number)
        .outerjoin(withdrawn, withdrawn.c.document_number == _d.c.number)
        .order_by(_d.c.number)
    )
    also = copies.by_document(connection)
    return [
        DocumentProgress(
            document=document_of(row),
            passages=row.passages or 0,
            decided=row.decided or 0,
            unread_pages=tuple(loads(row.unread_pages)) if row.unread_pages else (),
            warnings=tuple(loads(row.warnings)) if row.warnings else (),
            facts=copies.shown(row.metadata),
            copies=also.get(row.number, ()),
            withdrawn=row.withdrawn is not None,
        )
        for row in connection.execute(query)
    ]


def revision(connection: Connection, revision_id: str) -> DocumentRevision:
    """Return a revision, newest or not.

    Raises
    ------
    StoreError
        No such revision.
    """
    row = connection.execute(
        select(_r, _d.c.id.label("document_id"))
        .join(_d, _d.c.number == _r.c.document_number)
        .where(_r.c.id == revision_id)
    ).one_or_none()
    if row is None:
        raise StoreError(f"no revision {revision_id} in this project")
    return revision_of(row, row.document_id)


def exclusions(connection: Connection, document_id: str) -> list[Exclusion]:
    """Return what the newest revision left out, in reading order."""
    e = schema.exclusions.c
    query = (
        select(e.text, e.reason, e.location)
        .join(_cur, _cur.c.revision_number == e.revision_number)
        .join(_d, _d.c.number == _cur.c.document_number)
        .where(_d.c.id == document_id)
        .order_by(e.number)
    )
    return [
        Exclusion(row.text, ExclusionReason(row.reason), SourceLocation.from_json(loads(row.location)))
        for row in connection.execute(query)
    ]


def source_paths(connection: Connection) -> dict[str, str]:
    """Return, by document name, the path the newest revision was read from, where it is known."""
    facts, withdrawn = schema.document_facts.c, schema.withdrawals.c
    query = (
        select(_d.c.name, facts.metadata)
        .join_from(_d, _cur, _cur.c.document_number == _d.c.number)
        .join(schema.document_facts, facts.revision_number == _cur.c.revision_number)
        .outerjoin(schema.withdrawals, withdrawn.document_number == _d.c.number)
        # Of two documents from one place, the one that counts is the file's: it comes last.
        .order_by(withdrawn.sequence.is_(None), _d.c.number)
    )
    kept = {row.name: dict(loads(row.metadata)).get("source_path") for row in connection.execute(query)}
    return {name: str(path) for name, path in kept.items() if path}


def readers(connection: Connection) -> list[tuple[str, str, str]]:
    """Return (document name, media type, name and version of its reader) of the newest revisions."""
    query = (
        select(_d.c.name, _r.c.media_type, _r.c.extractor)
        .join_from(_d, _cur, _cur.c.document_number == _d.c.number)
        .join(_r, _r.c.number == _cur.c.revision_number)
        .order_by(_d.c.number)
    )
    return [(row.name, row.media_type, row.extractor) for row in connection.execute(query)]


def forget_refusals(connection: Connection, names: Sequence[str]) -> None:
    """Drop the refusals of these names."""
    for piece in chunks(names):
        connection.execute(delete(schema.refusals).where(schema.refusals.c.name.in_(piece)))


def record_refusal(connection: Connection, refusal: Refusal) -> None:
    """Keep why a file was not read, replacing what was kept for the same name."""
    connection.execute(delete(schema.refusals).where(schema.refusals.c.name == refusal.name))
    values = {
        "name": refusal.name,
        "code": refusal.code,
        "message": refusal.message,
        "file_sha256": refusal.file_sha256,
        "at": refusal.at,
    }
    connection.execute(insert(schema.refusals), values)


def refusals(connection: Connection) -> list[Refusal]:
    """Return what was refused, by name."""
    rows = connection.execute(select(schema.refusals).order_by(schema.refusals.c.name))
    return [Refusal(row.name, row.code, row.message, row.file_sha256, row.at) for row in rows]


def _newest(*extra: ColumnElement[Any]) -> Select[Any]:
    return (
        select(*DOCUMENT_COLUMNS, *extra)
        .select_from(_d)
        .join(_cur, _cur.c.document_number == _d.c.number)
        .join(_r, _r.c.number == _cur.c.revision_number)
    )


def _document_number(connection: Connection, document: Document) -> int:
    """Return the key of the document of this name, made if need be."""
    row = connection.execute(select(_d.c.number).where(_d.c.name == document.name)).scalar()
    if row is not None:
        machine = and_(_d.c.number == row, _d.c.source_type_by.is_(None))
        connection.execute(_d.update().where(machine).values(source_type=document.source_type.value))
        return int(row)
    taken = connection.execute(select(_d.c.number).where(_d.c.id == document.id)).scalar()
    values = {
        "id": document.id if taken is None else derived_id("doc", document.id, document.name),
        "name": document.name,
        "source_type": document.source_type.value,
        "source_type_by": document.source_type_by,
        "added_at": document.added_at,
    }
    return int(connection.execute(insert(_d).returning(_d.c.number), values).scalar_one())


def _write_revision(connection: Connection, ingested: IngestedDocument, document_number: int) -> int:
    name = ingested.document.name
    reading = ingested.revision
    values = {
        "id": _free_id(connection, _r.c.id, reading.id, name),
        "document_number": document_number,
        "file_sha256": reading.file_sha256,
        "media_type": ingested.document.media_type,
        "pages": ingested.document.pages,
        "text": reading.text,
        "text_sha256": reading.text_sha256,
        "extractor": reading.extractor,
        "created_at": reading.created_at,
    }
    number = int(connection.execute(insert(_r).returning(_r.c.number), values).scalar_one())
    _write_facts(connection, ingested, number)
    rows = [passage_values(passage, number, document_number) for passage in ingested.passages]
    step, ids = 0, [passage.id for passage in ingested.passages]
    while _any_taken(connection, ids):
        step += 1
        ids = [_derived(passage.id, name, step) for passage in ingested.passages]
    for row, passage_id in zip(rows, ids, strict=True):
        row["id"] = passage_id
    if rows:
        connection.execute(insert(schema.passages), rows)
        words.add(connection, schema.passages.c.revision_number == number)
    return number


def _write_facts(connection: Connection, ingested: IngestedDocument, revision_number: int) -> None:
    facts = {
        "revision_number": revision_number,
        "unread_pages": dumps(list(ingested.unread_pages)),
        "warnings": dumps(list(ingested.warnings)),
        "metadata": dumps([list(pair) for pair in ingested.metadata]),
    }
    connection.execute(insert(schema.document_facts), facts)
    rows = [
        {
            "revision_number": revision_number,
            "text": exclusion.text,
            "reason": exclusion.reason.value,
            "location": dumps(exclusion.location.to_json()),
        }
        for exclusion in ingested.exclusions
    ]
    if rows:
        connection.execute(insert(schema.exclusions), rows)


def _any_taken(connection: Connection, ids: Sequence[str]) -> bool:
    column = schema.passages.c.id
    return any(
        connection.execute(select(column).where(column.in_(piece)).limit(1)).first() for piece in chunks(ids)
    )


def _free_id(connection: Connection, column: ColumnElement[str], wanted: str, name: str) -> str:
    """Return the id, or where it is taken the first free one derived from it."""
    step, found = 0, wanted
    while connection.execute(select(column).where(column == found)).first() is not None:
        step += 1
        found = _derived(wanted, name, step)
    return found


def _derived(wanted: str, name: str, step: int) -> str:
    """Return the ``step``-th id in place of one that is taken: the same each time."""
    more = (str(step),) if step > 1 else ()
    return derived_id(wanted.partition("-")[0], wanted, name, *more)


def _check(ingested: IngestedDocument) -> None:
    """Refuse a reading whose parts disagree, before anything is written."""
    name, text = ingested.document.name, ingested.revision.text
    if ingested.revision.text_sha256 != sha256_text(text):
        raise IntegrityError(f"{name}: the text does not match its hash; nothing was written")
    if ingested.revision.file_sha256 != ingested.document.file_sha256:
        raise IntegrityError(f"{name}: document and revision name different files; nothing was written")
    seen: set[str] = set()
    for passage in ingested.passages:
        if passage.span.end > len(text) or passage.span.of(text) != passage.text:
            raise IntegrityError(f"{name}: passage {passage.id} is not its span's text; nothing was written")
        if passage.id in seen:
            raise IntegrityError(f"{name}: two passages are called {passage.id}; nothing was written")
        seen.add(passage.id)
