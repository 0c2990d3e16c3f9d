"""Cutting and joining the open passage, through a real project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.tui.driver import NARROW, WIDE
from tests.tui.real_review import made, passage_of, reviewing

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.workflow.project import Project

LONG = "We visit every week. Nobody waits for long. The panel meets on Tuesdays."
NEXT = "A second paragraph stands here."


class Suggesting:
    """Suggests for nothing, and counts how often it was asked."""

    loaded = True
    learner = None
    asked = 0

    def suggest_new(self) -> int:
        """Return that nothing was missing."""
        self.asked += 1
        return 0


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Give a project of one document."""
    with made(tmp_path / "p.sqlite", {"a.txt": (LONG, NEXT)}) as project:
        yield project


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_passage_is_cut_joined_and_put_back(project: Project, size: tuple[int, int]) -> None:
    helper = Suggesting()
    async with reviewing(project, size, start=passage_of(project, LONG), assistant=helper) as on:
        await on.press("n")
        on.review.action_go(0)
        await on.settle()
    async with reviewing(project, size, start=passage_of(project, LONG), assistant=helper) as on:
        await on.press("v")
        assert "Where this passage begins and ends" in on.text()
        assert "1 We visit every week." in on.text()
        await on.press("down", "enter")
        assert on.passage == "We visit every week. Nobody waits for long."
        assert "Cut in two" in on.status
        assert helper.asked == 1
        card = on.review.card
        assert card is not None
        assert [e.passage.text for e in card.earlier] == [LONG]
        assert on.sound()
        await on.press("z")
        assert on.passage == LONG
        assert list(on.decided()) == [LONG], "the decision on it holds again"
        await on.press("v", "d")
        assert on.passage == f"{LONG}\n\n{NEXT}"
        await on.press("h", "z", "escape")
        assert on.actions().count(EventAction.RECUT) == 4
        assert on.sound()


async def test_the_second_part_follows_the_first(project: Project) -> None:
    async with reviewing(project, start=passage_of(project, LONG)) as on:
        await on.press("v", "enter", "n")
        assert on.passage == "Nobody waits for long. The panel meets on Tuesdays."
        assert "None of these - z to undo." in on.status
        await on.press("z")
        assert on.passage == "We visit every week."
        assert on.decided() == {}


async def test_what_cannot_be_joined_is_said_and_nothing_changes(project: Project) -> None:
    async with reviewing(project, start=passage_of(project, LONG)) as on:
        await on.press("v", "u")  # nothing stands above
        assert on.app.screen is not on.review
        await on.press("escape", "3", "v")
        assert "This passage has marks" in on.status
        assert on.actions() == []
