"""Keeps ``queue_items``: what the queue is sorted and filtered by."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
)

from evidence_mapper.domain.version import Fate
from evidence_mapper.store.schema import (
    current_revisions,
    decisions,
    passage_fates,
    passages,
    project,
    queue_items,
    suggestions,
    withdrawals,
)

COLUMNS = (
    "passage_number",
    "document_number",
    "ordinal",
    "live",
    "likely_key",
    "uncertain_key",
    "suggested_category",
)

CONFIRM_AGAIN = -2.0
"""Sort key, before every other: what somebody decided on was changed since."""

_GENERATION = "queue_generation"

NO_SUGGESTION_LIKELY = 1.0
"""Sort key, after every probability (they are stored negative): most likely first, unknown last."""

NO_SUGGESTION_UNCERTAIN = 2.0
"""Sort key, after every distance between two probabilities."""


def expected_items(run_number: int | None, where: ColumnElement[bool] | None = None) -> Select[Any]:
    """Return the query whose rows ``queue_items`` must hold, in the order of COLUMNS.

    Parameters
    ----------
    run_number
        The current run; None when there is none.
    where
        Condition on passages; None takes all.
    """
    p, s = passages.c, suggestions.c
    counts = ~exists().where(withdrawals.c.document_number == p.document_number)
    in_place = and_(p.revision_number == current_revisions.c.revision_number, p.ordinal >= 0)
    is_live = and_(in_place, counts)
    carries_decision = exists().where(decisions.c.passage_number == p.number)
    query = (
        select(
            p.number,
            p.document_number,
            p.ordinal,
            case((is_live, 1), else_=0),
            case(
                (_to_confirm(), CONFIRM_AGAIN), else_=func.coalesce(-s.top_probability, NO_SUGGESTION_LIKELY)
            ),
            case(
                (_to_confirm(), CONFIRM_AGAIN),
                else_=func.coalesce(
                    func.abs(s.top_probability - s.none_probability), NO_SUGGESTION_UNCERTAIN
                ),
            ),
            func.coalesce(s.evidence_category, ""),
        )
        .join(current_revisions, current_revisions.c.document_number == p.document_number)
        .outerjoin(suggestions, and_(s.run_number == run_number, s.passage_number == p.number))
        .where(or_(is_live, carries_decision))
    )
    return query if where is None else query.where(where)


def _to_confirm() -> ColumnElement[bool]:
    """Return the condition that a passage took the place of one with other words and a decision."""
    fates, held = passage_fates.c, decisions.alias("decided_before").c
    return exists().where(
        fates.new_number == passages.c.number,
        fates.fate == Fate.CHANGED.value,
        exists().where(held.passage_number == fates.old_number),
    )


def refresh(connection: Connection, run_number: int | None, where: ColumnElement[bool] | None = None) -> None:
    """Rewrite the items of the passages that meet a condition on passages; None takes all."""
    gone = delete(queue_items)
    if where is not None:
        gone = gone.where(queue_items.c.passage_number.in_(select(passages.c.number).where(where)))
    connection.execute(gone)
    connection.execute(insert(queue_items).from_select(list(COLUMNS), expected_items(run_number, where)))
    _count_up(connection)


def generation(connection: Connection) -> int:
    """Return a figure that changes whenever items are rewritten."""
    query = select(project.c.value).where(project.c.key == _GENERATION)
    return int(connection.execute(query).scalar() or 0)


def _count_up(connection: Connection) -> None:
    following = str(generation(connection) + 1)
    connection.execute(delete(project).where(project.c.key == _GENERATION))
    connection.execute(insert(project), {"key": _GENERATION, "value": following})
