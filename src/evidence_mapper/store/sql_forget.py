"""Forgetting documents, and wiping what that leaves in the file."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.domain.forgetting import Forgetting
from evidence_mapper.store import forget, project, wipe
from evidence_mapper.store.database import BUSY_SECONDS, Database
from evidence_mapper.store.events import Draft
from evidence_mapper.store.records import ProjectInfo


class _Trial(Exception):
    """Carries what a trial found out of the transaction that it rolls back."""

    def __init__(self, found: Forgetting) -> None:
        super().__init__()
        self.found = found


class SqlForget:
    """Part of :class:`~evidence_mapper.store.sql_store.SqlStore`."""

    _database: Database
    _info: ProjectInfo

    def forget(
        self,
        document_ids: Sequence[str],
        *,
        coder: str,
        at: str,
        reason: str,
        subjects: Sequence[str] = (),
        kept_vectors: Collection[str] = (),
        trial: bool = False,
    ) -> Forgetting:
        """Erase every trace of documents and leave a tombstone; see :mod:`evidence_mapper.store.forget`."""
        request = forget.Request(tuple(document_ids), tuple(subjects), reason, frozenset(kept_vectors))
        framework = f"{self._info.framework_id}@{self._info.framework_version}"
        try:
            with self._database.write() as connection:
                run = project.current_run(connection)
                number = run.number if run else None
                draft = Draft(coder, EventAction.FORGOTTEN, "", at, {}, framework, None, number)
                event = forget.erase(connection, request, draft)
                if trial:
                    raise _Trial(replace(forget.of_tombstone(event), sequence=0))
                forget.reindex(connection)
        except _Trial as ended:
            return ended.found
        return forget.of_tombstone(event)

    def wipe(self) -> bool:
        """Write the file anew so that nothing deleted is left in it; False when another program keeps it."""
        return wipe.finish(self._database.path, BUSY_SECONDS)
