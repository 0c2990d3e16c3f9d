"""Pictures of the screens. After a change meant to be seen: pytest tests/tui --snapshot-update, then look."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from tests.tui.driver import Driver
from tests.tui.real_review import TEXTS, RealDriver, made, passage_of
from tests.tui.samples import CODER, clock, empty_store, session, small_store
from tests.tui.test_review_why import Explaining
from textual.pilot import Pilot
from textual.widgets import Input

from evidence_mapper.tui import search_screen
from evidence_mapper.tui.app import EvidenceMapperApp
from evidence_mapper.workflow.claims import add_claim
from evidence_mapper.workflow.head_changes import Change, Changes
from evidence_mapper.workflow.learner import Standing
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.review import ReviewSession

DRAWN_WITH = "8.2"

pytestmark = pytest.mark.skipif(
    not version("textual").startswith(DRAWN_WITH), reason=f"pictures were drawn with textual {DRAWN_WITH}"
)

Compare = Callable[..., bool]
NARROW, WIDE = (80, 24), (140, 45)


class Learned:
    """Stands for what was learned: two suggestions changed."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def standing(self) -> Standing:
        return Standing(
            True, 50, 61, 50, "kept: better on your own decisions, no worse on what comes with it"
        )

    def changes(self) -> Changes:
        words = (TEXTS["policy.txt"][0], TEXTS["policy.txt"][1])
        found = [self._project.store.passage(passage_of(self._project, w)) for w in words]
        changed = (
            Change(found[0], "policy.txt", ("safeguarding",), ("governance",), "safeguarding", "governance"),
            Change(found[1], "policy.txt", (), ("governance",), "governance", "governance"),
        )
        return Changes(1, 50, 8, changed)

    def stop(self) -> None:
        """Nothing runs."""


class Helper(Explaining):
    """Explains at once, and has learned."""

    def __init__(self, project: Project) -> None:
        super().__init__(project)
        self.learner: Any = Learned(project)


def pressing(*keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Return a step that waits for the application, then presses keys."""

    async def step(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, EvidenceMapperApp)
        on = Driver(app, pilot, small_store())
        await on.settle()
        await on.press(*keys)

    return step


def over(project: Project, *keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Return a step that presses keys over a real project; what is being looked for is waited for."""

    async def step(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, EvidenceMapperApp)
        on = RealDriver(app, pilot, project)
        await on.settle()
        await on.press(*keys)
        for _ in range(3):
            await pilot.pause(0.15)
            await on.settle()
        for line in app.screen.query(Input):
            line.cursor_blink = False  # a cursor that blinks makes two pictures
        await pilot.pause(0.05)

    return step


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Give a project with suggestions, the same words in three places, and a claim."""
    with made(tmp_path / "p.sqlite") as project:
        add_claim(project, "Staff tell the duty team about abuse the same day.", coder=CODER)
        add_claim(project, "The panel meets on Tuesdays.", coder=CODER)
        yield project


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
@pytest.mark.parametrize(
    "keys",
    [(), ("a",), ("7", "right", "right", "x"), ("g",), ("d",), ("a", "n", "h")],
    ids=["review", "decided", "marked", "matrix", "documents", "history"],
)
def test_screens(snap_compare: Compare, keys: tuple[str, ...], size: tuple[int, int]) -> None:
    app = EvidenceMapperApp(session(small_store()))
    assert snap_compare(app, terminal_size=size, run_before=pressing(*keys))


@pytest.mark.parametrize("keys", [("question_mark",), ("f",), ("t",)], ids=["help", "filter", "topics"])
def test_windows(snap_compare: Compare, keys: tuple[str, ...]) -> None:
    app = EvidenceMapperApp(session(small_store()))
    assert snap_compare(app, terminal_size=NARROW, run_before=pressing(*keys))


# Screens over a real project: the path of no file, and no day but that of the clock, is drawn.
NEW = {
    "bulk": ("b",),
    "flag": ("exclamation_mark",),
    "learning": ("L", "c"),
    "remaining": ("g", "u"),
    "sides": ("g", "v"),
    "search": ("ctrl+f", *"abuse"),
    "span": ("v",),
    "twins": ("k", "e"),
    "why": ("y",),
    "claims": ("l",),
    "claim": ("l", "enter"),
}


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
@pytest.mark.parametrize("name", NEW)
def test_new_screens(
    snap_compare: Compare, project: Project, name: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_screen, "DEBOUNCE", 0.01)
    helper: Any = Helper(project)
    reviewed = ReviewSession(project.store, project.framework, CODER, clock())
    start = passage_of(project, TEXTS["users.txt"][1])
    app = EvidenceMapperApp(reviewed, start=start, assistant=helper)
    assert snap_compare(app, terminal_size=size, run_before=over(project, *NEW[name]))


def test_light(snap_compare: Compare) -> None:
    app = EvidenceMapperApp(session(small_store()))
    assert snap_compare(app, terminal_size=WIDE, run_before=pressing("ctrl+l"))


def test_empty_project(snap_compare: Compare) -> None:
    app = EvidenceMapperApp(session(empty_store()))
    assert snap_compare(app, terminal_size=NARROW, run_before=pressing())
