"""A person's way through adult social care, as the record's own words tell it, with the waits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from evidence_mapper.domain.case import Entry, Role, Stage
from evidence_mapper.domain.passage import Span
from evidence_mapper.workflow.case_entries import body
from evidence_mapper.workflow.case_file import CaseDocument, CaseFile

_TITLES: Final = tuple(
    (stage, re.compile(pattern, re.IGNORECASE))
    for stage, pattern in (
        (Stage.SAFEGUARDING, r"\bsafeguarding\b|\bs(?:ection|\.)? ?42\b|\bself-neglect panel\b"),
        (Stage.FINANCIAL, r"\bfinancial assessment\b|\bfinance\b|\bcharging\b"),
        (Stage.CARERS_ASSESSMENT, r"\bcarer['’]?s?['’]? (?:\w+ )?(?:assessment|conversation)\b"),
        (Stage.MOVE, r"\bmoves?\b|\bmoved\b|\bdischarged?\b|\btransfer(?:red)?\b|\badmi(?:ssion|tted)\b"),
        (Stage.REVIEW, r"\breview\b|\breassessment\b"),
        (Stage.PLAN, r"\b(?:support|care|transition) plan(?:ning)?\b"),
        (Stage.ELIGIBILITY, r"\beligib"),
        (
            Stage.ASSESSMENT,
            r"(?<!financial )(?<!carer's )(?<!carer’s )(?<!capacity )(?<!risk )\bassessment\b",
        ),
        (Stage.CONTACT, r"\b(?:first |initial )?contact\b|\breferral\b"),
    )
)
"""What a title says; several may hold, but an assessment of money or of a carer is not one of needs."""
_HOMES: Final = (
    r"(?:an? |the |his |her |their |our )?(?:new )?(?:care|nursing|residential|supported|extra care|"
    r"sheltered|own|ground.floor|shared|respite|rehab|placement|home|flat|bungalow|hospital|ward|tenancy)\b"
)
_ELIGIBLE: Final = (
    r"\b(?:does not |not )?meets? the (?:eligibility )?(?:criteria|threshold)|\bmeet (?:the )?"
    r"(?:eligibility )?criteria|\b(?:not |in)?eligible (?:for|under|needs?)\b|"
    r"\beligibility (?:decision|met|not met|agreed|criteria)"
)
_ASSESSED: Final = r"(?:^|\bneeds |\bact |\bthe |\bmy )assessment (?:was )?(?:completed|carried out|done)\b"
_SAFEGUARDED: Final = r"\bsafeguarding (?:concern|referral|enquiry|alert)\b|\bsection 42\b|\bs\.? ?42\b"
_MOVED: Final = (
    r"\b(?<!not )discharged (?:home|to|from)\b|\b(?<!not )admitted to (?:the )?(?:hospital|ward)\b|"
    rf"\bleft (?:the )?ward\b|\bmoved (?:in|in?to) {_HOMES}"
)
_WORDS: Final = tuple(
    (stage, re.compile(pattern, re.IGNORECASE))
    for stage, pattern in (
        (Stage.ELIGIBILITY, _ELIGIBLE),
        (Stage.FINANCIAL, r"\bfinancial assessment (?:was )?(?:completed|carried out|done)\b"),
        (Stage.ASSESSMENT, _ASSESSED),
        (Stage.SAFEGUARDING, _SAFEGUARDED),
        (Stage.MOVE, _MOVED),
    )
)
"""Words in an entry's text that tell a stage whatever its title."""
_SENTENCE: Final = re.compile(r"(?:[^.!?\n]|\.(?=\d))+")
_OTHER_DAY: Final = re.compile(
    r"\b\d{1,2}/\d{1,2}\b|\b\d{1,2}\.\d{1,2}\.\d{2,4}\b|"
    r"\b\d{1,2}(?:st|nd|rd|th)? (?:of )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    re.IGNORECASE,
)
_OPENING: Final = re.compile(
    r"(?:t/?c (?:from|to)|(?:self-?)?referral|referred by|concern from|[^.!?\n]{0,40}\brang\b)[^.!?\n]*",
    re.IGNORECASE,
)
"""How the first entry of a record begins when it is a contact without saying so."""
_BY_ROLE: Final = {
    Role.CONTACT: Stage.CONTACT,
    Role.ASSESSMENT: Stage.ASSESSMENT,
    Role.CARERS_ASSESSMENT: Stage.CARERS_ASSESSMENT,
    Role.FINANCIAL: Stage.FINANCIAL,
    Role.PLAN: Stage.PLAN,
    Role.REVIEW: Stage.REVIEW,
    Role.SAFEGUARDING: Stage.SAFEGUARDING,
}
_OTHER_ASSESSMENTS: Final = frozenset({Stage.CARERS_ASSESSMENT, Stage.FINANCIAL})
MILESTONES: Final = (
    (Stage.CONTACT, Stage.ASSESSMENT),
    (Stage.ASSESSMENT, Stage.FINANCIAL),
    (Stage.ASSESSMENT, Stage.PLAN),
    (Stage.PLAN, Stage.REVIEW),
)
"""Pairs of stages between whose first dates the wait is told."""


