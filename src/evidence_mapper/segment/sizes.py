"""How long a passage is."""

from __future__ import annotations

import re
from typing import Final

SHORT: Final = 20
"""A paragraph below this many words is joined to a neighbour."""
TARGET: Final = 150
"""Most words of a part when something longer than :data:`CAP` is cut."""
CAP: Final = 220
"""Most words of a passage: encoders read about 300 tokens."""
SHORT_ROW: Final = 8
"""A table row below this many words may share a passage with its neighbours."""
ROWS: Final = 60
"""Most words of table rows that share a passage."""

_WORD: Final = re.compile(r"\S+")


def word_count(text: str) -> int:
    """Return the number of runs of characters that are not white space."""
    return len(text.split())


def word_ends(text: str) -> list[int]:
    """Return the end of every word, as code points."""
    return [match.end() for match in _WORD.finditer(text)]
