"""The index of words (SQLite FTS5) over passages, and what is found in it.

It holds the words of every passage of every version, and no text: that stays in ``passages``. SQLite
does not let a trigger write to it in a file that is not trusted, so whatever writes passages calls
:func:`add` after, and whatever changes or removes them calls :func:`drop` before, in the same
transaction; :func:`check` finds what was forgotten and :func:`rebuild` mends it. Passages of older
versions and of withdrawn documents are in the index and are left out when it is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    column,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.exc import DBAPIError

from evidence_mapper.domain.passage import Span
from evidence_mapper.domain.search import WordQuery
from evidence_mapper.store import schema
from evidence_mapper.store.filters import ITEMS
from evidence_mapper.store.queries import chunks
from evidence_mapper.store.records import Disagreement

_COLUMNS: Final = ("text", "context", "heading_path")
_WEIGHTS: Final = (1.0, 0.5, 0.5)
"""What a word counts in the passage, in the question or stem it answers, in the headings above it."""

# porter: "assessment" finds "assessments" and "assessed"; remove_diacritics 2: "Zoe" finds "Zoë".
CREATE: Final = (
    "CREATE VIRTUAL TABLE passage_words USING fts5("
    f"{', '.join(_COLUMNS)}, content='passages', content_rowid='number', "
    "tokenize='porter unicode61 remove_diacritics 2')"
)

_NAME: Final = "index of words"
_words = table("passage_words", column("rowid"), *(column(name) for name in _COLUMNS))
_index: ColumnElement[Any] = literal_column("passage_words")
_MARKS: Final = (("\x02", "\x03"), ("\ue000", "\ue001"), ("\uf8fe", "\uf8ff"), ("\ufdd0", "\ufdd1"))


def create(connection: Connection) -> None:
    """Create the index, empty."""
    connection.exec_driver_sql(CREATE)


def create_filled(connection: Connection) -> None:
    """Create the index of a project that has passages."""
    create(connection)
    rebuild(connection)


def rebuild(connection: Connection) -> None:
    """Make the index afresh from the passages there are; no word of others is left in it."""
    connection.exec_driver_sql("INSERT INTO passage_words(passage_words) VALUES ('rebuild')")


def add(connection: Connection, where: ColumnElement[bool]) -> None:
    """Take the passages that meet a condition into the index; call it once they are written."""
    p = schema.passages.c
    rows = select(p.number, *(p[name] for name in _COLUMNS)).where(where)
    connection.execute(_words.insert().from_select(["rowid", *_COLUMNS], rows))


def drop(connection: Connection, where: ColumnElement[bool]) -> None:
    """Take the passages that meet a condition out of the index; call it before they are changed or removed.

    What is left of their words is gone after :func:`rebuild`.
    """
    numbers = list(connection.execute(select(schema.passages.c.number).where(where)).scalars())
    for piece in chunks(numbers):
        connection.execute(_words.delete().where(_words.c.rowid.in_(piece)))


def ranked(
    connection: Connection, query: WordQuery, met: Sequence[ColumnElement[bool]], limit: int
) -> list[tuple[int, float]]:
    """Return (passage number, BM25 score, higher is better) of the best live passages, best first.

    ``met`` are conditions on ``queue_items``.
    """
    if query.is_empty():
        return []
    scored = (
        select(_words.c.rowid.label("number"), func.bm25(_index, *_WEIGHTS).label("score"))
        .where(_matches(expression(query)))
        .cte("scored")
        .prefix_with("MATERIALIZED")
    )
    found = (
        select(scored.c.number, scored.c.score)
        .join(schema.queue_items, ITEMS.passage_number == scored.c.number)
        .where(ITEMS.live == 1, *met)
        .order_by(scored.c.score, scored.c.number)
        .limit(limit)
    )
    return [(row.number, -row.score) for row in connection.execute(found)]


def required(query: WordQuery) -> list[ColumnElement[bool]]:
    """Return the conditions on ``queue_items`` that phrases and words to leave out make."""
    found: list[ColumnElement[bool]] = []
    if query.phrases:
        having = select(_words.c.rowid).where(_matches(_all(query.phrases)))
        found.append(ITEMS.passage_number.in_(having))
    if query.without:
        having = select(_words.c.rowid).where(_matches(_any(query.without)))
        found.append(ITEMS.passage_number.not_in(having))
    return found


def places(connection: Connection, query: WordQuery, numbers: Sequence[int]) -> dict[int, tuple[Span, ...]]:
    """Return where the words and phrases stand in the text of each passage, in code points."""
    if query.is_empty():
        return {}
    match = _matches(_any((*query.phrases, *query.words)))
    found = {}
    for number in numbers:
        for start, end in _MARKS:
            marked = func.highlight(_index, 0, start, end)
            row = connection.execute(
                select(_words.c.text, marked.label("marked")).where(match, _words.c.rowid == number)
            ).one_or_none()
            if row is None:
                break
            if start not in row.text and end not in row.text:
                found[number] = tuple(_spans(row.marked, start, end))
                break
    return found


def expression(query: WordQuery) -> str:
    """Return the query in FTS5's language: every word quoted, so that none is taken for an operator."""
    wanted = _any((*query.phrases, *query.words))
    if query.phrases:
        # The phrases stand in the second part too: it is then true, and its words count for the rank.
        wanted = f"({_all(query.phrases)}) AND ({wanted})"
    return f"({wanted}) NOT ({_any(query.without)})" if query.without else wanted


def check(connection: Connection) -> Iterator[Disagreement]:
    """Compare the index with the passages."""
    if connection.dialect.name != "sqlite":
        return
    present = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE name = 'passage_words'"
    ).scalar()
    if present != CREATE:
        yield Disagreement(
            "index of words", "is missing or changed: search cannot be trusted; go back to a backup"
        )
        return
    try:
        connection.exec_driver_sql(
            "INSERT INTO passage_words(passage_words, rank) VALUES ('integrity-check', 1)"
        )
    except DBAPIError as error:
        if "malformed" not in str(error.orig):
            raise
        yield Disagreement(
            "index of words", "does not fit the passages; make it afresh with `evidence-mapper db reindex`"
        )


def _matches(text: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = _index.op("MATCH", is_comparison=True)(text)
    return found


def _all(parts: Sequence[str]) -> str:
    return " AND ".join(_quoted(part) for part in parts)


def _any(parts: Sequence[str]) -> str:
    return " OR ".join(_quoted(part) for part in parts)


def _quoted(part: str) -> str:
    return '"' + part.replace('"', '""') + '"'


def _spans(marked: str, start: str, end: str) -> Iterator[Span]:
    """Yield the marked pieces as spans of the text without marks."""
    place = opened = 0
    for character in marked:
        if character == start:
            opened = place
        elif character == end:
            if place > opened:
                yield Span(opened, place)
        else:
            place += 1
