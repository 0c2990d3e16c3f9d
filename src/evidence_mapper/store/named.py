"""Which passages and revisions are named in what is recorded: each event is looked through once."""

from __future__ import annotations

import re
import threading
from collections.abc import Set as AbstractSet
from typing import Final

from sqlalchemy import Connection, func, or_, select

from evidence_mapper.store import schema

_e = schema.events
_ID: Final = re.compile(r"\b(?:psg|rev)-[0-9a-f]{8,}\b")
"""Ids of passages and revisions in what an event says."""


class Named:
    """The ids named in the payloads of an open project's events; safe to use from several threads.

    Events are only ever added: what was looked through once is not looked through again. An id that was in an
    event whose words are forgotten since is still taken to be named.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids: set[str] = set()
        self._through = 0
        """Sequence of the latest event looked through."""

    def any_of(self, connection: Connection, ids: AbstractSet[str]) -> bool:
        """Return whether an event that is on disk names one of the ids.

        Parameters
        ----------
        connection
            In a transaction that has written no event.
        """
        with self._lock:
            naming = or_(_e.c.payload.contains('"psg-'), _e.c.payload.contains('"rev-'))
            latest = connection.execute(select(func.max(_e.c.sequence))).scalar() or 0
            query = select(_e.c.payload).where(_e.c.sequence > self._through, naming)
            for payload in connection.execute(query).scalars():
                self._ids.update(_ID.findall(payload))
            self._through = latest
            return not self._ids.isdisjoint(ids)
