"""Asking for passphrases: at the terminal without showing them, or from a file; never as an argument."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from evidence_mapper.cli.diagnostics import say
from evidence_mapper.errors import PassphraseNeeded
from evidence_mapper.workflow import locking

Command = Callable[..., Any]


def ask_at_the_terminal() -> None:
    """Have people asked for a project's passphrase, where there is a terminal."""
    asked: set[Path] = set()

    def ask(path: Path) -> str:
        if path in asked:
            say("That passphrase does not open it.")
        asked.add(path)
        return str(click.prompt(f"Passphrase of {path.name}", hide_input=True, err=True))

    locking.ask_with(ask if _is_terminal() else None)


def new_passphrase_option(function: Command) -> Command:
    """Add ``--new-passphrase-file``."""
    return click.option(
        "--new-passphrase-file",
        "passphrase_file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        default=None,
        help="File whose first line is the new passphrase.  [default: asked at the terminal]",
    )(function)


def new_passphrase(file: Path | None) -> str:
    """Return a new passphrase, from a file or typed twice.

    Raises
    ------
    PassphraseNeeded
        There is neither a file nor a terminal, or the file says nothing.
    StoreError
        It is too short.
    """
    say(locking.LOST_WORDS)
    if file is None and not _is_terminal():
        raise PassphraseNeeded(
            "there is no terminal to ask for the new passphrase; name a file with --new-passphrase-file"
        )
    typed = locking.passphrase_in(file) if file is not None else _typed()
    locking.check_new(typed)
    return typed


def _typed() -> str:
    return str(click.prompt("New passphrase", hide_input=True, confirmation_prompt="Once more", err=True))


def _is_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()
