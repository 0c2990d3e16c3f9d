"""What looks like a name, and by its place is none: months, animals, cars, forms' labels, modal verbs."""

from __future__ import annotations

import re
from typing import Final

_REACH: Final = 40
_AFTER: Final = 24
_MONTH: Final = re.compile(r"(?:may|june|april|august)", re.IGNORECASE)
_WHEN: Final = re.compile(
    r"\b(?:in|of|by|until|till?|since|from|to|before|after|during|around|early|mid|late|last|next|this|every|"
    r"each|end|start|through|throughout|between|and|or|\d{1,2}(?:st|nd|rd|th)?)[ -]$",
    re.IGNORECASE,
)
_YEAR: Final = re.compile(r"^ (?:\d|of\b|last\b|this\b|next\b|agreed\b|onwards\b|half\b|bank\b|budget\b)")
_JOINED: Final = re.compile(r"^,? ?(?:&|and) [A-Z]")
_ANIMAL: Final = (
    r"(?:dogs?|cats?|pupp(?:y|ies)|kittens?|budgies?|parrots?|pony|ponies|horses?|rabbits?|hamsters?|"
    r"labradors?|spaniels?|terriers?|collies?|greyhounds?|whippets?|spaniels?|alsatians?|jack russells?|"
    r"staff(?:ie|y)|poodles?|goats?|donkeys?|tortoises?|canary|cockatiels?|hens?|goldfish|pets?)"
)
_ANIMAL_BEFORE: Final = re.compile(
    rf"\b{_ANIMAL}(?: (?:is|was|are|were))?(?: (?:called|named))?[:,]? [\"'“‘(]?$", re.IGNORECASE
)
_ANIMAL_IN: Final = re.compile(rf"^(?:his|her|their|the|my|our|a) {_ANIMAL}\b", re.IGNORECASE)
_ANIMAL_AFTER: Final = re.compile(rf"^[\"'”’]?,? ?(?:\(|- |the |her |his |their |a |an )(?:\w+ )?{_ANIMAL}\b")
_MODAL: Final = re.compile(r"(?:can|may|will|might|shall|hope|mark|grant|bill)", re.IGNORECASE)
_PRONOUN: Final = re.compile(r"^ (?:i|you|he|she|they|we|it|someone|somebody|anyone|the|this|that|your)\b")
_CAPITAL_I: Final = re.compile(r"^ I\b")
_ETHNIC: Final = re.compile(
    r"(?:black|white|mixed|asian|other|any other)(?: (?:or|and|/|&))?(?: (?:black|white|asian|british|"
    r"african|"
    r"caribbean|irish|english|welsh|scottish|european|background|other|gypsy|traveller|chinese|indian|"
    r"pakistani|bangladeshi))*",
    re.IGNORECASE,
)
_CAPITALS: Final = re.compile(r"[A-Z]{1,4}(?:[ /&]+[A-Z]{1,4})+")
"""Abbreviations in a row: "LPA H&W"."""
_SPELT: Final = re.compile(r"(?:[A-Z]\.? ?){2,4}")
"""An abbreviation with its full stops."""
_SPEAKER: Final = re.compile(
    r"(?:participant|speaker|respondent|interviewee|interviewer|person|worker|resident|service user|carer|"
    r"witness|caller|member|delegate|attendee|facilitator|moderator|client|patient|parent|adult|tenant)s?",
    re.IGNORECASE,
)
"""Who speaks, by a number: "Participant 2"."""
_PERIOD: Final = re.compile(r"^ (?:period|team|term term|charity shop|garden|bush|bushes|gardens)\b")
_THING: Final = re.compile(r"^ (?:house|stedy|steady|frame|stick|pendant|keysafe|hoist|stairlift|model)\b")
_MODEL: Final = re.compile(r"\b(?:model|make|brand|manufacturer|type)[: ]{1,2}$", re.IGNORECASE)
_CARS: Final = re.compile(r"\b(?:drives|drove|driving|bought|owns|sold|has) (?:a|an|his|her|the) $")
_EPONYM: Final = re.compile(
    r"^(?:['’]s?)? (?:syndrome|disease|dementia|palsy|fracture|contracture|paralysis|scale|score|index|test|"
    r"rating|tube|bag|collar|boots?|splint|hernia|lymphoma|ulcer|gauge|method|law|report)\b"
)


def denied(text: str, start: int, end: int, never: frozenset[str]) -> bool:
    """Return whether ``text[start:end]``, proposed as a person, is by its place something else.

    Parameters
    ----------
    text
        The whole text.
    start, end
        Half-open, in code points.
    never
        Words that are no names, in lower case.
    """
    words = text[start:end]
    before, after = text[max(0, start - _REACH) : start], text[end : end + _AFTER]
    if _SPEAKER.fullmatch(words) and re.match(r"^ ?\d", after):
        return True
    if _SPELT.fullmatch(words) and re.sub(r"[. ]", "", words).casefold() in never:
        return True
    if _CAPITALS.fullmatch(words) and re.split(r"[ /&]+", words)[0].casefold() in never:
        return True
    if _ETHNIC.fullmatch(words) and " " in words:
        return True
    if _MONTH.fullmatch(words) and not _JOINED.match(after) and _is_month(words, before, after):
        return True
    if _ANIMAL_IN.search(words) or _ANIMAL_BEFORE.search(before) or _ANIMAL_AFTER.match(after):
        return True
    if _MODAL.fullmatch(words) and (_PRONOUN.match(after) or _CAPITAL_I.match(after)):
        return _opens(before)
    return bool(
        (" " not in words and (_PERIOD.match(after) or _MODEL.search(before) or _CARS.search(before)))
        or (" " not in words and words.casefold() in {"wendy", "sara"} and _THING.match(after))
        or (_EPONYM.match(after) and not re.search(r"[’']s$", words))
    )


def _is_month(words: str, before: str, after: str) -> bool:
    if words.islower():
        return bool(_WHEN.search(before) or _YEAR.match(after))
    return bool(_WHEN.search(before) or re.match(r"^ (?:\d|bank|half|budget)", after))


def _opens(before: str) -> bool:
    bare = before.rstrip(" \t\"'“‘(*•-–—")
    return not bare or bare[-1] in ".!?:;\n"
