"""A council's own list of return items, out of a workbook or CSV file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.return_item import ReturnItem
from evidence_mapper.errors import ExtractionError, UsageError
from evidence_mapper.workflow.labelled_table import plain

_ID: Final = (
    "id", "ref", "reference", "item id", "item ref", "item reference", "item number", "item no", "item no.",
    "number", "no", "no.", "nr", "#", "ir", "ir number",
)  # fmt: skip
_TEXT: Final = (
    "item", "text", "description", "title", "information requested", "information item", "document requested",
    "request", "requirement", "what is asked for", "name",
)  # fmt: skip
_STATEMENTS: Final = (
    "statements", "statement", "quality statements", "quality statement", "quality statement(s)", "qs",
    "themes and quality statements", "theme and quality statement", "relates to",
)  # fmt: skip
_ALL: Final = ("all", "all statements", "all quality statements")
_BETWEEN: Final = re.compile(r"[\s;,/&|•\-–:.()]+|\band\b")


@dataclass(frozen=True, slots=True)
class ItemColumns:
    """Names of the columns; None looks for a usual name."""

    id: str | None = None
    text: str | None = None
    statements: str | None = None


@dataclass(frozen=True, slots=True)
class ItemFile:
    """What a file of items says."""

    items: tuple[ReturnItem, ...]
    """In its order; at least one."""
    left_out: tuple[int, ...] = ()
    """One-based numbers of the rows that have an id or statements and do not say what is asked for."""


@dataclass(frozen=True, slots=True)
class _Rows:
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    """(one-based number in the file, cells), each as long as ``columns``."""


def read_items(path: Path, framework: Framework, columns: ItemColumns) -> ItemFile:
    """Return the items of a list, and the rows that say of no item.

    Parameters
    ----------
    path
        A workbook (``.xlsx``), or a CSV file in UTF-8.
    framework
        Whose statements the items may name: by id, number or title.
    columns
        Names of the columns.

    Raises
    ------
    UsageError
        The file cannot be read, has no column of items or no item; two items have one id; or a
        statement is named that the framework does not have. The message names the row.
    """
    read = _workbook if path.suffix.lower() in (".xlsx", ".xlsm") else _csv
    found = read(path, columns)
    places = {
        "id": _place(found.columns, columns.id, _ID, path),
        "text": _place(found.columns, columns.text, _TEXT, path),
        "statements": _place(found.columns, columns.statements, _STATEMENTS, path),
    }
    if places["text"] is None:
        raise UsageError(
            f"{path} has no column of items; there are: {', '.join(filter(None, found.columns))}. "
            "Name it with --item-column"
        )
    items = tuple(_items(found, places, framework, path))
    if not items:
        raise UsageError(f"{path} has no item below its header row; nothing was brought in")
    return ItemFile(items, tuple(_without_words(found, places)))


def _without_words(found: _Rows, places: Mapping[str, int | None]) -> Iterator[int]:
    for number, cells in found.rows:
        said = _cell(cells, places["id"]) or _cell(cells, places["statements"])
        if said and not _cell(cells, places["text"]):
            yield number


def _items(
    found: _Rows, places: Mapping[str, int | None], framework: Framework, path: Path
) -> Iterator[ReturnItem]:
    seen: dict[str, int] = {}
    for number, cells in found.rows:
        words = _cell(cells, places["text"])
        if not words:
            continue
        name = _cell(cells, places["id"]) or str(len(seen) + 1)
        if name in seen:
            raise UsageError(
                f"{path}: rows {seen[name]} and {number} both have the id '{name}'; give each its own, or "
                "name another column with --id-column. Nothing was brought in"
            )
        seen[name] = number
        try:
            statements = statements_in(_cell(cells, places["statements"]), framework)
        except ValueError as error:
            known = "; ".join(f"{s.number} {s.id} ({s.title.text})" for s in framework.statements)
            raise UsageError(
                f"{path}, row {number}: '{error}' names no statement of {framework.id}. Write ids, numbers "
                f"or titles, with semicolons between them, or 'all': {known}. Nothing was brought in"
            ) from None
        yield ReturnItem(name, words, statements)


def statements_in(cell: str, framework: Framework) -> tuple[str, ...]:
    """Return ids of the statements a cell names by id, number, title or theme, in framework order.

    Raises
    ------
    ValueError
        Something in it names none; the message is what is left over.
    """
    left = f" {plain(cell)} "
    if left.strip() in _ALL:
        return tuple(s.id for s in framework.statements)
    used: set[str] = set()
    for name, ids in _names(framework):
        pattern = rf"(?<!\w){re.escape(name)}(?!\w)"
        left, count = re.subn(pattern, " ", left)
        if count:
            used.update(ids)
    by_number = {str(s.number): s.id for s in framework.statements}
    rest = [part for part in _BETWEEN.split(left) if part]
    unknown = [part for part in rest if part.removeprefix("qs") not in by_number]
    if unknown:
        raise ValueError(" ".join(unknown))
    used.update(by_number[part.removeprefix("qs")] for part in rest)
    return tuple(s.id for s in framework.statements if s.id in used)


def _names(framework: Framework) -> list[tuple[str, tuple[str, ...]]]:
    """Return (name, statement ids), longest name first, so that no title hides in a longer one."""
    names: dict[str, tuple[str, ...]] = {}
    for theme in framework.themes:
        names[plain(theme.title.text)] = tuple(s.id for s in framework.statements if s.theme_id == theme.id)
    for statement in framework.statements:
        titles = (statement.id, statement.title.text, *(v.text for v in statement.title.variants))
        names |= {plain(title): (statement.id,) for title in titles}
    return sorted(names.items(), key=lambda pair: (-len(pair[0]), pair[0]))


def _place(columns: Sequence[str], asked: str | None, usual: Sequence[str], path: Path) -> int | None:
    names = [plain(column) for column in columns]
    if asked is not None:
        if plain(asked) not in names:
            there = ", ".join(filter(None, columns))
            raise UsageError(f"{path} has no column '{asked}'; there are: {there}")
        return names.index(plain(asked))
    return next((names.index(name) for name in usual if name in names), None)


def _cell(cells: Sequence[str], place: int | None) -> str:
    return "" if place is None else " ".join(cells[place].split())


def _csv(path: Path, columns: ItemColumns) -> _Rows:
    """Return a CSV file's rows below the first row that names a column of items."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path} is not UTF-8: byte {error.start + 1} cannot be read; in Excel save it as "
            "'CSV UTF-8 (comma delimited)'"
        ) from error
    separator = max(",;\t", key=text.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise UsageError(f"{path} is not CSV: {error}") from error
    numbered = [(number, dict(enumerate(row))) for number, row in enumerate(rows, start=1)]
    return _below_header(
        [[pair for pair in numbered if any(map(str.strip, pair[1].values()))]], columns, path
    )


def _workbook(path: Path, columns: ItemColumns) -> _Rows:
    """Return the rows below the first row, in any sheet that is shown, that names a column of items."""
    from evidence_mapper.extract.xlsx.plain_rows import read_plain_rows

    try:
        sheets = read_plain_rows(path)
    except (ExtractionError, OSError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    return _below_header([sheet.rows for sheet in sheets], columns, path)


def _below_header(
    sheets: Iterable[Sequence[tuple[int, Mapping[int, str]]]], columns: ItemColumns, path: Path
) -> _Rows:
    wanted, sheets = {plain(columns.text)} if columns.text else set(_TEXT), list(sheets)
    for rows in sheets:
        for index, (_, cells) in enumerate(rows):
            if wanted & {plain(text) for text in cells.values()}:
                width = max(cells) + 1
                header = tuple(" ".join(cells.get(c, "").split()) for c in range(width))
                below = tuple(
                    (n, tuple(row.get(c, "") for c in range(width))) for n, row in rows[index + 1 :]
                )
                return _Rows(header, below)
    first = [text for rows in sheets for _, cells in rows[:1] for text in cells.values() if text]
    raise UsageError(
        f"{path} has no column of items; first rows: {', '.join(first) or 'empty'}. Name it with "
        "--item-column"
    )
