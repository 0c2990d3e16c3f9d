"""Conditions that say which passages a queue filter leaves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, union

from evidence_mapper.domain.coding import Outcome, Verdict
from evidence_mapper.domain.project import QueueFilter
from evidence_mapper.store import schema
from evidence_mapper.store.suggestions import STATEMENT, TOPIC

ITEMS: Final = schema.queue_items.c

# Under a name of its own: queries of the queue already join a coder's decisions.
_anyone: Final = schema.decisions.alias("anyone")


def undecided(number: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition that nobody has decided on a passage; UNSURE leaves it undecided."""
    held = _anyone.c
    return ~exists().where(held.passage_number == number, held.outcome != Outcome.UNSURE.value)


def suggested(run_number: int | None, kind: str, code: str) -> Select[Any]:
    """Return the query of passages a code is suggested for in a run."""
    s = schema.suggested_codes.c
    return select(s.passage_number).where(s.run_number == run_number, s.kind == kind, s.code == code)


def coded(kind: str, code: str, category: str | None = None) -> Select[Any]:
    """Return the query of passages any coder accepted a code for; None for any category."""
    c = schema.codings.c
    query = select(c.passage_number).where(
        c.kind == kind, c.code == code, c.verdict == Verdict.ACCEPTED.value
    )
    return query if category is None else query.where(c.evidence_category == category)


def conditions(where: QueueFilter, run_number: int | None) -> list[ColumnElement[bool]]:
    """Return the filter's conditions on ``queue_items``, all but the coder's state.

    ``confirmed`` agrees with the matrix: True leaves passages with a coding in that cell by any
    coder, False those suggested for it that nobody has decided on; both of newest revisions only.
    """
    found = list(_codes(where, run_number))
    if where.confirmed is not None:
        found.append(ITEMS.live == 1)
    if where.confirmed is False:
        found.append(undecided(ITEMS.passage_number))
    if where.confirmed is True and where.statement is None and where.topic is None:
        found.append(_has_coded())
    if where.category is not None:
        found.append(_category(where))
    if where.document_id is not None:
        d = schema.documents.c
        found.append(
            ITEMS.document_number == select(d.number).where(d.id == where.document_id).scalar_subquery()
        )
    if where.text:
        found.append(_contains(where.text))
    return found


def _codes(where: QueueFilter, run_number: int | None) -> Iterator[ColumnElement[bool]]:
    for kind, code in ((STATEMENT, where.statement), (TOPIC, where.topic)):
        if code is None:
            continue
        if where.confirmed is True:
            yield ITEMS.passage_number.in_(coded(kind, code, where.category))
        elif where.confirmed is False:
            yield ITEMS.passage_number.in_(suggested(run_number, kind, code))
        else:
            yield ITEMS.passage_number.in_(union(suggested(run_number, kind, code), coded(kind, code)))


def _has_coded(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    held = _anyone.c
    mine = and_(held.passage_number == ITEMS.passage_number, held.outcome == Outcome.CODED.value)
    return exists().where(mine, *more)


def _category(where: QueueFilter) -> ColumnElement[bool]:
    """Return: coded with the category, or coded with none and suggested with it."""
    held = _anyone.c
    by_person = _has_coded(func.coalesce(held.evidence_category, "") == where.category)
    if where.confirmed is True:
        return by_person
    by_machine = ITEMS.suggested_category == where.category
    return or_(by_person, and_(by_machine, ~_has_coded(held.evidence_category.is_not(None))))


def _contains(term: str) -> ColumnElement[bool]:
    """Return the condition that a passage contains a text in any case; %, _ and / mean themselves."""
    p = schema.passages.c
    haystack = func.coalesce(p.folded, p.text)
    return exists().where(
        p.number == ITEMS.passage_number, haystack.icontains(term.casefold(), autoescape=True)
    )
