"""Encrypted projects: SQLCipher, which encrypts the file's pages and its log; plain ones: SQLite.

SQLCipher rather than an encrypted copy of the whole file: two reviewers, the write-ahead log and a killed
program work as they do with a plain project, and no readable file ever lies on the disk. Settings and key
derivation are SQLCipher 4's own (PBKDF2-HMAC-SHA512, 256,000 rounds, AES-256, a check on every page), so
that any program with SQLCipher opens the file with the passphrase.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from evidence_mapper.errors import PassphraseNeeded, StoreError, WrongPassphrase
from evidence_mapper.store import in_use

PASSPHRASE_FILE: Final = "EVIDENCE_MAPPER_PASSPHRASE_FILE"  # noqa: S105 - the variable's name
"""Environment variable that names a file whose first line is the passphrase."""

SHORTEST: Final = 12
"""Fewest characters of a new passphrase."""

MAGIC: Final = b"SQLite format 3\0"
_SALT: Final = 16
_PAGE: Final = 4096
_VARIED: Final = 200
"""A page of random bytes has nearly all of the 256 values; text and tables have far fewer."""
_ROUNDS: Final = 256_000
_TRIES: Final = 3

Asker = Callable[[Path], str]
_state: dict[str, Any] = {"ask": None}
_keys: dict[Path, str] = {}


def ask_with(ask: Asker | None) -> None:
    """Say how a person is asked for a project's passphrase; None for not at all."""
    _state["ask"] = ask


def forget_keys() -> None:
    """Drop the keys this process holds."""
    _keys.clear()


def is_encrypted(path: Path) -> bool:
    """Return whether a file looks like an encrypted project: whole pages, the first like random bytes."""
    if (opened := in_use.find(path)) is not None:
        return opened.key is not None
    try:
        with path.open("rb") as stream:
            start = stream.read(_PAGE)
            size = os.fstat(stream.fileno()).st_size
    except OSError:
        return False
    return size >= _PAGE and size % _PAGE == 0 and not start.startswith(MAGIC) and len(set(start)) > _VARIED


def driver(*, encrypted: bool) -> ModuleType:
    """Return the database driver's module.

    Raises
    ------
    StoreError
        The extra ``[encrypt]`` is not installed.
    """
    if not encrypted:
        return sqlite3
    try:
        from sqlcipher3 import dbapi2
    except ImportError as error:
        raise StoreError(
            "encrypted projects need the extra [encrypt], which is not installed: "
            "pip install 'evidence-mapper[encrypt]'"
        ) from error
    module: ModuleType = dbapi2
    return module


def errors() -> tuple[type[Exception], ...]:
    """Return the drivers' own errors."""
    loaded = sys.modules.get("sqlcipher3.dbapi2")
    return (sqlite3.Error,) if loaded is None else (sqlite3.Error, loaded.Error)


def connect(path: Path, *, timeout: float = 10.0, key: str | None = None) -> sqlite3.Connection:
    """Open a file as it is, encrypted or not; the connection may be used from any thread.

    Parameters
    ----------
    timeout
        Seconds to wait for another program's write.
    key
        From :func:`derived_key`, for a file that is to be made encrypted; None finds out.

    Raises
    ------
    PassphraseNeeded, WrongPassphrase
        The file is encrypted and cannot be unlocked.
    StoreError
        The file is encrypted and the extra is not installed.
    """
    if key is None:
        key = key_of(path)
    return open_with(driver(encrypted=key is not None), path, timeout=timeout, key=key)


def open_with(module: ModuleType, path: Path, *, timeout: float, key: str | None) -> sqlite3.Connection:
    """Open a file with a driver, under a key or none; the encrypting driver opens plain files too."""
    connection: sqlite3.Connection = module.connect(str(path), timeout=timeout, check_same_thread=False)
    if key is not None:
        # SQLCipher writes its own lines to stderr, in words no officer can use.
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key}'\"")
    return connection


def key_of(path: Path) -> str | None:
    """Return the key of an encrypted project, asking for its passphrase the first time; None for a plain one.

    Raises
    ------
    PassphraseNeeded
        There is nobody to ask and no file that says it.
    WrongPassphrase
        The passphrase does not open the file.
    """
    if (opened := in_use.find(path)) is not None:
        return opened.key
    place = path.resolve()
    if not is_encrypted(path):
        return None
    with path.open("rb") as stream:
        salt = stream.read(_SALT)
    kept = _keys.get(place)
    if kept is not None and kept.endswith(salt.hex()):
        return kept
    driver(encrypted=True)
    tries = 1 if os.environ.get(PASSPHRASE_FILE) else _TRIES
    for left in reversed(range(tries)):
        key = derived_key(_passphrase(path), salt)
        if _opens(path, key):
            _keys[place] = key
            return key
        if not left:
            break
    raise WrongPassphrase(
        f"{path}: the passphrase does not open it, or the file is damaged or no project. Nobody can open it "
        "without its passphrase: try again, or go back to a backup"
    )


def hold(path: Path, key: str) -> None:
    """Keep the key of a project this process made, so that nobody is asked for it again."""
    _keys[path.resolve()] = key


def is_known(path: Path) -> bool:
    """Return whether this process holds a key for a file, by its name."""
    return path.resolve() in _keys


def forget_key(path: Path) -> None:
    """Drop the key of a project that has another passphrase now, or none."""
    _keys.pop(path.resolve(), None)


def derived_key(passphrase: str, salt: bytes | None = None) -> str:
    """Return key and salt in hexadecimal, as SQLCipher takes them; about a tenth of a second.

    Parameters
    ----------
    passphrase
        What a person typed.
    salt
        The first 16 bytes of the file; None for a new file.
    """
    salt = os.urandom(_SALT) if salt is None else salt
    raw = hashlib.pbkdf2_hmac("sha512", passphrase.encode(), salt, _ROUNDS, 32)
    return raw.hex() + salt.hex()


def first_line(file: Path) -> str:
    """Return the passphrase a file says.

    Raises
    ------
    PassphraseNeeded
        The file cannot be read, or its first line is empty.
    """
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PassphraseNeeded(f"the passphrase file {file} cannot be read: {error}") from error
    if not lines or not lines[0]:
        raise PassphraseNeeded(f"the passphrase file {file} has no passphrase in its first line")
    return lines[0]


def _passphrase(path: Path) -> str:
    if named := os.environ.get(PASSPHRASE_FILE):
        return first_line(Path(named))
    ask: Asker | None = _state["ask"]
    if ask is None:
        raise PassphraseNeeded(
            f"{path}: is encrypted (or damaged) and nobody can be asked for its passphrase here; run the "
            "command in a terminal, or put the passphrase in a file that you alone can read and name it in "
            f"{PASSPHRASE_FILE}"
        )
    return ask(path)


def _opens(path: Path, key: str) -> bool:
    module = driver(encrypted=True)
    with closing(connect(path, key=key)) as connection:
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except module.DatabaseError as error:
            if "not a database" in str(error):
                return False
            raise
    return True
