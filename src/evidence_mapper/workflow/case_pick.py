"""Candidates for case tracking: those that meet stated criteria, drawn at random; never by a score."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from evidence_mapper.domain.case import Fact
from evidence_mapper.domain.coding import EventAction
from evidence_mapper.domain.ids import derived_id
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.case_file import CaseFile, CaseReader
from evidence_mapper.workflow.cases import list_cases
from evidence_mapper.workflow.project import Project

PURPOSE: Final = "case-tracking"
"""Tells these samples from those drawn for other reasons."""
CONSENT, COMPLAINT, RECENT = "consent", "no-complaint", "recent"
SERVICES, TEAMS, AGES = "services", "teams", "ages"
NEEDED: Final = (CONSENT, COMPLAINT, RECENT)
"""Criteria a case must meet."""
VARIED: Final = (SERVICES, TEAMS, AGES)
"""Criteria of which the cases drawn should show a variety."""
CRITERIA: Final = {
    CONSENT: "it is noted that the person agrees to case tracking",
    COMPLAINT: "no open complaint, and that is noted",
    RECENT: "a dated entry on or after the day named",
    SERVICES: "a mix of services",
    TEAMS: "a variety of teams",
    AGES: "a variety of ages",
}
BANDS: Final = ((0, 17), (18, 24), (25, 64), (65, 84), (85, 200))
_NOT_STATED: Final = "not stated"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for."""

    number: int
    """Cases to draw, at least 1."""
    criteria: tuple[str, ...] = tuple(CRITERIA)
    since: str | None = None
    """``YYYY-MM-DD``, for RECENT; None leaves RECENT out."""

    @property
    def used(self) -> tuple[str, ...]:
        """Return the criteria that are looked at, in the order of CRITERIA."""
        return tuple(c for c in CRITERIA if c in self.criteria and (c != RECENT or self.since))


@dataclass(frozen=True, slots=True)
class Looked:
    """One case against the criteria."""

    case_id: str
    reasons: tuple[str, ...]
    """Why it qualifies, or why not: each with where it is known from."""
    qualifies: bool
    traits: Mapping[str, tuple[str, ...]]
    """A criterion of VARIED to what the case shows of it; ``not stated`` where the record does not say."""
    brings: tuple[str, ...] = ()
    """For a drawn case: what no case drawn before it showed."""


@dataclass(frozen=True, slots=True)
class Picked:
    """A draw."""

    id: str
    """Subject of its entry; empty for a trial."""
    seed: int
    request: Request
    drawn: tuple[Looked, ...]
    """In the order drawn."""
    others: tuple[Looked, ...]
    """Those that qualify and were not drawn, by id."""
    excluded: tuple[Looked, ...]
    """By id."""


def pick(
    project: Project, request: Request, *, coder: str, now: Callable[[], str], seed: int | None = None
) -> Picked:
    """Draw cases at random from those that meet the criteria, for variety where it is asked for; record it.

    The cases that qualify are put in a random order. Going through it, a case is taken when it brings
    something of the variety asked for that none taken before has; then, in the same order, the rest until
    the number is reached. Nothing about how well a record reads counts.

    Parameters
    ----------
    request
        Number and criteria.
    now
        Returns the time as UTC ISO 8601.
    seed
        None takes one from the system; it is kept with the sample.

    Raises
    ------
    UsageError
        A criterion is not known, there are no cases, or none qualifies; nothing was recorded.
    """
    looked = look(project, request)
    fit = [each for each in looked if each.qualifies]
    if not fit:
        needed = ", ".join(c for c in request.used if c in NEEDED)
        raise UsageError(
            f"none of {len(looked)} cases meets the criteria ({needed}). See why: "
            "evidence-mapper case pick --dry-run; say what the papers do not: evidence-mapper case set CASE "
            "--consent yes"
        )
    seed = random.SystemRandom().randrange(2**31) if seed is None else seed
    drawn = draw(fit, request, seed)
    at = now()
    ids = [each.case_id for each in drawn]
    subject = derived_id("smp", at, str(seed), str(len(fit)))
    named = ", ".join(request.used) or "no criteria"
    project.store.append_event(
        coder=coder,
        action=EventAction.SAMPLE,
        subject=subject,
        at=at,
        payload={
            "words": f"drew {len(ids)} of {len(fit)} cases that qualify, for case tracking ({named})",
            "purpose": PURPOSE,
            "seed": seed,
            "frame": len(fit),
            "criteria": list(request.used),
            "since": request.since,
            "cases": ids,
        },
    )
    return _picked(subject, seed, request, looked, drawn)


