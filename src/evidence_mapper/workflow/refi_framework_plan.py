"""The table in which a person says what each code of a codebook becomes in a framework."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from evidence_mapper.errors import ExportError, UsageError
from evidence_mapper.workflow.list_file import FilledIn, write_list_file
from evidence_mapper.workflow.refi_framework import Planned, Role

COLUMNS: Final = ("guid", "code", "above_it", "description", "becomes", "confirm")
_FILLED_IN: Final = FilledIn(
    "table of codes", ("guid", "becomes", "confirm"), "the command", "nothing was written"
)
_DESCRIPTION: Final = 300
_ROLES: Final = ", ".join(role.value for role in Role)


def write_plan(planned: Sequence[Planned], path: Path) -> int:
    """Write a row for each code, and return how many; ``confirm`` is left for the person to fill.

    Raises
    ------
    ExportError
        The file is there already, or cannot be written.
    """
    if os.path.lexists(path):
        raise ExportError(
            f"{path} already exists; it was left as it is. Add --mapping {path} to take it, or name another "
            "file there"
        )
    rows = [
        (
            p.code.guid,
            p.code.name,
            " > ".join(code.name for code in p.above),
            p.code.description[:_DESCRIPTION],
            p.role.value,
            "",
        )
        for p in planned
    ]
    return write_list_file(path, COLUMNS, rows, overwrite=False)


def read_plan(planned: Sequence[Planned], path: Path) -> list[Planned]:
    """Return the codes with what a person made of them; what is not confirmed becomes nothing.

    Raises
    ------
    UsageError
        The file cannot be read, lacks a column or a code, or says something that a code cannot become.
    """
    said: dict[str, Role] = {}
    for where, cells in _FILLED_IN.rows(path):
        row = {name: cell.strip() for name, cell in cells.items()}
        said[row["guid"].strip("{}").lower()] = _role(row, where)
    unsaid = [p.code.name for p in planned if p.code.guid not in said]
    if unsaid:
        raise UsageError(
            f"{path} lacks {len(unsaid)} codes of the codebook, such as '{unsaid[0]}': it is of another one. "
            "Nothing was written"
        )
    return [replace(p, role=said[p.code.guid]) for p in planned]


def _role(row: dict[str, str], where: str) -> Role:
    if not _FILLED_IN.confirmed(row["confirm"], where):
        return Role.NOTHING
    wanted = row["becomes"].casefold().replace("-", " ")
    found = next((role for role in Role if role.value == wanted), None)
    if found is None:
        raise UsageError(f"{where}: becomes says '{row['becomes']}'; a code may become {_ROLES}")
    return found
