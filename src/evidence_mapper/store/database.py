"""SQLite: connections, transactions and what its errors mean. The only module that knows its pragmas."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from evidence_mapper.errors import IntegrityError, StoreError
from evidence_mapper.store import cipher, in_use

APPLICATION_ID: Final = 0x45564D50
"""Marks a SQLite file as one of this program's projects (bytes 68 to 71 of the file)."""

BUSY_SECONDS: Final = 10.0
"""How long a write waits for another process's write."""

_PRAGMAS: Final = (
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA temp_store=MEMORY",
    # What is deleted is overwritten with zeros where that costs no further writing.
    "PRAGMA secure_delete=FAST",
    "PRAGMA cache_size=-32768",
)

MEMO: Final = "evidence_mapper_memo"
"""Name of the option that carries what was read already in a transaction several reads share."""
_WRITE: Final = "evidence_mapper_write"


class Database:
    """One SQLite file; safe to use from several threads, each call on its own connection.

    Parameters
    ----------
    path
        An existing project file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._closed = False
        self._here = threading.local()
        key = cipher.key_of(path)
        self._in_use = in_use.enter(path, key)
        self._engine = _engine(path, key)
        self._writer = self._engine.execution_options(**{_WRITE: True})

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection inside one read transaction: it sees one commit throughout.

        Raises
        ------
        StoreError
            The store is closed or the file cannot be read.
        IntegrityError
            Something stored is not what the program writes.
        """
        # Ends in a rollback, which a damaged file allows and a commit may not.
        self._refuse_closed()
        held: Connection | None = getattr(self._here, "connection", None)
        if held is not None:
            with _readable(self.path), translated(self.path):
                yield held
            return
        with _readable(self.path), translated(self.path), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Give every :meth:`read` of this thread within the block one transaction."""
        if getattr(self._here, "connection", None) is not None:
            yield
            return
        with self.read() as connection:
            self._here.connection = connection.execution_options(**{MEMO: {}})
            try:
                yield
            finally:
                del self._here.connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection inside one write transaction, on disk when the block ends.

        Raises
        ------
        StoreError
            The store is closed, another process kept the file for longer than BUSY_SECONDS, or the
            file cannot be written; nothing was written.
        """
        self._refuse_closed()
        with _readable(self.path), translated(self.path), self._writer.begin() as connection:
            yield connection

    def _refuse_closed(self) -> None:
        if self._closed:
            raise StoreError(f"{self.path}: the project has been closed; open it again")

    def close(self) -> None:
        """Close every connection; a second call does nothing."""
        if not self._closed:
            self._closed = True
            self._engine.dispose()
            in_use.leave(self._in_use)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Turn the failure to understand what is stored into an error that says where to look."""
    try:
        yield
    except (ValueError, KeyError, TypeError) as error:
        raise IntegrityError(
            f"{path}: something stored cannot be understood ({error!r}); run `evidence-mapper db verify`"
        ) from error


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn the libraries' errors into StoreError that says what to do."""
    try:
        yield
    except DBAPIError as error:
        raise StoreError(explain(path, str(error.orig))) from error
    except PoolTimeout as error:
        raise StoreError(f"{path}: too many uses at once ({error}); try again") from error
    except cipher.errors() as error:
        raise StoreError(explain(path, str(error))) from error
    except UnicodeEncodeError as error:
        raise StoreError(
            f"{path}: {error.object[error.start : error.end]!a} is half a character and cannot be stored; "
            "nothing was written"
        ) from error
    except OverflowError as error:
        raise StoreError(f"{path}: a number is too large to store ({error}); nothing was written") from error


def explain(path: Path, message: str) -> str:
    """Return what SQLite's message means for the person at the keyboard."""
    low = message.lower()
    if "locked" in low or "busy" in low:
        advice = "another program is using it: nothing was written; close the other program and try again"
    elif "readonly" in low or "read-only" in low or "unable to open" in low:
        advice = "the file and its folder must be writable; copy the project to a folder you can write to"
    elif "full" in low or "i/o" in low:
        advice = "the disk is full or failing: nothing was written; free some space and try again"
    elif "no such module: fts5" in low:
        advice = (
            f"Python's SQLite {sqlite3.sqlite_version} was built without full-text search (FTS5), which "
            "projects need: run the program with a Python from python.org or your system's own packages"
        )
    elif "malformed" in low or "not a database" in low:
        advice = "the file is damaged; run `evidence-mapper db verify`, or go back to a backup"
    else:
        advice = "the change was refused and nothing was written"
    return f"{path}: {advice} ({message})"


def is_project(path: Path) -> bool:
    """Return whether the file is marked as a project; the file is only read.

    An encrypted one says so only once it is unlocked.

    Raises
    ------
    StoreError
        The file cannot be read.
    """
    if in_use.find(path) is not None:
        return True
    try:
        with path.open("rb") as stream:
            header = stream.read(72)
    except OSError as error:
        raise StoreError(f"{path}: cannot be read ({error.strerror or error})") from error
    if cipher.is_encrypted(path):
        with translated(path), closing(cipher.connect(path)) as connection:
            return bool(connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID)
    return header[:16] == cipher.MAGIC and int.from_bytes(header[68:72], "big") == APPLICATION_ID


def mark(path: Path, key: str | None = None) -> None:
    """Make an empty file a database that says it is a project, encrypted when a key is given."""
    with translated(path), closing(cipher.connect(path, key=key)) as connection:
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")


def write_ahead(path: Path) -> None:
    """Make sure that the file writes ahead to a log, so that readers and a writer do not wait.

    Raises
    ------
    StoreError
        The file or its folder cannot be written, or the drive cannot do it (a network drive).
    """
    with translated(path), closing(cipher.connect(path, timeout=BUSY_SECONDS)) as connection:
        (mode,) = connection.execute("PRAGMA journal_mode=WAL").fetchone()
    if mode != "wal":
        raise StoreError(
            f"{path}: this kind of drive cannot keep a project safely (no write-ahead log); use a local disk"
        )


def back_up(path: Path, target: Path) -> None:
    """Copy a project, including what is still in its log, to a new file; encrypted as the project is.

    Raises
    ------
    StoreError
        ``target`` exists, or either file cannot be used.
    """
    try:
        private_file(target)
    except FileExistsError:
        raise StoreError(f"{target}: already exists; name another file for the backup") from None
    except OSError as error:
        raise StoreError(f"{target}: cannot be written ({error.strerror or error})") from error
    try:
        with (
            translated(path),
            closing(cipher.connect(path, timeout=BUSY_SECONDS)) as source,
            closing(cipher.connect(target, key=cipher.key_of(path))) as copy,
        ):
            source.backup(copy)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def private_file(path: Path) -> None:
    """Make an empty file that its owner alone can read, where the system has owners (POSIX).

    SQLite gives the log and its index the same rights. On Windows the file has the rights of its folder.

    Raises
    ------
    OSError
        The file exists (FileExistsError) or cannot be made.
    """
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _engine(path: Path, key: str | None) -> Engine:
    module = cipher.driver(encrypted=key is not None)
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        module=module,
        creator=lambda: cipher.open_with(module, path, timeout=BUSY_SECONDS, key=key),
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=12,
        # The connection used last has the pages that are read next; those of others stay empty.
        pool_use_lifo=True,
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: DBAPIConnection, _record: object) -> None:
    # The driver must not begin transactions by itself: _on_begin does.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _on_begin(connection: Connection) -> None:
    # IMMEDIATE takes the write lock at once, so that two writers wait for each other and never
    # find out half-way that they cannot both go on.
    immediate = connection.get_execution_options().get(_WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
