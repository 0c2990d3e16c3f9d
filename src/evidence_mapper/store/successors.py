"""Which passage says the same words in the newest version of a document."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import CTE, Connection, Select, exists, func, select

from evidence_mapper.domain.version import Fate
from evidence_mapper.store import schema
from evidence_mapper.store.queries import chunks

_p, _fates, _cur = schema.passages, schema.passage_fates, schema.current_revisions
_CARRYING = tuple(fate.value for fate in Fate if fate.carries)


def newest(connection: Connection, passage_ids: Collection[str]) -> dict[str, str]:
    """Return, for each passage id, that of the passage with its words in the newest version.

    Itself where it is of the newest version, or where its words were changed or have gone.
    """
    found = {passage: passage for passage in passage_ids}
    for piece in chunks(sorted(found)):
        reached = followed(select(_p.c.id.label("first"), _p.c.number).where(_p.c.id.in_(piece)))
        last = _p.alias("last")
        query = (
            select(reached.c.first, last.c.id)
            .join_from(reached, last, last.c.number == reached.c.number)
            .where(exists().where(_cur.c.revision_number == last.c.revision_number))
        )
        found.update({row.first: row.id for row in connection.execute(query)})
    return found


def followed(passages: Select[Any]) -> CTE:
    """Return passages with those that took over their words, over any number of versions.

    Parameters
    ----------
    passages
        Of columns ``first`` (kept as it is) and ``number`` (key of a passage).
    """
    reached = passages.cte("reached", recursive=True)
    fate, later = _fates.alias("fate"), _fates.alias("later")
    last = select(func.max(later.c.change_number)).where(later.c.old_number == reached.c.number)
    step = select(reached.c.first, fate.c.new_number).join_from(
        reached,
        fate,
        (fate.c.old_number == reached.c.number)
        & (fate.c.change_number == last.scalar_subquery())
        & fate.c.fate.in_(_CARRYING),
    )
    return reached.union(step)
