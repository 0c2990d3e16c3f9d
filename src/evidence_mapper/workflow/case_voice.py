"""Whose words a passage of a record holds: quoted speech, reported speech, the writer's own, the worker's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from evidence_mapper.domain.case import Role
from evidence_mapper.domain.document import SourceType
from evidence_mapper.domain.passage import Span
from evidence_mapper.workflow.case_dates import is_job
from evidence_mapper.workflow.case_entries import author_of
from evidence_mapper.workflow.case_file import CaseDocument

_QUOTED: Final = re.compile(
    r"“(?P<double>[^“”\n]+)”"
    r'|(?<![\w"])"(?P<straight>[^"\n]+)"(?!\w)'
    r"|(?<![\w‘])‘(?P<single>[^‘\n]+?)’(?!\w)"
    r"|(?<![\w'’])'(?P<plain>[^\W\d_][^\n\"]{0,400}?[\w.,!?…])'(?!\w)"
)
# Straight single marks are apostrophes too: a bound keeps a text full of them from taking for ever.
_FEWEST: Final = 2
"""Words in quotation marks below which they mark a term, not speech."""
_SAYS: Final = (
    r"(?:says?|said|tells?|told|feels?|felt|wants?|wanted|would (?:like|love|prefer|rather)|asks?|"
    r"asked|wishe[sd]|"
    r"thinks?|thought|prefers?|preferred|hopes?|hoped|worries|worried|(?:does|did|do)(?: not|n['’]t) want|"
    r"explained|described|reports?|reported|states?|stated|enjoys?|misses)"
)
_REPORTED: Final = re.compile(
    rf"(?:\b(?i:she|he|they)|\b(?:Mrs?|Ms|Miss|Dr)\.?\s+[A-Z][^\W\d_]*|\b[A-Z][^\W\d_]+|\b[A-Z]\.)\s+"
    rf"(?:also\s+|still\s+|now\s+)?{_SAYS}\b[^.!?\n]*"
    r"|(?:^|(?<=[.!?]\s)|(?<=\n))(?:Says|Said|Wants|Would like|Feels|Asked (?:for|that|if|to)|Does not want|"
    r"Prefers|Hopes|Tells me|Told me)\b[^.!?\n]*",
)
_WORKERS: Final = re.compile(
    r"^(?:I|We|Staff|GP|OT|Ward|Agency|Provider|Brokerage|Manager|Nurse|Panel|Council|Team)\b", re.IGNORECASE
)
"""Who reports but is not the person: their "said" is the record's own."""
_BEFORE: Final = re.compile(
    r"(?P<who>[A-Z][\w'’-]*(?:\s+[A-Z][\w'’-]*){0,2})(?:,[^.:\n]{0,40})?"
    r"(?::|,?\s+(?:says?|said|told (?:me|us)|tells (?:me|us)|wrote|replied|added)[,:]?)\s*$"
)
_AFTER: Final = re.compile(
    r"^,?\s*(?:(?:says?|said|replied|added)\s+)(?P<who>(?:(?:her|his|the)\s+)?[\w'’-]+(?:\s+[A-Z][\w'’-]*)?)"
)
_NOBODY: Final = re.compile(
    r"(?:s?he|they|i|we|it|says?|said|tells?|told|asked|quote|note|outcome|view|views|feedback)\b",
    re.IGNORECASE,
)
"""What may stand before a colon or a verb of saying without naming anybody."""
_OWN_TITLE: Final = re.compile(
    r"^(?:my (?:story|life|words|views?|plan)|about me|what (?:matters|i want)|all about me)\b", re.IGNORECASE
)
_OFFICE: Final = re.compile(
    r"\b(?:council|department|services?|team|office|hub|ltd|limited|trust|agency|nhs|surgery|housing)\b",
    re.IGNORECASE,
)
_OWN_SOURCES: Final = frozenset({SourceType.SURVEY_COMMENT, SourceType.COMPLAINT})
_BESIDE: Final = 3
"""Words beside quotations from which a passage has the worker's words too."""


