"""Passages cut another way by a person: new ones take the place of old ones within the same revision.

A passage that is taken out stays in the file, with its decisions and what was suggested for it, under a
negative ordinal: no longer among those of its document, and put back by the recut that undoes this one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, exists, insert, select, update

from evidence_mapper.domain.coding import Event, EventAction
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.project import EarlierDecision
from evidence_mapper.errors import StoreError
from evidence_mapper.store import events, keys, ranking, schema, words
from evidence_mapper.store.codec import loads
from evidence_mapper.store.events import Draft
from evidence_mapper.store.matching import similarity
from evidence_mapper.store.queries import passage_select
from evidence_mapper.store.records import Disagreement
from evidence_mapper.store.rows import decision_of, passage_of, passage_values

OUT: Final = -(10**9)
"""Ordinals of passages taken out lie below this: no reading gives one out."""

_p, _e, _held = schema.passages, schema.events, schema.decisions


def apply(connection: Connection, draft: Draft, taken: Sequence[str], put: Sequence[Passage]) -> Event:
    """Put passages in the place of others and record it.

    Parameters
    ----------
    draft
        Of the event; its payload is completed with the ids.
    taken
        Ids of passages that follow each other in a newest revision.
    put
        What takes their place, in reading order: new ones, or ones taken out before.

    Raises
    ------
    StoreError
        The passages taken are not such, or what is put is not verbatim or reaches beyond them.
    """
    old = _followers(connection, taken)
    _check(connection, old, put)
    first, after = old[0].ordinal, old[-1].ordinal + 1
    for row in old:
        connection.execute(update(_p).where(_p.c.number == row.number).values(ordinal=OUT - row.number))
    _shift(connection, old[0].revision_number, after, len(put) - len(old))
    numbers = [
        _place(connection, passage, (old[0].revision_number, old[0].document_number), first + n)
        for n, passage in enumerate(put)
    ]
    ranking.refresh(connection, draft.run_number, _p.c.document_number == old[0].document_number)
    said = {**draft.payload, "taken": list(taken), "put": [passage.id for passage in put]}
    keys.write(connection, _p.c.number.in_(numbers))
    return events.write(connection, _with(draft, put[0].id, said))


def earlier(connection: Connection, passage_id: str) -> list[EarlierDecision]:
    """Return the decisions on passages that were taken out and share words with a passage, latest first."""
    here = connection.execute(select(_p).where(_p.c.id == passage_id)).one_or_none()
    if here is None or here.ordinal < 0:
        return []
    query = (
        passage_select(_e.c.coder, _e.c.at, _e.c.payload, _e.c.sequence)
        .join(_held, _held.c.passage_number == _p.c.number)
        .join(_e, _e.c.sequence == _held.c.sequence)
        .where(
            _p.c.revision_number == here.revision_number,
            _p.c.ordinal < 0,
            _p.c.span_start < here.span_end,
            _p.c.span_end > here.span_start,
        )
        .order_by(_e.c.sequence.desc())
    )
    return [
        EarlierDecision(passage_of(row), decision_of(row), similarity(row.text, here.text))
        for row in connection.execute(query)
    ]


def check_recuts(connection: Connection) -> Iterator[Disagreement]:
    """Check that each passage taken out is one that an event took out, and was not put back since."""
    out: dict[str, bool] = {}
    query = select(_e.c.payload).where(_e.c.action == EventAction.RECUT.value).order_by(_e.c.sequence)
    for (payload,) in connection.execute(query):
        said = loads(payload)
        out.update(dict.fromkeys(said.get("taken", ()), True))
        out.update(dict.fromkeys(said.get("put", ()), False))
    rows = connection.execute(select(_p.c.id).where(_p.c.ordinal < 0)).scalars()
    problem = "it is taken out of its document, which no event says"
    yield from (Disagreement(f"passage {name}", problem) for name in rows if not out.get(name))


def _followers(connection: Connection, taken: Sequence[str]) -> list[Row[Any]]:
    live = exists().where(schema.queue_items.c.passage_number == _p.c.number, schema.queue_items.c.live == 1)
    query = select(_p).where(_p.c.id.in_(list(taken)), _p.c.ordinal >= 0, live).order_by(_p.c.ordinal)
    rows = list(connection.execute(query))
    ordinals = [row.ordinal for row in rows]
    one = {row.revision_number for row in rows}
    if not rows or len(rows) != len(taken) or len(one) != 1 or ordinals[-1] - ordinals[0] != len(rows) - 1:
        raise StoreError(
            "the passages to cut another way do not follow each other in a document's newest version; "
            "nothing was changed: open the passage again"
        )
    return rows


def _check(connection: Connection, old: Sequence[Row[Any]], put: Sequence[Passage]) -> None:
    query = select(schema.revisions.c.text).where(schema.revisions.c.number == old[0].revision_number)
    text, at = connection.execute(query).scalar_one(), old[0].span_start
    for passage in put:
        if passage.span.start < at or passage.span.end > old[-1].span_end:
            raise StoreError(f"passage {passage.id} reaches beyond what it replaces; nothing was changed")
        if passage.span.of(text) != passage.text:
            raise StoreError(f"passage {passage.id} is not verbatim; nothing was changed")
        at = passage.span.end
    if not put:
        raise StoreError("nothing takes the passage's place; nothing was changed")


def _shift(connection: Connection, revision_number: int, start: int, by: int) -> None:
    """Move the ordinals from ``start`` on; ordinals are unique, so they first move out of the way."""
    if not by:
        return
    same = _p.c.revision_number == revision_number
    connection.execute(update(_p).where(same, _p.c.ordinal >= start).values(ordinal=-1 - _p.c.ordinal))
    moved = (same, _p.c.ordinal < 0, _p.c.ordinal > OUT)
    connection.execute(update(_p).where(*moved).values(ordinal=-1 - _p.c.ordinal + by))


def _place(connection: Connection, passage: Passage, of: tuple[int, int], ordinal: int) -> int:
    """Write a passage, or put back the one of the same id that was taken out; return its key."""
    row = connection.execute(select(_p).where(_p.c.id == passage.id)).one_or_none()
    if row is None:
        values = {**passage_values(passage, *of), "ordinal": ordinal}
        number = int(connection.execute(insert(_p).returning(_p.c.number), values).scalar_one())
        words.add(connection, _p.c.number == number)
        return number
    span = (row.span_start, row.span_end)
    if row.ordinal >= 0 or row.revision_number != of[0] or span != (passage.span.start, passage.span.end):
        raise StoreError(f"passage {passage.id} is there already; nothing was changed")
    connection.execute(update(_p).where(_p.c.number == row.number).values(ordinal=ordinal))
    return int(row.number)


def _with(draft: Draft, subject: str, payload: dict[str, Any]) -> Draft:
    return Draft(
        coder=draft.coder,
        action=EventAction.RECUT,
        subject=subject,
        at=draft.at,
        payload=payload,
        framework=draft.framework,
        run_id=draft.run_id,
        run_number=draft.run_number,
    )
