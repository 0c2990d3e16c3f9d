"""Where in a TOML text a key stands: ``tomllib`` gives values without positions.

The text has been parsed already, so this scanner trusts its syntax and keeps only lines.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

KeyPath = tuple[str | int, ...]
"""Names, and zero-based places in lists, from the root of the file."""

_TOKEN: Final = re.compile(
    r"""
      (?P<string>\"\"\"(?:\\.|[^\\])*?\"{3,5}|'''.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')
    | (?P<comment>\#[^\n]*)
    | (?P<newline>\n)
    | (?P<mark>[\[\]{},=.])
    | (?P<bare>[^\s\[\]{},=."'#]+)
    """,
    re.VERBOSE | re.DOTALL,
)


def dotted(path: KeyPath) -> str:
    """Return the path as a person reads it; entries of lists are counted from one.

    ``("statement", 1, "we", "text")`` is ``statement[2].we.text``.
    """
    pieces: list[str] = []
    for part in path:
        if isinstance(part, int):
            pieces.append(f"[{part + 1}]")
        else:
            pieces.append(f".{part}" if pieces else part)
    return "".join(pieces)


def line_of(lines: Mapping[KeyPath, int], path: KeyPath) -> int:
    """Return the one-based line of the path, or of the nearest thing above it that is in the file."""
    for end in range(len(path), 0, -1):
        if path[:end] in lines:
            return lines[path[:end]]
    return 1


def key_lines(text: str) -> dict[KeyPath, int]:
    """Return the one-based line on which every table, key and list entry of a valid TOML text begins."""
    scanner = _Scanner()
    for kind, piece, line in _tokens(text.replace("\r\n", "\n")):
        scanner.take(kind, piece, line)
    return scanner.lines


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    line = 1
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind != "comment":
            yield kind, match.group(), line
        line += match.group().count("\n")


@dataclass(slots=True)
class _Open:
    """A list or inline table that has not been closed yet."""

    path: KeyPath
    closer: str
    index: int = 0


@dataclass(slots=True)
class _Scanner:
    lines: dict[KeyPath, int] = field(default_factory=dict)
    table: KeyPath = ()
    """Table of the last header."""
    counts: dict[KeyPath, int] = field(default_factory=dict)
    """How many ``[[...]]`` of each path there have been."""
    stack: list[_Open] = field(default_factory=list)
    key: list[str] = field(default_factory=list)
    """Parts read of a key or a header."""
    value_path: KeyPath | None = None
    """Path of the value after an equals sign; None while a key is read."""
    brackets: int = 0
    """Opening brackets of the header being read."""

    def take(self, kind: str, piece: str, line: int) -> None:
        if self.brackets:
            self._header(kind, piece, line)
        elif self.stack and self.stack[-1].closer == "]":
            self._entry(kind, piece, line)
        elif self.value_path is not None:
            self._value(kind, piece)
        else:
            self._key(kind, piece, line)

    def _header(self, kind: str, piece: str, line: int) -> None:
        if piece == "[":
            self.brackets += 1
        elif kind in ("bare", "string"):
            self.key.append(_name(piece))
        elif piece == "]" and self.key:
            self.table = self._opened(line)
            self.key = []
        if piece == "]":
            self.brackets -= 1

    def _opened(self, line: int) -> KeyPath:
        """Return the path of a header, its list places filled in, and record it."""
        path: KeyPath = ()
        for position, name in enumerate(self.key, start=1):
            path += (name,)
            self.lines.setdefault(path, line)
            if position == len(self.key) and self.brackets > 1:
                self.counts[path] = self.counts.get(path, 0) + 1
            if path in self.counts:
                path += (self.counts[path] - 1,)
                self.lines.setdefault(path, line)
        # An implied parent was recorded by its child; its own header says more.
        self.lines[path] = line
        return path

    def _key(self, kind: str, piece: str, line: int) -> None:
        if kind in ("bare", "string"):
            self.key.append(_name(piece))
            base = self.stack[-1].path if self.stack else self.table
            self.lines.setdefault(base + tuple(self.key), line)
        elif piece == "=":
            base = self.stack[-1].path if self.stack else self.table
            self.value_path = base + tuple(self.key)
            self.key = []
        elif piece == "[":
            self.brackets = 1
        elif piece == "}":
            self._close()

    def _value(self, kind: str, piece: str) -> None:
        path = self.value_path
        assert path is not None
        if piece in "[{" and kind == "mark":
            self._push(path, piece)
        elif piece == "}":
            self._close()
        elif piece == "," or kind == "newline":
            self.value_path = None

    def _entry(self, kind: str, piece: str, line: int) -> None:
        top = self.stack[-1]
        if piece == "]":
            self._close()
        elif piece == ",":
            top.index += 1
        elif kind != "newline":
            path = (*top.path, top.index)
            self.lines.setdefault(path, line)
            if piece in ("[", "{"):
                self._push(path, piece)

    def _push(self, path: KeyPath, opener: str) -> None:
        self.stack.append(_Open(path, "]" if opener == "[" else "}"))
        self.value_path = None

    def _close(self) -> None:
        """Leave a list or inline table; only a comma, a closer or a new line can follow."""
        self.stack.pop()
        self.value_path = None


def _name(piece: str) -> str:
    """Return a key without its quotes."""
    if piece[0] not in "\"'":
        return piece
    return str(tomllib.loads(f"k={piece}")["k"])
