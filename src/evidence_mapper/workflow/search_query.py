"""What a person types into a search, taken apart; nothing they type is an error."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from evidence_mapper.domain.search import WordQuery

MOST_WORDS: Final = 64
"""Words and phrases looked for; of a longer text the first ones, but its meaning is taken whole."""

# Opening and closing, straight and typographic: a word processor's quotes are quotes too. A single quote
# is an apostrophe.
_PART: Final = re.compile(r'(?<!\S)(-?)["“”„«]([^"“”„«»]*)["“”»]?|(\S+)')
_QUOTES: Final = str.maketrans(dict.fromkeys('"“”„«»', " "))

_COMMON_WORDS: Final = """
a about after all also am an and any are as at be been before being but by can could did do does for from
had has have he her here him his how i if in into is it its me more most my no nor not of off on only or
our out over own s she should so some such t than that the their them then there these they this those
through to too under until up very was we were what when where which while who whom why will with would
you your
"""
_COMMON: Final = frozenset(_COMMON_WORDS.split())
"""Words that stand in most passages: looked for only in phrases, or when there is nothing else."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query taken apart."""

    words: WordQuery
    meaning: str
    """The query without what is to be left out and without marks, for a search by meaning."""
    cut: bool = False
    """Whether words past :data:`MOST_WORDS` were left out."""


def parse(query: str) -> Asked:
    """Return a query taken apart.

    ``"side by side"`` in double quotes must stand in the passage as it is; ``-word`` and ``-"two words"``
    must not stand in it. Everything else is words, however it is written.
    """
    plain = _storable(query)
    words: list[str] = []
    phrases: list[str] = []
    without: list[str] = []
    meaning: list[str] = []
    for minus, phrase, word in _PART.findall(plain):
        part = (phrase or word.removeprefix("-")).translate(_QUOTES).strip()
        if not _has_letters(part):
            continue
        if minus or word.startswith("-"):
            without.append(part)
            continue
        meaning.append(part)
        (phrases if phrase else words).append(part)
    rare = [w for w in words if w.strip("'’.,;:!?()").casefold() not in _COMMON]
    chosen = rare or ([] if phrases else words)
    every = [list(dict.fromkeys(parts)) for parts in (chosen, phrases, without)]
    kept = WordQuery(*(tuple(parts[:MOST_WORDS]) for parts in every))
    return Asked(kept, " ".join(meaning), any(len(parts) > MOST_WORDS for parts in every))


def _storable(text: str) -> str:
    """Return the text without what a database cannot be asked for: control characters, halves of pairs."""
    return "".join(c if c.isprintable() else " " for c in text)


def _has_letters(part: str) -> bool:
    return any(c.isalnum() for c in part)
