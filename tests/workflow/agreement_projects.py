"""A project two people code, for the tests of agreement."""

from __future__ import annotations

from pathlib import Path

from tests.tui.real_review import SAME, TEXTS, made
from tests.tui.samples import clock

from evidence_mapper.domain.agreement import BlindSample
from evidence_mapper.domain.coding import Decision, Outcome, Polarity, Verdict
from evidence_mapper.domain.passage import Passage
from evidence_mapper.workflow.agreement_sample import draw
from evidence_mapper.workflow.agreement_settle import Settling
from evidence_mapper.workflow.blind import BlindSession
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.review import ReviewSession

A, B, LEAD = "A. Officer", "B. Officer", "C. Lead"
ABUSE = TEXTS["users.txt"][1]
WORKER = TEXTS["carers.txt"][0]
CONCERN = TEXTS["policy.txt"][0]
__all__ = ["ABUSE", "CONCERN", "LEAD", "SAME", "WORKER", "A", "B"]


def coded(*statements: str, category: str | None = None, polarity: Polarity | None = None) -> Decision:
    """Return a coding that accepts statements."""
    accepted = tuple((s, Verdict.ACCEPTED) for s in statements)
    return Decision(Outcome.CODED, accepted, evidence_category=category, polarity=polarity)


NONE = Decision(Outcome.NONE)


def project_at(path: Path) -> Project:
    """Return a project of eight passages, five with suggestions."""
    return made(path)


def passages(project: Project) -> list[Passage]:
    """Return every passage, by document and place."""
    return [p for d in project.store.documents() for p in project.store.passages(d.id)]


def id_of(project: Project, text: str) -> str:
    """Return the id of the first passage with these words."""
    return next(p.id for p in passages(project) if p.text == text)


def everything(project: Project) -> BlindSample:
    """Draw a sample of all passages."""
    return draw(project.store, project.framework, 100, coder=LEAD, now=clock(), seed=1)


def blind(project: Project, coder: str, sample: BlindSample) -> BlindSession:
    """Return a coder's blind work."""
    return BlindSession(project.store, project.framework, coder, clock(), sample=sample)


def session(project: Project, coder: str) -> ReviewSession:
    """Return a coder's ordinary work."""
    return ReviewSession(project.store, project.framework, coder, clock())


def settling(project: Project, coder: str = LEAD) -> Settling:
    """Return a person's settling."""
    return Settling(project.store, project.framework, coder, clock())


def differing(project: Project) -> str:
    """Have two people disagree on one passage; return its id."""
    passage = id_of(project, ABUSE)
    session(project, A).decide(passage, coded("safeguarding", polarity=Polarity.STRENGTH))
    session(project, B).decide(passage, coded("governance", polarity=Polarity.CONCERN))
    return passage
