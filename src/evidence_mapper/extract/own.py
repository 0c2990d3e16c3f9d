"""Evidence lists that this program wrote, told by their columns: they are no evidence."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from evidence_mapper.errors import OwnExport
from evidence_mapper.extract.archive import Archive

_COLUMNS: Final = ("status", "statement_ids", "statement_titles")
"""The first columns of every evidence list."""
_KEYS: Final = frozenset({"schema_version", "passage_id", "status"})

# Saved again by a spreadsheet, the cells may be quoted and parted by another character.
_HEADER: Final = re.compile(r"\s*" + "[,;\t]".join(f'"?{name}"?' for name in _COLUMNS) + "[,;\t]")
_CELL_TEXT: Final = re.compile(rb"<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)</")
_HEAD_BYTES: Final = 64 * 1024
_LINE_BYTES: Final = 4 * 1024 * 1024
"""The first line of JSON Lines holds a whole passage."""


def refuse_own_text(path: Path, head: str) -> None:
    """Raise OwnExport when text begins like an evidence list in CSV or JSON Lines.

    Parameters
    ----------
    path
        The file.
    head
        Its beginning, decoded.
    """
    if _HEADER.match(head) or (head.lstrip().startswith("{") and _own_object(path)):
        raise _own(path)


def refuse_own_workbook(path: Path, archive: Archive) -> None:
    """Raise OwnExport when a sheet of a workbook begins like an evidence list.

    Texts of cells lie in the sheet itself as this program writes it, and in the shared strings when a
    spreadsheet has saved it again.
    """
    names = [n for n in archive.names() if n.startswith("xl/worksheets/") or n == "xl/sharedStrings.xml"]
    wanted = tuple(name.encode() for name in _COLUMNS)
    for name in names:
        with archive.open(name) as stream:
            texts: list[bytes] = _CELL_TEXT.findall(stream.read(_HEAD_BYTES))
        if any(run == wanted for run in zip(texts, texts[1:], texts[2:], strict=False)):
            raise _own(path)


def refuse_own_rows(path: Path, first: Mapping[int, str]) -> None:
    """Raise OwnExport when the first row of a sheet names the columns of an evidence list."""
    if tuple(first.get(column) for column in range(len(_COLUMNS))) == _COLUMNS:
        raise _own(path)


def _own_object(path: Path) -> bool:
    with path.open("rb") as stream:
        line = stream.readline(_LINE_BYTES)
    try:
        first = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return isinstance(first, dict) and first.keys() >= _KEYS


def _own(path: Path) -> OwnExport:
    return OwnExport(f"{path.name}: an evidence list written by this program, not evidence")
