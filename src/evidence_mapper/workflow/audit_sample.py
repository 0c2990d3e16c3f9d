"""Answers of audits drawn at random by stratum, for a moderator to look at again."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from evidence_mapper.domain.audit import AuditAnswer, AuditForm, Reading
from evidence_mapper.domain.coding import EventAction
from evidence_mapper.domain.ids import derived_id
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.audit_record import needed_forms
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.project import Project

PURPOSE: Final = "audit-moderation"
STRATA: Final = ("auditor", "question", "team", "reading")

Stratum = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One answer to look at again."""

    form: AuditForm
    answer: AuditAnswer
    stratum: Stratum


@dataclass(frozen=True, slots=True)
class AuditSample:
    """A sample as it was drawn and recorded."""

    id: str
    seed: int
    strata: tuple[str, ...]
    frame: int
    """Graded answers it was drawn from."""
    strata_in_frame: int
    strata_drawn: int
    drawn: tuple[Drawn, ...]


def draw_audit_sample(
    project: Project, size: int, strata: Sequence[str], *, coder: str, seed: int | None = None
) -> AuditSample:
    """Draw graded answers at random, as evenly over strata as can be, and record it.

    Strata are put in random order and take turns, one answer each at random, until the sample is full. Small
    strata therefore have a greater chance: shares of the sample are no estimate of the programme's.

    Parameters
    ----------
    project
        An open project.
    size
        At least 1; where there are fewer graded answers all are drawn.
    strata
        Of ``auditor``, ``question``, ``team`` and ``reading``; empty draws from all alike.
    coder
        Who has it drawn.
    seed
        None takes one from the system; it is kept with the sample.

    Raises
    ------
    UsageError
        There is no such stratum, or no audit form is in the project.
    """
    for name in strata:
        if name not in STRATA:
            raise UsageError(f"no stratum '{name}'; there are {', '.join(STRATA)}, with commas between them")
    forms = needed_forms(project)
    seed = random.SystemRandom().randrange(2**31) if seed is None else seed
    frame = [
        Drawn(form, answer, tuple(_value(form, answer, name) for name in strata))
        for form in sorted(forms, key=lambda f: f.id)
        for answer in form.answers
        if answer.reads is not Reading.NONE
    ]
    drawn = draw(frame, size, seed)
    sample = AuditSample(
        id=derived_id("smp", PURPOSE, utc_now(), str(seed)),
        seed=seed,
        strata=tuple(strata),
        frame=len(frame),
        strata_in_frame=len({d.stratum for d in frame}),
        strata_drawn=len({d.stratum for d in drawn}),
        drawn=tuple(drawn),
    )
    _record(project, sample, coder)
    return sample


def draw(frame: Sequence[Drawn], size: int, seed: int) -> list[Drawn]:
    """Return a sample, the same for the same frame, size and seed; sorted by case and question."""
    generator = random.Random(seed)  # noqa: S311 - chance, no secret
    strata: dict[Stratum, list[Drawn]] = {}
    for item in frame:
        strata.setdefault(item.stratum, []).append(item)
    queues = [strata[key] for key in sorted(strata)]
    for queue in queues:
        generator.shuffle(queue)
    taken: list[Drawn] = []
    while len(taken) < size and any(queues):
        generator.shuffle(queues)
        taken += [queue.pop() for queue in [q for q in queues if q][: size - len(taken)]]
    return sorted(taken, key=lambda d: (d.form.case, d.answer.question, d.form.auditor))


def _value(form: AuditForm, answer: AuditAnswer, name: str) -> str:
    if name == "question":
        return answer.question
    if name == "reading":
        return answer.reads.value
    return form.auditor if name == "auditor" else form.team or "not stated"


def _record(project: Project, sample: AuditSample, coder: str) -> None:
    by = f" by {' and '.join(sample.strata)}" if sample.strata else ""
    payload = {
        "words": f"drew {len(sample.drawn)} of {sample.frame} audit answers{by} for moderation, "
        f"seed {sample.seed}",
        "purpose": PURPOSE,
        "seed": sample.seed,
        "strata": list(sample.strata),
        "frame": sample.frame,
        "answers": [[d.form.id, d.answer.question] for d in sample.drawn],
    }
    project.store.append_event(
        coder=coder, action=EventAction.SAMPLE, subject=sample.id, at=utc_now(), payload=payload
    )
