"""Counts with their nouns, as people say them."""

from __future__ import annotations

import re
from typing import Final

_PLURAL: Final = re.compile(r"\b(\w+?)(ies|s)\b")


def counted(count: int, noun: str) -> str:
    """Return a number with its noun, given in the singular: ``1 passage``, ``1,250 passages``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def counted_kind(count: int, things: str) -> str:
    """Return a number with what it counts, given in the plural: ``1 note on passages``.

    For one, the first plural among the words is made singular.
    """
    if count != 1:
        return f"{count:,} {things}"
    return f"1 {_PLURAL.sub(lambda m: m[1] + ('y' if m[2] == 'ies' else ''), things, count=1)}"
