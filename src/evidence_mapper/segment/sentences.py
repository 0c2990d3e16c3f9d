"""Sentence ends, by spaCy's rule with the abbreviations of council papers put back together."""

from __future__ import annotations

import functools
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from spacy.language import Language

_ALWAYS: Final = re.compile(
    r"(?:\b(?:Cllrs?|Mrs?|Ms|Mx|Dr|Prof|Rev|Revd|St|Hon|Sir|e\.g|i\.e|eg|ie|cf|viz|vs|v|incl)|\b[A-Z])\.\s*$"
)
"""Ends of text after which no sentence ends, whatever follows."""
_BEFORE_NUMBER: Final = re.compile(
    r"\b(?i:nos?|paras?|pp?|ss?|art|reg|sch|ch|ref|fig|app|approx|est|max|min|tel|ext)\.\s*$"
)
"""Ends of text after which a sentence ends only when a capital letter that is no part of a number follows."""
_BEFORE_LOW: Final = re.compile(
    r"\b(?:hrs?|mins?|wks?|mths?|yrs?|p\.a|p\.w|p\.m|a\.m|etc|al|inc|Co|Ltd|dept|govt|Jan|Feb|Mar|Apr|Jun|Jul|Aug|"
    r"Sept?|Oct|Nov|Dec)\.\s*$"
)
"""Ends of text after which a sentence ends only when a capital letter follows."""
_NUMBER: Final = re.compile(r"(?:^|\s)(\d{1,3})\.\s*$")
"""A number that ends a text: the last word of a sentence, or the number of what follows."""
_LABEL: Final = (
    r"(?i:section|schedule|appendix|annex|annexe|table|figure|chart|box|part|chapter|clause|step|stage|phase|item|"
    r"question|action|aim|objective|goal|outcome|priority|recommendation|standard|theme|option|plan|group|"
    r"ward|band|tier|level|grade|category|type|unit|team|zone|area|room|block|class|hepatitis|vitamin)"
)
_LETTERED: Final = re.compile(rf"\b{_LABEL} [A-Z]\.\s*$")
"""A letter that names something, such as ``ward B``, and no initial of a person."""
_CAPTION: Final = re.compile(rf"(?:{_LABEL} (?:\d{{1,3}}|[A-Z])|\(?(?:[a-z]|[ivx]{{1,4}})\)?)\.\s*")
"""All of a text that numbers what follows, such as ``Table 3.`` or ``a.``"""
_CODE: Final = re.compile(r"[A-Z]{0,4}[-/]?\d")
_OPENERS: Final = "\"'“‘(["
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
    starts = {_with_openers(line, sentence.start_char) for sentence in language(line).sents}
    # spaCy takes "p.m.", "£1.2m." and "No." for one token each and so sees no end after them.
    starts.update(match.end() for match in _OWN_END.finditer(line))
    cuts: list[int] = []
    item: int | None = None
    for start in sorted(starts - {0}):
        before, after = line[cuts[-1] if cuts else 0 : start], line[start:]
        if (number := _numbers_item(before, item)) is not None:
            item = number
        elif _ends_sentence(before, after):
            cuts.append(start)
    return cuts


def _with_openers(line: str, start: int) -> int:
    """Return the start of a sentence with the brackets and quotation marks that open before it."""
    while start and line[start - 1] in _OPENERS and (start == 1 or line[start - 2].isspace()):
        start -= 1
    return start


def _numbers_item(before: str, last: int | None) -> int | None:
    """Return the number of a list within a line that a text ends with; None when it ends with none.

    It stands at the start of a sentence or after a colon, or follows ``last``, the number of the item before.
    """
    match = _NUMBER.search(before)
    if match is None:
        return None
    number, ahead = int(match[1]), before[: match.start(1)].rstrip()
    first = not ahead.strip(_OPENERS) or ahead[-1] in ":;•"
    return number if first or (last is not None and number == last + 1) else None


def _ends_sentence(before: str, after: str) -> bool:
    if not before.strip():
        return False
    if not after.strip() or _CLOSERS.fullmatch(after.strip()):
        return False
    # A bracket or quotation mark that closes belongs to what it closes.
    if after[0] in "\"')]”’" and not before[-1].isspace():
        return False
    tail, following = before[-40:], after.lstrip("\"'“‘([ ")
    if _CAPTION.fullmatch(before.lstrip()):
        return False
    if _LETTERED.search(tail):
        return following[:1].isupper()
    if _ALWAYS.search(tail):
        return False
    if _BEFORE_NUMBER.search(tail):
        return following[:1].isupper() and not _CODE.match(following)
    return not (
        (_BEFORE_LOW.search(tail) or _NUMBER.search(tail)) and following and not following[0].isupper()
    )


@functools.cache
def _language() -> Language:
    # Loaded only when something is over the cap: importing spaCy costs about a second.
    import spacy

    language = spacy.blank("en")
    language.add_pipe("sentencizer")
    return language
