"""The history comes by the page: every event can be reached, and how many are shown is said."""

from __future__ import annotations

from tests.tui.driver import NARROW, running
from tests.tui.fake_store import FakeStore
from tests.tui.samples import CODER, small_store

from evidence_mapper.domain.coding import Decision, EventAction, Outcome
from evidence_mapper.errors import StoreError
from evidence_mapper.tui.history_screen import HistoryList

IDS = ("psg-1-0", "psg-1-1", "psg-1-2", "psg-2-0")


def _decided(count: int) -> FakeStore:
    store = small_store()
    for n in range(count):
        store.append_event(
            coder=CODER,
            action=EventAction.DECIDED,
            subject=IDS[n % len(IDS)],
            at="2026-11-25T09:00:00.000000+00:00",
            payload=Decision(Outcome.NONE, note=f"note {n}").to_json(),
        )
    return store


async def test_all_events_can_be_reached() -> None:
    async with running(_decided(450), NARROW) as on:
        await on.press("h")
        assert "the latest 200 of 450" in on.text()
        await on.press("end")
        assert "the latest 400 of 450" in on.text()
        assert "note 250" in on.text(), "the cursor stays on its event"
        await on.press("end")
        assert "the latest" not in on.text()
        await on.press("end")
        assert "note 0" in on.text()
        assert on.app.screen.query_one(HistoryList).count == 450


async def test_a_short_history_is_read_once_and_whole() -> None:
    async with running(_decided(200)) as on:
        await on.press("h", "end")
        assert "the latest" not in on.text()
        assert "note 0" in on.text()


async def test_earlier_events_that_cannot_be_read_are_said_and_asked_for_again() -> None:
    store = _decided(210)
    async with running(store) as on:
        await on.press("h")
        store.fail["history"] = StoreError("the project is locked")
        await on.press("end")
        assert on.status == "Could not read the history: the project is locked"
        store.fail.clear()
        await on.press("up", "down")
        assert on.app.screen.query_one(HistoryList).count == 210


async def test_undoing_far_down_keeps_the_place() -> None:
    store = _decided(450)
    async with running(store) as on:
        await on.press("h", "end", "z")
        assert store.events[-1].action is EventAction.UNDONE
        assert store.events[-1].payload == {"undoes": "evt-251"}
        assert "note 250" in on.text()
        assert "the latest 400 of 451" in on.text()
        assert "(undone) None of these" in on.text()
