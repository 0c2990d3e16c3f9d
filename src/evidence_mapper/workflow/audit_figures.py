"""Figures of an audit programme: how auditors grade, whether that moves over time, whether they agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt

from evidence_mapper.domain.audit import AuditAnswer, AuditForm, Reading
from evidence_mapper.workflow.audit_record import by_case, needed_forms
from evidence_mapper.workflow.project import Project

READINGS: Final = (Reading.POOR, Reading.MIXED, Reading.GOOD)
FEW_ANSWERS: Final = 10
"""Fewer pairs than this give no kappa: chance would rule it."""
FEWEST_AUDITS: Final = 5
"""Fewer audits of one auditor give no trend."""
_MONTH: Final = 365.25 / 12
_DRAWS: Final = 2000
_CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Spread:
    """How often an auditor gave each reading on a question."""

    auditor: str
    question: str
    """Id; empty for all questions together."""
    counts: tuple[int, int, int]
    """Poor, mixed, good."""
    not_applicable: int


@dataclass(frozen=True, slots=True)
class Trend:
    """How an auditor's grades move with time, set against the other auditors' on the same questions."""

    auditor: str
    audits: int
    first: str
    last: str
    """Dates of the first and the last audit."""
    slope: float | None
    """Steps of the scale in six months; None with too few audits, or all on one day."""
    low: float | None
    high: float | None
    """Bounds of the slope, included, from drawing whole audits again; wide enough for all auditors."""

    @property
    def moves(self) -> bool:
        """Whether the interval leaves out no movement."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two auditors' readings of the same answers compare."""

    question: str
    """Id; empty for all questions together."""
    pairs: int
    same: int
    apart: int
    """Pairs with one reading good and the other poor."""
    kappa: float | None
    """Cohen's, quadratic weights over poor, mixed, good; None for few answers or without spread."""


@dataclass(frozen=True, slots=True)
class AuditFigures:
    """All figures of a programme."""

    forms: int
    auditors: tuple[str, ...]
    questions: tuple[str, ...]
    spreads: tuple[Spread, ...]
    """By auditor, all questions first."""
    trends: tuple[Trend, ...]
    twice: tuple[str, ...]
    """Cases that two auditors or more looked at."""
    agreement: tuple[Agreement, ...]
    """All questions first; empty without such cases."""
    undated: int
    """Forms without a date, left out of trends."""
    confidence: float
    """Of each trend's interval: higher the more auditors are compared."""


def audit_figures(project: Project) -> AuditFigures:
    """Return the figures of every form in the project.

    Raises
    ------
    UsageError
        No audit form is in the project.
    """
    forms = needed_forms(project)
    auditors = tuple(sorted({form.auditor for form in forms}))
    questions = tuple(dict.fromkeys(a.question for form in forms for a in form.answers))
    dated = [form for form in forms if form.date]
    level = 1 - (1 - _CONFIDENCE) / len(auditors)
    twice = {case: held for case, held in by_case(forms).items() if len({f.auditor for f in held}) > 1}
    return AuditFigures(
        forms=len(forms),
        auditors=auditors,
        questions=questions,
        spreads=tuple(
            _spread(forms, auditor, question) for auditor in auditors for question in ("", *questions)
        ),
        trends=tuple(trend(dated, auditor, level) for auditor in auditors),
        twice=tuple(sorted(twice)),
        agreement=_agreement([held for _, held in sorted(twice.items())], questions),
        undated=len(forms) - len(dated),
        confidence=level,
    )


def _spread(forms: Sequence[AuditForm], auditor: str, question: str) -> Spread:
    found = Counter(
        answer.reads
        for form in forms
        if form.auditor == auditor
        for answer in form.answers
        if question in ("", answer.question)
    )
    poor, mixed, good = (found[reading] for reading in READINGS)
    return Spread(auditor, question, (poor, mixed, good), found[Reading.NONE])


