"""A person's labelled comments out of a CSV or JSON Lines file: rows of named cells, nothing judged yet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidence_mapper.errors import UsageError

Cell = str | tuple[str, ...]
"""Text, or a JSON list of texts."""


@dataclass(frozen=True)
class Table:
    """Rows of a file; every row has every column."""

    path: Path
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def column(self, name: str) -> list[Cell]:
        """Return the cells of a column by its name, apart from case and spaces.

        Raises
        ------
        UsageError
            There is none.
        """
        wanted = plain(name)
        for place, column in enumerate(self.columns):
            if plain(column) == wanted:
                return [row[place] for row in self.rows]
        raise UsageError(f"{self.path} has no column '{name}'; there are: {', '.join(self.columns)}")


def plain(text: str) -> str:
    """Return text as names are compared: without case, with single spaces."""
    return " ".join(text.casefold().split())


def read_table(path: Path) -> Table:
    """Read a CSV file, or JSON Lines where the name ends in ``.jsonl`` or ``.ndjson``.

    Raises
    ------
    UsageError
        The file cannot be read, is not UTF-8, has no header or no row, or a line is faulty.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path} is not UTF-8: byte {error.start + 1} cannot be read; in Excel save it as "
            "'CSV UTF-8 (comma delimited)'"
        ) from error
    lines = path.suffix.casefold() in (".jsonl", ".ndjson")
    table = _json_lines(path, text) if lines else _csv(path, text)
    if not table.rows:
        raise UsageError(f"{path} has no labelled row; a row needs a text and its labels")
    return table


def _csv(path: Path, text: str) -> Table:
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UsageError(f"{path} is not CSV: {error}") from error
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        raise UsageError(f"{path} is empty; it needs a header and a row for each labelled text")
    header = [cell.strip() for cell in rows[0]]
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise UsageError(f"{path} has more than one column named {', '.join(twice)}; give each its own name")
    for number, row in enumerate(rows[1:], start=2):
        if len(row) > len(header):
            raise UsageError(
                f"{path}: row {number} has {len(row)} cells and the header {len(header)}; a cell with the "
                "separator in it needs quotes"
            )
    width = len(header)
    cells = tuple((*row, *[""] * (width - len(row))) for row in rows[1:])
    return Table(path, tuple(header), cells)


def _json_lines(path: Path, text: str) -> Table:
    objects = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            raise UsageError(f"{path}:{number}: not JSON: {error}") from error
        if not isinstance(value, dict):
            raise UsageError(f"{path}:{number}: expected an object, found {type(value).__name__}")
        objects.append(value)
    columns = tuple(dict.fromkeys(name for value in objects for name in value))
    rows = tuple(tuple(_cell(value.get(name)) for name in columns) for value in objects)
    return Table(path, columns, rows)


def _cell(value: Any) -> Cell:  # noqa: ANN401 - any JSON value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list):
        return tuple(str(v) for v in value)
    return str(value)


def texts_of(cells: Sequence[Cell]) -> list[str]:
    """Return cells as texts; a list's parts are joined by semicolons."""
    return [cell if isinstance(cell, str) else "; ".join(cell) for cell in cells]
