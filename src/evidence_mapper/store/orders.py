"""Orders of the queue that no index holds: worked out once, when a queue is opened."""

from __future__ import annotations

import tomllib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, distinct, func, select

from evidence_mapper.domain.coding import Verdict
from evidence_mapper.domain.project import LITTLE
from evidence_mapper.store import counts, schema
from evidence_mapper.store.codec import dumps, loads
from evidence_mapper.store.filters import ITEMS
from evidence_mapper.store.ranking import CONFIRM_AGAIN
from evidence_mapper.store.suggestions import STATEMENT

DATE: Final = "date"
"""Name of the fact that says of when a document is."""

_SHARE: Final = 3
"""Up to one in so many passages of a project it is quicker to look them up than to read through all."""
_LOOKED_AT: Final = (20, 200, 1000)
"""Passages among which the first gap is looked for before the whole queue is taken, a part at a time."""

_BARE, _THIN, _COVERED, _NONE = 0, 1, 2, 3


def gaps_first(connection: Connection, likely: Iterable[int], run_number: int | None) -> array[int]:
    """Return passages by how much they would fill a gap, each kind in the order given.

    A passage counts for the barest of the cells (statement and evidence category) it is suggested for:
    nothing confirmed there, then fewer than LITTLE, then more, then no suggestion. What was changed since
    a person confirmed it comes before all.

    Parameters
    ----------
    likely
        Keys of the passages, most likely first.
    """
    likely, confirmed = array("q", likely), _confirmed(connection)
    if not confirmed:
        return likely
    barest = _barest(connection, confirmed, run_number, likely)
    again = select(ITEMS.passage_number).where(ITEMS.likely_key == CONFIRM_AGAIN)
    first = set(connection.execute(again).scalars())
    parts = [array("q") for _ in range(5)]
    for number in likely:
        parts[0 if number in first else 1 + barest.get(number, _NONE)].append(number)
    found = parts[0]
    for part in parts[1:]:
        found.extend(part)
    return found


def first_gap(connection: Connection, likely: Iterable[int], run_number: int | None) -> int | None:
    """Return the first of :func:`gaps_first` by looking at the most likely alone; None when that is too few.

    Parameters
    ----------
    likely
        Keys of the passages, most likely first; no more is taken of it than is looked at.
    """
    confirmed, rest = _confirmed(connection), iter(likely)
    barest_of_all = _barest_cell(connection, confirmed, run_number)
    for size in _LOOKED_AT:
        taken = list(islice(rest, size))
        if not taken:
            return None
        key = select(ITEMS.likely_key).where(ITEMS.passage_number == taken[0])
        if not confirmed or connection.execute(key).scalar() == CONFIRM_AGAIN:
            return taken[0]
        barest = _barest(connection, confirmed, run_number, taken)
        for number in taken:
            if barest.get(number, _NONE) <= barest_of_all:
                return number
    return None


def _barest_cell(
    connection: Connection, confirmed: dict[tuple[str, str], int], run_number: int | None
) -> int:
    """Return how bare the barest cell is that anything is suggested for; from counts kept, else the least."""
    every = None if run_number is None else counts.kept(connection, run_number)
    if every is None:
        return _BARE
    cells = [(code, category) for kind, code, category in every if kind == STATEMENT]
    return min((_standing(confirmed.get(cell, 0)) for cell in cells), default=_NONE)


def _standing(count: int) -> int:
    return _BARE if not count else _THIN if count < LITTLE else _COVERED


def _confirmed(connection: Connection) -> dict[tuple[str, str], int]:
    """Return confirmed passages of newest versions by (statement, evidence category)."""
    c = schema.codings.c
    query = (
        select(c.code, c.evidence_category, func.count(distinct(c.passage_number)))
        .join_from(schema.codings, schema.queue_items, ITEMS.passage_number == c.passage_number)
        .where(c.kind == STATEMENT, c.verdict == Verdict.ACCEPTED.value, ITEMS.live == 1)
        .group_by(c.code, c.evidence_category)
    )
    return {(code, category): n for code, category, n in connection.execute(query)}


