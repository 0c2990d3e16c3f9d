"""Identifiers made of digits and letters: by their form, their check digit, and the words beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from evidence_mapper.domain.passage import Span
from evidence_mapper.redact.base import Found, Kind

_TEN: Final = re.compile(
    r"(?<![\w/-])\d{3}([ -]?)\d{3}\1\d{4}(?![\w/-]|\.\d)|(?<![\w-])(?:\d ?){10}(?![\w-])"
)
_NHS: Final = re.compile(r"\bN\.?H\.?S\b|\bhealth service (?:no|num)|\bpatient (?:no|num|id)", re.IGNORECASE)
_NHS_SLIP: Final = re.compile(
    # A letter for a figure, as scanning and typing put it: O for 0, l or I for 1.
    r"\bN\.?H\.?S\b\.?(?: (?:no|num(?:ber)?|id))?\.?\W{0,4}(?:is |was )?"
    r"((?=(?:\W?[OIl]?\W?\d){7})(?:[\dOIl][ .-]{0,2}){8,10}[\dOIl])(?!\w)",
    re.IGNORECASE,
)
_GROUPED: Final = re.compile(r"[1-9]\d{2}([ -])\d{3}\1\d{4}")
_NHS_LOOSE: Final = re.compile(
    # Any grouping, figures short or over by one, after the label: "NHS no. 99 96 67 01 20".
    r"\bN\.? ?H\.? ?S\b\.?(?: ?(?:no|num(?:ber)?|id|#))?s?\.?[\W_]{0,5}(?:(?:is|was|given as|reads|ends?|"
    r"should be|not|"
    r"on (?:the )?(?:letter|system|form)) ){0,2}((?:\d[ ./_-]{0,3}){8,10}\d)(?![\d])",
    re.IGNORECASE,
)
_NHS_REACH: Final = 60
"""Characters before a number in which its context must stand."""

_NINO: Final = re.compile(
    # Prefixes never given out are taken too: a slip in the first letters still leaves a number.
    r"(?<![A-Za-z0-9])[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?-?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D]?"
    r"(?![A-Za-z0-9])|(?<![A-Za-z0-9])[A-Z]{2}(?: ?\d{2}){3} ?[A-D](?![A-Za-z0-9])",
    re.IGNORECASE,
)
_NINO_SLIP: Final = re.compile(
    r"\b(?:n\.?i\.?n?o?|nat(?:ional)?\.? ins(?:urance)?)(?: (?:no|"
    r"num(?:ber)?))?\.?\W{0,4}(?:is |was |begins |starts )?"
    r"([A-Z]{2} ?(?:\d[ -]?){5,6}[A-Z]?)(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_PHONE: Final = re.compile(
    r"(?<![\w/.-])(?:(?:\+|00)44[ -]?(?:\(0\)[ -]?)?|\(0|0)(?:[ "
    r"()-]{0,2}\d){9,10}(?!\d)(?:(?:,? ?(?:ext|x)\.? ?)\d{2,5}\b)?"
)
_PHONE_NEAR: Final = re.compile(
    r"\b(?:tel(?:ephone)?|phone|mob(?:ile)?|landline|ring|call|text|fax|call(?:ed)? on|number is|contact no)"
    r"(?: (?:no|num(?:ber)?))?\b[.:]?\s?(?:is |on |(?:[A-Za-z]+ ){1,2}on )?"
    r"((?:\d[ -]?){5,12}\d)(?!\d)",
    re.IGNORECASE,
)
_PHONE_SLIP: Final = re.compile(
    # Full stops or strokes between the groups, and O for the first 0.
    r"(?<![\w/.-])[0Oo]\d{3,4}[./]\d{3}[./ ]?\d{3,4}(?![\w/]|\.\d)"
    r"|(?<![\w-])[Oo]7\d{3}[ -]?\d{3}[ -]?\d{3}(?!\w)"
)
_EXTENSION: Final = re.compile(r"\b(?:ext(?:ension|n)?)\b\.?:?\s?(\d{3,6})\b", re.IGNORECASE)

_VALUE: Final = (
    r"((?:[A-Z]{1,4} "
    r"(?=\d{4}))?(?=[A-Z/-]{0,8}\d)[A-Z0-9]+(?:[/-][A-Z0-9]+){0,3}(?: "
    r"(?=[A-Z0-9]{0,4}\d{3})[A-Z0-9]{3,8}(?![\w/]))?)"
)
_SYSTEM: Final = (
    r"mosaic|liquid ?logic|las|ecm|care ?first|eclipse|azeus|swift|ais|rio|systm ?one|emis|paris|carenotes"
)
_REFERENCE: Final = re.compile(
    rf"\b(?:(?:{_SYSTEM})(?: (?:no|num(?:ber)?|id|ref(?:erence)?|person|case|record))*"
    r"|(?:your |our |my )?ref(?:erence|errence|s)?(?: (?:no|"
    r"num(?:ber)?))?|(?:case|record|file|client|person|referral|"
    r"contact|hospital|patient|title|confirmation|report|"
    r"service user|su|safeguarding|concern|enquiry|complaint|customer|member|tenancy|rent|account|passport|"
    r"licence|membership|crime|incident|policy|payroll|staff|employee|reg(?:istration)?|pin|unit)"
    r"(?:'s)?(?: (?:ref(?:erence)?|no|num(?:ber)?|id|"
    r"file)(?:'s)?)+|(?:a/c|acc(?:ount)?)(?: no| num(?:ber)?)?|(?:police |"
    r"crime |incident )?(?:log|cad)|hcpc|registration|badge|permit|"
    r"booking|id|urn|uprn|crn|mrn|pid|sort code|account|passport)"
    rf"\b[.:#]*\s?(?:is |was |= ?|- ?|#)?#?(?:\(|no\.? )?{_VALUE}(?![\w])",
    re.IGNORECASE,
)
_KNOWN_TO: Final = re.compile(
    rf"(?<![\w/£.-])(\d{{5,10}})(?![\w/-]|\.\d)(?=[^.\n]{{0,30}}\b(?:on|in) (?:{_SYSTEM})\b)", re.IGNORECASE
)
"""A number said afterwards to be one of a system's."""
_PLAIN_CASE: Final = re.compile(
    (
        r"\b(?:case|file|record|client|person|patient)[ "
        r":]{1,2}#?((?=[A-Z/-]{0,6}\d)[A-Z/-]{0,6}\d[\d/-]{3,}\d)(?![\w])"
    ),
    re.IGNORECASE,
)
_OTHER: Final = re.compile(
    r"\b(?!order|invoice|serial|model|purchase|room|ward|bed|flat|"
    r"house|page|para|section|question|version|meter|"
    r"item|part|step|phone|telephone|mobile|tel|contact|supply|my|"
    r"his|her|their|the|a|by|is|in|to|and|or|this|that)"
    r"[a-z]{3,}\.? (?:no|number|ref|reference|id)\b\.?:? ?(?=[A-Z0-9/-]{4,}(?![\w]))"
    r"(?=[A-Z0-9/-]*\d)([A-Z0-9]+(?:[/-][A-Z0-9]+){0,3})(?![\w])",
    re.IGNORECASE,
)
_CODE_LOW: Final = re.compile(r"(?<![\w/@.-])(?!covid)[a-z]{2,5}[-/]\d{4,9}(?![\w])")
_PAPERS: Final = re.compile(
    r"\b(?:passport|licence|account|policy|membership|claim|pension)\b[^.\n]{0,25}?\b(?:number|"
    r"no)\b\.?:? ?(?:is )?(\d{6,12})\b",
    re.IGNORECASE,
)
_ORDERED: Final = re.compile(
    r"\b(?:orders?|invoices?|inv|equipment|equip|eqpt|serial|model|purchase|po|quotes?|quotation|delivery|"
    r"deliver|"
    r"tracking|parcel|stock|product|asset|ticket|score|expiry|expires|version|batch|lot|gas|"
    r"elec(?:tric(?:ity)?)?|"
    r"meter|booking|interpreter booking|sheet|form)\b"
    r"(?: ?(?:service|services|store|stores|account|supply|order|ref(?:erence)?|no|num(?:ber)?|id|"
    r"#))*[.:]{0,2} ?#?$",
    re.IGNORECASE,
)
"""What stands before the number of a thing, not of a person."""
_ORDER_REACH: Final = 40
_SCORE: Final = re.compile(r"\d{1,3}/100|(?:0?[1-9]|1[0-2])/20\d\d|[0-]+|\d{1,3}|20\d\d[/-]Q\d.*")
"""A score, a month, noughts, or too short to be anybody's."""
_CODE: Final = re.compile(r"(?<![\w/-])(?!DVLA|COVID)[A-Z]{1,5}[-/]?\d{4,12}[A-Z]{0,2}(?![\w])")
_SPACED: Final = re.compile(
    r"(?<![\w])(?!NHS|TEL|MOB|PO |BP |BM |ID |REF |NO |AM |PM |OF |TO |AT )[A-Z]{2,5} \d{5,10}(?![\w/.,]\d)\b"
)
_SLASHED: Final = re.compile(
    r"(?<![\w/.,£-])(?!20\d\d/\d\d\b|"
    r"20\d\d/20)(?:\d{1,6}/\d{3,6}(?:/\d{1,4})?|\d{1,6}/[A-Z]{1,4}/?\d{2,8}|"
    r"\d{4,6}/\d{2})(?![\w/%]|\.\d)"
)
_MARKED: Final = re.compile(
    r"(?<![\w])#\s?\d{4,10}\b"
    r"|(?<![\w/-])(?=(?:[A-Z/-]*\d){4})[A-Z]{1,5}(?:[-/][A-Z0-9]{1,9}){1,4}(?![\w])"
)
_SORT: Final = re.compile(r"\b\d{2}-\d{2}-\d{2}(?= (?:acc|and acc)|,? ?account)", re.IGNORECASE)

