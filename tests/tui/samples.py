"""Invented documents, passages and suggestions for the screen."""

from __future__ import annotations

from collections.abc import Callable

from tests.tui.fake_store import FakeStore, document, passage, suggestion

from evidence_mapper import frameworks
from evidence_mapper.domain.document import BlockKind, SourceLocation, SourceType
from evidence_mapper.domain.framework import Framework
from evidence_mapper.workflow.review import ReviewSession

CODER = "A. Officer"

HOSTILE = (
    "[bold red]Not markup[/] [@click=app.bell]nor a link[/] \x1b[31mnor\x1b[2J an escape \x07 "
    "👩‍👩‍👧 עברית العربية \u202eright to left\u202c $text-muted {braces} \x9b5m [/unopened"
)


def clock() -> Callable[[], str]:
    """Return a clock that advances one minute a call, from a fixed time."""
    minute = -1

    def now() -> str:
        nonlocal minute
        minute += 1
        return f"2026-11-25T{9 + minute // 60:02d}:{minute % 60:02d}:00.000000+00:00"

    return now


def framework() -> Framework:
    """Return the local authority framework."""
    return frameworks.load("cqc-local-authority")


def session(store: FakeStore, coder: str = CODER, made: Framework | None = None) -> ReviewSession:
    """Return a review session on the store, with a fixed clock."""
    return ReviewSession(store.as_store(), made or framework(), coder, clock())


def small_store() -> FakeStore:
    """Return three documents with eight passages, most of them suggested for something."""
    made = framework()
    documents = [
        document(1, "policies/Safeguarding adults policy.pdf"),
        document(2, "surveys/Carers survey 2026.csv", SourceType.SURVEY_COMMENT),
        document(3, "reports/Quarter 2 performance.docx", SourceType.PERFORMANCE_REPORT),
    ]
    asked = "What would you change about how your needs were assessed?"
    comment = {"kind": BlockKind.COMMENT, "context": asked, "heading_path": ()}
    passages = [
        passage(
            1, 0, "This policy applies to all staff who work with adults at risk.", heading_path=("Scope",)
        ),
        passage(
            1,
            1,
            "Any member of staff who suspects that an adult is at risk of abuse or neglect tells the duty "
            "team the same day. The duty team decides within one working day whether an enquiry is needed, "
            "and tells the person, in words they understand, what will happen next.",
            heading_path=("Raising a concern", "The first day"),
        ),
        passage(
            1, 2, "The duty team records the reason for each decision.", heading_path=("Raising a concern",)
        ),
        passage(
            2,
            0,
            "I waited five months for a carer's assessment and nobody told me where I was in the queue. "
            "When the worker came she was kind and listened, but by then I was at the end of my tether.",
            location=SourceLocation(row=14, column="C"),
            **comment,
        ),
        passage(2, 1, "Nothing.", location=SourceLocation(row=15, column="C"), **comment),
        passage(
            2,
            2,
            "The interpreter did not come, so my sister had to.",
            location=SourceLocation(row=16),
            **comment,
        ),
        passage(
            3,
            0,
            "Median wait for an assessment fell from 61 to 44 days.",
            location=SourceLocation(table=2, row=4),
        ),
        passage(3, 1, HOSTILE, location=SourceLocation(paragraph=12)),
    ]
    suggestions = {
        "psg-1-0": suggestion(made, {"safeguarding": 0.35}, none=0.4, abstained=True, category="processes"),
        "psg-1-1": suggestion(
            made,
            {"safeguarding": 0.94, "safe-systems": 0.46, "governance": 0.21},
            category="processes",
            polarity="neutral",
            i_statements=("i-safe",),
        ),
        "psg-1-2": suggestion(made, {"safeguarding": 0.55, "governance": 0.44}, category="processes"),
        "psg-2-0": suggestion(
            made,
            {"assessing-needs": 0.88, "equity": 0.12},
            category="peoples-experience",
            polarity="mixed",
            topics=("an-timeliness", "an-carers"),
        ),
        "psg-2-1": suggestion(made, {}, none=0.92, none_suggested=True),
        "psg-2-2": suggestion(
            made, {"equity": 0.72, "assessing-needs": 0.41}, category="peoples-experience", polarity="concern"
        ),
        "psg-3-0": suggestion(
            made, {"assessing-needs": 0.67}, category="processes", topics=("an-timeliness",)
        ),
    }
    return FakeStore(documents, passages, suggestions)


def empty_store() -> FakeStore:
    """Return a project with nothing in it."""
    return FakeStore([], [], {})


def large_store(count: int) -> FakeStore:
    """Return one document with many passages and no suggestions."""
    return FakeStore(
        [document(1, "one.txt")], [passage(1, n, f"Passage number {n}.") for n in range(count)], {}
    )
