"""The application over a real project: what a person records is read back from the file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.store.builders import reading
from tests.tui.driver import WIDE
from tests.tui.fake_store import suggestion
from tests.tui.samples import CODER, clock
from textual.pilot import Pilot
from textual.worker import WorkerState

from evidence_mapper.domain.coding import Decision, EventAction, RunSpec
from evidence_mapper.tui.app import EvidenceMapperApp
from evidence_mapper.tui.review_screen import ReviewScreen
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.workflow.assistant import Assistant
from evidence_mapper.workflow.project import Project, create_project
from evidence_mapper.workflow.review import ReviewSession

SAME = "I waited five months and nobody told me where I was in the queue."
TEXTS: Mapping[str, Sequence[str]] = {
    "carers.txt": ("The worker came on time and listened to us.", SAME, "Nothing to add at all, thank you."),
    "users.txt": (SAME, "Staff tell the duty team about abuse the same day.", SAME),
    "policy.txt": ("Every concern is decided on within one working day.", "The panel meets on Tuesdays."),
}
LIKELY: Mapping[str, Mapping[str, float]] = {
    SAME: {"assessing-needs": 0.95},
    TEXTS["users.txt"][1]: {"safeguarding": 0.93},
    TEXTS["policy.txt"][0]: {"safeguarding": 0.91, "governance": 0.45},
    TEXTS["carers.txt"][0]: {"assessing-needs": 0.7},
}
"""Statements suggested, by the words; other passages have nothing suggested."""


def made(path: Path, texts: Mapping[str, Sequence[str]] = TEXTS) -> Project:
    """Return a project with documents and a run of suggestions."""
    project = create_project(path)
    spec = RunSpec("model@1", "sha256:0", f"{project.framework.id}@{project.framework.version}")
    run = project.store.start_run(spec, "2026-11-24T09:00:00.000000+00:00")
    for name, passages in texts.items():
        read = reading(name, passages)
        project.store.add_document(read)
        pairs = [(p.id, suggestion(project.framework, LIKELY.get(p.text, {}))) for p in read.passages]
        project.store.save_suggestions(run, pairs)
    return project


def passage_of(project: Project, text: str, document: str | None = None) -> str:
    """Return the id of the first passage with the words, in a document or anywhere."""
    for found in project.store.documents():
        for passage in project.store.passages(found.id):
            if passage.text == text and document in (None, found.name):
                return passage.id
    raise AssertionError(text)


class RealDriver:
    """One running application with the project behind it."""

    def __init__(self, app: EvidenceMapperApp, pilot: Pilot[None], project: Project) -> None:
        self.app = app
        self.pilot = pilot
        self.project = project

    @property
    def review(self) -> ReviewScreen:
        """The first screen."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, ReviewScreen)
        return screen

    @property
    def passage(self) -> str:
        """Words of the open passage; empty when none is open."""
        return self.review.card.passage.text if self.review.card else ""

    @property
    def status(self) -> str:
        """What the status line of the present screen says."""
        return self.app.screen.query_one(StatusLine).text

    def text(self) -> str:
        """Everything on the screen, line by line."""
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, letting the application finish each."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def settle(self) -> None:
        """Wait until no thread works and every message is handled."""
        for _ in range(2000):
            await self.pilot.pause()
            states = [worker.state for worker in self.app.workers]
            if not any(state in (WorkerState.PENDING, WorkerState.RUNNING) for state in states):
                await self.pilot.pause()
                return
            await asyncio.sleep(0.01)
        raise AssertionError("the application did not settle")

    async def until(self, words: str) -> None:
        """Wait until the screen shows some words."""
        for _ in range(3000):
            if words in self.text():
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"{words!r} is not in\n{self.text()}")

    def decided(self, coder: str = CODER) -> dict[str, list[Decision]]:
        """Return the decisions of a coder that hold, by the words of their passages."""
        found: dict[str, list[Decision]] = {}
        for held in self.project.store.held_decisions():
            if held.decision.coder == coder:
                found.setdefault(held.passage.text, []).append(held.decision.decision)
        return found

    def actions(self) -> list[EventAction]:
        """Return what was recorded, oldest first."""
        return [e.action for e in self.project.store.history(limit=10_000)][::-1]

    def sound(self) -> bool:
        """Return whether the file agrees with a replay of its record."""
        return self.project.store.verify() == []


@asynccontextmanager
async def reviewing(
    project: Project, size: tuple[int, int] = WIDE, *, start: str | None = None, assistant: Any = None
) -> AsyncIterator[RealDriver]:
    """Run the application on a project."""
    session = ReviewSession(project.store, project.framework, CODER, clock())
    helper: Assistant | None = assistant
    app = EvidenceMapperApp(session, start=start, assistant=helper)
    async with app.run_test(size=size) as pilot:
        driver = RealDriver(app, pilot, project)
        await driver.settle()
        yield driver
