"""A project with confirmed evidence of many kinds, some of it hostile, without the classifier."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

from tests.store.builders import coded, reading

from evidence_mapper.domain.coding import Decision, EventAction, Polarity
from evidence_mapper.domain.passage import Passage
from evidence_mapper.store.base import Store
from evidence_mapper.workflow.project import Project, create_project

NEEDS, EQUITY, GOVERNANCE = "assessing-needs", "equity", "governance"
PEOPLE, STAFF, PROCESSES = "peoples-experience", "staff-leaders", "processes"

HOSTILE = (
    "<script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">",
    "</li></ol></main><style>body{display:none}</style><!-- <svg onload=document.title='ran'>",
    "\u202etxet desrever\u202c and \x07a bell\x00, \u2066an isolate left open",
    "]]> & &lt;script&gt; ${'`'} \"quoted\" 'too' <a href=\"https://example.org/\">out</a>",
)


class Times:
    """Times a minute apart, from a day on."""

    def __init__(self, day: str = "2026-01-05") -> None:
        self._day, self._minute = day, count()

    def __call__(self) -> str:
        minute = next(self._minute)
        return f"{self._day}T{8 + minute // 60:02}:{minute % 60:02}:00.000000Z"


def new_project(path: Path) -> Project:
    """Return a new project of the local authority framework."""
    return create_project(path)


def add(
    store: Store, name: str, texts: Sequence[str], *, date: str | None = None, at: str | None = None
) -> list[Passage]:
    """Add a document, dated in its facts, read at a time, and return its passages."""
    made = reading(name, texts)
    facts = () if date is None else (("date", date),)
    made = replace(made, metadata=(*made.metadata, *facts))
    if at is not None:
        made = replace(
            made,
            revision=replace(made.revision, created_at=at),
            document=replace(made.document, added_at=at),
        )
    store.add_document(made)
    return list(store.passages(made.document.id))


def decide(store: Store, coder: str, at: str, decisions: Mapping[str, Decision]) -> None:
    """Record decisions by passage id."""
    for passage_id, decision in decisions.items():
        store.append_event(
            coder=coder, action=EventAction.DECIDED, subject=passage_id, at=at, payload=decision.to_json()
        )


def filled(path: Path) -> Project:
    """Return a project with some fifty confirmed passages, four of them hostile."""
    project, at = new_project(path), Times()
    store = project.store
    survey = add(
        store,
        "surveys/carers <b>2025</b>.csv",
        [f"I waited {n} weeks for an answer." for n in range(2, 28)],
        date="2025-03",
    )
    policy = add(
        store,
        "policies/equality.txt",
        [f"Rule {n} says that each person is asked what they need." for n in range(12)],
        date="2019-06-30",
    )
    hostile = add(store, "hostile.txt", HOSTILE)
    for n, passage in enumerate(survey):
        polarity = Polarity.CONCERN if n % 3 else Polarity.STRENGTH
        topics = ("an-arrangements",) if n < 11 else ()
        decision = coded(NEEDS, category=PEOPLE, polarity=polarity, topics=topics)
        decide(store, "ann", at(), {passage.id: decision})
    for n, passage in enumerate(policy):
        decision = coded(EQUITY, *([GOVERNANCE] if n < 3 else []), category=PROCESSES)
        decide(store, "bob", at(), {passage.id: decision})
    for passage in hostile:
        note = "a note with <i>markup</i>"
        decide(store, "ann", at(), {passage.id: coded(NEEDS, category=STAFF, note=note)})
    decide(store, "<u>bob</u>", at(), {survey[0].id: coded(NEEDS, category=PEOPLE)})
    return project


def texts(store: Store) -> Iterator[str]:
    """Yield every passage's words."""
    for document in store.documents():
        yield from (passage.text for passage in store.passages(document.id))
