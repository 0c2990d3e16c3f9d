"""Sizes: what must be on the screen is on it, and nothing runs out of it."""

from __future__ import annotations

import pytest
from tests.tui.driver import running
from tests.tui.samples import large_store, small_store

from evidence_mapper import frameworks
from evidence_mapper.tui.actions import ACTIONS, DOCUMENTS, HISTORY, MATRIX, REVIEW, bar_of
from evidence_mapper.tui.key_bar import fill
from evidence_mapper.tui.queue_list import PAGE, QueueList

SIZES = [(60, 24), (80, 24), (80, 50), (100, 30), (110, 24), (120, 36), (200, 60)]


@pytest.mark.parametrize("size", SIZES)
async def test_passage_statements_and_keys_are_visible_at_every_size(size: tuple[int, int]) -> None:
    async with running(small_store(), size) as on:
        seen = on.text()
        assert "Any member of staff" in seen
        for number in range(1, 10):
            assert f"{number} " in seen
        assert "None of these" in seen
        assert "p ◆ = neutral" in seen
        for key in ("a accept", "enter record", "n none", "? help"):
            assert key in seen
        assert all(len(line) <= size[0] for line in seen.splitlines())
        assert not on.review.show_vertical_scrollbar


async def test_resizing_keeps_passage_marks_and_focus() -> None:
    async with running(small_store(), (132, 40)) as on:
        await on.press("j", "9")
        for size in [(80, 24), (60, 20), (140, 50)]:
            await on.pilot.resize_terminal(*size)
            await on.settle()
            assert on.passage == "psg-2-0"
            assert "9 ✓ Learning" in on.text()
        await on.press("k", "a")
        assert [passage for passage, _ in on.decisions()] == ["psg-1-1"]


@pytest.mark.parametrize("screen", [REVIEW, MATRIX, DOCUMENTS, HISTORY])
@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_key_bar_fits_and_keeps_help(screen: str, width: int) -> None:
    rows = fill(bar_of(screen), width, 2)
    assert any(action.label == "help" for row in rows for action in row)
    for row in rows:
        assert len("  ".join(f"{a.key_text} {a.label}" for a in row)) <= width


def test_every_action_has_one_key_of_its_own_on_its_screen() -> None:
    taken = [(a.screen, key) for a in ACTIONS for key in a.keys.split(",")]
    assert len(taken) == len(set(taken))


async def test_every_action_exists_on_its_screen() -> None:
    opened = {REVIEW: (), MATRIX: ("g",), DOCUMENTS: ("d",), HISTORY: ("h",), "help": ("question_mark",)}
    for screen, keys in opened.items():
        async with running(small_store()) as on:
            await on.press(*keys)
            for action in (a for a in ACTIONS if a.screen == screen):
                name = action.name.split("(")[0].removeprefix("app.")
                owner = on.app if action.name.startswith("app.") else on.app.screen
                assert hasattr(owner, f"action_{name}"), action


async def test_the_queue_asks_for_pages_only_as_they_come_into_view() -> None:
    store = large_store(1000)
    async with running(store) as on:
        assert store.pages_asked == [(0, PAGE)]
        queue = on.review.query_one(QueueList)
        assert queue.count == 1000
        await on.press("end")
        assert on.passage == "psg-1-999"
        queue.scroll_to(y=500, animate=False)
        await on.settle()
        asked = {offset for offset, _ in store.pages_asked}
        assert 500 in asked
        assert len(store.pages_asked) <= 5
        assert "Passage number 500." in on.text()
        await on.press("home")
        assert on.passage == "psg-1-0"


async def test_a_page_that_cannot_be_read_is_said_and_asked_for_again() -> None:
    store = large_store(1000)
    async with running(store) as on:
        queue = on.review.query_one(QueueList)
        store.fail["queue"] = RuntimeError("no such page")
        queue.scroll_to(y=500, animate=False)
        await on.settle()
        assert "Could not read the queue: no such page" in on.status
        store.fail.clear()
        queue.refresh()
        await on.settle()
        assert "Passage number 500." in on.text()


async def test_clicking_a_row_opens_its_passage() -> None:
    async with running(small_store()) as on:
        await on.pilot.click(QueueList, offset=(10, 2))
        await on.settle()
        assert on.passage == "psg-2-2"


async def test_a_framework_with_more_than_nine_statements() -> None:
    made = frameworks.load("cqc-provider")
    assert len(made.statements) > 9
    async with running(large_store(3), framework=made) as on:
        await on.press("9", *["right"] * 3, "space", "enter")
        [(_, decision)] = on.decisions()
        assert decision.accepted() == (made.statements[8].id, made.statements[11].id)
        await on.press("g", "escape")
        assert on.at_review
