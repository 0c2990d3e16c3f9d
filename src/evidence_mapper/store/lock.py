"""Encrypts a project that is plain, the other way round, and changes its passphrase.

The file is copied page by page into a new one beside it, which takes its place at one stroke; the old one is
then overwritten. Nobody else may have the project open meanwhile: a decision written to the old file would
be lost.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from evidence_mapper.errors import StoreError
from evidence_mapper.store import cipher
from evidence_mapper.store.database import APPLICATION_ID, private_file, translated
from evidence_mapper.store.wipe import overwrite, wipe_file

_PART: Final = ".converting"
_WAIT: Final = 2.0


def rewrite(path: Path, passphrase: str | None) -> None:
    """Put a copy of a project under another passphrase in its place; None leaves it readable by all.

    Raises
    ------
    StoreError
        Another program has it open, the disk is full, or the extra ``[encrypt]`` is missing; the project
        is as it was.
    """
    cipher.driver(encrypted=True)
    key = None if passphrase is None else cipher.derived_key(passphrase)
    part = path.with_name(path.name + _PART)
    with translated(path), _alone(path) as source:
        # What an earlier attempt left when it was killed; nobody else is at it now.
        wipe_file(part)
        try:
            _copy(source, part, key)
            _replace(source, path, part)
        except BaseException:
            wipe_file(part)
            raise
    cipher.forget_key(path)
    if key is not None:
        cipher.hold(path, key)


@contextmanager
def _alone(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection to a project that no other program has open, and keep others out."""
    key = cipher.key_of(path)
    connection = cipher.open_with(cipher.driver(encrypted=True), path, timeout=_WAIT, key=key)
    with closing(connection):
        connection.isolation_level = None
        connection.execute("PRAGMA temp_store=MEMORY")
        # Leaving the log needs the file alone: SQLite refuses while anybody else has it open.
        (mode,) = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        if mode != "delete":
            raise StoreError(f"{path}: another program has it open; close it and try again")
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        yield connection


def _copy(source: sqlite3.Connection, part: Path, key: str | None) -> None:
    private_file(part)
    word = "" if key is None else f"x'{key}'"
    source.execute("ATTACH DATABASE ? AS copy KEY ?", (str(part), word))
    source.execute("BEGIN EXCLUSIVE")
    try:
        source.execute("SELECT sqlcipher_export('copy')")
        source.execute(f"PRAGMA copy.application_id={APPLICATION_ID}")
        source.execute("COMMIT")
    except BaseException:
        source.execute("ROLLBACK")
        raise
    source.execute("DETACH DATABASE copy")
    with part.open("r+b") as stream:
        os.fsync(stream.fileno())


def _replace(source: sqlite3.Connection, path: Path, part: Path) -> None:
    """Put the copy in the project's place and overwrite what was there, with others kept out till then."""
    if sys.platform == "win32":
        source.close()  # Windows replaces no open file, and refuses while another program has it open
        _replace_closed(path, part)
        return
    source.execute("BEGIN EXCLUSIVE")
    with path.open("r+b") as old_file:
        part.replace(path)
        overwrite(old_file)
        # What waited for the lock finds no project in it, and says so, in place of writing to a lost file.
        _sync_folder(path.parent)
        source.close()


def _replace_closed(path: Path, part: Path) -> None:
    """Put the copy in the project's place, then overwrite what was there by its second name."""
    old = path.with_name(path.name + ".old")
    # Never overwritten here: after a kill it may be a second name of the project itself.
    old.unlink(missing_ok=True)
    os.link(path, old)
    part.replace(path)
    wipe_file(old)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def refuse_short(passphrase: str) -> None:
    """Refuse a new passphrase that is too short to keep anybody out.

    Raises
    ------
    StoreError
        It has fewer than SHORTEST characters.
    """
    if len(passphrase) < cipher.SHORTEST:
        raise StoreError(
            f"the passphrase has {len(passphrase)} characters; use {cipher.SHORTEST} or more, "
            "such as four words that do not go together; nothing was changed"
        )
