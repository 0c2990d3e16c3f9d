"""Checks what is stored against its own hashes, spans and events.

Each check streams and yields what disagrees; a check that cannot finish because the file is damaged
says so and the others still run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select, text
from sqlalchemy.exc import DBAPIError

from evidence_mapper.domain.ids import sha256_text
from evidence_mapper.domain.version import words_key
from evidence_mapper.store import counts, schema, words
from evidence_mapper.store.check_versions import check_carried, check_fates, check_withdrawals
from evidence_mapper.store.codec import dumps, loads
from evidence_mapper.store.database import Database
from evidence_mapper.store.forget import check_erasures
from evidence_mapper.store.guards import missing_guards
from evidence_mapper.store.heads import check_heads
from evidence_mapper.store.queries import STREAM
from evidence_mapper.store.records import Disagreement
from evidence_mapper.store.recut import check_recuts
from evidence_mapper.store.replay import (
    MALFORMED,
    check_decisions,
    check_events,
    check_queue,
    check_suggestions,
)
from evidence_mapper.store.rows import folded

Check = Callable[[Connection], Iterator[Disagreement]]


def verify(database: Database) -> list[Disagreement]:
    """Return every disagreement, in one read of the file; empty when it is sound.

    Raises
    ------
    StoreError
        The file cannot be read at all.
    """
    found: list[Disagreement] = []
    with database.read() as connection:
        for check in CHECKS:
            try:
                found.extend(check(connection.execution_options(**STREAM)))
            except (DBAPIError, UnicodeDecodeError) as error:
                problem = f"could not be checked: {getattr(error, 'orig', error)}"
                found.append(Disagreement(check.__name__.removeprefix("check").strip("_"), problem))
    return found


def _file(connection: Connection) -> Iterator[Disagreement]:
    if connection.dialect.name != "sqlite":
        return
    for (line,) in connection.execute(text("PRAGMA quick_check")):
        if line != "ok":
            yield Disagreement("file", str(line))
    for row in connection.execute(text("PRAGMA foreign_key_check")):
        yield Disagreement(f"{row[0]} row {row[1]}", f"refers to a row of {row[2]} that is not there")


def _guards(connection: Connection) -> Iterator[Disagreement]:
    for name in missing_guards(connection):
        yield Disagreement(f"trigger {name}", "is missing or changed: events may have been altered")


def _revisions(connection: Connection) -> Iterator[Disagreement]:
    """Check each revision's text and, while it is at hand, the passages cut from it."""
    numbers = connection.execute(select(schema.revisions.c.number).order_by(schema.revisions.c.number))
    for (number,) in numbers:
        row = connection.execute(select(schema.revisions).where(schema.revisions.c.number == number)).one()
        if not isinstance(row.text, str) or sha256_text(row.text) != row.text_sha256:
            yield Disagreement(f"revision {row.id}", "its text does not match its hash")
        yield from _passages(connection, row)


def _passages(connection: Connection, revision: Row[Any]) -> Iterator[Disagreement]:
    p, says = schema.passages.c, schema.passage_keys
    columns = (p.ordinal, p.span_start, p.span_end, p.text, p.text_sha256, p.folded, p.context)
    query = (
        select(p.id, p.document_number, *columns, says.c.key)
        .outerjoin(says, says.c.passage_number == p.number)
        .where(p.revision_number == revision.number)
        .order_by(p.ordinal)
    )
    place = -1
    for row in connection.execute(query):
        place += row.ordinal >= 0  # below that, a person's recut took it out
        subject = f"passage {row.id}"
        if revision.text[row.span_start : row.span_end] != row.text:
            yield Disagreement(subject, "its text is not its span of the revision's text")
        if sha256_text(row.text) != row.text_sha256:
            yield Disagreement(subject, "its text does not match its hash")
        if folded(row.text) != row.folded:
            yield Disagreement(subject, "what a search looks through is not its text")
        if words_key(row.text, row.context) != row.key:
            yield Disagreement(subject, "what tells passages that say the same is not of its text")
        if row.ordinal >= 0 and row.ordinal != place:
            yield Disagreement(subject, f"its ordinal is {row.ordinal}, its place in the revision {place}")
        if row.document_number != revision.document_number:
            yield Disagreement(subject, "it names another document than its revision does")


def _ids(connection: Connection) -> Iterator[Disagreement]:
    for table, kind in (
        (schema.documents, "document"),
        (schema.revisions, "revision"),
        (schema.passages, "passage"),
    ):
        twice = select(table.c.id).group_by(table.c.id).having(func.count() > 1)
        for (name,) in connection.execute(twice):
            yield Disagreement(f"{kind} {name}", "its id is used more than once")


def _json(connection: Connection) -> Iterator[Disagreement]:
    """Check that every other column of JSON is JSON in its canonical form."""
    columns = (
        (schema.passages, "passage", ("location", "heading_path", "attributes"), schema.passages.c.id),
        (schema.exclusions, "exclusion", ("location",), schema.exclusions.c.number),
        (
            schema.document_facts,
            "facts of revision",
            ("unread_pages", "warnings", "metadata"),
            schema.document_facts.c.revision_number,
        ),
    )
    for table, kind, names, key in columns:
        for row in connection.execute(select(key.label("key"), *(table.c[name] for name in names))):
            for name in names:
                if not _is_canonical(getattr(row, name)):
                    yield Disagreement(f"{kind} {row.key}", f"its {name} is not canonical JSON")


def _is_canonical(value: str) -> bool:
    try:
        return bool(dumps(loads(value)) == value)
    except MALFORMED:
        return False


CHECKS: Final[tuple[Check, ...]] = (
    _file,
    _guards,
    _ids,
    _revisions,
    _json,
    check_events,
    check_decisions,
    check_suggestions,
    check_queue,
    counts.check,
    check_heads,
    check_carried,
    check_fates,
    check_withdrawals,
    check_recuts,
    check_erasures,
    words.check,
)
