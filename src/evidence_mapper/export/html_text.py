"""Text on a page: what a document says can neither become markup nor change how the page reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")

_NAMED: Final = {
    code: f"[U+{code:04X}]"
    for code in (
        *(c for c in range(0x20) if c not in (0x09, 0x0A)),
        *range(0x7F, 0xA0),
        # Overrides, embeddings and isolates: words would be read in another order than they are stored.
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        *range(0xFDD0, 0xFDF0),
        0xFFFE,
        0xFFFF,
    )
}
"""Characters that a page must not hold, by what is written in their place."""


def clean(text: str) -> str:
    """Return text as it may stand on a page, not yet escaped.

    Control characters and direction overrides are named, such as ``[U+202E]``; line ends are LF; half a
    surrogate pair becomes U+FFFD. All else is verbatim.
    """
    kept = text.replace("\r\n", "\n").replace("\r", "\n").translate(_NAMED)
    return kept.encode("utf-8", "replace").decode("utf-8") if not kept.isascii() else kept


def safe(text: str) -> str:
    """Return text for between tags, or between double quotes of an attribute."""
    return escape(clean(text), quote=True)


def day(at: str) -> str:
    """Return a date or time as a ``time`` element, such as 12 Mar 2025; what is no date as plain text.

    Parameters
    ----------
    at
        ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, which a time may follow.
    """
    pieces = at[:10].split("-")
    if not all(p.isascii() and p.isdigit() for p in pieces) or len(pieces) > 3 or len(pieces[0]) != 4:
        return safe(at)
    numbers = [int(p) for p in pieces]
    if len(numbers) > 1 and not 1 <= numbers[1] <= 12:
        return safe(at)
    said = [str(n) for n in numbers[2:]] + [_MONTHS[n - 1] for n in numbers[1:2]] + [str(numbers[0])]
    return f'<time datetime="{"-".join(pieces)}">{" ".join(said)}</time>'


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table on a page."""

    html: str
    css: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of a table, under a heading of their own when they have one."""

    rows: Sequence[Sequence[Cell]]
    """The first cell of each row is its heading."""
    title: str | None = None
    """HTML; None for no heading."""


def table(name: str, columns: Sequence[str], blocks: Sequence[Block], *, css: str = "") -> str:
    """Return a table in a region that the keyboard can scroll.

    Parameters
    ----------
    name
        Caption, plain text.
    columns
        Headings, HTML.
    blocks
        Each row as long as ``columns``.
    css
        Class of the table.
    """
    head = "".join(f'<th scope="col">{column}</th>' for column in columns)
    body = "".join(_block(block, len(columns)) for block in blocks)
    kind = f' class="{css}"' if css else ""
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{safe(name)}">'
        f"<table{kind}><caption><span>{safe(name)}</span></caption><thead><tr>{head}</tr></thead>{body}</table></div>\n"
    )


def _block(block: Block, width: int) -> str:
    title = (
        f'<tr><th scope="rowgroup" colspan="{width}" class="group">{block.title}</th></tr>\n'
        if block.title
        else ""
    )
    return f"<tbody>{title}{''.join(_row(row) for row in block.rows)}</tbody>\n"


def _row(row: Sequence[Cell]) -> str:
    first, *rest = row
    return f'<tr><th scope="row"{_css(first)}>{first.html}</th>{"".join(map(_td, rest))}</tr>\n'


def _td(cell: Cell) -> str:
    return f"<td{_css(cell)}>{cell.html}</td>"


def _css(cell: Cell) -> str:
    return f' class="{cell.css}"' if cell.css else ""
