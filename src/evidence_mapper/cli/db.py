"""``evidence-mapper db``."""

from __future__ import annotations

from pathlib import Path

import click

from evidence_mapper.cli.db_encrypt import decrypt, encrypt, passphrase
from evidence_mapper.cli.diagnostics import ExitCode, say
from evidence_mapper.cli.options import project_option
from evidence_mapper.workflow import upkeep
from evidence_mapper.workflow.project import open_project


@click.group("db")
def command() -> None:
    """Check, back up, upgrade and encrypt the project file.

    \b
    Example:
      evidence-mapper db verify
    """


command.add_command(encrypt)
command.add_command(decrypt)
command.add_command(passphrase)


@command.command("verify")
@project_option
def verify(project_path: Path) -> int:
    """Work out every hash, span and coding again, and name what disagrees.

    \b
    Example:
      evidence-mapper db verify --project wexcombe.sqlite
    """
    with open_project(project_path) as project:
        problems = project.store.verify()
    for problem in problems:
        say(f"{problem.subject}: {problem.problem}")
    if problems:
        say(f"{len(problems)} disagreements in {project_path}; go back to a backup before going on")
        return ExitCode.STORE
    say(f"{project_path}: every hash, span and coding agrees.")
    return ExitCode.DONE


@command.command("backup")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@project_option
def backup(target: Path, project_path: Path) -> None:
    """Copy the project file safely, even while someone reviews.

    \b
    Example:
      evidence-mapper db backup backup-2026-03-01.sqlite
    """
    upkeep.backup(project_path, target)
    say(f"Copied {project_path} to {target}.")


@command.command("reindex")
@project_option
def reindex(project_path: Path) -> None:
    """Make the index of words that search uses afresh from the passages.

    \b
    Example:
      evidence-mapper db reindex
    """
    with open_project(project_path) as project:
        project.store.reindex()
    say(f"{project_path}: the index of words is made afresh.")


@command.command("migrate")
@project_option
def migrate(project_path: Path) -> None:
    """Bring a project file of an older version up to date; a copy is kept beside it.

    \b
    Example:
      evidence-mapper db migrate
    """
    for line in upkeep.migrate(project_path):
        say(line)
