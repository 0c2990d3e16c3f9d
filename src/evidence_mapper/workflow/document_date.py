"""When a document is from: found in its words, its properties or its name, with where it was found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from evidence_mapper.domain.document import BlockKind, ExtractedDocument

_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_MONTH: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_SAID: Final = re.compile(
    rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+)?\b{_MONTH}\.?,?\s+(?P<year>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_AMERICAN: Final = re.compile(
    rf"\b{_MONTH}\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,\s*(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE
)
_ISO: Final = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)-(?P<number>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"
)
_FIGURES: Final = re.compile(
    r"(?<![\d/.])(?P<day>0?[1-9]|[12]\d|3[01])[/.]"
    r"(?P<number>0?[1-9]|1[0-2])[/.](?P<year>(?:19|20)?\d\d)(?![\d/])"
)
_NAMED: Final = (
    re.compile(
        r"(?<!\d)(?P<year>20[0-4]\d)[-_ .]?(?P<number>0[1-9]|1[0-2])[-_ .]?(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"
    ),
    re.compile(
        r"(?<!\d)(?P<day>0?[1-9]|[12]\d|3[01])[-_ .](?P<number>0?[1-9]|1[0-2])[-_ .](?P<year>20[0-4]\d)(?!\d)"
    ),
    re.compile(r"(?<!\d)(?P<year>20[0-4]\d)[-_](?P<number>0[1-9]|1[0-2])(?!\d)"),
)
_YEAR_NAMED: Final = re.compile(r"(?<!\d)(?P<year>20[0-4]\d)(?:\s*[-_/–]\s*(?:20)?(?P<to>\d\d))?(?!\d)")

_OTHER_DATE: Final = re.compile(
    r"\b(?:(?:next|due for|date of (?:next )?|planned|for)\s+)?(?:review(?:ed)?(?:\s+(?:date|by|due|on))?|"
    r"expir\w+|valid until|until|deadline|closing date|closes?|due(?: date| by)?|effective (?:to|until)|"
    r"next (?:meeting|update)|eighteen|turns? \d+|birthday|aged?|born|birth|d\.?o\.?b\.?|act of|"
    r"by (?:the )?end of|target)\b[^.;]{0,40}$",
    re.IGNORECASE,
)
"""What stands before a date that is another: of a review to come, an end, a birth."""
_LABEL: Final = re.compile(
    r"\b(?:date(?:\s+(?:of (?:issue|publication|meeting|report|approval|audit|completion|visit|contact|"
    r"assessment|document)|issued|published|approved|completed|written|created|adopted))?|dated|issued|"
    r"published|publication date|approved|adopted|last updated|updated|"
    r"meeting (?:date|of|on)|held on|sent|effective(?: from| date)?)\b"
    r"(?:\s*[:;–-]\s*|\s+(?:on\s+)?)(?:\w{3,9}day,?\s+)?$",
    re.IGNORECASE,
)
_MEETING: Final = re.compile(
    r"\b(?:report to|cabinet|committee|board|panel|council|minutes|agenda|meeting)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_VERSION: Final = re.compile(
    r"\b(?:version|revision|issue|edition|draft|final|v)\s*\d+(?:\.\d+)*\b[^.;]{0,25}$", re.IGNORECASE
)
_VERSIONED: Final = re.compile(r"\b(?:version|revision|issue|edition)\b", re.IGNORECASE)
_BLOCKS: Final = 40
"""Blocks from the start in which a document names its own date."""
_LONG: Final = 4_000
"""Characters of a block that are looked at."""
_LOOSE: Final = frozenset({BlockKind.COMMENT, BlockKind.TURN})
_WORDS: Final = 16
"""Words of a line that says little but the date."""
_LINE: Final = 4
"""Rank of a date that fills a line: of several, the latest is shown."""
_EARLIEST: Final = 1970


@dataclass(frozen=True, slots=True, order=True)
class FoundDate:
    """A date with how it is known."""

    rank: int
    """0 the best kind of source."""
    value: str
    """``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``: as exact as the source is."""
    source: str
    """``message``, ``text``, ``file name`` or ``properties``."""
    why: str
    """The words or the property that say it."""


def document_dates(name: str, document: ExtractedDocument, *, today: date | None = None) -> list[FoundDate]:
    """Return every date a document may be from, the one to show first.

    When a message was sent goes first; then a date that the text's opening labels as its own, that
    stands with a meeting or a version, or fills a line; then the file's name; then the properties,
    which say when a file was saved. Dates of reviews to come, deadlines and births are passed over,
    and so is whatever lies after ``today``.

    Parameters
    ----------
    name
        Path of the document.
    document
        What was read.
    today
        None takes the clock.
    """
    latest = (today or datetime.now(UTC).date()).isoformat()
    found = [*_of_message(document), *_of_text(document), *_of_name(name), *_of_properties(document)]
    sound = [d for d in found if d.value <= latest[: len(d.value)] and int(d.value[:4]) >= _EARLIEST]
    first: dict[tuple[str, str], FoundDate] = {}
    lines = sorted((d for d in sound if d.rank == _LINE), key=lambda d: d.value, reverse=True)
    for one in sorted([*lines, *(d for d in sound if d.rank != _LINE)], key=lambda d: d.rank):
        first.setdefault((one.value, one.source), one)
    return list(first.values())


def _of_message(document: ExtractedDocument) -> Iterator[FoundDate]:
    if document.media_type not in ("message/rfc822", "application/vnd.ms-outlook"):
        return
    written = dict(document.metadata).get("created", "")
    value: str | None
    try:
        value = parsedate_to_datetime(written).date().isoformat()
    except (TypeError, ValueError, IndexError):
        value = next((value for value, _, _ in _dates_in(written)), None)
    if value:
        yield FoundDate(0, value, "message", f"sent {written}")


def _of_text(document: ExtractedDocument) -> Iterator[FoundDate]:
    latest = list(_of_entries(document))
    yield from (entry for _, entry in latest)
    counted = {kind for kind, _ in latest}
    for place, block in enumerate(document.blocks[:_BLOCKS]):
        if block.kind in _LOOSE or (
            block.kind is BlockKind.TABLE_ROW and counted & {"dated rows", "versions"}
        ):
            continue
        for line in block.text[:_LONG].split("\n"):
            for value, start, words in _dates_in(line):
                rank = _rank(line, line[max(0, start - 90) : start], value, place)
                if rank is not None and not (rank == _LINE and "dated entries" in counted):
                    yield FoundDate(rank, value, "text", _shortened(line, start, start + len(words)))


def _of_entries(document: ExtractedDocument) -> Iterator[tuple[str, FoundDate]]:
    """Yield (kind, date) of the latest entry of a record, a table with dates or a history of versions."""
    entries: dict[str, set[str]] = {"dated entries": set(), "dated rows": set(), "versions": set()}
    for block in document.blocks:
        row = block.kind is BlockKind.TABLE_ROW
        for line in block.text[:_LONG].split("\n"):
            for value, start, _ in _dates_in(line):
                before = line[max(0, start - 90) : start]
                if len(value) < len("2025-03-01") or _OTHER_DATE.search(before):
                    continue
                if row and _LABEL.search(before):
                    entries["versions" if _VERSIONED.search(line) else "dated rows"].add(value)
                elif not row and start == 0 and block.kind not in _LOOSE:
                    entries["dated entries"].add(value)
    for kind, values in entries.items():
        if len(values) >= (2 if kind == "versions" else 3):
            rank = 2 if kind == "versions" else 5
            yield kind, FoundDate(rank, max(values), "text", f"latest of {len(values)} {kind}")


def _rank(line: str, before: str, value: str, place: int) -> int | None:
    """Return how surely a date in the text is the document's own; None when it is not."""
    words = len(line.split())
    if _OTHER_DATE.search(before):
        return None
    if _LABEL.search(before) and (words <= _WORDS or ":" in before[-12:]):
        return 1
    if _VERSION.search(before):
        return 2
    exact = len(value) == len("2025-03-01")
    if exact and _MEETING.search(before) and words <= 2 * _WORDS and place < _BLOCKS // 2:
        return 3
    if words <= _WORDS and place < _BLOCKS // 4 and not line.rstrip().endswith((".", ";")):
        return _LINE if exact or words <= _WORDS // 2 else None
    return None