def trial(project: Project, request: Request, *, seed: int) -> Picked:
    """Return what :func:`pick` would draw, or nothing drawn when none qualifies; records nothing."""
    looked = look(project, request)
    return _picked("", seed, request, looked, draw([e for e in looked if e.qualifies], request, seed))


def look(project: Project, request: Request) -> list[Looked]:
    """Return every case against the criteria, by id.

    Raises
    ------
    UsageError
        A criterion is not known, or there are no cases.
    """
    unknown = [c for c in request.criteria if c not in CRITERIA]
    if unknown:
        raise UsageError(f"no criterion '{unknown[0]}'; there are {', '.join(CRITERIA)}")
    with project.store.at_once():
        cases = list_cases(project)
        if not cases:
            raise UsageError(
                "there are no cases to pick from. Group documents: evidence-mapper case group --help"
            )
        reader = CaseReader(project)
        return [_looked(reader.read(case), request) for case in cases]


def draw(fit: Sequence[Looked], request: Request, seed: int) -> tuple[Looked, ...]:
    """Return the cases drawn with a seed, in order; all of them where fewer qualify than asked for."""
    order = sorted(fit, key=lambda each: each.case_id)
    random.Random(seed).shuffle(order)  # noqa: S311  # no secret
    taken: list[Looked] = []
    shown: set[tuple[str, str]] = set()
    for each in order:
        new = [(c, v) for c in VARIED if c in request.used for v in each.traits[c] if v != _NOT_STATED]
        fresh = tuple(v for c, v in new if (c, v) not in shown)
        if fresh and len(taken) < request.number:
            taken.append(replace(each, brings=fresh))
            shown.update(new)
    left = [each for each in order if each.case_id not in {t.case_id for t in taken}]
    return tuple(taken + left[: max(0, request.number - len(taken))])


def age_band(age: str) -> str:
    """Return the band of ages a stated age lies in, such as ``65 to 84``; ``not stated`` for no figure."""
    if not age.isdecimal():
        return _NOT_STATED
    low, high = next(((a, b) for a, b in BANDS if a <= int(age) <= b), BANDS[-1])
    return f"{low} or over" if (low, high) == BANDS[-1] else f"{low} to {high}"


def _picked(
    subject: str, seed: int, request: Request, looked: Sequence[Looked], drawn: Sequence[Looked]
) -> Picked:
    ids = {each.case_id for each in drawn}
    others = tuple(e for e in looked if e.qualifies and e.case_id not in ids)
    excluded = tuple(e for e in looked if not e.qualifies)
    return Picked(subject, seed, request, tuple(drawn), others, excluded)


def _looked(file: CaseFile, request: Request) -> Looked:
    checked = list(_checked(file, request))
    failed = [words for met, words in checked if not met]
    reasons = failed or [words for _, words in checked]
    traits = {
        SERVICES: file.facts["services"].values or (_NOT_STATED,),
        TEAMS: file.facts["team"].values or (_NOT_STATED,),
        AGES: (age_band(file.facts["age"].text),),
    }
    return Looked(file.case.id, tuple(reasons), not failed, traits)


def _checked(file: CaseFile, request: Request) -> Iterator[tuple[bool, str]]:
    """Yield (met, words) for each criterion a case must meet."""
    if CONSENT in request.used:
        fact = file.facts["consent"]
        words = {"yes": "consent noted", "no": "does not consent"}.get(fact.text, "consent not noted")
        yield fact.text == "yes", _known(words, fact)
    if COMPLAINT in request.used:
        fact = file.facts["complaint"]
        words = {"none": "no open complaint", "open": "open complaint"}.get(
            fact.text, "not noted whether a complaint is open"
        )
        yield fact.text == "none", _known(words, fact)
    if RECENT in request.used and request.since:
        last = file.last_date
        met = bool(last and last >= request.since)
        words = f"last entry {last}" if last else "no dated entry"
        yield met, words if met or not last else f"{words}, before {request.since}"


def _known(words: str, fact: Fact) -> str:
    if fact.differs:
        return f"{words}: the papers contradict each other"
    if fact.said_by:
        return f"{words} (said by {fact.said_by})"
    return f"{words} (read in {fact.document.rpartition('/')[2]})" if fact.document and fact.values else words
