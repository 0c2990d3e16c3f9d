"""What a review reads and writes besides decisions: flags, examples, runs made ready, settings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from evidence_mapper.domain.agreement import Settlement
from evidence_mapper.domain.coding import Event, EventAction, Outcome, RunSpec
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.project import CoderDecision, Example, Flag
from evidence_mapper.store import (
    counts,
    documents,
    events,
    examples,
    flags,
    project,
    recut,
    schema,
    settled,
    successors,
)
from evidence_mapper.store.records import ProjectInfo
from evidence_mapper.store.sql_reads import SqlReads


class SqlReview(SqlReads):
    """Part of :class:`~evidence_mapper.store.sql_store.SqlStore`; each method is one transaction."""

    _info: ProjectInfo

    def flag(self, passage_id: str) -> Flag | None:
        """Return the flag that stands on a passage; None when none does."""
        with self._database.read() as connection:
            return flags.of_passage(connection, passage_id)

    def successors(self, passage_ids: Collection[str]) -> dict[str, str]:
        """Return, for each passage, the one that says the same in the newest version; itself if none does."""
        with self._database.read() as connection:
            return successors.newest(connection, passage_ids)

    def readers(self) -> list[tuple[str, str, str]]:
        """Return (document name, media type, name and version of its reader) of the newest revisions."""
        with self._database.read() as connection:
            return documents.readers(connection)

    def examples(self, statement: str, *, but: str, limit: int = 2) -> list[Example]:
        """Return passages confirmed for a statement, newest decision first, without ``but`` and its twins."""
        with self._database.read() as connection:
            return examples.newest(connection, statement, but, limit)

    def prepare_run(self, spec: RunSpec, at: str) -> str:
        """Return the id of a spec's run, made if need be, without making it the current one."""
        with self._database.write() as connection:
            return project.prepare_run(connection, spec, at).id

    def double_decisions(self) -> dict[str, list[CoderDecision]]:
        """Return the decisions on live passages that two coders or more decided on, by passage, in order."""
        with self._database.read() as connection:
            return settled.double_decisions(connection)

    def settlements(self) -> dict[str, Settlement]:
        """Return the settlements that stand, by passage id."""
        with self._database.read() as connection:
            return {s.passage_id: s for s in settled.standing(connection).values()}

    def answered_count(self) -> int:
        """Return how many decisions hold that answer, of all coders and versions: "unsure" does not."""
        held = schema.decisions.c.outcome
        with self._database.read() as connection:
            query = select(func.count()).where(held != Outcome.UNSURE.value)
            return int(connection.execute(query).scalar_one())

    def recut(
        self, *, coder: str, at: str, taken: Sequence[str], put: Sequence[Passage], words: str
    ) -> Event:
        """Put passages in the place of others of the same revision, and record it as an event.

        Those taken out stay, with their decisions and suggestions, but are no longer in the queue.

        Raises
        ------
        StoreError
            They do not follow each other in a newest revision, or what is put is not verbatim.
        """
        with self._database.write() as connection:
            run = project.current_run(connection)
            draft = self._draft(run, (coder, EventAction.RECUT, taken[0], at), {"words": words})
            return recut.apply(connection, draft, taken, put)

    def keep_counts(self) -> None:
        """Count what is suggested, where that is not kept already, and keep it for the matrix.

        The file is locked for the writing alone; what changed meanwhile leaves nothing kept.
        """
        with self._database.read() as connection:
            run = project.current_run(connection)
            if run is None or counts.kept(connection, run.number) is not None:
                return
            made_of, found = counts.stamp(connection, run.number), counts.counted(connection, run.number)
        with self._database.write() as connection:
            if counts.stamp(connection, run.number) == made_of:
                counts.keep(connection, made_of, found)

    def setting(self, name: str) -> str | None:
        """Return a setting kept with the project; None when it was never set."""
        with self._database.read() as connection:
            return project.read_setting(connection, name)

    def keep_setting(self, name: str, value: str) -> None:
        """Keep a setting with the project, in place of the value it had."""
        with self._database.write() as connection:
            project.write_setting(connection, name, value)

    def _draft(
        self,
        run: project.CurrentRun | None,
        said: tuple[str, EventAction, str, str],
        payload: Mapping[str, Any],
    ) -> events.Draft:
        coder, action, subject, at = said
        return events.Draft(
            coder=coder,
            action=action,
            subject=subject,
            at=at,
            payload=payload,
            framework=f"{self._info.framework_id}@{self._info.framework_version}",
            run_id=run.id if run else None,
            run_number=run.number if run else None,
        )
