"""Dated headings of case notes: the day, the time, the author and the author's role, where they are stated.

Nothing is guessed: a date needs a day, a month and a year, days stand before months, and an author is
taken for one only by initials before a surname, or by a job title behind the name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAY: Final = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_DATE: Final = re.compile(
    rf"{_WEEKDAY}(?:"
    r"(?P<iso_year>(?:19|20)\d\d)-(?P<iso_month>\d\d)-(?P<iso_day>\d\d)"
    r"|(?P<day>\d{1,2})(?P<mark>[/.\-])(?P<month>\d{1,2})(?P=mark)(?P<year>(?:19|20)?\d\d)"
    rf"|(?P<said_day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[\s\-]+(?P<said_month>{_MONTH})\.?,?[\s\-]+"
    r"(?P<said_year>(?:19|20)\d\d|'?\d\d)"
    r")(?![\w/]|[.\-]\d)",
    re.IGNORECASE,
)
_EARLIER_DAYS: Final = re.compile(
    rf"(?:\d{{1,2}}(?:/\d{{1,2}}|(?:st|nd|rd|th)?\s+{_MONTH})?\s*(?:,|&|\band\b|\+|\bto\b|[–-])\s*)+",
    re.IGNORECASE,
)
"""Days before the one that names the year, as in ``13/03, 20/03, 03/04/2025`` and ``25 to 27 April 2025``."""
_ENDING: Final = re.compile(
    rf"(?P<title>[A-Z][^.:;!?\d]{{2,60}}?)\s*(?:,|\s[–—-])\s+(?={_DATE.pattern}\s*$)", re.IGNORECASE
)
"""A short heading that ends in its date, as in ``Follow up, 28 August 2025``."""
_TO_COME: Final = re.compile(
    r"\b(?:due|next|until|by|deadline|born|birth|target|closed?|expir\w*|since|from|before|after|on|of|in)\b",
    re.IGNORECASE,
)
_TIME: Final = re.compile(
    r"[\s,;|–-]*(?:at\s+|@\s*)?(?:(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)\s*(?P<half>[ap]\.?m\.?)?"
    r"|(?P<bare>1[0-2]|[1-9])\s*(?P<bare_half>[ap]\.?m\.?)"
    r"|(?P<clock>(?:[01]\d|2[0-3])[0-5]\d)\s*h(?:ou)?rs?)(?:\s*h(?:ou)?rs?)?(?![\w/]|\.\d)",
    re.IGNORECASE,
)
_ACTIVITY: Final = re.compile(
    r"(?:t/?c|h/?v|home visit|visit|phone call|telephone call|call|e-?mail|case note|contact|entry|note|"
    r"meeting|joint visit)s?\s*(?:on\b|of\b|[:–-])?\s*(?=(?:[a-z]{3,9}\.?,?\s+)?\d)",
    re.IGNORECASE,
)
"""What may stand before the date of an entry: what was done."""
_LABEL: Final = re.compile(
    r"(?:dates?(?: of (?:visit|contact|assessment|review|plan|letter|meeting|enquiry|report|audit)|"
    r" completed| written| held| seen| opened)?|dated|(?:assessment|visit|contact|meeting|letter) date|"
    r"(?:review|assessment|visit|meeting|enquiry|conversation) (?:held|completed|done|opened)|opened|held|"
    r"seen(?: on)?|visited(?: on)?)\s*[:\t]\s*",
    re.IGNORECASE,
)
"""Not "Review date" or "Review due", which are as often of a review to come."""
_INITIALS: Final = r"(?:[A-Z]\.?[ -]?){1,3}\s*[A-Z](?:['’][A-Z])?[^\W\d_]+(?:[-'’ ][A-Z][^\W\d_]+)*"
_FULL: Final = r"[A-Z][^\W\d_]+(?:[-'’ ]+[A-Z][^\W\d_]*){1,3}"
_JOB: Final = re.compile(
    r"\b(?:s?sw|ssw|ot|asye|amhp|pa|dn|cpn|bia|duty|worker|social|officer|manager|nurse|therapist|"
    r"practitioner|advis[eo]r|co-?ordinator|assistant|lead|assessor|broker|psychologist|occupational|"
    r"reviewing|enquiry|advocate|physio|doctor|gp|team)\b",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(rf"(?P<name>{_INITIALS}|{_FULL})(?:\s*[,/]\s*(?P<job>[^,;:()|]{{2,40}}))?\.?")
_COLON: Final = re.compile(r"(?P<who>[^:;|()]{2,70}):\s*(?P<rest>.*)", re.DOTALL)
_BRACKETS: Final = re.compile(
    r"(?P<rest>.*?)\s*[(\[](?P<who>[^()\[\]]{2,70})[)\]]\s*(?P<after>.*)", re.DOTALL
)
_PIECES: Final = re.compile(r"\s*\|\s*|\s+[–—-]\s+")
_BY: Final = re.compile(r"(?P<rest>.+?)\s+by\s+(?P<who>[^():;|]{3,70})")
_BARE: Final = re.compile(r"(?!(?:TC|HV|MDT|MCA|CHC|POC|DST|NB|RE|ADL|BIM|CMHT|NFA)\b)[A-Z]{2,3}")
"""Initials alone, such as ``JL``, that are no usual abbreviation."""
_SENTENCES: Final = re.compile(r"(?<!\b[A-Z])[.!?][\"'”’]?\s+\S")
_TITLE: Final = 90
"""Characters of a heading that may be a title; a longer line is an entry with its text on the same line."""
_FIRST_YEAR: Final = 1970


@dataclass(frozen=True, slots=True)
class Heading:
    """What a dated line states."""

    date: str
    """``YYYY-MM-DD``."""
    end: int
    """Where the heading ends within the line: the whole line unless the entry's text follows on it."""
    until: str | None = None
    time: str | None = None
    """``HH:MM``."""
    title: str = ""
    author: str | None = None
    author_role: str | None = None
    labelled: bool = False
    """Whether a label such as ``Date:`` gives it."""