def trend(forms: Sequence[AuditForm], auditor: str, confidence: float = _CONFIDENCE) -> Trend:
    """Return the slope of an auditor's grades over time.

    Each grade's step is first set against the mean step of that question over all auditors, so that a run
    of harder questions is not taken for a change of heart. The slope is by least squares; its interval
    comes from drawing the auditor's audits again, whole, 2000 times with a fixed seed.

    Parameters
    ----------
    forms
        Dated forms of all auditors.
    auditor
        Whose trend.
    confidence
        Of the interval, in (0, 1).
    """
    means = _means(forms)
    own = sorted((form for form in forms if form.auditor == auditor), key=lambda f: f.date)
    points = [
        (number, date.fromisoformat(form.date).toordinal(), answer.step - means[answer.question])
        for number, form in enumerate(own)
        for answer in form.answers
        if answer.reads is not Reading.NONE
    ]
    first, last = (own[0].date, own[-1].date) if own else ("", "")
    audits = len({number for number, _, _ in points})
    if audits < FEWEST_AUDITS or len({day for _, day, _ in points}) < 2:
        return Trend(auditor, len(own), first, last, None, None, None)
    number, day, step = (np.array(column, dtype=np.float64) for column in zip(*points, strict=True))
    months = (day - np.min(day)) / _MONTH / 6
    slope = _slope(months, step, np.ones((1, len(points))))[0]
    drawn = np.random.default_rng(0).multinomial(len(own), np.full(len(own), 1 / len(own)), size=_DRAWS)
    slopes = _slope(months, step, drawn[:, number.astype(np.int64)].astype(np.float64))
    low, high = np.nanquantile(slopes, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Trend(auditor, len(own), first, last, float(slope), float(low), float(high))


def _means(forms: Sequence[AuditForm]) -> dict[str, float]:
    steps: dict[str, list[int]] = {}
    for form in forms:
        for answer in form.answers:
            if answer.reads is not Reading.NONE:
                steps.setdefault(answer.question, []).append(answer.step)
    return {question: sum(values) / len(values) for question, values in steps.items()}


def _slope(
    x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return least-squares slopes, one a row of weights; NaN where all weight is on one day."""
    total = weights.sum(axis=1, keepdims=True)
    dx = x - weights @ x[:, None] / total
    dy = y - weights @ y[:, None] / total
    spread = (weights * dx * dx).sum(axis=1)
    out = np.full(len(weights), np.nan)
    np.divide((weights * dx * dy).sum(axis=1), spread, out=out, where=spread > 1e-12)
    return out


def _agreement(cases: Sequence[list[AuditForm]], questions: Sequence[str]) -> tuple[Agreement, ...]:
    pairs = [
        (one, other)
        for held in cases
        for a, b in combinations(held, 2)
        if a.auditor != b.auditor
        for one, other in _paired(a, b)
    ]
    if not pairs:
        return ()
    return tuple(
        agreement(question, [(a.reads, b.reads) for a, b in pairs if question in ("", a.question)])
        for question in ("", *questions)
    )


def _paired(a: AuditForm, b: AuditForm) -> list[tuple[AuditAnswer, AuditAnswer]]:
    """Return the answers both auditors graded, question by question."""
    others = {answer.question: answer for answer in b.answers if answer.reads is not Reading.NONE}
    return [
        (answer, others[answer.question])
        for answer in a.answers
        if answer.reads is not Reading.NONE and answer.question in others
    ]


def agreement(question: str, pairs: Sequence[tuple[Reading, Reading]]) -> Agreement:
    """Return how pairs of readings compare; readings are poor, mixed or good."""
    same = sum(a == b for a, b in pairs)
    apart = sum({a, b} == {Reading.GOOD, Reading.POOR} for a, b in pairs)
    kappa = None
    if len(pairs) >= FEW_ANSWERS and len({r for pair in pairs for r in pair}) > 1:
        from sklearn.metrics import cohen_kappa_score

        ones, others = zip(*([READINGS.index(r) for r in pair] for pair in pairs), strict=True)
        kappa = float(cohen_kappa_score(ones, others, weights="quadratic", labels=[0, 1, 2]))
    return Agreement(question, len(pairs), same, apart, kappa)
