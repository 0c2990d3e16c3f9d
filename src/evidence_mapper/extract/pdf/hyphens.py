"""Decide what a hyphen at a line's end was: part of the word, or only of the line."""

from __future__ import annotations

import re
from collections.abc import Iterable

from evidence_mapper.extract.pdf.model import HYPHEN

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(rf"([^\W\d_]*){HYPHEN}([^\W\d_]*)")


def vocabulary(texts: Iterable[str]) -> frozenset[str]:
    """Return the words of a document that are not broken over a line, in lower case."""
    words: set[str] = set()
    for text in texts:
        words.update(_WORD.findall(_BROKEN.sub(" ", text) if HYPHEN in text else text))
    return frozenset(map(str.lower, words))


def mend(text: str, words: frozenset[str]) -> str:
    """Return the text with each marked hyphen kept, or dropped where it only broke the line.

    It is dropped when the document has the joined word elsewhere and never the hyphenated one: in
    council papers nearly all are true hyphens, as in "self-harm".
    """
    if HYPHEN not in text:
        return text

    def decide(match: re.Match[str]) -> str:
        before, after = match.group(1), match.group(2)
        if after in {"and", "or", "to"}:  # "pre- and post-operative"
            return f"{before}- {after}"
        joined, kept = f"{before}{after}", f"{before}-{after}"
        drop = before and after and joined.lower() in words and kept.lower() not in words
        return joined if drop else kept

    return _BROKEN.sub(decide, text)
