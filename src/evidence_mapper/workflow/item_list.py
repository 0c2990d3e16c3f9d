"""A council's own list of return items, out of a workbook or CSV file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.return_item import ReturnItem
from evidence_mapper.errors import ExtractionError, UsageError
from evidence_mapper.workflow.labelled_table import plain, read_table, texts_of

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
class _Rows:
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    """(one-based number in the file, cells), each as long as ``columns``."""


def read_items(path: Path, framework: Framework, columns: ItemColumns) -> tuple[ReturnItem, ...]:
    """Return the items of a list, in its order.

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
    found = _workbook(path, columns) if path.suffix.lower() in (".xlsx", ".xlsm") else _csv(path)
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
    return items


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


def _csv(path: Path) -> _Rows:
    table = read_table(path)
    rows = tuple((number, tuple(texts_of(row))) for number, row in enumerate(table.rows, start=2))
    return _Rows(table.columns, rows)


def _workbook(path: Path, columns: ItemColumns) -> _Rows:
    """Return the first sheet's rows below the first row that names a column of items."""
    from evidence_mapper.extract.xlsx.plain_rows import read_plain_rows

    wanted = {plain(columns.text)} if columns.text else set(_TEXT)
    try:
        sheets = read_plain_rows(path)
    except (ExtractionError, OSError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    for sheet in sheets:
        for index, (_, cells) in enumerate(sheet.rows):
            if wanted & {plain(text) for text in cells.values()}:
                width = max(cells) + 1
                header = tuple(" ".join(cells.get(c, "").split()) for c in range(width))
                rows = tuple(
                    (number, tuple(row.get(c, "") for c in range(width)))
                    for number, row in sheet.rows[index + 1 :]
                )
                return _Rows(header, rows)
    first = [text for sheet in sheets for _, cells in sheet.rows[:1] for text in cells.values()]
    raise UsageError(
        f"{path} has no column of items in any sheet; first rows: {', '.join(first) or 'empty'}. "
        "Name it with --item-column"
    )
