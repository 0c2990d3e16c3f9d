"""Entries of a record: which day, and whose hand, each stretch of its text is from."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from evidence_mapper.domain.case import Entry
from evidence_mapper.domain.passage import Span
from evidence_mapper.workflow.case_dates import named, read_heading

_LINE: Final = re.compile(r"[^\n]+")
_AUTHOR: Final = re.compile(
    r"\s*(?:worker|author|written by|completed by|assessor|assessed by|reviewed by|reviewer|recorded by|"
    r"from|signed|social worker|(?:enquiry|reviewing|review|duty) officer)"
    r"(?:\s*:\s*|\t+|\s{2,})(?P<who>\S.*)",
    re.IGNORECASE,
)
HEAD: Final = 25
"""Lines from the start that may hold labels such as ``Worker:``."""


def entries(text: str) -> tuple[Entry, ...]:
    """Return the dated headings of a revision's text, in order; empty when none states a date.

    The date of a label such as ``Date:`` counts for the whole document, so only in its first lines.
    """
    lines = list(_LINE.finditer(text))
    author = _author(line[0] for line in lines[:HEAD])
    found: list[Entry] = []
    for place, line in enumerate(lines):
        heading = read_heading(line[0])
        if heading is None or (heading.labelled and (place >= HEAD or any(e.of_document for e in found))):
            continue
        who = (heading.author, heading.author_role) if heading.author else (author or (None, None))
        first = line.start() + len(line[0]) - len(line[0].lstrip())
        found.append(
            Entry(
                span=Span(first, line.start() + heading.end),
                date=heading.date,
                until=heading.until,
                time=heading.time,
                title=lines[0][0].strip() if heading.labelled else heading.title,
                author=who[0],
                author_role=who[1],
                of_document=heading.labelled,
            )
        )
    return tuple(found)


def entries_of(found: Sequence[Entry], span: Span) -> tuple[Entry, ...]:
    """Return the entries a span lies in: the nearest above its start, and those that begin within it.

    Parameters
    ----------
    found
        From :func:`entries`.
    span
        In the same text.

    Returns
    -------
    tuple
        In order; empty when no dated heading stands above the span or in it: then no date is stated.
    """
    starts = [e.span.start for e in found]
    first = max(0, bisect_right(starts, span.start) - 1)
    return tuple(e for e in found[first:] if e.span.start < span.end)


def body(text: str, found: Sequence[Entry], place: int) -> Span | None:
    """Return what an entry says: from its heading's end to the next heading; None when it says nothing."""
    start = found[place].span.end
    end = found[place + 1].span.start if place + 1 < len(found) else len(text)
    said = text[start:end]
    first = start + len(said) - len(said.lstrip(" \t\r\n:.-–=|"))
    last = start + len(said.rstrip())
    return Span(first, last) if first < last else None


def author_of(text: str) -> tuple[str, str | None] | None:
    """Return (name, job title or None) that ``Worker:``, ``From:`` or the like gives in the first lines."""
    return _author(line[0] for line in list(_LINE.finditer(text))[:HEAD])


def _author(lines: Iterator[str]) -> tuple[str, str | None] | None:
    for line in lines:
        found = _AUTHOR.fullmatch(line)
        if found:
            return named(found["who"])
    return None
