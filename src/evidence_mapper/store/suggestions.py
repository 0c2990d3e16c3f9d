"""Suggestions of a run, what is left to suggest, and the vectors they were made from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, insert, select

from evidence_mapper.domain.coding import SuggestedCode, Suggestion
from evidence_mapper.domain.passage import Passage
from evidence_mapper.store import ranking, schema
from evidence_mapper.store.codec import suggestion_from_text, suggestion_to_text
from evidence_mapper.store.queries import chunks, passage_numbers, passage_select
from evidence_mapper.store.records import StoredVector
from evidence_mapper.store.rows import passage_of

STATEMENT: Final = "statement"
TOPIC: Final = "topic"
I_STATEMENT: Final = "i_statement"

_s, _codes, _v = schema.suggestions, schema.suggested_codes, schema.vectors


def save(
    connection: Connection, run: tuple[int, bool], suggestions: Sequence[tuple[str, Suggestion]]
) -> None:
    """Write suggestions, replacing any for the same run and passage.

    Parameters
    ----------
    run
        Key of the run, and whether it is the current one.
    suggestions
        (passage id, suggestion); the last one counts where a passage comes twice.
    """
    number, is_current = run
    latest = dict(suggestions)
    numbers = passage_numbers(connection, list(latest))
    for piece in chunks(list(numbers.values())):
        for table in (_codes, _s):
            same = and_(table.c.run_number == number, table.c.passage_number.in_(piece))
            connection.execute(delete(table).where(same))
    rows = [summary(number, numbers[i], suggestion) for i, suggestion in latest.items()]
    if rows:
        connection.execute(insert(_s), rows)
    codes = [row for i, suggestion in latest.items() for row in code_rows(number, numbers[i], suggestion)]
    if codes:
        connection.execute(insert(_codes), codes)
    if is_current:
        for piece in chunks(list(numbers.values())):
            ranking.refresh(connection, number, schema.passages.c.number.in_(piece))


def take_back(connection: Connection, document_number: int, judging: Sequence[str]) -> None:
    """Delete what every run suggests of a document's newest revision, but for passages ever decided on.

    ``judging`` names the actions of events that decide; a decision taken back counts, too.
    """
    p, e = schema.passages.c, schema.events.c
    decided = select(e.subject).where(e.action.in_(judging))
    numbers = (
        select(p.number)
        .join(schema.current_revisions, schema.current_revisions.c.revision_number == p.revision_number)
        .where(p.document_number == document_number, p.id.not_in(decided))
    )
    for table in (_codes, _s):
        connection.execute(delete(table).where(table.c.passage_number.in_(numbers)))


def of_passage(connection: Connection, run_number: int, passage_id: str) -> Suggestion | None:
    """Return a run's suggestion for a passage; None when none was made."""
    query = (
        select(_s.c.payload)
        .join(schema.passages, schema.passages.c.number == _s.c.passage_number)
        .where(_s.c.run_number == run_number, schema.passages.c.id == passage_id)
    )
    payload = connection.execute(query).scalar()
    return None if payload is None else suggestion_from_text(payload)


def unsuggested_chunks(connection: Connection, run_number: int, size: int) -> list[tuple[int, int]]:
    """Return (revision number, first ordinal) of chunks with at least one passage without suggestion."""
    p = schema.passages.c
    chunk = p.ordinal // size
    query = _unsuggested(run_number, p.revision_number, chunk.label("chunk"))
    query = query.group_by(p.document_number, p.revision_number, chunk)
    query = query.order_by(p.document_number, chunk)
    return [(row.revision_number, row.chunk * size) for row in connection.execute(query)]


def chunk(connection: Connection, revision_number: int, first: int, size: int) -> list[Passage]:
    """Return the passages of one chunk, in reading order."""
    p = schema.passages.c
    within = and_(p.revision_number == revision_number, p.ordinal >= first, p.ordinal < first + size)
    rows = connection.execute(passage_select().where(within).order_by(p.ordinal))
    return [passage_of(row) for row in rows]


