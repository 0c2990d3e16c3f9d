"""The claims screens over a real project, by the keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.workflow.claim_projects import made
from tests.workflow.pack_samples import CALLS, WAIT, confirm, passage_of
from textual.pilot import Pilot
from textual.worker import WorkerState

from evidence_mapper.tui.app import EvidenceMapperApp
from evidence_mapper.tui.claim_screen import ClaimScreen
from evidence_mapper.tui.claims_screen import ClaimsScreen
from evidence_mapper.tui.review_screen import ReviewScreen
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.workflow.assistant import Assistant
from evidence_mapper.workflow.claims import add_claim, find_claim
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.review import ReviewSession

CLAIM = "The carers' centre answers calls within a day; a longest wait is not nineteen months."
HOSTILE = "[bold]Not markup[/] \x1b[31mnor an escape\x07 and the carers wait \u202e for it."


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Give a project with two claims and no suggestions: searched by words alone."""
    with made(tmp_path) as opened:
        confirm(opened, CALLS)
        add_claim(opened, CLAIM, coder="ann", statements=["assessing-needs"])
        add_claim(opened, HOSTILE, coder="ben")
        yield opened


class On:
    """A running application."""

    def __init__(self, app: EvidenceMapperApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def settle(self) -> None:
        for _ in range(2000):
            await self.pilot.pause()
            if all(w.state not in (WorkerState.PENDING, WorkerState.RUNNING) for w in self.app.workers):
                await self.pilot.pause()
                return
            await asyncio.sleep(0.01)
        raise AssertionError("the application did not settle")

    def text(self) -> str:
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    @property
    def status(self) -> str:
        return self.app.screen.query_one(StatusLine).text


@asynccontextmanager
async def running(project: Project, size: tuple[int, int] = (80, 24)) -> AsyncIterator[On]:
    session = ReviewSession(project.store, project.framework, "ann", utc_now)
    app = EvidenceMapperApp(session, assistant=Assistant(project))
    async with app.run_test(size=size) as pilot:
        on = On(app, pilot)
        await on.settle()
        yield on


@pytest.mark.parametrize("size", [(80, 24), (132, 40)])
async def test_a_claim_is_linked_by_keys_and_its_marks_go(project: Project, size: tuple[int, int]) -> None:
    calls = passage_of(project, CALLS).id
    async with running(project, size) as on:
        await on.press("l")
        assert isinstance(on.app.screen, ClaimsScreen)
        assert "Claims: 2 · 2 without evidence" in on.text()
        await on.press("enter")
        assert isinstance(on.app.screen, ClaimScreen)
        seen = on.text()
        assert "Claim 1 · 0 for, 0 against" in seen
        assert "no evidence" in seen
        assert "?" in seen
        while calls not in _under_cursor(on):
            await on.press("down")
        assert "confirmed by a person" in " ".join(on.text().split())
        await on.press("f")
        assert find_claim(project, 1).passages == (calls,)
        assert "Linked for the claim" in on.status
        assert "1 for, 0 against" in on.text()
        await on.press("home", "a")
        assert (find_claim(project, 1).passages, find_claim(project, 1).against) == ((), (calls,))
        await on.press("home", "u")
        assert find_claim(project, 1).against == ()
        await on.press("7")
        assert find_claim(project, 1).statements == ("assessing-needs", "safeguarding")
        await on.press("n")
        assert "Claim 2" in on.text()
        await on.press("escape", "escape")
        assert isinstance(on.app.screen, ReviewScreen)


def _under_cursor(on: On) -> str:
    screen = on.app.screen
    assert isinstance(screen, ClaimScreen)
    item = screen._item()
    return item.passage_id if item else ""


async def test_what_is_not_confirmed_opens_in_review_and_l_comes_back(project: Project) -> None:
    wait = passage_of(project, WAIT).id
    async with running(project) as on:
        await on.press("l", "enter")
        while wait not in _under_cursor(on):
            await on.press("down")
        assert "NOT CONFIRMED" in " ".join(on.text().split())
        await on.press("f")
        review = on.app.screen
        assert isinstance(review, ReviewScreen)
        assert review.card is not None
        assert review.card.passage.id == wait
        assert find_claim(project, 1).passages == (), "nothing was linked"
        await on.press("1", "enter", "l")
        assert isinstance(on.app.screen, ClaimScreen)
        assert "Claim 1" in on.text()
        while wait not in _under_cursor(on):
            await on.press("down")
        await on.press("a")
        assert find_claim(project, 1).against == (wait,)


async def test_words_are_edited_withdrawn_and_skipped(project: Project) -> None:
    async with running(project) as on:
        await on.press("l", "enter", "e")
        await on.press("space", "Y", "e", "s", "ctrl+s")
        assert find_claim(project, 1).text == CLAIM + " Yes"
        first = _under_cursor(on)
        await on.press("home", "s")
        assert _under_cursor(on) != first
        await on.press("w", "y")
        assert not find_claim(project, 1).is_open
        await on.press("f")
        assert "NOT RECORDED" in on.status or isinstance(on.app.screen, ReviewScreen)


async def test_hostile_words_are_shown_as_they_are(project: Project) -> None:
    async with running(project) as on:
        await on.press("l", "down")
        seen = on.text()
        assert "[bold]Not markup[/]" in seen
        assert "\x1b" not in seen
        assert "\u202e" not in seen
        await on.press("enter")
        assert "[bold]Not markup[/]" in on.text()


async def test_the_next_claim_without_evidence_goes_round(project: Project) -> None:
    async with running(project) as on:
        await on.press("l", "n")
        await on.press("enter")
        assert "Claim 2" in on.text()
        await on.press("n")
        assert "Claim 1" in on.text()
        await on.press("escape", "question_mark")
        assert "Next claim without evidence" in on.text() or "Review" in on.text()
