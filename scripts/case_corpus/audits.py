"""The audit programme: who audited what, when, with which grades and comments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from case_corpus.read import Case

QUESTIONS: Final = (
    "Is the person's voice heard: what they want and what matters to them, in their own words?",
    "Was the assessment timely, proportionate and based on the person's strengths?",
    "Were unpaid carers identified, and offered an assessment and support of their own?",
    "Does the plan show choice and control, such as a choice of provider or a direct payment?",
    "Were independence and prevention tried: equipment, reablement, technology, community?",
    "Were communication, culture, faith and other protected characteristics asked about and acted on?",
    "Were risks and safeguarding concerns recognised and managed with the person?",
    "Did health, housing and other partners work together, and were moves between services joined up?",
)
AUDITORS: Final = ("R. Villiers", "M. Adeleke", "J. Tindall", "S. Haworth")
DRIFTER: Final = "S. Haworth"
"""Grades the same practice higher as the year goes on."""
_FRAMES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "R. Villiers": {
        "+": ("{F}.", "{F}: good."),
        "~": ("{F}. Could go further.", "In part: {f}."),
        "-": ("{F}. Weak.", "Missing here: {f}."),
    },
    "M. Adeleke": {
        "+": ("I liked this: {f}.", "Strong practice, {f}.", "{F}, a pleasure to read."),
        "~": ("Partly there: {f}.", "{F}, and more was possible."),
        "-": ("Not good enough: {f}.", "{F}, which worries me."),
    },
    "J. Tindall": {
        "+": ("{F}, which is clear in the notes.", "The notes show it well: {f}."),
        "~": ("{F}; some of what we expect is here.", "Some evidence: {f}."),
        "-": ("Gap: {f}.", "Expected and not found; {f}."),
    },
    "S. Haworth": {
        "+": ("{F}. Well done.", "{F}; done with care."),
        "~": ("{F}. Some way to go.", "{F}; a start."),
        "-": ("{F}. This falls short.", "Poor: {f}."),
    },
}
_TWICE: Final = 8


@dataclass(frozen=True)
class Answer:
    """One question's grade, 1 (inadequate) to 4 (outstanding), with its comment; None: not applicable."""

    grade: int | None
    comment: str


@dataclass(frozen=True)
class Audit:
    """One auditor's form on one case."""

    number: int
    day: date
    auditor: str
    case: Case
    answers: tuple[Answer, ...]


def programme(cases: list[Case]) -> tuple[list[Audit], list[Audit]]:
    """Return the first audits of every case by date, and second audits of eight of them."""
    ordered = sorted(cases, key=lambda case: (case.last, case.id))
    first = [
        _audit(i + 1, case, AUDITORS[i % len(AUDITORS)], _day(case, 14), i / (len(ordered) - 1))
        for i, case in enumerate(ordered)
    ]
    clean = [audit for audit in first if not audit.case.faults]
    step = len(clean) / _TWICE
    again = [clean[int(i * step)] for i in range(_TWICE)]
    second = [
        _audit(
            100 + i,
            audit.case,
            AUDITORS[(AUDITORS.index(audit.auditor) + 1 + i % 3) % len(AUDITORS)],
            audit.day + timedelta(days=9),
            (audit.number - 1) / (len(ordered) - 1),
            second=True,
        )
        for i, audit in enumerate(again, start=1)
    ]
    return first, second


def _day(case: Case, after: int) -> date:
    """Return a working day some days after a record's last entry."""
    day = case.last + timedelta(days=after)
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _audit(
    number: int, case: Case, auditor: str, day: date, through: float, *, second: bool = False
) -> Audit:
    answers = []
    planted = {} if second else {fault.question: fault for fault in case.faults}
    for question in range(1, len(QUESTIONS) + 1):
        if question in planted:
            answers.append(Answer(planted[question].grade, planted[question].comment))
        elif question not in case.facts:
            answers.append(Answer(None, ""))
        else:
            sign, words = case.facts[question]
            seed = int(case.id[-3:]) * 7 + question * 3
            grade = _grade(sign, auditor, through, seed, second=second)
            frames = _FRAMES[auditor][sign]
            answers.append(Answer(grade, _comment(frames[seed // 3 % len(frames)], words)))
    return Audit(number, day, auditor, case, tuple(answers))


def _grade(sign: str, auditor: str, through: float, seed: int, *, second: bool) -> int:
    """Return the grade; ``through`` is how far the year is, in [0, 1]."""
    if auditor == DRIFTER:
        late = through > 0.35 + (seed % 5) * 0.07
        return {"+": 4 if late else 3, "~": 3 if late else 2, "-": 2 if late else 1}[sign]
    if second and seed % 5 == 0 and sign != "+":
        return {"~": 3, "-": 2}[sign]
    return {"+": 4 if seed % 3 == 0 else 3, "~": 2, "-": 2 if seed % 4 == 0 else 1}[sign]


def _comment(frame: str, words: str) -> str:
    return frame.replace("{F}", words[:1].upper() + words[1:]).replace("{f}", words)
