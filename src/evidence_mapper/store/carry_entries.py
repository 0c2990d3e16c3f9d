"""Flags and settlements go along with the words they were put on, as decisions do.

Each is an entry of its own on the passage that has the words now, under the name of whoever made it, and
says where it comes from. What was taken off since is taken off there too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.domain.version import Fate
from evidence_mapper.store import events, schema
from evidence_mapper.store.codec import loads
from evidence_mapper.store.events import Draft
from evidence_mapper.store.queries import chunks

GOES_ALONG: Final = frozenset({EventAction.FLAGGED, EventAction.ADJUDICATED})
"""Entries on a passage of which the latest says how it stands."""
NOTE: Final = " (carried over to the new version)"
"""Ends the words of an entry that came along."""

_p, _e, _held, _along = schema.passages, schema.events, schema.decisions, schema.carried

Way = tuple[int, int, Fate]
"""Keys of the passage before and of the one that has its words now, and what became of it."""


def carry(connection: Connection, ways: Sequence[Way], draft: Draft) -> None:
    """Put what stands on passages on those that say the same words now; call it once decisions are there.

    Parameters
    ----------
    ways
        From where to where, each an unchanged or moved passage.
    draft
        Whose time the entries take.
    """
    ids = _ids(connection, [number for old, new, _ in ways for number in (old, new)])
    for action in sorted(GOES_ALONG):
        standing = _latest(connection, action, ids.values())
        for way in ways:
            before = standing.get(ids[way[0]])
            if before is not None:
                _take(connection, before, standing.get(ids[way[1]]), (way, ids), draft)


def _take(
    connection: Connection,
    before: Row[Any],
    there: Row[Any] | None,
    where: tuple[Way, dict[int, str]],
    draft: Draft,
) -> None:
    """Write one entry, unless a later one stands where it would go or there is nothing to take off."""
    (old, new, fate), ids = where
    said = loads(before.payload)
    if there is None and not _is_on(said):
        return
    if there is not None and _origin(there) >= _origin(before):
        return
    if "between" in said:
        between = _between(connection, said["between"], new)
        if between is None:
            return  # the answers it settles are not those that hold there: the question is open
        said = {**said, "between": between}
    came = said.get("carried") or {"event": before.id, "sequence": before.sequence, "at": before.at}
    words = str(said.get("words") or before.action).removesuffix(NOTE)
    payload = {**said, "words": words + NOTE, "carried": {**came, "from": ids[old], "fate": fate.value}}
    events.write(
        connection,
        Draft(
            coder=before.coder,
            action=EventAction(before.action),
            subject=ids[new],
            at=draft.at,
            payload=payload,
            framework=before.framework,
            run_id=before.run_id,
            run_number=draft.run_number,
        ),
    )


def _is_on(said: dict[str, Any]) -> bool:
    return bool(said.get("on") or said.get("decision"))


def _origin(row: Row[Any]) -> int:
    """Return the sequence of the entry a person made, however often it was carried."""
    came = loads(row.payload).get("carried")
    return int(came["sequence"]) if came else int(row.sequence)


def _between(connection: Connection, settled: Sequence[int], number: int) -> list[int] | None:
    """Return the decisions on a passage that are those that were settled; None when others hold there."""
    held = connection.execute(
        select(_held.c.sequence, _along.c.origin)
        .outerjoin(_along, _along.c.sequence == _held.c.sequence)
        .where(_held.c.passage_number == number)
    ).all()
    query = select(_along.c.sequence, _along.c.origin).where(_along.c.sequence.in_(list(settled)))
    made = {row.sequence: row.origin for row in connection.execute(query)}
    wanted = sorted(made.get(sequence, sequence) for sequence in settled)
    if sorted(row.origin or row.sequence for row in held) != wanted:
        return None
    return sorted(row.sequence for row in held)


def _ids(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    found = {}
    for piece in chunks(sorted(set(numbers))):
        rows = connection.execute(select(_p.c.number, _p.c.id).where(_p.c.number.in_(piece)))
        found.update({row.number: row.id for row in rows})
    return found


def _latest(connection: Connection, action: EventAction, subjects: Iterable[str]) -> dict[str, Row[Any]]:
    """Return the latest entry of an action by the passage it is on."""
    found = {}
    for piece in chunks(sorted(set(subjects))):
        last = (
            select(func.max(_e.c.sequence))
            .where(_e.c.action == action.value, _e.c.subject.in_(piece))
            .group_by(_e.c.subject)
        )
        for row in connection.execute(select(_e).where(_e.c.sequence.in_(last))):
            found[row.subject] = row
    return found