def read_heading(line: str) -> Heading | None:
    """Return what a line states as a dated heading of a record; None when it is none.

    Parameters
    ----------
    line
        One line, without its end.
    """
    start = len(line) - len(line.lstrip(" \t*•#-–—[("))
    if label := _LABEL.match(line, start):
        days = _days(line, label.end())
        return None if days is None else Heading(days[0], len(line.rstrip()), until=days[1], labelled=True)
    if activity := _ACTIVITY.match(line, start):
        return _dated(line, start, activity.end())
    ending = _ENDING.match(line, start)
    if ending and not _TO_COME.search(ending["title"]):
        found = _DATE.match(line, ending.end())
        day = _day(found) if found else None
        if found and day:
            return Heading(day, found.end(), title=ending["title"])
    return _dated(line, start, start)


def stated_date(text: str) -> str | None:
    """Return the date a cell or label states at its beginning, ``YYYY-MM-DD``; None when it states none."""
    found = _DATE.match(text.strip())
    return _day(found) if found else None


def _dated(line: str, start: int, place: int) -> Heading | None:
    days = _days(line, place)
    if days is None:
        return None
    time, after = _time(line, days[2])
    rest = line[after:].rstrip()
    offset = len(rest) - len(rest.lstrip(" \t,;:|.–—-])"))
    before = line[start:place].strip(" :-–")
    title, author, role, length = _said(rest[offset:], before)
    end = len(line.rstrip()) if length is None else after + offset + length
    return Heading(days[0], max(end, days[2]), days[1], time, title, author, role)


def _days(line: str, place: int) -> tuple[str, str | None, int] | None:
    """Return (first day, last day when there are several, where they end); None when none is stated."""
    found, earlier = _DATE.match(line, place), None
    if found is None:
        earlier = _EARLIER_DAYS.match(line, place)
        found = _DATE.match(line, earlier.end()) if earlier else None
    last = _day(found) if found else None
    if found is None or last is None:
        return None
    first = _first_of(earlier[0], last) if earlier else last
    return None if first is None else (first, last if last != first else None, found.end())


