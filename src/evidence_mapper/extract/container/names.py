"""Names of members, made safe: they come from outside and may point anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Final

from evidence_mapper.extract.clean import one_line

_PART: Final = 120
"""Characters of one part of a name."""
_PARTS: Final = 20


def safe_names(names: Iterable[str]) -> list[str]:
    """Return a name for each: relative, with forward slashes, printable, no two alike.

    Drives, ``.``, ``..`` and empty parts are dropped, control characters too; a name of which nothing
    is left becomes ``member N``; names that are then alike get a number.
    """
    given: list[str] = []
    seen: set[str] = set()
    for number, name in enumerate(names, start=1):
        safe = _safe(name) or f"member {number}"
        unique, count = safe, 2
        while unique.casefold() in seen:
            path = PurePosixPath(safe)
            unique, count = str(path.with_name(f"{path.stem} ({count}){path.suffix}")), count + 1
        seen.add(unique.casefold())
        given.append(unique)
    return given


def _safe(name: str) -> str:
    parts = [_part(part) for part in re.split(r"[/\\]", name)]
    kept = [part for part in parts if part and part.strip(".")]
    return "/".join(kept[-_PARTS:])


def _part(part: str) -> str:
    part = one_line("".join(c if c.isprintable() else " " for c in part))
    part = re.sub(r"^[A-Za-z]:", "", part).strip()
    if len(part) <= _PART:
        return part
    ending = PurePosixPath(part).suffix[:10]
    return part[: _PART - len(ending)].strip() + ending
