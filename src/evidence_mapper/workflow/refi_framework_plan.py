"""The table in which a person says what each code of a codebook becomes in a framework."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from evidence_mapper.errors import ExportError, UsageError
from evidence_mapper.workflow.list_file import write_list_file
from evidence_mapper.workflow.refi_framework import Planned, Role

COLUMNS: Final = ("guid", "code", "above_it", "description", "becomes", "confirm")
_YES: Final = frozenset({"yes", "y", "x", "1", "true"})
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
    from evidence_mapper.export.spreadsheet import verbatim
    from evidence_mapper.extract.encoding import decode

    try:
        text = decode(path.read_bytes()).text
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}; nothing was written") from error
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    missing = [name for name in ("guid", "becomes", "confirm") if name not in (reader.fieldnames or ())]
    if missing:
        raise UsageError(
            f"{path} is no table of codes: it has no column {', '.join(missing)}. Nothing was written; run "
            "the command without --mapping to have one made"
        )
    said: dict[str, Role] = {}
    for line in reader:
        row = {name: verbatim(cell).strip() for name, cell in line.items() if name and isinstance(cell, str)}
        guid = row.get("guid", "").strip("{}").lower()
        said[guid] = _role(row, f"{path} line {reader.line_num}")
    unsaid = [p.code.name for p in planned if p.code.guid not in said]
    if unsaid:
        raise UsageError(
            f"{path} lacks {len(unsaid)} codes of the codebook, such as '{unsaid[0]}': it is of another one. "
            "Nothing was written"
        )
    return [replace(p, role=said[p.code.guid]) for p in planned]


def _role(row: dict[str, str], where: str) -> Role:
    confirmed = row.get("confirm", "").casefold()
    if confirmed not in _YES:
        if confirmed not in ("", "no", "n", "0", "false"):
            raise UsageError(
                f"{where}: confirm says '{row['confirm']}', neither yes nor no; nothing was written"
            )
        return Role.NOTHING
    wanted = row.get("becomes", "").casefold().replace("-", " ")
    found = next((role for role in Role if role.value == wanted), None)
    if found is None:
        raise UsageError(f"{where}: becomes says '{row.get('becomes', '')}'; a code may become {_ROLES}")
    return found
