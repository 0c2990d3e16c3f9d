"""Text and HTML exports of a case management system."""

from __future__ import annotations

from html import escape
from itertools import groupby
from pathlib import Path
from typing import Final

from demo_corpus.markup import Block, Paper

_PAGE: Final = """<!DOCTYPE html>
<html lang="en-GB">
<head><meta charset="utf-8"><title>{title}</title>
<style>body {{ font-family: Arial, sans-serif }} td, th {{ border: 1px solid #888; padding: 4px }}</style>
</head>
<body>
<nav><a href="#">Home</a> <a href="#">My work</a> <a href="#">Search</a></nav>
<h1>{title}</h1>
{body}
<footer>Printed from the case system on 24/10/2025 by Insight Team</footer>
</body>
</html>
"""


def write_text(paper: Paper, path: Path) -> None:
    """Write a paper as plain text with Windows line ends, one paragraph a line."""
    lines = [paper.title.upper(), ""]
    for block in paper.blocks:
        if block.kind == "table":
            lines += [f"{row[0]:<12}{row[1]}" for row in block.rows]
        elif block.kind == "heading":
            lines += [block.text, "-" * len(block.text)]
        else:
            lines.append(block.text)
        lines.append("")
    path.write_bytes("\r\n".join(lines).encode("utf-8"))


def write_html(paper: Paper, path: Path) -> None:
    """Write a paper as a web page."""
    groups = groupby(paper.blocks, key=lambda block: block.kind)
    body = "\n".join(_group(kind, list(blocks)) for kind, blocks in groups)
    path.write_bytes(_PAGE.format(title=escape(paper.title), body=body).encode("utf-8"))


def _group(kind: str, blocks: list[Block]) -> str:
    if kind == "table":
        return "\n".join(_table(block) for block in blocks)
    if kind in {"bullet", "numbered"}:
        items = "\n".join(f"<li>{escape(block.text)}</li>" for block in blocks)
        outer = "ul" if kind == "bullet" else "ol"
        return f"<{outer}>\n{items}\n</{outer}>"
    if kind == "heading":
        return "\n".join(f"<h{b.level + 1}>{escape(b.text)}</h{b.level + 1}>" for b in blocks)
    return "\n".join(f"<p>{escape(block.text)}</p>" for block in blocks)


def _table(block: Block) -> str:
    pairs = len(block.rows[0]) == 2
    rows = []
    for index, row in enumerate(block.rows):
        heads = [column == 0 if pairs else index == 0 for column in range(len(row))]
        cells = (
            f"<{'th' if head else 'td'}>{escape(cell)}</{'th' if head else 'td'}>"
            for head, cell in zip(heads, row, strict=True)
        )
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return "<table>\n" + "\n".join(rows) + "\n</table>"
