"""Projects under a passphrase: made, changed and taken off it, and how a person is asked for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from evidence_mapper.errors import UsageError

SSD_WORDS: Final = (
    "The readable file was overwritten and removed. On a solid-state drive, in a synchronised folder or in a "
    "backup taken before, its content may live on: this program cannot reach it there."
)
LOST_WORDS: Final = (
    "Nobody can open the project without the passphrase, and there is no way to find it again: keep it where "
    "your council keeps such things."
)


def ask_with(ask: Callable[[Path], str] | None) -> None:
    """Say how a person is asked for a project's passphrase; None when nobody can be asked."""
    from evidence_mapper.store import cipher

    cipher.ask_with(ask)


def passphrase_in(file: Path) -> str:
    """Return the first line of a file.

    Raises
    ------
    PassphraseNeeded
        It cannot be read, or its first line is empty.
    """
    from evidence_mapper.store import cipher

    return cipher.first_line(file)


def check_new(passphrase: str) -> None:
    """Refuse a new passphrase that is too short; StoreError says so."""
    from evidence_mapper.store.lock import refuse_short

    refuse_short(passphrase)


def is_locked(path: Path) -> bool:
    """Return whether a project file is encrypted."""
    from evidence_mapper.store import cipher

    return cipher.is_encrypted(path)


def refuse_locked(path: Path) -> None:
    """Refuse a project that is encrypted already; UsageError says what to do."""
    if is_locked(path):
        raise UsageError(f"{path} is encrypted already; change its passphrase: evidence-mapper db passphrase")


def refuse_plain(path: Path) -> None:
    """Refuse a project that is not encrypted; UsageError says what to do."""
    if path.is_file() and not is_locked(path):
        raise UsageError(f"{path} is not encrypted; encrypt it: evidence-mapper db encrypt")


def encrypt(path: Path, passphrase: str) -> None:
    """Put a plain project under a passphrase.

    Raises
    ------
    UsageError
        It is encrypted already.
    StoreError
        It is no project, another program has it open, or the extra ``[encrypt]`` is missing.
    """
    refuse_locked(path)
    check_new(passphrase)
    _rewrite(path, passphrase)


def decrypt(path: Path) -> None:
    """Take a project off its passphrase; raises what :func:`encrypt` does."""
    refuse_plain(path)
    _rewrite(path, None)


def change_passphrase(path: Path, passphrase: str) -> None:
    """Put an encrypted project under another passphrase; raises what :func:`encrypt` does."""
    refuse_plain(path)
    check_new(passphrase)
    _rewrite(path, passphrase)


def _rewrite(path: Path, passphrase: str | None) -> None:
    from evidence_mapper.store.lock import rewrite
    from evidence_mapper.store.migrations import require_project
    from evidence_mapper.workflow.project import open_project

    require_project(path)
    open_project(path).close()  # an older or a damaged one is told apart before anything is changed
    rewrite(path, passphrase)


def handed_key(path: Path) -> str:
    """Return the line that lets a process of this program's own open a project; empty for a plain one.

    It goes through a pipe, never as an argument or in the environment, which others could see.
    """
    from evidence_mapper.store import cipher

    return f"{cipher.key_of(path) or ''}\n"


def take_key(path: Path, line: str) -> None:
    """Keep a key as :func:`handed_key` gave it."""
    from evidence_mapper.store import cipher

    if line.strip():
        cipher.hold(path, line.strip())
