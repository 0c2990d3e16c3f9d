"""Which day a passage of a case record is from, as the record states it."""

from __future__ import annotations

import threading
from typing import Final

from evidence_mapper.domain.case import Entry
from evidence_mapper.domain.document import Document, SourceType
from evidence_mapper.domain.passage import Passage
from evidence_mapper.store.base import Store
from evidence_mapper.workflow.case_dates import stated_date
from evidence_mapper.workflow.case_entries import entries, entries_of

_KEPT: Final = 4
"""Revisions whose entries are held: a reader goes on in the same record."""


class EntryDates:
    """Reads the dated headings of each record once; safe to use from several threads.

    Parameters
    ----------
    store
        The open project.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._entries: dict[str, tuple[Entry, ...]] = {}

    def of(self, passage: Passage, document: Document) -> tuple[str, ...]:
        """Return the days (``YYYY-MM-DD``) of the entries a passage stands in, in order; empty where none is.

        A row of a table is dated by a column whose header begins with "date". Only case records have entries.

        Raises
        ------
        StoreError
            The record cannot be read.
        """
        if document.source_type != SourceType.CASE_RECORD:
            return ()
        found = self._read(passage.revision_id)
        if found:
            return tuple(dict.fromkeys(entry.date for entry in entries_of(found, passage.span)))
        for header, value in passage.attributes:
            day = stated_date(value) if header.casefold().startswith("date") else None
            if day:
                return (day,)
        return ()

    def _read(self, revision_id: str) -> tuple[Entry, ...]:
        with self._lock:
            held = self._entries.get(revision_id)
        if held is None:
            held = entries(self._store.revision(revision_id).text)
            with self._lock:
                self._entries[revision_id] = held
                while len(self._entries) > _KEPT:
                    del self._entries[next(iter(self._entries))]
        return held