def _first_of(days: str, last: str) -> str | None:
    """Return the first of several days of which only the last names the year."""
    day, figures, name = re.findall(r"^(\d{1,2})(?:/(\d{1,2})|(?:st|nd|rd|th)?\s+([a-z]{3}))?", days.lower())[
        0
    ]
    number = int(figures) if figures else _MONTHS.index(name) + 1 if name in _MONTHS else int(last[5:7])
    for year in (int(last[:4]), int(last[:4]) - 1):
        found = _made(year, number, int(day))
        if found is None or found <= last:
            return found
    return None


def _day(found: re.Match[str]) -> str | None:
    p = found.groupdict()
    if p["iso_year"]:
        return _made(int(p["iso_year"]), int(p["iso_month"]), int(p["iso_day"]))
    if p["said_day"]:
        month = _MONTHS.index(p["said_month"][:3].lower()) + 1
        return _made(_full_year(p["said_year"].lstrip("'")), month, int(p["said_day"]))
    return _made(_full_year(p["year"]), int(p["month"]), int(p["day"]))


def _full_year(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)


def _made(year: int, month: int, day: int) -> str | None:
    try:
        made = date(year, month, day)
    except ValueError:
        return None
    return made.isoformat() if year >= _FIRST_YEAR else None


def _time(line: str, place: int) -> tuple[str | None, int]:
    found = _TIME.match(line, place)
    if found is None:
        return None, place
    p = found.groupdict()
    if p["clock"]:
        return f"{p['clock'][:2]}:{p['clock'][2:]}", found.end()
    hour, half = int(p["hour"] or p["bare"]), (p["half"] or p["bare_half"] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return f"{hour:02}:{p['minute'] or '00'}", found.end()


def _said(rest: str, before: str) -> tuple[str, str | None, str | None, int | None]:
    """Return title, author, role, and how long the heading is; None for all of it."""
    colon = _COLON.match(rest)
    who = _who(colon["who"]) if colon else None
    if colon and who:
        title, length = _short(colon["rest"])
        return _joined(before, title), *who, None if length is None else colon.start("rest") + length
    brackets = _BRACKETS.match(rest) if len(rest) <= 2 * _TITLE else None
    who = _who(brackets["who"]) if brackets else None
    if brackets and who and len(brackets["rest"]) <= _TITLE:
        longer = brackets["after"].strip(" .:-–")
        return (
            _joined(before, brackets["rest"].rstrip(" -–")),
            *who,
            brackets.start("after") if longer else None,
        )
    pieces = _PIECES.split(rest)
    for place, piece in enumerate(pieces[:3]):
        who = _who(piece)
        if who and len(rest) <= 2 * _TITLE:
            return _joined(before, " - ".join(pieces[:place] + pieces[place + 1 :])), *who, None
    title, length = _short(rest)
    by = _BY.fullmatch(title)
    who = _who(by["who"]) if by else None
    if by and who:
        return _joined(before, by["rest"]), *who, length
    return _joined(before, title), None, None, length


def _short(rest: str) -> tuple[str, int | None]:
    """Return a title that fills the line; of a line with sentences none, and no length of heading."""
    said = rest.strip()
    if len(said) > _TITLE or _SENTENCES.search(said) or said.endswith((".", "!", "?")):
        return "", 0
    return said, None


def _joined(before: str, title: str) -> str:
    return f"{before} {title}".strip()


def _who(words: str) -> tuple[str, str | None] | None:
    """Return (name, job title or None) when the words are a person's name as records give it."""
    if _BARE.fullmatch(words.strip()) and not _JOB.search(words):
        return words.strip(), None
    found = _NAMED.fullmatch(words.strip())
    if found is None:
        return None
    job = found["job"].strip() if found["job"] else None
    if job is not None and not _JOB.search(job):
        return None
    if job is None and not re.fullmatch(_INITIALS, found["name"]):
        return None
    return found["name"].strip(), job


def named(words: str) -> tuple[str, str | None] | None:
    """Return (name, job title or None) of a line that a label says is a person; None when it is too long."""
    said = words.strip()
    name, _, job = said.partition(",")
    return (name.strip(), job.strip() or None) if said and len(said) <= _TITLE else None


def is_job(words: str) -> bool:
    """Return whether words hold a job title of social care or health."""
    return bool(_JOB.search(words))
