"""A framework file's text to a framework, or to a list of what is wrong with it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.ids import sha256_text
from evidence_mapper.errors import FrameworkError
from evidence_mapper.frameworks.build import build
from evidence_mapper.frameworks.locate import dotted, key_lines, line_of
from evidence_mapper.frameworks.validate import faults


def load_file(path: Path) -> Framework:
    """Return the framework in a file.

    Raises
    ------
    FrameworkError
        The file cannot be read, or is no valid framework; the first fault, with the number of others.
    """
    return load_text(read_file(path), str(path))


def load_text(text: str, origin: str) -> Framework:
    """Return the framework in a text; ``origin`` stands for the file in messages.

    Raises
    ------
    FrameworkError
        As :func:`load_file`.
    """
    data, found = _checked(text)
    if found:
        more = f" (and {len(found) - 1} more: evidence-mapper framework check {origin})"
        raise found[0].error(origin, more if len(found) > 1 else "")
    return build(data, sha256_text(text))


def check_file(path: Path) -> list[FrameworkError]:
    """Return every fault of a file, by line; empty when it loads."""
    try:
        text = read_file(path)
    except FrameworkError as error:
        return [error]
    return check_text(text, str(path))


def check_text(text: str, origin: str) -> list[FrameworkError]:
    """Return every fault of a text, by line; empty when it loads.

    A fault of TOML syntax hides all others: it comes alone.
    """
    return [fault.error(origin) for fault in _checked(text)[1]]


def read_file(path: Path) -> str:
    r"""Return a file's text, decoded from UTF-8, with line ends as ``\n`` and no byte order mark.

    So the same framework has the same hash whichever system or editor wrote the file.

    Raises
    ------
    FrameworkError
        The file cannot be opened, or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"expected UTF-8 text, found other bytes at byte {error.start}; save the file as UTF-8"
        raise FrameworkError(path, message) from error
    except (OSError, ValueError) as error:
        raise FrameworkError(path, f"the file cannot be read: {error}") from error


@dataclass(frozen=True, slots=True)
class _Located:
    """A fault with its line; line and key as in FrameworkError."""

    message: str
    line: int | None = None
    key: str | None = None

    def error(self, origin: str, more: str = "") -> FrameworkError:
        return FrameworkError(origin, self.message + more, line=self.line, key=self.key)


def _checked(text: str) -> tuple[dict[str, Any], list[_Located]]:
    """Return the parsed data and its faults by line; with a fault of syntax, no data."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return {}, [_syntax_fault(str(error), text)]
    except RecursionError:
        return {}, [_Located("expected lists of texts, found lists nested too deeply to read")]
    found = faults(data)
    if not found:
        return data, []
    lines = key_lines(text)
    located = [_Located(f.message, line_of(lines, f.path), dotted(f.path)) for f in found]
    return data, sorted(located, key=lambda f: (f.line or 0, f.key or ""))


def _syntax_fault(complaint: str, text: str) -> _Located:
    """Return tomllib's complaint with its line moved to where our other messages have it."""
    place = re.search(r" \(at line (\d+), column (\d+)\)$", complaint)
    if place is None:
        return _Located(f"not valid TOML: {complaint}", text.count("\n") + 1)
    return _Located(f"not valid TOML: {complaint[: place.start()]} at column {place[2]}", int(place[1]))