def _barest(
    connection: Connection,
    confirmed: dict[tuple[str, str], int],
    run_number: int | None,
    passages: Sequence[int],
) -> dict[int, int]:
    """Return, by passage with a suggested statement, how bare the barest of its cells is.

    Few passages are looked up by their keys; for many it is quicker to read what is suggested for all.
    """
    s = schema.suggested_codes.c
    query = (
        select(s.passage_number, s.code, ITEMS.suggested_category)
        .join_from(schema.suggested_codes, schema.queue_items, ITEMS.passage_number == s.passage_number)
        .where(s.run_number == run_number, s.kind == STATEMENT, ITEMS.live == 1)
    )
    largest = connection.execute(select(func.max(ITEMS.passage_number))).scalar() or 0
    if len(passages) * _SHARE <= largest:
        keys = func.json_each(dumps(list(passages))).table_valued("value")
        query = query.where(s.passage_number.in_(select(keys.c.value)))
    found: dict[int, int] = {}
    for number, code, category in connection.execute(query):
        standing = _standing(confirmed.get((code, category), 0))
        if standing < found.get(number, _NONE):
            found[number] = standing
    return found


def by_statement(connection: Connection, likely: Iterable[int], run_number: int | None) -> array[int]:
    """Return passages by their most likely suggested statement, each in the order given.

    Statements come as the framework orders them, then others by their ids; passages with no suggested
    statement come last.
    """
    s = schema.suggested_codes.c
    query = select(s.passage_number, s.code, s.probability).where(
        s.run_number == run_number, s.kind == STATEMENT
    )
    main: dict[int, tuple[float, str]] = {}
    for number, code, probability in connection.execute(query):
        main[number] = min(main.get(number, (1.0, "")), (-probability, code))
    ranks = {code: place for place, code in enumerate(_statements(connection))}
    parts: dict[tuple[int, str], array[int]] = defaultdict(lambda: array("q"))
    last = (len(ranks) + 1, "")
    for number in likely:
        code = main[number][1] if number in main else None
        key = last if code is None else (ranks.get(code, len(ranks)), "" if code in ranks else code)
        parts[key].append(number)
    found = array("q")
    for key in sorted(parts):
        found.extend(parts[key])
    return found


def _statements(connection: Connection) -> list[str]:
    """Return the statements of the project's framework in order; empty when its text is not a framework's."""
    query = select(schema.project.c.value).where(schema.project.c.key == "framework_text")
    try:
        read = tomllib.loads(connection.execute(query).scalar() or "")
    except tomllib.TOMLDecodeError:
        return []  # a project made by a test, or by hand: the order is then that of the ids
    return [str(s["id"]) for s in read.get("statement", []) if "id" in s]


def newest_first(connection: Connection, items: Iterable[Any]) -> array[int]:
    """Return passages of the documents with the latest date first, each document in reading order.

    Parameters
    ----------
    items
        (document key, passage key), in reading order.
    """
    by_document: dict[int, array[int]] = defaultdict(lambda: array("q"))
    for document, passage in items:
        by_document[document].append(passage)
    dated = {row[0]: (row[1], row[2]) for row in _dates(connection)}
    found = array("q")
    for document in sorted(by_document, key=lambda d: (*dated.get(d, ("", "")), d), reverse=True):
        found.extend(by_document[document])
    return found


def dates(connection: Connection) -> dict[int, str]:
    """Return, by document key, the date of its newest version, where it has one."""
    return {document: date for document, date, _ in _dates(connection) if date}


def _dates(connection: Connection) -> list[tuple[int, str, str]]:
    facts, current, d = schema.document_facts, schema.current_revisions.c, schema.documents.c
    query = (
        select(d.number, facts.c.metadata, d.added_at)
        .join_from(schema.documents, schema.current_revisions, current.document_number == d.number)
        .outerjoin(facts, facts.c.revision_number == current.revision_number)
    )
    return [
        (number, str(dict(loads(metadata)).get(DATE) or "") if metadata else "", added)
        for number, metadata, added in connection.execute(query)
    ]
