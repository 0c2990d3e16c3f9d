"""E-mail and web addresses, names on social networks, dates of birth and great ages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from evidence_mapper.domain.passage import Span
from evidence_mapper.redact.base import Found, Kind

_EMAIL: Final = re.compile(
    r"[\w.+'-]+ ?(?:@|\(at\)|\[at\]) ?(?:[\w-]+\.)+[A-Za-z]{2,}|[\w.+-]+@[\w-]+\b"
    r"|\b[\w.+-]+ at [\w-]+(?: dot [a-z]{2,}){1,3}\b"
)
_URL: Final = re.compile(
    r"\bhttps?://[^\s<>\"')\]]+|\bwww\.[^\s<>\"')\]]+|"
    r"\b(?:[\w-]+\.)+(?:com|co\.uk|org|org\.uk|net|gov\.uk|nhs\.uk|me|example)"
    r"(?:/[^\s<>\"')\]]*)?",
    re.IGNORECASE,
)
_HANDLE: Final = re.compile(r"(?<![\w@.])@[A-Za-z_][\w.]{2,}\w")
_NETWORK: Final = re.compile(
    r"\b(?:facebook|fb|insta(?:gram)?|twitter|tik ?tok|"
    r"snap(?:chat)?|telegram|whats ?app|linkedin|you ?tube|messenger|"
    r"skype|discord|x)\b(?: (?:account|handle|profile|username|"
    r"user ?name|name|page|id|as|is|called|under|under the name))*\W{1,3}"
    r"(@?[A-Za-z]+[\w.]*[\d_.][\w.]*\w)"
    r"|\b(?:user ?name|handle|screen ?name)(?: \w+){0,4}?:? (@?[A-Za-z]+[\w.]*[\d_.][\w.]*\w)",
    re.IGNORECASE,
)

_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|"
    r"june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_DAY: Final = (
    r"(?:\d{1,2}(?:st|nd|rd|th)?|(?:(?:twenty|thirty)[- ])?(?:first|second|third|fourth|fifth|sixth|seventh|"
    r"eighth|ninth)|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|"
    r"nineteenth|twentieth|thirtieth)"
)
_FULL: Final = (
    rf"(?:\d{{1,2}} ?[/.\\_-] ?(?:\d{{1,2}}|[ivxIVX]{{1,4}}) ?[/.\\_-] ?['’]?(?:\d{{4}}|\d{{2}})"
    rf"|\d{{4}}[-/.]\d{{2}}[-/.]\d{{2}}|\d{{1,2}} \d{{1,2}} (?:19|20)?\d{{2}}|(?:0[1-9]|[12]\d|"
    rf"3[01])(?:0[1-9]|1[0-2])(?:19|20)\d{{2}}"
    rf"|{_DAY}(?: of)?,?[ ./-]{{0,2}}{_MONTH}\.?,?[ ./-]{{0,2}}['’]?\d{{2,4}}|"
    rf"{_MONTH}\.? {_DAY},? ?['’]?\d{{2,4}})"
)
_PART: Final = rf"(?:{_DAY}(?: of)? {_MONTH}|{_MONTH} {_DAY}(?!\d)|{_MONTH},? \d{{4}}|(?:18|19|20)\d{{2}})"
_BIRTH: Final = re.compile(
    rf"\b(?:d ?[./]? ?o ?[./]? ?b\.?|d\.? of b\.?|date ?of ?birth|d of birth|birth ?date|birth ?day|"
    rf"birthday|b'?day|"
    rf"bday|born|year of birth|yob|b\.(?= ?\d))s?"
    rf"(?:\W{{0,6}}(?:is|was|on|in|the|of|not|system|christmas day|given as|given|recorded as|recorded|"
    rf"should be|shown as|states|says|said to be|listed as|confirmed as|confirmed|changed to|corrected to|"
    rf"still|"
    rf"about|around|approx|circa|at "
    rf"home|year)\b){{0,3}}[^\w\n]{{0,12}}\n?[^\w\n]{{0,4}}({_FULL}\b|{_PART}\b)",
    re.IGNORECASE,
)
_BIRTH_FAR: Final = re.compile(
    rf"\b(?:d\.?o\.?b\.?|date of birth|born|birthday|birth certificate)\b[^.\n]{{1,40}}?\b({_FULL})\b",
    re.IGNORECASE,
)
_OR: Final = re.compile(
    rf"[,;]? ?(?:and|or|not|&|/|also|then)\b[^\w\n]{{0,3}}(?:the )?({_FULL}\b|{_DAY}(?: of)? {_MONTH}\b)",
    re.IGNORECASE,
)
_BIRTHDAY: Final = re.compile(
    (
        rf"\b(?:(?:will be|turn(?:s|ed|ing)?|am|is|be) )?(?:(?<![/.-])\d{{2}}|eighteen|sixteen|seventeen|"
        rf"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-[a-z]+)?) (?:on|in) "
        rf"(?:the )?({_FULL}\b|{_DAY}(?: of)? {_MONTH}\b)"
    ),
    re.IGNORECASE,
)
_BIRTH_AFTER: Final = re.compile(
    (
        rf"({_FULL})\W{{1,3}}(?:\(?d\.?o\.?b\.?\b|date of birth|is "
        rf"(?:his|her|their) (?:date of birth|birthday|dob))"
    ),
    re.IGNORECASE,
)
_BESIDE_A_NAME: Final = re.compile(
    r"(?<=[A-Za-z])(?:,? ?\(|, )(\d{1,2}[/.-]\d{1,2}[/.-](?:19[0-9]{2}|200[0-9]))(?=\)|,|;| NHS| \()",
    re.IGNORECASE,
)
_KNOWN_UNDER: Final = re.compile(
    rf"\b(?:known|found|listed|registered|recorded|held|on (?:the )?system|"
    rf"searched?) (?:\w+ ){{0,3}}?under ({_FULL})\b"
    rf"|\b(?:gives?|gave|giving) (?:the |his |her |their )?(?:year|date)(?: of birth)? (?:as |"
    rf"of )?({_FULL}|(?:18|19|20)\d{{2}})\b",
    re.IGNORECASE,
)
"""A date by which somebody is looked up."""
_PERSON_LINE: Final = re.compile(
    r"\b(?:Mrs|Mr|Ms|Miss|"
    r"Mx)\.? [A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*,? (\d{1,2}[/.-]\d{1,2}[/.-](?:19[0-6]\d|[2-6]\d))\b"
)
_AGE: Final = re.compile(
    r"\b(?:aged?|turn(?:s|ed|ing)|(?:s?he|mum|mother|dad|father|"
    r"who|nan|i|they)(?: is| was|'s|'m| am)(?: now| nearly| almost)?)[ :\t]+(9\d|"
    r"1[01]\d)\b(?![\d%/:.,-]?\d| ?(?:%|per ?cent|minutes|min|days|weeks"
    r"|hours|hrs|miles|metres|cm|kg|mg|degrees|pounds))|\b(9\d|"
    r"1[01]\d)[- ]?(?:years?[- ]?olds?|yrs?[- ]?olds?|y/?o\b|yrs? old|years of age)",
    re.IGNORECASE,
)
_AGE_LETTERS: Final = re.compile(
    (
        r"\b(9\d|10\d)(?:[ -]?(?:yo|yr|yrs|y)\b\.?|[FM]\b)|\b(?:am|is|"
        r"aged) (9\d|10\d) (?:years|today|now)\b|(?<=[a-z]) \((9\d|10\d)\)|(?<=[a-z]), (9\d|"
        r"10\d),"
    ),
    re.IGNORECASE,
)
_NOT_UNITS: Final = (
    r"(?![\d/:.,-]?\d| ?(?:%|per ?cent|minutes?|mins?|days?|weeks?|months?|hours?|hrs?|miles?|metres?|"
    r"yards?|cms?|"
    r"kgs?|mgs?|mls?|g\b|degrees|pounds|pence|steps?|calls?|units?|pages?|cases?|people|beds?|\w+ (?:road|"
    r"street|"
    r"lane|avenue|close|drive)))"
)
_AGE_SAID: Final = re.compile(
    rf"\b(?:s?he|shes|hes|who|mum|dad|i'?m|(?:will|to|would|must|may) be|is|was|am|turn(?:s|ed|ing)?|now|"
    rf"nearly|almost|"
    rf"reached|reaching|approaching|over|age[d:]*|well|birthday[:,]?)[ :](?:is |was )?(?:now |nearly |"
    rf"almost |over |about )?"
    rf"(9\d|1[01]\d){_NOT_UNITS}(?=[,.;)!?]|$| (?:and|&|who|in|on|with|but|now|today|years?|yrs?|next|"
    rf"this|lives?|living|"
    rf"confirmed|tomorrow|soon))"
    rf"|\b[A-Z][\w'’-]+ (9\d|10\d) (?:today|tomorrow|next|this|now)\b",
    re.IGNORECASE,
)
_NINETIES: Final = (
    r"(?:ninety(?:[- ]?(?:one|two|three|four|five|six|seven|eight|nine))?|(?:a|one) hundred(?: and \w+)?)"
)
_AGE_WORDS: Final = re.compile(
    rf"\b(?:aged?|turn(?:s|ed|ing)?|s?he(?:'s| is| was)|i'?m|i am|who is|will be|is|was|nearly|almost|"
    rf"over|now) ({_NINETIES})"
    rf"(?=[,.;)!?]|$| (?:and|who|years?|next|this|in|on|now|today|but|with|"
    rf"lives))(?! (?:and )?\w+ (?:pounds|per))"
    rf"|\b({_NINETIES})[- ]years?(?: |-)(?:old|of age)|[a-z], (ninety[- ]\w+)(?=[,.;])",
    re.IGNORECASE,
)


def find_contacts(text: str) -> Iterator[Found]:
    """Yield e-mail and web addresses and names on social networks; they may overlap."""
    for pattern, kind in ((_EMAIL, Kind.EMAIL), (_URL, Kind.ONLINE), (_HANDLE, Kind.ONLINE)):
        for match in pattern.finditer(text):
            yield Found(_without_stop(text, *match.span()), kind)
    for match in _NETWORK.finditer(text):
        yield Found(_without_stop(text, *match.span(1 if match.group(1) else 2)), Kind.ONLINE)


def find_births(text: str) -> Iterator[Found]:
    """Yield dates of birth, told by the words beside them, and ages of 90 and more."""
    for pattern in (_BIRTH, _BIRTH_FAR, _BIRTHDAY, _BIRTH_AFTER, _BESIDE_A_NAME, _KNOWN_UNDER, _PERSON_LINE):
        for match in pattern.finditer(text):
            group = next(i for i in range(1, pattern.groups + 1) if match.group(i))
            yield Found(Span(*match.span(group)), Kind.DATE_OF_BIRTH)
            yield from _others(text, match.end(group))
    for pattern in (_AGE, _AGE_LETTERS, _AGE_SAID, _AGE_WORDS):
        for match in pattern.finditer(text):
            group = next(i for i in range(1, pattern.groups + 1) if match.group(i))
            yield Found(Span(*match.span(group)), Kind.AGE)


def _others(text: str, start: int) -> Iterator[Found]:
    """Yield dates put beside a date of birth: "1.2.48 or 2.1.48"."""
    while match := _OR.match(text, start):
        yield Found(Span(*match.span(1)), Kind.DATE_OF_BIRTH)
        start = match.end(1)


def _without_stop(text: str, start: int, end: int) -> Span:
    while end > start + 1 and text[end - 1] in ".,;:!?'":
        end -= 1
    return Span(start, end)
