"""A page of tables that stands alone: no script, nothing loaded, readable in light, dark and print."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from evidence_mapper.export.html_text import Block, Cell, safe, table

_HERE: Final = Path(__file__)


@dataclass(frozen=True, slots=True)
class PageTable:
    """One table in words; each row as long as the columns."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[int] = ()
    """Columns of figures."""
    footer: str | None = None


def write_page(
    stream: BinaryIO, *, title: str, lead: str, notes: Sequence[str], tables: Sequence[PageTable]
) -> None:
    """Write a page; the same tables give the same bytes.

    Parameters
    ----------
    stream
        Takes UTF-8.
    title, lead
        Heading, and a sentence below it.
    notes
        What to read first, a paragraph each.
    tables
        In order.
    """
    style = _HERE.with_name("report_page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    first = "".join(f"<li>{safe(note)}</li>" for note in notes)
    read = f'<section id="read-first"><h2>Read first</h2><ul>{first}</ul></section>\n' if notes else ""
    links = "".join(f'<li><a href="#t{n}">{safe(t.title)}</a></li>' for n, t in enumerate(tables, 1))
    body = "".join(_section(n, t) for n, t in enumerate(tables, 1))
    page = f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{digest}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{safe(title)}</title>
<style>{style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the tables</a>
<header><h1>{safe(title)}</h1><p class="lead">{safe(lead)}</p></header>
<nav aria-label="Contents"><ol>{links}</ol></nav>
<main id="main" tabindex="-1">
{read}{body}</main>
<footer><p>Made by evidence-mapper on the council's own machine; this page loads nothing.</p></footer>
</body>
</html>
"""
    stream.write(page.encode())


def _section(number: int, shown: PageTable) -> str:
    rows = [
        [Cell(safe(text), "n" if at in shown.right else "") for at, text in enumerate(row)]
        for row in shown.rows
    ]
    below = f'<p class="soft">{safe(shown.footer)}</p>' if shown.footer else ""
    name = safe(shown.title)
    tabled = table(shown.title, [safe(column) for column in shown.columns], [Block(rows)])
    return f'<section id="t{number}" aria-label="{name}">{tabled}{below}</section>\n'