class Voice(StrEnum):
    """Whose words."""

    QUOTED = "quoted speech"
    """Words in quotation marks."""
    OWN_DOCUMENT = "own document"
    """A letter, comment or page written by the person or somebody close to them."""
    REPORTED = "reported speech"
    """What the worker writes that somebody said or wants."""
    WORKER = "worker's words"


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in quotation marks."""

    span: Span
    """Of the words without their marks, in the text given."""
    speaker: str | None = None
    """As named right before or after; None when nobody is."""


@dataclass(frozen=True, slots=True)
class Voices:
    """What a passage holds of each voice."""

    quotations: tuple[Quotation, ...] = ()
    reported: tuple[Span, ...] = ()
    """Clauses that tell what somebody said or wants; none overlaps a quotation."""
    writer: str | None = None
    """Who wrote the document, where it is one's own: as stated, empty when not; None for a worker's."""
    worker: bool = True
    """Whether there are words of the worker's beside the quotations."""

    @property
    def kinds(self) -> tuple[Voice, ...]:
        """Return the voices, the person's nearest first."""
        if self.writer is not None:
            return (Voice.OWN_DOCUMENT,)
        found = [Voice.QUOTED] if self.quotations else []
        found += [Voice.REPORTED] if self.reported else []
        return tuple(found + ([Voice.WORKER] if self.worker or not found else []))

    @property
    def is_own(self) -> bool:
        """Return whether somebody's own words stand there, not only what a worker wrote of them."""
        return bool(self.quotations) or self.writer is not None


def voices(text: str, writer: str | None = None) -> Voices:
    """Return whose words a passage holds.

    Parameters
    ----------
    text
        The passage.
    writer
        From :func:`own_writer`, for the passage's document.
    """
    quoted = quotations(text)
    outside = _without(text, [q.span for q in quoted])
    reported = tuple(_reported(text, quoted))
    return Voices(quoted, reported, writer, len(re.findall(r"\w+", outside)) >= _BESIDE)


def _reported(text: str, quoted: tuple[Quotation, ...]) -> Iterator[Span]:
    """Yield the clauses that report, each up to the next quotation."""
    for match in _REPORTED.finditer(text):
        inside = any(q.span.start <= match.start() < q.span.end for q in quoted)
        if not inside and not _WORKERS.match(match[0]):
            # A quotation's mark stands one character before its words.
            later = [q.span.start - 1 for q in quoted if match.start() < q.span.start <= match.end()]
            yield Span(match.start(), min([match.end(), *later]))


def quotations(text: str) -> tuple[Quotation, ...]:
    """Return the words in quotation marks, in order; a term of one word is no speech."""
    found = []
    for match in _QUOTED.finditer(text):
        name = match.lastgroup
        assert name is not None
        start, end = match.span(name)
        if len(text[start:end].split()) >= _FEWEST:
            found.append(Quotation(Span(start, end), _speaker(text, match.start(), match.end())))
    return tuple(found)


def own_writer(document: CaseDocument) -> str | None:
    """Return who wrote a document that is the person's, or a relative's, own; None for a worker's.

    A letter counts when it names its sender and the sender has no job title and is no office; so do
    survey comments, complaints and pages such as "About me". Empty when the writer is not named.
    """
    stated = author_of(document.text)
    if document.document.source_type in _OWN_SOURCES and not document.text:
        return ""
    first = document.text.lstrip()[:100]
    if _OWN_TITLE.match(first):
        return stated[0] if stated else ""
    if document.role is not Role.LETTER or stated is None:
        return None
    name, job = stated
    worker = job is not None or is_job(name) or _OFFICE.search(name)
    return None if worker else name


def _speaker(text: str, start: int, end: int) -> str | None:
    before = _BEFORE.search(text[max(0, start - 80) : start])
    found = before or _AFTER.match(text[end : end + 60])
    return found["who"] if found and not _NOBODY.match(found["who"]) else None


def _without(text: str, spans: list[Span]) -> str:
    out, place = [], 0
    for span in spans:
        out.append(text[place : span.start])
        place = span.end
    return " ".join([*out, text[place:]])
