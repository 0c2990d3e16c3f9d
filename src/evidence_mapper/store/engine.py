"""Makes and opens projects."""

from __future__ import annotations

from pathlib import Path

from evidence_mapper.domain.ids import derived_id
from evidence_mapper.errors import SchemaTooOld, StoreError
from evidence_mapper.store import cipher, migrations, project, wipe
from evidence_mapper.store.database import Database, mark, private_file, write_ahead
from evidence_mapper.store.records import ProjectInfo
from evidence_mapper.store.sql_store import SqlStore

_WIPE_SECONDS = 1.0
"""How long opening a project waits to finish a wipe that was cut off."""


def create_project(
    path: Path,
    *,
    framework_id: str,
    framework_version: str,
    framework_text: str,
    now: str,
    passphrase: str | None = None,
) -> SqlStore:
    """Make a new project file and open it.

    Parameters
    ----------
    path
        A file that does not exist, in a folder that does.
    framework_id, framework_version, framework_text
        The framework the project is coded with; the text is the whole framework file.
    now
        UTC, ISO 8601.
    passphrase
        Encrypts the file; None leaves it plain.

    Raises
    ------
    StoreError
        The file exists, the extra ``[encrypt]`` is missing, or the folder does not exist or cannot be
        written to; nothing is left behind.
    """
    cipher.driver(encrypted=passphrase is not None)
    _claim(path)
    info = ProjectInfo(
        id=derived_id("prj", path.name, now, framework_id, framework_version),
        created_at=now,
        framework_id=framework_id,
        framework_version=framework_version,
        framework_text=framework_text,
        schema_version=migrations.latest_version(),
    )
    try:
        _fill(path, info, passphrase)
    except BaseException:
        # A half-made project must not be mistaken for one.
        for leftover in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            leftover.unlink(missing_ok=True)
        raise
    return open_project(path)


def open_project(path: Path) -> SqlStore:
    """Open a project.

    Raises
    ------
    ProjectNotFound
        No such file.
    SchemaTooOld
        The project must be migrated first.
    SchemaTooNew
        The project is from a newer version of the program.
    StoreError
        The file is not a project, is damaged, or it or its folder cannot be written to.
    """
    migrations.require_project(path)
    write_ahead(path)
    if wipe.is_pending(path):
        wipe.finish(path, _WIPE_SECONDS)
    database = Database(path)
    try:
        _check_version(database)
        return SqlStore(database)
    except BaseException:
        database.close()
        raise


def _claim(path: Path) -> None:
    """Create the empty file, so that no other process can make a project of the same name."""
    try:
        private_file(path)
    except FileExistsError:
        raise StoreError(f"{path}: already exists; open it, or give the new project another name") from None
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be created ({error.strerror or error}); name a writable folder"
        ) from error


def _fill(path: Path, info: ProjectInfo, passphrase: str | None) -> None:
    key = None if passphrase is None else cipher.derived_key(passphrase)
    mark(path, key)
    if key is not None:
        cipher.hold(path, key)
    write_ahead(path)
    database = Database(path)
    try:
        with database.write() as connection:
            migrations.create(connection, info.created_at)
            project.write_info(connection, info)
    finally:
        database.close()


def _check_version(database: Database) -> None:
    with database.read() as connection:
        found, missing = migrations.schema_version(connection), migrations.missing_steps(connection)
    migrations.refuse_newer(database.path, found)
    if missing:
        names = ", ".join(step.name for step in missing)
        raise SchemaTooOld(
            f"{database.path}: has schema version {found}, this program needs "
            f"{migrations.latest_version()} (steps to take: {names}); run `evidence-mapper db migrate` "
            "(a backup is kept)"
        )
