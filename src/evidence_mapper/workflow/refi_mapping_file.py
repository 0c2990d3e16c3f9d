"""The mapping file: a table in which a person settles which of our codes each code of another tool is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from evidence_mapper.domain.exchange import OurCode
from evidence_mapper.domain.framework import Framework
from evidence_mapper.errors import ExportError, UsageError
from evidence_mapper.workflow.list_file import FilledIn, write_list_file
from evidence_mapper.workflow.refi_mapping import How, Proposal, parse_ours

COLUMNS: Final = (
    "guid", "their_code", "above_it", "codings", "description", "our_code", "our_name", "how", "confirm",
)  # fmt: skip
_FILLED_IN: Final = FilledIn(
    "mapping file", ("guid", "our_code", "confirm"), "the import", "nothing was imported"
)
_DESCRIPTION: Final = 300


def write_mapping(framework: Framework, proposals: Sequence[Proposal], path: Path) -> int:
    """Write a row for each proposal, and return how many; ``confirm`` is left for the person to fill.

    Raises
    ------
    ExportError
        The file is there already, or cannot be written.
    """
    from evidence_mapper.export.refi_codes import code_names

    if os.path.lexists(path):
        raise ExportError(
            f"{path} already exists; it was left as it is. Add --mapping {path} to import with it, or name "
            "another file there"
        )
    names = code_names(framework)
    rows = [
        (
            p.code.guid,
            p.code.name,
            " > ".join(p.above),
            str(p.codings),
            p.code.description[:_DESCRIPTION],
            "; ".join(map(str, p.ours)),
            "; ".join(names.get(code, code.id) for code in p.ours),
            how_words(p),
            "yes" if p.how in (How.GUID, How.BEFORE) else "",
        )
        for p in proposals
    ]

    return write_list_file(path, COLUMNS, rows, overwrite=False)


def how_words(proposal: Proposal) -> str:
    """Return how a proposal came about, for a person."""
    if proposal.how is How.SIMILAR:
        return f"{proposal.how.value} ({proposal.likeness:.2f})"
    return proposal.how.value


def read_mapping(framework: Framework, path: Path) -> dict[str, tuple[OurCode, ...]]:
    """Return our codes by the other tool's GUID; none for a code that is not confirmed.

    Raises
    ------
    UsageError
        The file cannot be read, lacks a column, names a code that is none of ours, or its ``confirm``
        says neither yes nor no.
    """
    found: dict[str, tuple[OurCode, ...]] = {}
    for where, row in _FILLED_IN.rows(path):
        ours = parse_ours(framework, row["our_code"], where)
        guid = row["guid"].strip().strip("{}").lower()
        confirmed = _FILLED_IN.confirmed(row["confirm"], where)
        if confirmed and not ours:
            raise UsageError(
                f"{where}: confirmed, but our_code is empty. Write one of ours there, or no in confirm; "
                "nothing was imported"
            )
        found[guid] = ours if confirmed else ()
    return found
