"""Decisions that were made in another program, recorded with the coder and the time they have there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evidence_mapper.domain.coding import Event, EventAction
from evidence_mapper.store import carry, project
from evidence_mapper.store.database import Database
from evidence_mapper.store.events import Draft
from evidence_mapper.store.records import ProjectInfo


class SqlImports:
    """Part of :class:`~evidence_mapper.store.sql_store.SqlStore`."""

    _database: Database
    _info: ProjectInfo

    def decide_imported(self, decisions: Sequence[tuple[str, str, str, Mapping[str, Any]]]) -> list[Event]:
        """Append a DECIDED event for each (coder, time, passage id, payload) in one transaction.

        They name no run: nobody looked at a suggestion of ours. Each is undone alone.
        """
        with self._database.write() as connection:
            run = project.current_run(connection)
            found = []
            for coder, at, passage_id, payload in decisions:
                draft = Draft(
                    coder=coder,
                    action=EventAction.DECIDED,
                    subject=passage_id,
                    at=at,
                    payload=payload,
                    framework=f"{self._info.framework_id}@{self._info.framework_version}",
                    run_id=None,
                    run_number=run.number if run else None,
                )
                found.append(carry.append(connection, draft))
            return found