def suggested_among(connection: Connection, run_number: int, passage_ids: Sequence[str]) -> set[str]:
    """Return those of the passages that have a suggestion in a run."""
    p = schema.passages.c
    query = select(p.id).join(_s, _s.c.passage_number == p.number).where(_s.c.run_number == run_number)
    found: set[str] = set()
    for piece in chunks(passage_ids):
        found.update(connection.execute(query.where(p.id.in_(piece))).scalars())
    return found


def unsuggested_count(connection: Connection, run_number: int) -> int:
    """Return how many passages of the newest revisions have no suggestion in a run."""
    return int(connection.execute(_unsuggested(run_number, func.count())).scalar_one())


def save_vectors(connection: Connection, encoder_id: str, vectors: Sequence[StoredVector]) -> None:
    """Write an encoder's vectors, replacing any for the same text."""
    latest = {vector.text_sha256: vector for vector in vectors}
    for piece in chunks(list(latest)):
        connection.execute(delete(_v).where(_v.c.encoder_id == encoder_id, _v.c.text_sha256.in_(piece)))
    rows = [
        {
            "encoder_id": encoder_id,
            "text_sha256": vector.text_sha256,
            "dtype": vector.dtype,
            "width": vector.width,
            "data": vector.data,
        }
        for vector in latest.values()
    ]
    if rows:
        connection.execute(insert(_v), rows)


def vectors(connection: Connection, encoder_id: str, text_hashes: Sequence[str]) -> dict[str, StoredVector]:
    """Return an encoder's vectors by text hash; hashes without one are left out."""
    found: dict[str, StoredVector] = {}
    for piece in chunks(text_hashes):
        query = select(_v).where(_v.c.encoder_id == encoder_id, _v.c.text_sha256.in_(piece))
        for row in connection.execute(query):
            found[row.text_sha256] = StoredVector(row.text_sha256, row.dtype, row.width, row.data)
    return found


def summary(run_number: int, passage_number: int, suggestion: Suggestion) -> dict[str, Any]:
    """Return the row that keeps a suggestion."""
    top = suggestion.statements[0] if suggestion.statements else None
    category, polarity = suggestion.evidence_category, suggestion.polarity
    return {
        "run_number": run_number,
        "passage_number": passage_number,
        "none_probability": suggestion.none_probability,
        "abstained": int(suggestion.abstained),
        "none_suggested": int(suggestion.none_suggested),
        "top_statement": top.id if top else None,
        "top_probability": top.probability if top else None,
        "evidence_category": category.id if category else None,
        "polarity": polarity.id if polarity else None,
        "payload": suggestion_to_text(suggestion),
    }


def code_rows(run_number: int, passage_number: int, suggestion: Suggestion) -> list[dict[str, Any]]:
    """Return the rows of the codes that reach their thresholds."""
    kinds: tuple[tuple[str, tuple[SuggestedCode, ...]], ...] = (
        (STATEMENT, suggestion.statements),
        (TOPIC, suggestion.topics),
        (I_STATEMENT, suggestion.i_statements),
    )
    return [
        {
            "run_number": run_number,
            "passage_number": passage_number,
            "kind": kind,
            "code": code.id,
            "probability": code.probability,
        }
        for kind, codes in kinds
        for code in codes
        if code.suggested
    ]


def _unsuggested(run_number: int, *columns: ColumnElement[Any]) -> Select[Any]:
    p = schema.passages.c
    return (
        select(*columns)
        .select_from(schema.passages)
        .join(schema.current_revisions, schema.current_revisions.c.revision_number == p.revision_number)
        .outerjoin(_s, and_(_s.c.run_number == run_number, _s.c.passage_number == p.number))
        .where(_s.c.passage_number.is_(None), p.ordinal >= 0)
    )
