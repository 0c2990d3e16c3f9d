"""Words of a text with what the lists say of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from evidence_mapper.redact.artefact import Lexicon

_SHORTEST: Final = 3
"""Letters of the shortest plural of a name."""
_WORD: Final = re.compile(r"(?<!\d)[^\W\d_]+(?:['’ʼ`-][^\W\d_]+)*(?!\d)")
_POSSESSIVE: Final = re.compile(r"(?:['’ʼ`]s|['’])$", re.IGNORECASE)
_CONTRACTED: Final = re.compile(r"['’](?:s|ll|d|ve|re|m|t)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its place, without a possessive ending, and what it may be."""

    text: str
    start: int
    end: int
    given: bool
    surname: bool
    ordinary: bool
    """It is written small elsewhere, or is on the list of what is never a name."""
    never: bool
    opens: bool
    """It opens a sentence or a line, where any word has a capital."""

    @property
    def low(self) -> str:
        """In lower case, accents kept."""
        return self.text.casefold()

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()

    @property
    def known(self) -> bool:
        """Whether a list holds it as a name."""
        return self.given or self.surname

    @property
    def initial(self) -> bool:
        """Whether it is one capital letter."""
        return len(self.text) == 1 and self.text.isupper()


def words_of(text: str, lexicon: Lexicon) -> list[Word]:
    """Return the words of a text in order."""
    found: list[Word] = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        bare = _CONTRACTED.sub("", match.group())
        end = start + len(bare)
        low = bare.casefold().replace("’", "'")
        parts = [p for p in low.split("-") if p]
        known_given = low in lexicon.given or (len(parts) > 1 and all(p in lexicon.given for p in parts))
        known_surname = low in lexicon.surnames or (len(parts) > 1 and all(p in lexicon.names for p in parts))
        # A family, "the Pinders", or an apostrophe left out, "toms oldest".
        single = low[:-1] if len(low) > _SHORTEST and low.endswith("s") and low not in lexicon.words else ""
        known_given = known_given or single in lexicon.given
        known_surname = known_surname or single in lexicon.surnames
        never = low in lexicon.never
        found.append(
            Word(
                bare,
                start,
                end,
                known_given,
                known_surname,
                never or _is_ordinary(low, parts, lexicon, known_given or known_surname),
                never,
                _opens(text, start),
            )
        )
    return found


def _is_ordinary(low: str, parts: list[str], lexicon: Lexicon, known: bool) -> bool:
    if low in lexicon.words or low in lexicon.never:
        return True
    if len(parts) > 1:
        return all(p in lexicon.words or p in lexicon.never for p in parts)
    # A name that might come of a word is a name: Lister, Fielding.
    return not known and any(
        low.endswith(e) and low[: -len(e)] in lexicon.words for e in ("s", "ed", "ing", "ly", "er")
    )


def _opens(text: str, start: int) -> bool:
    before = text[max(0, start - 4) : start].rstrip(" \t\"'“‘(*•-–—")
    return not before or before[-1] in ".!?:;\n"
