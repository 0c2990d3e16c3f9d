"""``evidence-mapper db encrypt``, ``decrypt`` and ``passphrase``."""

from __future__ import annotations

from pathlib import Path

import click

from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import project_option
from evidence_mapper.cli.passphrase import new_passphrase, new_passphrase_option
from evidence_mapper.workflow import locking


@click.command("encrypt")
@project_option
@new_passphrase_option
@click.option("--wipe-copies", is_flag=True, help="Also wipe readable copies of it in the same folder.")
def encrypt(project_path: Path, passphrase_file: Path | None, wipe_copies: bool) -> None:
    """Encrypt the project file under a passphrase (extra [encrypt]).

    From then on every command asks for it, or reads it from the file that the environment variable
    EVIDENCE_MAPPER_PASSPHRASE_FILE names. Backups and the copies that upgrades keep are encrypted too.

    \b
    Example:
      evidence-mapper db encrypt --project wexcombe.sqlite
    """
    from evidence_mapper.workflow.copies_beside import copies_beside
    from evidence_mapper.workflow.copies_beside import wipe_copies as wipe

    locking.refuse_locked(project_path)
    copies = copies_beside(project_path) if project_path.is_file() else []
    locking.encrypt(project_path, new_passphrase(passphrase_file))
    say(f"{project_path} is encrypted. {locking.SSD_WORDS}")
    readable = [copy for copy in copies if not locking.is_locked(copy)]
    if wipe_copies:
        wipe(readable)
        say(f"Wiped {len(readable)} readable copies beside it.")
        return
    for copy in readable:
        say(f"Still readable: {copy}; wipe it, or run `evidence-mapper db encrypt --project {copy}`.")


@click.command("decrypt")
@project_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def decrypt(project_path: Path, yes: bool) -> None:
    """Take the project file off its passphrase: whoever can read the file can read it all.

    \b
    Example:
      evidence-mapper db decrypt --project wexcombe.sqlite
    """
    locking.refuse_plain(project_path)
    if not yes:
        click.confirm("Everybody who can read the file will be able to read it. Go on?", abort=True, err=True)
    locking.decrypt(project_path)
    say(f"{project_path} is no longer encrypted.")


@click.command("passphrase")
@project_option
@new_passphrase_option
def passphrase(project_path: Path, passphrase_file: Path | None) -> None:
    """Change the passphrase of an encrypted project; backups made before keep the old one.

    \b
    Example:
      evidence-mapper db passphrase --project wexcombe.sqlite
    """
    locking.refuse_plain(project_path)
    locking.change_passphrase(project_path, new_passphrase(passphrase_file))
    say(f"{project_path} has a new passphrase. Backups made before open with the old one.")
