"""The search screen over a real project, by the keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from evidence_mapper.errors import StoreError
from evidence_mapper.tui.app import EvidenceMapperApp
from evidence_mapper.tui.review_screen import ReviewScreen
from evidence_mapper.tui.search_screen import HitList, SearchScreen
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.project import Project, create_project
from evidence_mapper.workflow.review import ReviewSession

COMMENTS = """Comments
"Carers waited five months for an assessment and nobody rang them in all that time."
"The pendant alarm was fitted the next day and she can ring for help when she falls."
"The \x1b[31m nurse \x1b[0m [bold]rang[/bold] the daughter about the alarm and the carer."
"""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Give a project without suggestions: searched by words alone, so that no model is read."""
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "survey.csv").write_text(COMMENTS, encoding="utf-8")
    with create_project(tmp_path / "p.sqlite") as opened:
        add_files(opened, [folder], workers=1)
        yield opened


class On:
    """A running application."""

    def __init__(self, app: EvidenceMapperApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot

    async def until(self, reached: Callable[[], bool]) -> None:
        for _ in range(300):
            await self.pilot.pause()
            if reached():
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"never reached; the screen says:\n{self.text()}")

    async def type(self, words: str) -> None:
        await self.pilot.press(*("space" if c == " " else "minus" if c == "-" else c for c in words))

    async def found(self, count: int) -> None:
        await self.until(lambda: len(self.hits.hits) == count and "Searching" not in self.status)

    @property
    def screen(self) -> SearchScreen:
        assert isinstance(self.app.screen, SearchScreen)
        return self.app.screen

    @property
    def hits(self) -> HitList:
        return self.screen.query_one(HitList)

    @property
    def status(self) -> str:
        return self.app.screen.query_one(StatusLine).text

    def text(self) -> str:
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    def open_passage(self) -> str | None:
        review = self.app.screen
        return review.card.passage.id if isinstance(review, ReviewScreen) and review.card else None


@asynccontextmanager
async def searching(project: Project, size: tuple[int, int] = (132, 40)) -> AsyncIterator[On]:
    session = ReviewSession(project.store, project.framework, "ann", utc_now)
    app = EvidenceMapperApp(session)
    async with app.run_test(size=size) as pilot:
        on = On(app, pilot)
        await on.until(lambda: on.open_passage() is not None)
        await pilot.press("ctrl+f")
        await on.until(lambda: isinstance(app.screen, SearchScreen))
        yield on


@pytest.mark.parametrize("size", [(80, 24), (132, 40)])
async def test_results_come_as_one_types_and_enter_opens_the_passage(
    project: Project, size: tuple[int, int]
) -> None:
    async with searching(project, size) as on:
        await on.type("assessments")
        await on.found(1)
        wanted = on.hits.hits[0].passage
        assert "1 passage, best first" in on.text()
        assert "Carers waited five months for an assessment" in on.text()
        assert "survey.csv" in on.text()
        assert "by words alone" in on.status
        await on.pilot.press("enter")
        await on.until(lambda: on.open_passage() == wanted.id)


async def test_arrows_move_over_the_hits_while_typing_goes_on(project: Project) -> None:
    async with searching(project) as on:
        await on.type("alarm")
        await on.found(2)
        second = on.hits.hits[1].passage
        await on.pilot.press("down")
        await on.until(lambda: on.hits.cursor == 1)
        shown = on.screen.query_one("#hit-text", Static)
        assert second.text.split()[-1] in str(shown.content)
        await on.type(" -nurse")
        await on.found(1)
        assert on.hits.cursor == 0
        assert on.screen.query_one("#query", Input).value == "alarm -nurse"


async def test_matches_are_bold_in_the_list_and_marked_in_the_passage(project: Project) -> None:
    async with searching(project) as on:
        await on.type("pendants")
        await on.found(1)
        assert ("pendant", "strong") in on.hits.cells(0, 120)
        spans = on.screen.query_one("#hit-text", Static).content.spans  # type: ignore[union-attr]  # a Content
        assert [(s.start, s.end) for s in spans] == [(4, 11)]


async def test_text_of_a_document_is_made_harmless(project: Project) -> None:
    async with searching(project) as on:
        await on.type("nurse")
        await on.found(1)
        assert "\x1b" not in on.text()
        assert "[bold]rang[/bold]" in on.text()


async def test_no_query_is_an_error_and_nothing_found_is_said(project: Project) -> None:
    async with searching(project) as on:
        await on.type("alarm")
        await on.found(2)
        query = on.screen.query_one("#query", Input)
        for typed in ('"', "zzzz", "NEAR("):
            query.value = typed
            await on.until(lambda: "Nothing was found" in on.text())
            query.value = "alarm"
            await on.found(2)
        query.value = ""
        await on.until(lambda: "Type words" in on.status and not on.hits.hits)
        await on.pilot.press("enter")
        await on.until(lambda: "no passage to open" in on.status)


async def test_which_passages_are_searched_is_chosen_with_a_key(project: Project) -> None:
    async with searching(project) as on:
        await on.type("alarm")
        await on.found(2)
        await on.pilot.press("ctrl+t")
        await on.until(lambda: "confirmed only" in on.text() and not on.hits.hits)
        await on.pilot.press("ctrl+t")
        await on.until(lambda: "suggested only" in on.text())
        await on.pilot.press("ctrl+t")
        await on.found(2)


async def test_going_back_keeps_the_passage_and_the_words(project: Project) -> None:
    async with searching(project) as on:
        review = on.app.screen_stack[0]
        assert isinstance(review, ReviewScreen)
        assert review.card is not None
        before = review.card.passage.id
        await on.type("alarm")
        await on.found(2)
        await on.pilot.press("escape")
        await on.until(lambda: on.open_passage() == before)
        await on.pilot.press("ctrl+f")
        await on.until(lambda: isinstance(on.app.screen, SearchScreen))
        await on.found(2)
        assert on.screen.query_one("#query", Input).value == "alarm"


async def test_a_search_that_fails_is_said(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise StoreError("the file is locked")

    async with searching(project) as on:
        monkeypatch.setattr(ReviewSession, "search", fail)
        await on.type("alarm")
        await on.until(lambda: "Could not search: the file is locked" in on.status)
