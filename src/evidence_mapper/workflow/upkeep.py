"""Backups and upgrades of the project file."""

from __future__ import annotations

from pathlib import Path

from evidence_mapper.workflow.project import open_project


def backup(path: Path, target: Path) -> None:
    """Copy a project with SQLite's own backup, consistent even while someone writes to it.

    Raises
    ------
    StoreError
        There is no project at ``path``, or ``target`` exists or cannot be written.
    """
    from evidence_mapper.store.database import back_up

    open_project(path).close()
    back_up(path, target)


def migrate(path: Path) -> list[str]:
    """Bring a project up to date and return what was done, in lines for a person.

    Raises
    ------
    StoreError
        The file is not a project, or comes from a newer program.
    """
    from evidence_mapper.store.migrations import migrate as migrate_file

    report = migrate_file(path)
    if not report.applied:
        return [f"{path} is up to date (schema version {report.after})."]
    lines = [f"{path}: schema version {report.before} to {report.after}: {', '.join(report.applied)}."]
    if report.backup:
        lines.append(f"The file as it was is kept as {report.backup}.")
    return lines
