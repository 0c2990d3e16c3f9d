"""Rows of the tables to and from the vocabulary."""

from __future__ import annotations

from string import ascii_lowercase, ascii_uppercase
from typing import Any, Final

from sqlalchemy import ColumnElement, Row

from evidence_mapper.domain.coding import Decision, Event, EventAction
from evidence_mapper.domain.document import BlockKind, Document, DocumentRevision, SourceLocation, SourceType
from evidence_mapper.domain.ids import sha256_text
from evidence_mapper.domain.passage import Passage, Span
from evidence_mapper.domain.project import CarriedFrom, CoderDecision
from evidence_mapper.store import schema
from evidence_mapper.store.codec import dumps, loads

_p, _r, _d = schema.passages.c, schema.revisions.c, schema.documents.c

_ASCII_LOWER: Final = str.maketrans(ascii_uppercase, ascii_lowercase)

PASSAGE_COLUMNS: Final[tuple[ColumnElement[Any], ...]] = (
    _p.number,
    _p.id,
    _r.id.label("revision_id"),
    _d.id.label("document_id"),
    _p.ordinal,
    _p.span_start,
    _p.span_end,
    _p.text,
    _p.kind,
    _p.location,
    _p.heading_path,
    _p.context,
    _p.attributes,
)
"""Columns of passages joined to revisions and documents."""

DOCUMENT_COLUMNS: Final[tuple[ColumnElement[Any], ...]] = (
    _d.id.label("document_id"),
    _d.name.label("document_name"),
    _r.file_sha256,
    _r.media_type,
    _d.source_type,
    _d.source_type_by,
    _r.pages,
    _d.added_at,
)
"""Columns of documents joined to one revision: the file's hash is the revision's."""


def passage_of(row: Row[Any]) -> Passage:
    """Return the passage of a row of PASSAGE_COLUMNS."""
    return Passage(
        id=row.id,
        revision_id=row.revision_id,
        document_id=row.document_id,
        ordinal=row.ordinal,
        span=Span(row.span_start, row.span_end),
        text=row.text,
        kind=BlockKind(row.kind),
        location=SourceLocation.from_json(loads(row.location)),
        heading_path=tuple(loads(row.heading_path)),
        context=row.context,
        attributes=tuple((str(name), str(value)) for name, value in loads(row.attributes)),
    )


def passage_values(passage: Passage, revision_number: int, document_number: int) -> dict[str, Any]:
    """Return the row that keeps a passage."""
    return {
        "id": passage.id,
        "revision_number": revision_number,
        "document_number": document_number,
        "ordinal": passage.ordinal,
        "span_start": passage.span.start,
        "span_end": passage.span.end,
        "text": passage.text,
        "text_sha256": sha256_text(passage.text),
        "folded": folded(passage.text),
        "kind": passage.kind.value,
        "location": dumps(passage.location.to_json()),
        "heading_path": dumps(list(passage.heading_path)),
        "context": passage.context,
        "attributes": dumps([list(pair) for pair in passage.attributes]),
    }


def folded(text: str) -> str | None:
    """Return the case-folded text, or None where the database's own lower-casing of A to Z does."""
    full = text.casefold()
    return None if full == text.translate(_ASCII_LOWER) else full


def document_of(row: Row[Any]) -> Document:
    """Return the document of a row of DOCUMENT_COLUMNS."""
    return Document(
        id=row.document_id,
        name=row.document_name,
        file_sha256=row.file_sha256,
        media_type=row.media_type,
        source_type=SourceType(row.source_type),
        source_type_by=row.source_type_by,
        pages=row.pages,
        added_at=row.added_at,
    )


def revision_of(row: Row[Any], document_id: str) -> DocumentRevision:
    """Return the revision of a row of the revisions table."""
    return DocumentRevision(
        id=row.id,
        document_id=document_id,
        file_sha256=row.file_sha256,
        text=row.text,
        text_sha256=row.text_sha256,
        extractor=row.extractor,
        created_at=row.created_at,
    )


def decision_of(row: Row[Any]) -> CoderDecision:
    """Return the decision of a row with an event's sequence, coder, time and payload.

    A decision that was carried over is its author's, of the time it was made.
    """
    said = loads(row.payload)
    along = said.get("carried")
    return CoderDecision(
        coder=row.coder,
        at=row.at if along is None else along["decided_at"],
        decision=Decision.from_json(said),
        sequence=row.sequence,
        carried=None if along is None else CarriedFrom(along["from"], along["event"]),
        blind=bool(said.get("blind")),
    )


ERASED: Final = "forgotten"
"""Subject of an event that was erased with the document it was about."""


def event_of(row: Row[Any]) -> Event:
    """Return the event of a row of the events table; an erased one as FORGOTTEN, so that none reads it."""
    action, payload = EventAction(row.action), loads(row.payload)
    if row.subject == ERASED:
        words = f"erased, see no. {payload.get(ERASED)}; was: {row.action}"
        action, payload = EventAction.FORGOTTEN, {"words": words, ERASED: payload.get(ERASED)}
    return Event(
        sequence=row.sequence,
        id=row.id,
        at=row.at,
        coder=row.coder,
        action=action,
        subject=row.subject,
        framework=row.framework,
        run_id=row.run_id,
        payload=payload,
    )
