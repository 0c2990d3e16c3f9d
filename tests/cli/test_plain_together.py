"""Line by line: the last decision again, bulk accept and flags, and what is on disk afterwards."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.tui.real_review import SAME, TEXTS, made, passage_of
from tests.tui.samples import CODER, clock

from evidence_mapper.cli.plain.lines import Lines
from evidence_mapper.cli.plain.review import PlainReview
from evidence_mapper.domain.coding import Outcome
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.review import ReviewSession

LISTENED, ABUSE = TEXTS["carers.txt"][0], TEXTS["users.txt"][1]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Give a project of three documents."""
    with made(tmp_path / "p.sqlite") as project:
        yield project


def sitting(project: Project, *typed: str, start: str | None = None) -> str:
    """Return what is read out while lines are typed."""
    out = io.StringIO()
    session = ReviewSession(project.store, project.framework, CODER, clock())
    typed_lines = io.StringIO("".join(f"{line}\n" for line in typed))
    PlainReview(session, lambda *_: [], Lines(typed_lines, out, None)).run(start)
    return out.getvalue()


def outcomes(project: Project) -> list[tuple[str, Outcome]]:
    """Return what holds, oldest first."""
    return [(h.passage.text, h.decision.decision.outcome) for h in project.store.held_decisions()]


def test_bulk_reads_everything_out_before_it_is_saved_and_one_undo_takes_it_back(project: Project) -> None:
    said = sitting(project, "b", "1", "q")
    assert "4 passages suggested at 90% or more; each is read before any is saved." in said
    assert said.index(ABUSE) < said.index("3 passages accepted together")
    assert len(outcomes(project)) == 3
    said = sitting(project, "z", "q")
    assert "Taken back: 3 decisions recorded together." in said
    assert outcomes(project) == []
    assert project.store.verify() == []


@pytest.mark.parametrize("answer", ["", "no", "what"])
def test_bulk_saves_nothing_on_any_other_answer(project: Project, answer: str) -> None:
    assert "Nothing was saved." in sitting(project, "b", answer, "q")
    assert outcomes(project) == []


def test_the_last_decision_is_repeated(project: Project) -> None:
    said = sitting(project, "=", "n", "=", "q", start=passage_of(project, ABUSE))
    assert "no decision of yours to repeat" in said
    assert [outcome for _, outcome in outcomes(project)] == [Outcome.NONE, Outcome.NONE]


def test_a_flag_is_read_out_and_taken_off(project: Project) -> None:
    here = passage_of(project, SAME)
    said = sitting(project, "! Priya", "whose is this", ".", "q", start=here)
    assert "Saved: flagged for Priya." in said
    assert f"Flagged for Priya by {CODER}" in said
    assert "whose is this" in said
    assert "the flag is taken off" in sitting(project, "!", "y", "q", start=here)
    assert project.store.flag(here) is None
