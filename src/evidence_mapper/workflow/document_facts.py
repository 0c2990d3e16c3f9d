"""What is known of a document beside its text: when it is from, who wrote it, what kind of paper it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from evidence_mapper.domain.document import BlockKind, ExtractedDocument
from evidence_mapper.workflow.document_date import document_dates
from evidence_mapper.workflow.source_type import SourceGuess

DATE: Final = "date"
"""``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``: the date that is shown."""
DATE_SOURCE: Final = "date_source"
"""``message``, ``text``, ``file name`` or ``properties``."""
DATE_WHY: Final = "date_why"
OTHER_DATES: Final = "other_dates"
TEAM: Final = "author_team"
PROBABILITY: Final = "source_type_probability"
"""Of the guess, "0.00" to "1.00"."""
CONTAINER: Final = "container"
"""Name of the archive or message a document came in."""
INSIDE: Final = "inside"
"""Its path from the file on disk."""

_TEAM: Final = re.compile(
    r"^(?:report of|report by|author(?:\(s\)|s)?|prepared by|written by|produced by|"
    r"(?:policy |document |lead )?owner|"
    r"lead officer|responsible (?:team|officer)|service(?: area)?|team|directorate|department)\s*[:–-]?\s+"
    r"(?P<who>[A-Z][^\n.;|]{3,90})",
    re.IGNORECASE,
)
_TEAM_WORDS: Final = re.compile(
    r"\b(?:team|service|services|directorate|department|division|commissioning|board|partnership|unit|group|"
    r"director|head of|social care|council|hub|committee|cabinet member)\b",
    re.IGNORECASE,
)
_LINES: Final = 30
_OTHERS: Final = 4


def document_facts(name: str, document: ExtractedDocument, guessed: SourceGuess) -> list[tuple[str, str]]:
    """Return the facts that are derived from a reading, as pairs to store.

    Parameters
    ----------
    name
        Path of the document.
    document
        What was read.
    guessed
        The source type that was guessed.
    """
    facts = []
    dates = document_dates(name, document)
    if dates:
        facts += [(DATE, dates[0].value), (DATE_SOURCE, dates[0].source), (DATE_WHY, dates[0].why)]
    if dates[1:]:
        others = (f"{d.value} ({d.source}: {d.why})" for d in dates[1 : _OTHERS + 1])
        facts.append((OTHER_DATES, "; ".join(others)))
    team = author_team(document)
    if team:
        facts.append((TEAM, team))
    facts.append((PROBABILITY, f"{guessed.probability:.2f}"))
    return facts


def author_team(document: ExtractedDocument) -> str | None:
    """Return the team, service or officer that the document's opening names as its author; None for none."""
    for line in _opening(document):
        match = _TEAM.match(line)
        if match and _TEAM_WORDS.search(match["who"]):
            return match["who"].strip(" ,:–-")
    return None


def shown_date(facts: Mapping[str, str] | Sequence[tuple[str, str]]) -> str:
    """Return the date of a document for a person, empty when none was found."""
    return dict(facts).get(DATE, "")


def _opening(document: ExtractedDocument) -> Iterator[str]:
    count = 0
    for block in document.blocks:
        if block.kind in (BlockKind.COMMENT, BlockKind.TURN):
            continue
        for line in block.text.split("\n"):
            yield from (piece.strip() for piece in line.split("; "))
            count += 1
        if count > _LINES:
            return
