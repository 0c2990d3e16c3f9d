"""The blind review and the settling of disagreements, by the keys, over a real project."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.store.builders import reading
from tests.tui.driver import WIDE
from tests.tui.real_review import RealDriver
from tests.workflow.agreement_projects import (
    ABUSE,
    LEAD,
    NONE,
    SAME,
    A,
    B,
    blind,
    coded,
    differing,
    everything,
    id_of,
    project_at,
    session,
)
from textual.widgets import Input

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.errors import StoreError
from evidence_mapper.tui.actions import REVIEW, actions_of
from evidence_mapper.tui.app import EvidenceMapperApp
from evidence_mapper.tui.blind_screen import BlindReviewScreen
from evidence_mapper.tui.settle_screen import DisagreementList, SettleScreen
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.workflow.agreement_settle import Settling
from evidence_mapper.workflow.blind import BLIND
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.review import ReviewSession


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with project_at(tmp_path / "p.sqlite") as opened:
        yield opened


@asynccontextmanager
async def running(
    project: Project, work: ReviewSession, *, settle: bool = False, size: tuple[int, int] = WIDE
) -> AsyncIterator[RealDriver]:
    app = EvidenceMapperApp(work, settle=settle)
    async with app.run_test(size=size) as pilot:
        driver = RealDriver(app, pilot, project)
        await driver.settle()
        yield driver


# blind -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("size", [(80, 24), (110, 36), (160, 45)])
async def test_a_blind_review_says_so_and_shows_no_suggestion(
    project: Project, size: tuple[int, int]
) -> None:
    session(project, A).decide(id_of(project, SAME), coded("assessing-needs"))
    async with running(project, blind(project, B, everything(project)), size=size) as on:
        assert BLIND in on.text()
        for _ in range(8):
            for told in ("%", A, "same words", "No suggestion made yet", "a accept", "y why", "f filter"):
                assert told not in on.text(), told
            await on.press("j")


async def test_what_would_show_more_is_not_to_be_had(project: Project) -> None:
    session(project, A).decide(id_of(project, SAME), coded("assessing-needs"))
    async with running(project, blind(project, B, everything(project))) as on:
        closed = [a for a in actions_of(REVIEW) if a.name in BlindReviewScreen.CLOSED and a.name != "accept"]
        assert {"why", "twins", "matrix", "history", "others", "settle"} <= {a.name for a in closed}
        for action in closed:
            on.review.query_one(StatusLine).say("")
            await on.press(action.keys.split(",")[0])
            assert "Not in a blind review" in on.status, action.name
            assert len(on.app.screen_stack) == 1
        assert A not in on.text()


async def test_blind_decisions_are_recorded_as_such_and_accepting_records_nothing(project: Project) -> None:
    async with running(project, blind(project, B, everything(project))) as on:
        await on.press("a")
        assert "tick with 1-9" in on.status
        assert on.decided(B) == {}
        await on.press("7", "enter", "n")
        assert sum(len(made) for made in on.decided(B).values()) == 2
        assert "2 of 8 decided" in on.text()
        assert all(held.decision.blind for held in project.store.held_decisions())
        await on.press("z")
        assert len(project.store.held_decisions()) == 1
        assert on.sound()


# settling --------------------------------------------------------------------------------------
@pytest.mark.parametrize("size", [(80, 24), (110, 36), (160, 45)])
async def test_both_answers_stand_side_by_side_with_the_passage(
    project: Project, size: tuple[int, int]
) -> None:
    passage = id_of(project, ABUSE)
    note = "the duty team"
    with_note = coded("safeguarding")
    session(project, A).decide(passage, type(with_note)(with_note.outcome, with_note.statements, note=note))
    session(project, B).decide(passage, NONE)
    async with running(project, session(project, LEAD), settle=True, size=size) as on:
        shown = on.text()
        assert "1 open, 0 settled" in shown
        for words in (ABUSE[:30], f"1 {A}", f"2 {B}", "Safeguarding", "None of these", f"Note: {note}"):
            assert words in shown, words
        line = next(line for line in shown.splitlines() if f"1 {A}" in line)
        assert f"2 {B}" in line


async def test_an_answer_is_taken_with_a_reason(project: Project) -> None:
    differing(project)
    async with running(project, session(project, LEAD)) as on:
        await on.press("S", "2", *"oversight", "enter")
        assert f"taking {B}'s answer: oversight" in on.status
        assert "0 open, 1 settled" in on.text()
        assert project.store.matrix().row("governance").confirmed == 1
        assert project.store.matrix().row("safeguarding").confirmed == 0
        await on.press("t")
        assert f"{LEAD} took {B}'s answer: oversight" in on.text()
        await on.press("z")
        assert "1 open, 0 settled" in on.text()
        assert project.store.matrix().row("safeguarding").confirmed == 1
        assert on.sound()


async def test_leaving_the_reason_settles_nothing(project: Project) -> None:
    differing(project)
    async with running(project, session(project, LEAD), settle=True) as on:
        await on.press("1")
        assert isinstance(on.app.screen.query_one("#why"), Input)
        await on.press("escape", "9")
        assert "There are 2 answers here" in on.status
        assert EventAction.ADJUDICATED not in on.actions()


async def test_none_of_these_settles_it(project: Project) -> None:
    differing(project)
    async with running(project, session(project, LEAD), settle=True) as on:
        await on.press("n", "enter")
        assert list(project.store.evidence_rows(confirmed=True)) == []


async def test_an_answer_of_ones_own_begins_with_what_all_said(project: Project) -> None:
    passage = id_of(project, ABUSE)
    session(project, A).decide(passage, coded("safeguarding", "equity"))
    session(project, B).decide(passage, coded("safeguarding"))
    async with running(project, session(project, LEAD), settle=True) as on:
        await on.press("w")
        assert "Your own answer" in on.text()
        await on.press("space", "ctrl+s", *"why", "enter")  # the first statement as well
        [row] = project.store.evidence_rows(confirmed=True)
        assert row.statements == ("assessing-needs", "safeguarding")
        assert row.coder == LEAD


async def test_an_answer_without_a_statement_is_not_taken(project: Project) -> None:
    differing(project)
    async with running(project, session(project, LEAD), settle=True) as on:
        await on.press("w", "ctrl+s")
        assert "Tick a statement first" in on.text()
        await on.press("escape")
        assert isinstance(on.app.screen, SettleScreen)
        assert EventAction.ADJUDICATED not in on.actions()


async def test_the_passage_opens_in_the_review(project: Project) -> None:
    differing(project)
    async with running(project, session(project, LEAD), settle=True) as on:
        await on.press("enter")
        assert on.passage == ABUSE


async def test_keys_scroll_the_passage_help_go_back_and_leave(project: Project) -> None:
    long = "The duty team decides the same day. " * 90
    project.store.add_document(reading("long.txt", [long]))
    session(project, A).decide(id_of(project, long), NONE)
    session(project, B).decide(id_of(project, long), coded("safeguarding"))
    async with running(project, session(project, LEAD), settle=True) as on:
        pane = on.app.screen.query_one("#settle-passage")
        await on.press("space")
        assert pane.scroll_y > 0
        await on.press("b")
        assert pane.scroll_y == 0
        await on.press("question_mark")
        assert "Settle it by an answer of your own" in on.text()
        await on.press("escape")
        assert isinstance(on.app.screen, SettleScreen)
        await on.press("escape")
        assert len(on.app.screen_stack) == 1
        await on.press("S", "S")
        assert len(on.app.screen_stack) == 1
        await on.press("S", "q")
        assert on.app._exit


async def test_where_nobody_differs_it_says_so(project: Project) -> None:
    async with running(project, session(project, LEAD), settle=True) as on:
        assert "Nothing to settle" in on.text()
        await on.press("1")
        assert "nothing to settle" in on.status
        assert on.app.screen.query_one(DisagreementList).count == 0


async def test_a_settlement_that_cannot_be_written_is_said_to_be_none(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    differing(project)

    def refuse(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(Settling, "_append", refuse)
    async with running(project, session(project, LEAD), settle=True) as on:
        await on.press("1", "enter")
        assert "NOT RECORDED" in on.status
        assert "the disk is full" in on.status
        assert "1 open, 0 settled" in on.text()
