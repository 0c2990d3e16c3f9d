"""Tell text from rubbish: letters that a broken font or a poor scanner's text layer turned into others.

Tables of figures, lists of names and texts in other languages and scripts are text, so only three things
count: words no language spells, a want of vowels, and, in another program's invisible text layer, a want
of the commonest English words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

_MEANINGLESS: Final = {"Co", "Cn", "Cc", "Cs"}
_FEWEST_WORDS: Final = 40
"""Below it a page is taken to be text."""
_FEWEST_LETTERS: Final = 200
_PLAUSIBLE: Final = 0.6
_VOWELS: Final = 0.2
"""Of the letters; 0.36 to 0.48 in the languages of Europe, 0.14 in English with shifted codes."""
_COMMON: Final = 0.05
"""Of the words; about 0.4 in English prose."""
_CERTAIN: Final = 0.12
"""Share of the commonest words from which a page is text without more ado."""
_MASHED: Final = re.compile(
    r"[^\W\d_]\d+[^\W\d_]|[^\W\d_][|~^<>{}\\_=*#$%+]+[^\W\d_]|[a-zß-ÿ][A-Z][a-zß-ÿ]*[A-Z]"
)
_CONSONANTS: Final = re.compile(r"(?i)[bcdfghjklmnpqrstvwxz]{7,}")
_EDGES: Final = "\"'‘’“”()[]{}<>.,;:!?…*/&-–—•·"
_COMMON_WORDS: Final = {
    "the", "of", "and", "to", "in", "a", "is", "for", "that", "on", "with", "as", "are", "be", "by",
    "this", "or", "it", "from", "at", "an", "have", "not", "will", "has", "was", "we", "their",
    "which", "can", "all", "our", "more", "been", "they", "who", "but", "other", "people", "you",
    "if", "these", "should", "may", "there", "also", "any", "he", "his", "her", "she", "were",
    "would", "than", "when", "had", "its", "up", "into", "what", "do", "one", "about", "so", "them",
    "no", "out", "us", "my", "your",
}  # fmt: skip


def is_garbled(texts: Iterable[str]) -> bool:
    """Return True when most characters have no meaning, as with fonts that lack a Unicode map."""
    bad = good = 0
    doubtful: list[str] = []
    for text in texts:
        if text.isascii() and text.isprintable():
            good += len(text) - text.count(" ")
        else:
            doubtful.append(text)
    for char in (char for text in doubtful for char in text if not char.isspace()):
        if char == "\ufffd" or unicodedata.category(char) in _MEANINGLESS:
            bad += 1
        else:
            good += 1
    return bad > 20 and bad > good


def is_rubbish(texts: Iterable[str], *, hidden: bool = False) -> bool:
    """Return True when a page's characters make no words.

    Parameters
    ----------
    texts
        The page's text in pieces; fewer than 40 words are never judged.
    hidden
        Whether it is an invisible layer over a picture, of which nobody has seen a word.
    """
    tokens = [token for text in texts for token in text.split()]
    if sum(map(_COMMON_WORDS.__contains__, tokens)) > _CERTAIN * len(tokens):
        return False  # nearly every page, told without looking at each word
    words = [word for token in tokens if (word := _word(token))]
    if len(words) < _FEWEST_WORDS:
        return False
    if _vowel_share(words) < _VOWELS or _plausible_share(words) < _PLAUSIBLE:
        return True
    common = sum(word.lower() in _COMMON_WORDS for word in words)
    return hidden and len(words) >= 2 * _FEWEST_WORDS and common < _COMMON * len(words)


def _word(token: str) -> str | None:
    """Return a token of at least two Latin letters without the marks round it; None for any other."""
    word = token.strip(_EDGES)
    letters = [char for char in word if char.isalpha()]
    if len(letters) < 2 or any(ord(char) > 0x24F for char in letters):
        return None
    return word if 2 * len(letters) > len(word) else None


def _vowel_share(words: Sequence[str]) -> float:
    """Return vowels over letters of words that are no abbreviations; 1 for too few to tell."""
    letters = "".join(unicodedata.normalize("NFD", word) for word in words)
    plain = [char for char in letters.lower() if "a" <= char <= "z"]
    if len(plain) < _FEWEST_LETTERS:
        return 1.0
    return sum(char in "aeiouy" for char in plain) / len(plain)


def _plausible_share(words: Sequence[str]) -> float:
    capitals = sum(word.isupper() for word in words) > 0.7 * len(words)
    return sum(_is_plausible(word, short_forms=not capitals) for word in words) / len(words)


def _is_plausible(word: str, *, short_forms: bool) -> bool:
    """Return True for a word a language might spell; ``short_forms`` lets capitals without vowels pass."""
    if _MASHED.search(word) or _CONSONANTS.search(word):
        return False
    plain = unicodedata.normalize("NFD", word).lower()
    return any(char in "aeiouy" for char in plain) or (short_forms and word.isupper() and len(word) <= 6)
