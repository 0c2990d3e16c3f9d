"""The light markup the content files are written in, parsed into blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

CONTENT: Final = Path(__file__).parent / "content"

_HEADING: Final = re.compile(r"(#+) (.+)")
_NUMBERED: Final = re.compile(r"\d+\. (.+)")
_META: Final = re.compile(r"([a-z]+): (.+)")
_RULE: Final = re.compile(r"[|\- ]+$")


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a paper."""

    kind: str
    """``heading``, ``paragraph``, ``bullet``, ``numbered`` or ``table``."""
    text: str = ""
    level: int = 0
    """Depth of a heading, 1 the outermost; 0 for other kinds."""
    rows: tuple[tuple[str, ...], ...] = ()
    """Rows of a table, the header first."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One parsed content file."""

    meta: dict[str, str]
    blocks: tuple[Block, ...]

    @property
    def title(self) -> str:
        """The paper's title."""
        return self.meta["title"]


@dataclass
class _Parser:
    blocks: list[Block] = field(default_factory=list)
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def line(self, line: str) -> None:
        if line.startswith("|"):
            if not _RULE.match(line):
                self.rows.append(tuple(cell.strip() for cell in line.strip("|").split("|")))
            return
        self.end_table()
        if not line:
            return
        if heading := _HEADING.match(line):
            self.blocks.append(Block("heading", heading[2], level=len(heading[1])))
        elif line.startswith("- "):
            self.blocks.append(Block("bullet", line[2:]))
        elif numbered := _NUMBERED.match(line):
            self.blocks.append(Block("numbered", numbered[1]))
        else:
            self.blocks.append(Block("paragraph", line))

    def end_table(self) -> None:
        if self.rows:
            self.blocks.append(Block("table", rows=tuple(self.rows)))
            self.rows = []


def read(name: str) -> str:
    """Return the text of a content file, by its path under ``content/``."""
    return (CONTENT / name).read_text(encoding="utf-8")


def read_lines(name: str) -> list[str]:
    """Return the lines of a content file."""
    return read(name).splitlines()


def load(name: str) -> Paper:
    """Parse a content file: ``key: value`` lines, a blank line, then one block a line."""
    lines = read_lines(name)
    meta: dict[str, str] = {}
    while lines and (match := _META.match(lines[0])):
        meta[match[1]] = match[2]
        lines.pop(0)
    parser = _Parser()
    for line in lines:
        parser.line(line.strip())
    parser.end_table()
    return Paper(meta, tuple(parser.blocks))