@dataclass(frozen=True, slots=True)
class Step:
    """One dated entry."""

    date: str
    """``YYYY-MM-DD``."""
    until: str | None
    stages: tuple[Stage, ...]
    """Read from the words; empty when they tell none."""
    quotes: tuple[str, ...]
    """The words each stage was read from, verbatim, in the order of ``stages``."""
    title: str
    """Of the entry, or of the document; empty when it has none."""
    author: str | None
    author_role: str | None
    document: str
    """Name."""
    span: Span
    """Of the heading, in the revision's text."""
    wait: int | None = None
    """Days since the step with a stage before; None for the first, and for steps without a stage."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Days from the first step of one stage to the first of another on or after it."""

    start: Stage
    end: Stage
    start_date: str
    end_date: str
    days: int
    """0 or more."""


@dataclass(frozen=True, slots=True)
class Undated:
    """A document, or the part of one above its first dated heading, of which no day is stated."""

    document: str
    role: Role
    passages: int
    """How many of its passages have no date."""


@dataclass(frozen=True, slots=True)
class Journey:
    """The whole way."""

    case_id: str
    steps: tuple[Step, ...]
    """Every dated entry, in time order."""
    waits: tuple[Wait, ...]
    undated: tuple[Undated, ...]

    @property
    def staged(self) -> tuple[Step, ...]:
        """Return the steps whose words tell a stage."""
        return tuple(step for step in self.steps if step.stages)

    @property
    def missing(self) -> tuple[Stage, ...]:
        """Return the stages of which the record tells nothing."""
        told = {stage for step in self.steps for stage in step.stages}
        return tuple(stage for stage in Stage if stage not in told)


def journey(file: CaseFile) -> Journey:
    """Return the steps of a case in time order, with the waits; undated documents apart."""
    steps = sorted(
        (step for document in file.counted for step in _steps(document)),
        key=lambda s: (s.date, s.document, s.span.start),
    )
    if steps and not steps[0].stages:
        steps[0] = _opened(file, steps[0])
    timed = _with_waits(steps)
    undated = tuple(_undated(file.counted))
    return Journey(file.case.id, tuple(timed), tuple(_waits(timed)), undated)


def days_between(earlier: str, later: str) -> int:
    """Return the days from one ``YYYY-MM-DD`` to another; negative when ``earlier`` is the later one."""
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days


def _steps(document: CaseDocument) -> Iterator[Step]:
    for place, entry in enumerate(document.entries):
        said = _said(document, place)
        found = dict(_of_title(entry.title))
        if not found and entry.of_document and document.role in _BY_ROLE:
            found[_BY_ROLE[document.role]] = entry.title
        for stage, sentence in _of_words(said):
            if stage not in found and not (stage is Stage.ASSESSMENT and found.keys() & _OTHER_ASSESSMENTS):
                found[stage] = sentence
        yield Step(
            date=entry.date,
            until=entry.until,
            stages=tuple(found),
            quotes=tuple(found.values()),
            title=entry.title,
            author=entry.author,
            author_role=entry.author_role,
            document=document.document.name,
            span=entry.span,
        )


def _said(document: CaseDocument, place: int) -> str:
    span = body(document.text, document.entries, place)
    return span.of(document.text) if span else ""


def _of_words(said: str) -> Iterator[tuple[Stage, str]]:
    """Yield the stages that sentences tell, but for those that name another day than the entry's own."""
    for sentence in (match[0].strip() for match in _SENTENCE.finditer(said)):
        for stage, pattern in _WORDS:
            if pattern.search(sentence) and not _OTHER_DAY.search(sentence):
                yield stage, sentence


def _of_title(title: str) -> Iterator[tuple[Stage, str]]:
    for stage, pattern in _TITLES:
        if pattern.search(title):
            yield stage, title
            if stage not in (Stage.SAFEGUARDING, Stage.MOVE):
                return


def _opened(file: CaseFile, step: Step) -> Step:
    """Return the first step of a record, as a contact when its first words say so."""
    for document in file.counted:
        for place, entry in enumerate(document.entries):
            if (document.document.name, entry.span) == (step.document, step.span):
                match = _OPENING.match(entry.title or _said(document, place))
                if match:
                    return replace(step, stages=(Stage.CONTACT,), quotes=(match[0].strip(),))
    return step


def _with_waits(steps: Sequence[Step]) -> list[Step]:
    out, before = [], None
    for step in steps:
        if not step.stages:
            out.append(step)
            continue
        out.append(replace(step, wait=days_between(before, step.date) if before else None))
        before = step.date
    return out


def _waits(steps: Sequence[Step]) -> Iterator[Wait]:
    for start, end in MILESTONES:
        first = next((s.date for s in steps if start in s.stages), None)
        later = next((s.date for s in steps if end in s.stages and first and s.date >= first), None)
        if first and later:
            yield Wait(start, end, first, later, days_between(first, later))


def _undated(documents: Sequence[CaseDocument]) -> Iterator[Undated]:
    for document in documents:
        without = sum(not document.dates_of(p) for p in document.passages)
        if without and (not document.entries or not _is_head(document)):
            yield Undated(document.document.name, document.role, without)


def _is_head(document: CaseDocument) -> bool:
    """Return whether what stands above the first dated heading is only lines with labels, not text."""
    above: Entry = document.entries[0]
    lines = [line for line in document.text[: above.span.start].split("\n") if line.strip()]
    return all(
        len(line) <= 120 and (":" in line or "  " in line or place == 0) for place, line in enumerate(lines)
    )
