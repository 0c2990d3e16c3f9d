"""Starts the application without a terminal and waits for its threads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.tui.fake_store import FakeStore
from tests.tui.samples import session
from textual.pilot import Pilot
from textual.worker import WorkerState

from evidence_mapper.domain.coding import Decision, EventAction
from evidence_mapper.domain.framework import Framework
from evidence_mapper.tui.app import EvidenceMapperApp
from evidence_mapper.tui.review_screen import ReviewScreen
from evidence_mapper.tui.status_line import StatusLine

NARROW = (80, 24)
WIDE = (132, 40)


class Driver:
    """One running application with the store behind it."""

    def __init__(self, app: EvidenceMapperApp, pilot: Pilot[None], store: FakeStore) -> None:
        self.app = app
        self.pilot = pilot
        self.store = store

    @property
    def review(self) -> ReviewScreen:
        """The first screen."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, ReviewScreen)
        return screen

    @property
    def at_review(self) -> bool:
        """Whether nothing is open over the review."""
        return len(self.app.screen_stack) == 1

    @property
    def passage(self) -> str | None:
        """Id of the open passage."""
        return self.review.card.passage.id if self.review.card else None

    @property
    def status(self) -> str:
        """What the status line of the present screen says."""
        return self.app.screen.query_one(StatusLine).text

    def text(self) -> str:
        """Everything on the screen, line by line."""
        update = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text for strip in update)

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, letting the application finish each."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def settle(self) -> None:
        """Wait until no thread works and every message is handled."""
        for _ in range(400):
            await self.pilot.pause()
            busy = [
                worker
                for worker in self.app.workers
                if worker.group != "leave" and worker.state in (WorkerState.PENDING, WorkerState.RUNNING)
            ]
            if not busy:
                await self.pilot.pause()
                return
            await asyncio.sleep(0.005)
        raise AssertionError("the application did not settle")

    def decisions(self) -> list[tuple[str, Decision]]:
        """Return (passage id, decision) of everything decided, oldest first."""
        decided = [e for e in self.store.events if e.action is EventAction.DECIDED]
        return [(e.subject, Decision.from_json(e.payload)) for e in decided]


@asynccontextmanager
async def running(
    store: FakeStore,
    size: tuple[int, int] = NARROW,
    *,
    start: str | None = None,
    framework: Framework | None = None,
) -> AsyncIterator[Driver]:
    """Run the application on a store."""
    app = EvidenceMapperApp(session(store, made=framework), start=start)
    async with app.run_test(size=size) as pilot:
        driver = Driver(app, pilot, store)
        await driver.settle()
        yield driver