_PLATE: Final = re.compile(
    r"(?<![\w])[A-HJ-PR-Y][A-HJ-PR-Y][0-9]{2}[ -]?[A-HJ-PR-Z]{3}(?![\w])", re.IGNORECASE
)
_OLD_PLATE: Final = re.compile(r"(?<![\w])(?:[A-Z]\d{1,3} ?[A-Z]{3}|[A-Z]{1,3} ?\d{1,4} ?[A-Z]?)(?![\w])")
_CAR: Final = re.compile(
    (
        r"\b(?:reg(?:istration)?|number ?plate|plate|car|van|vehicle|"
        r"motability|scooter|minibus|taxi|driv\w+|parked)\b"
    ),
    re.IGNORECASE,
)
_POSTCODE: Final = re.compile(
    r"(?<![\w])(?:GIR ?0AA|[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9]|[A-HK-Y][0-9][0-9]|[0-9][A-HJKPS-UW]"
    r"|[A-HK-Y][0-9][ABEHMNPRV-Y])(?: {0,2}|-)[0-9][A-Z]{2})(?![\w])",
    re.IGNORECASE,
)


def checks(digits: str) -> bool:
    """Return whether ten digits carry a right NHS number check digit; one random number in eleven does."""
    total = sum(int(d) * weight for d, weight in zip(digits, range(10, 1, -1), strict=False))
    return len(digits) == 10 and (11 - total % 11) % 11 == int(digits[9])


