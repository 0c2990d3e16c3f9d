"""Ordered, named steps from one schema version to the next.

A new project is made from ``schema.py`` as it stands and every step is recorded as done. A step
after the first changes the tables of an older file into what ``schema.py`` says; it never edits
``events`` (only forgetting a document does, see ``forget.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, insert, select

from evidence_mapper.errors import ProjectNotFound, SchemaTooNew, StoreError
from evidence_mapper.store import keys, schema, words
from evidence_mapper.store.database import Database, back_up, is_project
from evidence_mapper.store.guards import create_guards

_NAMED: Final = 20
"""Files looked at when a project is not where it was said to be."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step; ``version`` is the schema version it leads to."""

    version: int
    name: str
    apply: Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class MigrationReport:
    """What :func:`migrate` did."""

    before: int
    """Schema version found."""
    after: int
    applied: tuple[str, ...]
    """Names of the steps taken, in order; empty when the file was up to date."""
    backup: Path | None
    """Copy made before the first step; None when no step was needed."""


def create_tables(connection: Connection) -> None:
    """Create every table and the triggers that guard the events."""
    schema.metadata.create_all(connection)
    create_guards(connection)
    words.create(connection)


def add_heads(connection: Connection) -> None:
    """Create the table of heads learned from the project's decisions."""
    schema.heads.create(connection, checkfirst=True)


def add_copies(connection: Connection) -> None:
    """Create the table of other names a document's bytes were met under."""
    schema.copies.create(connection, checkfirst=True)


def add_versions(connection: Connection) -> None:
    """Create the tables of what became of passages and documents, and note what each passage says."""
    for table in (
        schema.passage_keys,
        schema.version_changes,
        schema.passage_fates,
        schema.carried,
        schema.withdrawals,
    ):
        table.create(connection, checkfirst=True)
    keys.write_all(connection)


def index_actions(connection: Connection) -> None:
    """Index the events by what they record."""
    index = next(i for i in schema.events.indexes if i.name == "ix_events_action")
    index.create(connection, checkfirst=True)


def allow_readings(connection: Connection) -> None:
    """Let a document have several readings of one file: SQLite takes a constraint off by a new table only."""
    revisions = schema.revisions
    names = ", ".join(column.name for column in revisions.columns)
    # The rows that point to revisions are checked when the step ends: by then all are there again.
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    connection.exec_driver_sql(f"CREATE TEMP TABLE old_revisions AS SELECT {names} FROM revisions")  # noqa: S608 - our own names
    connection.exec_driver_sql("DROP TABLE revisions")
    revisions.create(connection)
    connection.exec_driver_sql(f"INSERT INTO revisions ({names}) SELECT {names} FROM old_revisions")  # noqa: S608 - our own names
    connection.exec_driver_sql("DROP TABLE old_revisions")


def add_counts(connection: Connection) -> None:
    """Create the table of counts of what is suggested, empty: they are kept once they are counted."""
    schema.suggested_counts.create(connection, checkfirst=True)


def add_erasures(connection: Connection) -> None:
    """Create the table of events of which something was erased."""
    schema.erasures.create(connection, checkfirst=True)


MIGRATIONS: tuple[Migration, ...] = (
    Migration(1, "create", create_tables),
    Migration(2, "heads", add_heads),
    Migration(3, "versions", add_versions),
    Migration(5, "copies", add_copies),
    Migration(6, "actions", index_actions),
    Migration(7, "readings", allow_readings),
    Migration(8, "counts", add_counts),
    Migration(9, "search", words.create_filled),
    Migration(10, "erasures", add_erasures),
)


def latest_version() -> int:
    """Return the schema version this program writes."""
    return MIGRATIONS[-1].version


def schema_version(connection: Connection) -> int:
    """Return the schema version of an open project file."""
    return int(connection.execute(select(func.max(schema.migrations.c.version))).scalar_one() or 0)


def missing_steps(connection: Connection) -> list[Migration]:
    """Return the steps an open project file has not taken, in order."""
    done = set(connection.execute(select(schema.migrations.c.version)).scalars())
    return [step for step in MIGRATIONS if step.version not in done]


def create(connection: Connection, now: str) -> None:
    """Make the tables of a new project and record every step as done."""
    create_tables(connection)
    for step in MIGRATIONS:
        _record(connection, step, now)


def migrate(path: Path, *, now: str | None = None) -> MigrationReport:
    """Bring a project file up to date, keeping a copy of it beside itself.

    Each step and its record are one transaction: after a failure the file is at a whole version and
    the copy is untouched.

    Parameters
    ----------
    path
        The project file.
    now
        UTC, ISO 8601, for the record; None takes the clock.

    Raises
    ------
    ProjectNotFound
        No such file.
    SchemaTooNew
        The file is from a newer version of the program.
    StoreError
        The file is not a project, cannot be written, or a step failed.
    """
    require_project(path)
    stamp = now or datetime.now(UTC).isoformat(timespec="microseconds")
    with closing(Database(path)) as database:
        with database.read() as connection:
            before, steps = schema_version(connection), missing_steps(connection)
        refuse_newer(path, before)
        if not steps:
            return MigrationReport(before, before, (), None)
        backup = _backup_path(path, before)
        back_up(path, backup)
        applied = tuple(step.name for step in steps if _take(database, step, stamp))
        return MigrationReport(before, latest_version(), applied, backup)


def require_project(path: Path) -> None:
    """Check that a project file is there.

    Raises
    ------
    ProjectNotFound
        No such file.
    StoreError
        The path is a folder, or the file is something else.
    """
    if path.is_dir():
        raise StoreError(f"{path}: is a folder; name the project file inside it")
    if not path.exists():
        raise ProjectNotFound(f"{path}: no project here; {_beside(path)}make one with `evidence-mapper init`")
    if not is_project(path):
        raise StoreError(
            f"{path}: is not an evidence-mapper project; name a project file, "
            "or make one with `evidence-mapper init`"
        )


def _beside(path: Path) -> str:
    """Return which projects lie in the same folder, for one whose name was mistyped; empty for none."""
    try:
        there = sorted(path.parent.glob(f"*{path.suffix or '.sqlite'}"))[:_NAMED]
        names = [other.name for other in there if other.is_file() and is_project(other)]
    except (OSError, StoreError):  # the folder is not there, or may not be read: there is nothing to name
        return ""
    return f"in that folder there is {', '.join(names)}: name it with --project; or " if names else ""


def refuse_newer(path: Path, version: int) -> None:
    """Raise SchemaTooNew when the file's version is above the program's."""
    if version > latest_version():
        raise SchemaTooNew(
            f"{path}: has schema version {version}, this program knows up to {latest_version()}; "
            "install a newer evidence-mapper"
        )


def _take(database: Database, step: Migration, now: str) -> bool:
    """Apply one step; False when another process has done it meanwhile."""
    with database.write() as connection:
        if step not in missing_steps(connection):
            return False
        step.apply(connection)
        _record(connection, step, now)
    return True


def _record(connection: Connection, step: Migration, now: str) -> None:
    connection.execute(
        insert(schema.migrations), {"version": step.version, "name": step.name, "applied_at": now}
    )


def _backup_path(path: Path, version: int) -> Path:
    """Return a free name beside the file: ``<stem>.v<version>.backup<suffix>``, numbered if taken."""
    number = 1
    while True:
        counter = "" if number == 1 else f"-{number}"
        candidate = path.with_name(f"{path.stem}.v{version}.backup{counter}{path.suffix}")
        if not candidate.exists():
            return candidate
        number += 1
