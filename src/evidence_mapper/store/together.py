"""Decisions recorded in one action on passages that say the same: one event each, taken back as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from evidence_mapper.domain.coding import Event
from evidence_mapper.store import carry, schema
from evidence_mapper.store.events import Draft

_e, _held = schema.events, schema.decisions


def append(connection: Connection, drafts: Sequence[Draft]) -> list[Event]:
    """Append decisions one after the other; each says which of how many it is.

    Raises
    ------
    StoreError
        One of them cannot be recorded; the caller's transaction then records none.
    """
    size, found = len(drafts), []
    for place, draft in enumerate(drafts):
        payload = {**draft.payload, "batch": {"place": place, "size": size}}
        found.append(carry.append(connection, replace(draft, payload=payload)))
    return found


def undo(connection: Connection, draft: Draft, undone: Event) -> Event:
    """Append an UNDONE event for a decision, and for those of its batch that hold still.

    Parameters
    ----------
    draft
        Of the event that undoes ``undone``.

    Raises
    ------
    StoreError
        The decision is not one that the coder can undo; nothing was changed.
    """
    event = carry.append(connection, draft)
    for subject, name in _others(connection, undone):
        carry.append(connection, replace(draft, subject=subject, payload={"undoes": name}))
    return event


def _others(connection: Connection, undone: Event) -> list[tuple[str, str]]:
    """Return (subject, event id) of the decisions of an event's batch that hold, the event's left out."""
    batch = undone.payload.get("batch")
    if batch is None:
        return []
    # One transaction wrote them, so they follow each other without a gap.
    first = undone.sequence - int(batch["place"])
    query = (
        select(_e.c.subject, _e.c.id)
        .join(_held, _held.c.sequence == _e.c.sequence)
        .where(_e.c.sequence.between(first, first + int(batch["size"]) - 1), _e.c.sequence != undone.sequence)
        .order_by(_e.c.sequence)
    )
    return [(row.subject, row.id) for row in connection.execute(query)]
