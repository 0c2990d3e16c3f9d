"""stdout: data only, as a table for a person or JSON for a program."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Sequence
from typing import Any, Final

import click

_HEADING: Final = 13
"""Widest heading over figures, in characters."""


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
    """Write a table; ``right`` are the columns set to the right. Text is shown as it is, never as markup."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title, style="bold"), title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for index, name in enumerate(columns):
        if index in right:
            # Figures are never cut: their headings are folded instead.
            table.add_column(Text(textwrap.fill(name, _HEADING)), justify="right", no_wrap=True)
        else:
            table.add_column(Text(textwrap.fill(name, _HEADING)), justify="left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(harmless(cell)) for cell in row))
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 110, highlight=False)
    console.print(table)
    if footer:
        console.print(Text(footer))


def harmless(text: str) -> str:
    """Return text without control characters, which a terminal would obey."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)
