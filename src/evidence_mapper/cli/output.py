"""stdout: data only, as a table for a person or JSON for a program."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from rich.table import Table

_HEADING: Final = 13
"""Widest heading over figures, in characters."""
_WORDS: Final = 20
"""Characters that a column of words is left at the least, where it has so many."""
_BETWEEN: Final = 3
"""Characters between two columns."""


def write_json(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Write one JSON value."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def write_table(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: Sequence[int] = (),
    footer: str | None = None,
) -> None:
    """Write a table; ``right`` are the columns set to the right. Text is shown as it is, never as markup.

    Figures are never cut: columns of figures at the end that do not fit go on below, beside the same
    first columns.
    """
    from rich.console import Console
    from rich.text import Text

    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 110, highlight=False)
    names = [textwrap.fill(name, _HEADING) for name in columns]
    for number, part in enumerate(_parts(names, rows, right, console.width)):
        above = title if number == 0 else f"{title}, continued"
        console.print(
            _table(above, [(names[c], c in right) for c in part], [[r[c] for c in part] for r in rows])
        )
    if footer:
        console.print(Text(footer))


def _table(title: str, columns: Sequence[tuple[str, bool]], rows: Sequence[Sequence[str]]) -> Table:
    """Return a table of columns named (heading, whether set to the right)."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title, style="bold"), title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for name, is_figure in columns:
        if is_figure:
            table.add_column(Text(name), justify="right", no_wrap=True)
        else:
            table.add_column(Text(name), justify="left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(harmless(cell)) for cell in row))
    return table


def _parts(
    names: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int], width: int
) -> list[list[int]]:
    """Return the columns of each table that the width needs: one, unless figures at the end do not fit."""
    everything = list(range(len(names)))
    first = len(names) - len(right)
    if not right or sorted(right) != everything[first:]:
        return [everything]
    texts = [[*names[c].split("\n"), *(row[c] for row in rows)] for c in everything]
    widths = [max(map(len, column)) + _BETWEEN for column in texts]
    kept = sum(min(w, _WORDS + _BETWEEN) for w in widths[:first])
    parts: list[list[int]] = [[]]
    for column in right:
        if parts[-1] and kept + sum(widths[c] for c in [*parts[-1], column]) > width:
            parts.append([])
        parts[-1].append(column)
    return [[*everything[:first], *part] for part in parts]


def harmless(text: str) -> str:
    """Return text without control characters, which a terminal would obey."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)
