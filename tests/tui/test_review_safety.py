"""No decision lost, none applied to the wrong passage, every failure said."""

from __future__ import annotations

import asyncio
import threading

import pytest
from tests.tui.driver import Driver, running
from tests.tui.samples import empty_store, small_store

from evidence_mapper.errors import StoreError

FIRST, SECOND, THIRD = "psg-1-1", "psg-2-0", "psg-2-2"
FULL = StoreError("the disk is full; free some space, then try again")


async def test_a_failed_write_is_said_and_nothing_advances() -> None:
    store = small_store()
    async with running(store) as on:
        store.fail["append_event"] = FULL
        await on.press("8", "enter")
        assert on.passage == FIRST
        assert on.status.startswith("NOT RECORDED. Could not record “Coded Governance")
        assert "the disk is full" in on.status
        assert "NOT RECORDED" in on.text()
        assert "8 ✓ Governance" in on.text(), "the marks are kept"
        assert "0 of 8 decided" in on.text()
        store.fail.clear()
        await on.press("enter")
        assert [passage for passage, _ in on.decisions()] == [FIRST]
        assert on.passage == SECOND


async def test_any_exception_of_a_worker_is_shown() -> None:
    store = small_store()
    async with running(store) as on:
        store.fail["append_event"] = ZeroDivisionError("a fault in the program")
        await on.press("a")
        assert "NOT RECORDED" in on.status
        assert "a fault in the program" in on.status


async def test_a_failed_undo_is_said() -> None:
    store = small_store()
    async with running(store) as on:
        await on.press("a")
        store.fail["undo"] = StoreError("the project is locked")
        await on.press("z")
        assert on.passage == SECOND
        assert "Could not undo your last decision: the project is locked" in on.status


async def test_a_decision_on_disk_is_not_called_lost_when_the_next_passage_cannot_be_read() -> None:
    store = small_store()
    async with running(store) as on:
        store.fail["queue"] = StoreError("the project is locked")
        await on.press("a")
        assert on.status.startswith("Coded Safeguarding")
        assert "It is on disk, but the next passage could not be read" in on.status
        assert "NOT RECORDED" not in on.status
        store.fail.clear()
        await on.press("home")
        assert on.passage == FIRST or on.passage == SECOND
        assert len(on.decisions()) == 1


@pytest.mark.parametrize("method", ["queue_count", "queue"])
async def test_a_project_that_cannot_be_read_says_so_at_the_start(method: str) -> None:
    store = small_store()
    store.fail[method] = StoreError("the project is locked")
    async with running(store) as on:
        assert "Could not read the queue: the project is locked" in on.status
        assert on.passage is None
        await on.press("a", "enter", "n")
        assert on.decisions() == []
        store.fail.clear()
        await on.press("j")
        assert on.passage == FIRST, "a move tries again"


async def test_keys_pressed_before_a_window_is_there_mark_nothing() -> None:
    async with running(small_store()) as on:
        await on.pilot.press("f", "7", "a")
        await on.settle()
        assert not on.at_review
        await on.press("escape")
        assert on.decisions() == []
        assert on.passage == FIRST


async def _held_back(on: Driver, *keys: str) -> None:
    """Press keys while the first write is held back, then let it go."""
    gate = on.store.gate = threading.Event()
    await on.pilot.press(*keys)
    await asyncio.sleep(0.02)
    assert on.store.events == [], "nothing is on disk while the write is held back"
    assert on.passage == FIRST, "the next passage does not show before the decision is on disk"
    gate.set()
    await on.settle()


async def test_two_quick_keys_decide_two_passages_in_order() -> None:
    async with running(small_store()) as on:
        await _held_back(on, "a", "n")
        assert [passage for passage, _ in on.decisions()] == [FIRST, SECOND]
        assert on.passage == THIRD


async def test_marks_typed_ahead_go_to_the_passage_that_is_shown_next() -> None:
    async with running(small_store()) as on:
        await _held_back(on, "a", "9", "enter")
        (first, one), (second, two) = on.decisions()
        assert (first, second) == (FIRST, SECOND)
        assert "learning" not in one.accepted()
        assert two.accepted() == ("learning",)


async def test_keys_typed_after_a_failed_write_do_nothing_and_that_is_said() -> None:
    store = small_store()
    async with running(store) as on:
        store.fail["append_event"] = FULL
        await _held_back(on, "a", "n", "j")
        assert on.passage == FIRST
        assert on.decisions() == []
        assert "2 keys pressed since then did nothing" in on.status


async def test_quitting_waits_for_the_write() -> None:
    async with running(small_store()) as on:
        await _held_back(on, "a", "q")
        assert [passage for passage, _ in on.decisions()] == [FIRST]
        await on.pilot.pause()
        assert not on.app.is_running or on.app._exit


async def test_moving_fast_opens_the_last_passage_asked_for() -> None:
    async with running(small_store()) as on:
        await on.pilot.press("j", "j", "j", "k")
        await on.settle()
        assert on.passage == THIRD
        await on.press("n")
        assert [passage for passage, _ in on.decisions()] == [THIRD]


async def test_quit_asks_when_marks_are_not_recorded() -> None:
    async with running(small_store()) as on:
        await on.press("7", "q")
        assert "1 passage has marks that are not recorded" in on.text()
        await on.press("n")
        assert on.at_review
        assert not on.app._exit
        await on.press("q", "y")
        assert on.app._exit
        assert on.decisions() == []


async def test_quit_does_not_ask_without_marks() -> None:
    async with running(small_store()) as on:
        await on.press("7", "7", "q")
        assert on.app._exit


async def test_an_empty_project_says_what_to_do_next() -> None:
    async with running(empty_store()) as on:
        seen = on.text()
        assert "No passages yet" in seen
        assert "evidence-mapper add FOLDER" in seen
        for key in "a1xnucptmsjk":
            await on.press(key, "escape")
        await on.press("enter")
        assert on.store.events == []


async def test_a_passage_that_does_not_exist_is_said() -> None:
    async with running(small_store(), start="psg-nowhere") as on:
        assert "no passage psg-nowhere in this project" in on.status
        assert on.passage == FIRST, "the queue opens instead"
        assert on.store.events == []


async def test_start_opens_the_passage_asked_for() -> None:
    async with running(small_store(), start="psg-2-2") as on:
        assert on.passage == "psg-2-2"
        assert "The interpreter did not come" in on.text()
