"""Passages put to a colleague's notice: the latest entry on a passage says how it stands."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Select, func, select

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.domain.project import Flag
from evidence_mapper.store import schema
from evidence_mapper.store.codec import loads

_e = schema.events.c

ON: Final = '"on":true'
"""As canonical JSON writes it; within a string its quotation marks would have a backslash before them."""


def of_passage(connection: Connection, passage_id: str) -> Flag | None:
    """Return the flag that stands on a passage; None when none does."""
    query = (
        select(_e.coder, _e.at, _e.payload)
        .where(_e.subject == passage_id, _e.action == EventAction.FLAGGED.value)
        .order_by(_e.sequence.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    said = {} if row is None else loads(row.payload)
    if row is None or not said.get("on"):
        return None
    at = (said.get("carried") or {}).get("at") or row.at
    return Flag(row.coder, str(at), str(said.get("to") or ""), str(said.get("reason") or ""))


def flagged() -> Select[Any]:
    """Return the query of ids of passages on which a flag stands."""
    last = select(func.max(_e.sequence)).where(_e.action == EventAction.FLAGGED.value).group_by(_e.subject)
    return select(_e.subject).where(_e.sequence.in_(last), _e.payload.contains(ON, autoescape=True))
