"""Names by where they stand: at the foot of a note, beside another name, after an officer's number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from evidence_mapper.domain.passage import Span
from evidence_mapper.redact.artefact import Lexicon
from evidence_mapper.redact.base import Found, Kind
from evidence_mapper.redact.names import near_ordinary

_CAP: Final = r"[A-ZÀ-Þ][\w'’-]+"
_WORD: Final = r"[^\W\d_][\w'’-]*"
_SIGN: Final = re.compile(
    rf"(?:^|[.!?,;)\n]|\b(?:pls|please)\b)[ \t]*(?:ta|tia|thx|thanks|many thanks|thank you|ty|cheers|regards|"
    rf"kind regards|best wishes|love|best|yours|rgds|bw|kr)[,!.]?[ \n]{{1,2}}({_WORD})(?: x{{1,3}})?"
    rf"(?=[ ]?(?:[.,;\n!]|x+\b|$))",
    re.IGNORECASE,
)
"""Who signs, where the line ends with a word of thanks and a name."""
_LAST: Final = re.compile(rf"(?:[.!?)]|\?\?) ({_WORD})(?: x{{1,3}})?[.]?\s*\Z")
"""A lone word after the last sentence."""
_LAST_LETTERS: Final = re.compile(r"[.!?)] ([A-Z]{2,3})\.?\s*\Z")
_BOTH: Final = re.compile(rf"\b({_CAP}) (?:&|and|n) ({_CAP})(?: ({_CAP}))?")
_NUMBERED: Final = re.compile(
    rf"\b(?:PC|PCSO|WPC|DC|DS|DI|Sgt|Sergeant|Constable|Officer|Insp(?:ector)?) (?:no\.? ?)?\d{{2,6}},? "
    rf"{_CAP}(?: {_CAP})?"
)
_STAFF: Final = re.compile(
    rf"\b(?:DN|HV|CPN|AMHP|Sr|Nurse|Matron|Sister|S/N|Staff Nurse|Sergeant|Inspector|Insp|"
    rf"Detective|Constable|Fr|Father|Rabbi|Imam|Canon|Pastor|Auntie|Aunty|Uncle|Nana|Nanny) "
    rf"((?:{_CAP}(?: |-)?){{1,2}})(?=[\s.,;:)'’]|$)"
)
_SMALL_TITLE: Final = re.compile(
    r"\b(?:sister|nurse|matron|auntie|aunty|aunt|uncle|father|fr|sr|pastor|imam|pc|dn|hv|nana|nan|nanna|gran|"
    r"grandad) ([a-zß-ÿ][\w'’-]{2,})"
)
_BRACKET: Final = re.compile(r"[ ]\((?:Mrs|Mr|Ms|Miss|Mx|Dr|Prof|Rev)\.?\)")
_KIN: Final = re.compile(
    r"\b(?:son|daughter|wife|husband|brother|sister|mother|father|mum|dad|partner|nephew|niece|cousin|"
    r"grandson|"
    r"granddaughter|stepson|stepdaughter|aunt|auntie|uncle|dtr|sons?|kids?|hubby|girlfriend|boyfriend|"
    r"fiancée?|"
    r"son-in-law|daughter-in-law|neighbour|friend)(?: is|,|:)? ([a-zß-ÿ][\w'-]{1,}|[A-ZÀ-Þ][a-zß-ÿ'-]{2,})"
)
_CAPITAL_NEXT: Final = re.compile(r"^ [A-Z]")


def find_placed(text: str, lexicon: Lexicon) -> Iterator[Found]:
    """Yield people named where only a name stands; they may overlap."""
    for match in _SIGN.finditer(text):
        word = match.group(1).casefold()
        if _may_sign(match.group(1), word, lexicon):
            yield _person(match, 1)
    for pattern in (_LAST, _LAST_LETTERS):
        if (last := pattern.search(text)) and _may_end(last.group(1), lexicon):
            yield _person(last, 1)
    yield from _pairs(text, lexicon)
    for match in _NUMBERED.finditer(text):
        yield Found(Span(*match.span()), Kind.PERSON, "staff")
    for match in _STAFF.finditer(text):
        words = match.group(1).split()
        if words and _is_surname(words[0], lexicon):
            end = match.start(1) + len(words[0] if not _is_surname(words[-1], lexicon) else match.group(1))
            yield Found(Span(match.start(), end - (text[end - 1] in " -")), Kind.PERSON)
    for match in _SMALL_TITLE.finditer(text):
        low = match.group(1)
        if low in lexicon.names - lexicon.words or _strange(low, lexicon):
            yield Found(Span(*match.span()), Kind.PERSON)
    for match in _KIN.finditer(text):
        if _is_kin_name(text, match, lexicon):
            yield _person(match, 1)


def with_bracket(text: str, span: Span) -> Span:
    """Return a name with a title put after it in brackets: "M. Tattersall (Mrs)"."""
    match = _BRACKET.match(text, span.end)
    return Span(span.start, match.end()) if match else span


def _pairs(text: str, lexicon: Lexicon) -> Iterator[Found]:
    """Yield names that are words too, joined to one that is not: "June & Derek Pomfret"."""
    for match in _BOTH.finditer(text):
        one, two = match.group(1).casefold(), match.group(2).casefold()
        doubtful = lexicon.words | lexicon.never
        if one in lexicon.given and two in lexicon.given and not (one in doubtful and two in doubtful):
            yield _person(match, 1)
            yield _person(match, 2)


def _may_sign(word: str, low: str, lexicon: Lexicon) -> bool:
    if low in lexicon.given:
        return word[0].isupper() or low not in lexicon.never
    if low in lexicon.words or low in lexicon.never:
        return False
    return word.istitle() and len(low) > 2


def _may_end(word: str, lexicon: Lexicon) -> bool:
    low = word.casefold()
    if word.isupper() and len(word) <= 3:
        return low not in lexicon.words and low not in lexicon.never
    return low in lexicon.given and (low not in lexicon.never or word.istitle())


def _is_surname(word: str, lexicon: Lexicon) -> bool:
    low = word.strip("-").casefold()
    return low in lexicon.names or not (low in lexicon.words or low in lexicon.never)


def _strange(low: str, lexicon: Lexicon) -> bool:
    """Return whether a word typed small is none of every day, nor one with a slip in it."""
    stems = {low, *(low[: -len(e)] for e in ("s", "ed", "ing", "ly", "er", "'s") if low.endswith(e))}
    return (
        len(low) > 4
        and not stems & (lexicon.words | lexicon.never)
        and not near_ordinary(low, lexicon)
        and "-" not in low
    )


def _is_kin_name(text: str, match: re.Match[str], lexicon: Lexicon) -> bool:
    word = match.group(1)
    low = re.sub(r"['’]s$", "", word.casefold())
    if word[0].islower():
        return low in lexicon.given and low not in lexicon.words and low not in lexicon.never and len(low) > 1
    after = text[match.end() : match.end() + 3]
    return low not in lexicon.never and not _CAPITAL_NEXT.match(after)


def _person(match: re.Match[str], group: int) -> Found:
    start = match.start(group)
    bare = re.sub(r"['’]s$", "", match.group(group))
    return Found(Span(start, start + len(bare)), Kind.PERSON)