def _dates_in(line: str) -> Iterator[tuple[str, int, str]]:
    """Yield (value, where it starts, its words) for each date in a line, left to right."""
    matches = [m for pattern in (_AMERICAN, _SAID, _ISO, _FIGURES) for m in pattern.finditer(line)]
    last = -1
    for match in sorted(matches, key=lambda m: (m.start(), -m.end())):
        value = _value(match)
        if value and match.start() >= last:
            last = match.end()
            yield value, match.start(), match[0]


def _value(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    year = int(parts["year"])
    if year < 100:
        year += 2000 if year < 60 else 1900
    if parts.get("month"):
        month = next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(parts["month"].lower()[:3]))
    else:
        month = int(parts["number"])
    if not parts.get("day"):
        return f"{year:04}-{month:02}"
    try:
        return date(year, month, int(parts["day"])).isoformat()
    except ValueError:
        return None


def _of_name(name: str) -> Iterator[FoundDate]:
    file = name.rpartition("/")[2]
    spaced = re.sub(r"[_\-]+", " ", file)
    for value, _, words in _dates_in(spaced):
        yield FoundDate(6, value, "file name", words)
    figures = [(day, m[0]) for pattern in _NAMED for m in pattern.finditer(file) if (day := _value(m))]
    if figures:  # the most exact pattern comes first
        yield FoundDate(6, figures[0][0], "file name", figures[0][1])
    years: Sequence[re.Match[str]] = list(_YEAR_NAMED.finditer(file))
    if len(years) == 1 and not years[0]["to"]:
        yield FoundDate(8, years[0]["year"], "file name", years[0][0])


def _of_properties(document: ExtractedDocument) -> Iterator[FoundDate]:
    if document.media_type in ("message/rfc822", "application/vnd.ms-outlook"):
        return
    facts = dict(document.metadata)
    for rank, key, says in ((7, "modified", "last saved"), (9, "created", "made")):
        match = re.match(r"(\d{4})-(\d\d)-(\d\d)", facts.get(key, ""))
        if match:
            yield FoundDate(rank, match[0], "properties", f"{says} {facts[key]}")


def _shortened(line: str, start: int, end: int) -> str:
    first, last = max(0, start - 40), min(len(line), end + 10)
    return ("… " if first else "") + line[first:last].strip() + (" …" if last < len(line) else "")