def find_numbers(text: str) -> Iterator[Found]:
    """Yield finds of every kind that is told by digits; they may overlap."""
    yield from _nhs(text)
    for pattern, kind in (
        (_NINO_SLIP, Kind.NINO),
        (_PHONE_NEAR, Kind.PHONE),
        (_EXTENSION, Kind.PHONE),
        (_REFERENCE, Kind.CASE_NUMBER),
        (_OTHER, Kind.CASE_NUMBER),
        (_KNOWN_TO, Kind.CASE_NUMBER),
        (_PLAIN_CASE, Kind.CASE_NUMBER),
        (_PAPERS, Kind.CASE_NUMBER),
    ):
        yield from (_found(m, kind, 1) for m in pattern.finditer(text) if _is_persons(m, kind, 1))
    for pattern, kind in (
        (_NINO, Kind.NINO),
        (_PHONE, Kind.PHONE),
        (_PHONE_SLIP, Kind.PHONE),
        (_MARKED, Kind.CASE_NUMBER),
        (_CODE, Kind.CASE_NUMBER),
        (_CODE_LOW, Kind.CASE_NUMBER),
        (_SLASHED, Kind.CASE_NUMBER),
        (_SPACED, Kind.CASE_NUMBER),
        (_SORT, Kind.CASE_NUMBER),
        (_POSTCODE, Kind.POSTCODE),
    ):
        yield from (_found(m, kind, 0) for m in pattern.finditer(text) if _is_persons(m, kind, 0))
    yield from _plates(text)


def _ordered(match: re.Match[str]) -> bool:
    return bool(_ORDERED.search(match.string[max(0, match.start() - _ORDER_REACH) : match.start()]))


def _is_persons(match: re.Match[str], kind: Kind, group: int) -> bool:
    """Return whether a reference may be a person's or a case's, not that of an order or a score."""
    if kind is not Kind.CASE_NUMBER:
        return True
    start, end = match.span(group)
    before = match.string[max(0, start - _ORDER_REACH) : start]
    return not (_ORDERED.search(before) or _SCORE.fullmatch(match.string, start, end))


def _nhs(text: str) -> Iterator[Found]:
    # The check digit alone is not enough, and with the context a slip of the pen still points to somebody.
    said = bool(_NHS.search(text))
    for match in _TEN.finditer(text):
        near = _NHS.search(text, max(0, match.start() - _NHS_REACH), match.start())
        spaced = bool(match.group(1))
        right = spaced and checks(re.sub(r"\D", "", match.group()))
        # Three, three and four figures without a telephone's first 0: nothing else looks so, a slip or not.
        if near or (right and said) or (_GROUPED.fullmatch(match.group()) and not _ordered(match)):
            yield _found(match, Kind.NHS_NUMBER, 0)
    for pattern in (_NHS_SLIP, _NHS_LOOSE):
        yield from (_found(m, Kind.NHS_NUMBER, 1) for m in pattern.finditer(text))


def _plates(text: str) -> Iterator[Found]:
    yield from (_found(m, Kind.VEHICLE, 0) for m in _PLATE.finditer(text))
    for match in _OLD_PLATE.finditer(text):
        near = _CAR.search(text, max(0, match.start() - 25), match.start())
        if near and any(c.isalpha() for c in match.group()):
            yield _found(match, Kind.VEHICLE, 0)


def _found(match: re.Match[str], kind: Kind, group: int) -> Found:
    start, end = match.span(group)
    while text_end_is_loose(match.string, end) and end > start + 1:
        end -= 1
    return Found(Span(start, end), kind)


def text_end_is_loose(text: str, end: int) -> bool:
    """Return whether the character before ``end`` is no part of a number."""
    return not (text[end - 1].isalnum() or text[end - 1] == ")")
