"""Sentence ends, by spaCy's rule with the abbreviations of council papers put back together."""

from __future__ import annotations

import functools
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from spacy.language import Language

_ALWAYS: Final = re.compile(
    r"(?:\b(?:Cllrs?|Mrs?|Ms|Mx|Dr|Prof|Rev|Revd|St|Hon|Sir|No|Nos|paras?|pp?|ss?|art|reg|sch|ch|ref|fig|app|"
    r"e\.g|i\.e|eg|ie|cf|viz|vs|v|approx|incl|est|max|min|tel|ext|dept|govt|Ltd|[A-Z])|(?:^|\s)(?:\d{1,3}|\([a-z]))\.\s*$",
)
"""Ends of text after which no sentence ends, whatever follows."""
_BEFORE_LOW: Final = re.compile(
    r"\b(?:hrs?|mins?|wks?|mths?|yrs?|p\.a|p\.w|p\.m|a\.m|etc|al|inc|Co|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
    r"\.\s*$"
)
"""Ends of text after which a sentence ends only when a capital letter follows."""
_OWN_END: Final = re.compile(r"\.[\"'”’)]?\s+(?=[\"'“‘(]?[A-Z])")
_CLOSERS: Final = re.compile(r"[\"'”’)\]\s]+")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return half-open code-point ranges of sentences, in order, without white space at their ends.

    Together they hold every character of the text that is not white space. A line break always ends a
    sentence.
    """
    spans = []
    for match in re.finditer(r"[^\n]+", text):
        line = match.group()
        cuts = [0, *_cuts(line), len(line)]
        for start, end in pairwise(cuts):
            piece = line[start:end]
            if piece.strip():
                left = start + len(piece) - len(piece.lstrip())
                spans.append((match.start() + left, match.start() + start + len(piece.rstrip())))
    return spans


def _cuts(line: str) -> list[int]:
    language = _language()
    language.max_length = max(language.max_length, len(line) + 1)
    starts = {sentence.start_char for sentence in language(line).sents}
    # spaCy takes "p.m." and "£1.2m." for one token each and so sees no end after them.
    starts.update(match.end() for match in _OWN_END.finditer(line))
    cuts: list[int] = []
    for start in sorted(starts - {0}):
        before, after = line[cuts[-1] if cuts else 0 : start], line[start:]
        if _ends_sentence(before, after):
            cuts.append(start)
    return cuts


def _ends_sentence(before: str, after: str) -> bool:
    if not before.strip():
        return False
    if not after.strip() or _CLOSERS.fullmatch(after.strip()):
        return False
    # A bracket or quotation mark that closes belongs to what it closes.
    if after[0] in "\"')]”’" and not before[-1].isspace():
        return False
    tail = before[-40:]
    if _ALWAYS.search(tail):
        return False
    following = after.lstrip("\"'“‘([ ")
    return not (_BEFORE_LOW.search(tail) and following and not following[0].isupper())


@functools.cache
def _language() -> Language:
    # Loaded only when something is over the cap: importing spaCy costs about a second.
    import spacy

    language = spacy.blank("en")
    language.add_pipe("sentencizer")
    return language
