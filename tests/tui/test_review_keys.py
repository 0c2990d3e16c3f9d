"""Each key of the review, by its result on disk and on the screen."""

from __future__ import annotations

import pytest
from tests.tui.driver import NARROW, WIDE, running
from tests.tui.samples import CODER, small_store

from evidence_mapper.domain.coding import Outcome, Polarity, Verdict
from evidence_mapper.domain.project import ReviewState
from evidence_mapper.tui.statement_list import StatementList

FIRST, SECOND = "psg-1-1", "psg-2-0"


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_opens_on_the_likeliest_passage_with_its_source_and_suggestion(size: tuple[int, int]) -> None:
    async with running(small_store(), size) as on:
        seen = on.text()
        assert on.passage == FIRST
        for words in ("Suggested by the model - not a coding", "adults policy.pdf · p. 2 · policy", "94%"):
            assert words in seen
        assert "0 of 8 decided" in seen
        assert "tells the duty" in seen
        assert "“We work with people to understand" in seen
        assert "7 ◆ Safeguarding" in seen


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_accept_records_what_is_shown_and_goes_on(size: tuple[int, int]) -> None:
    async with running(small_store(), size) as on:
        await on.press("a")
        [(passage, decision)] = on.decisions()
        assert passage == FIRST
        assert decision.accepted() == ("safe-systems", "safeguarding")
        assert decision.evidence_category == "processes"
        assert decision.polarity is Polarity.NEUTRAL
        assert decision.i_statements == ("i-safe",)
        assert on.passage == SECOND
        assert on.status == "Coded Safeguarding, Safe systems, pathways and transitions - z to undo."
        assert "1 of 8 decided" in on.text()
        assert on.store.events[0].coder == CODER


async def test_accept_with_changes_keeps_the_changes() -> None:
    async with running(small_store()) as on:
        await on.press("right", "left", "8", "6")
        await on.press("x")  # the cursor is on statement 6
        await on.press("a")
        [(_, decision)] = on.decisions()
        verdicts = dict(decision.statements)
        assert verdicts["safe-systems"] is Verdict.REJECTED
        assert decision.accepted() == ("safeguarding", "governance")


async def test_accept_says_so_when_nothing_is_suggested() -> None:
    async with running(small_store(), start="psg-1-0") as on:
        await on.press("a")
        assert on.decisions() == []
        assert on.passage == "psg-1-0"
        assert "Nothing is suggested here to accept" in on.status


async def test_accept_of_a_suggested_none_records_none() -> None:
    async with running(small_store(), start="psg-2-1") as on:
        await on.press("a")
        [(passage, decision)] = on.decisions()
        assert (passage, decision.outcome) == ("psg-2-1", Outcome.NONE)


async def test_enter_records_only_what_is_ticked() -> None:
    async with running(small_store()) as on:
        await on.press("7")
        assert "7 ✓ Safeguarding" in on.text()
        assert on.status.startswith("enter records: Safeguarding; Processes; neutral; 1 other suggestion")
        await on.press("enter")
        [(_, decision)] = on.decisions()
        assert decision.accepted() == ("safeguarding",)
        assert dict(decision.statements)["safe-systems"] is Verdict.REJECTED
        assert on.passage == SECOND


async def test_enter_on_an_empty_draft_says_so() -> None:
    async with running(small_store()) as on:
        await on.press("enter")
        assert on.decisions() == []
        assert "Nothing is ticked" in on.status
        await on.press("7", "x", "enter")  # a rejection alone is not a coding
        assert on.decisions() == []
        assert "Nothing is ticked" in on.status


async def test_number_toggles_and_space_ticks_the_statement_under_the_cursor() -> None:
    async with running(small_store()) as on:
        await on.press("3")
        assert "3 ✓ Equity" in on.text()
        await on.press("3")
        assert "3   Equity" in on.text()
        await on.press("right", "space")
        assert "4 ✓ Care provision" in on.text()


@pytest.mark.parametrize("number", range(1, 10))
async def test_every_number_ticks_its_statement(number: int) -> None:
    async with running(small_store()) as on:
        await on.press(str(number), "enter")
        [(_, decision)] = on.decisions()
        assert on.review.framework.statements[number - 1].id in decision.accepted()


@pytest.mark.parametrize(("key", "outcome"), [("n", Outcome.NONE), ("u", Outcome.UNSURE)])
async def test_none_and_unsure_keep_rejections(key: str, outcome: Outcome) -> None:
    async with running(small_store()) as on:
        await on.press("x", key)  # the cursor opens on the likeliest statement, safeguarding
        [(_, decision)] = on.decisions()
        assert decision.outcome is outcome
        assert decision.statements == (("safeguarding", Verdict.REJECTED),)
        assert on.passage == SECOND


@pytest.mark.parametrize("key", ["n", "u"])
async def test_none_and_unsure_do_not_swallow_ticks(key: str) -> None:
    async with running(small_store()) as on:
        await on.press("7", key)
        assert on.decisions() == []
        assert "Statements are ticked" in on.status
        await on.press("escape", key)
        assert len(on.decisions()) == 1


async def test_undo_returns_to_the_passage() -> None:
    async with running(small_store()) as on:
        await on.press("a", "n")
        assert on.passage == "psg-2-2"
        await on.press("z")
        assert on.passage == SECOND
        assert on.status.startswith("Undone")
        await on.press("z")
        assert on.passage == FIRST
        await on.press("z")
        assert on.status == "You have no decision to undo."
        assert on.passage == FIRST
        assert len(on.decisions()) == 2, "undoing appends; nothing is taken out of the record"


@pytest.mark.parametrize(("forth", "back"), [("j", "k"), ("down", "up"), ("s", "k")])
async def test_moving_records_nothing(forth: str, back: str) -> None:
    async with running(small_store()) as on:
        await on.press(forth)
        assert on.passage == SECOND
        await on.press(back)
        assert on.passage == FIRST
        await on.press(back)
        assert "first passage" in on.status
        await on.press("end")
        last = on.passage
        await on.press(forth)
        assert (on.passage, on.status) == (last, "This is the last passage of the queue.")
        await on.press("home")
        assert on.passage == FIRST
        assert on.store.events == []


async def test_category_and_polarity_cycle_and_are_recorded() -> None:
    async with running(small_store()) as on:
        await on.press("7", "c")  # processes is the last category: next comes none
        assert "none set" in on.text()
        await on.press("c")
        assert "✓ People’s experience" in on.text()
        await on.press("p", "p")  # neutral is the last: none, then strength
        assert "✓ + strength" in on.text()
        await on.press("enter")
        [(_, decision)] = on.decisions()
        assert (decision.evidence_category, decision.polarity) == ("peoples-experience", Polarity.STRENGTH)


async def test_marks_are_kept_when_leaving_a_passage_and_never_recorded_by_it() -> None:
    async with running(small_store()) as on:
        await on.press("7", "j")
        assert "*· 7 Safeguarding" in on.text()
        assert on.decisions() == []
        await on.press("k")
        assert "7 ✓ Safeguarding" in on.text()
        await on.press("escape")
        assert "7 ◆ Safeguarding" in on.text()
        assert "*" not in on.text().splitlines()[1]


async def test_a_decided_passage_opens_with_its_coder_and_marks() -> None:
    async with running(small_store()) as on:
        await on.press("7", "enter", "z", "7", "enter")
        await on.press("h", "enter")
        assert on.passage == FIRST
        seen = on.text()
        assert f"Coded by {CODER}" in seen
        assert "Suggested by the model" not in seen
        assert "7 ✓ Safeguarding" in seen


async def test_other_coders_decisions_are_hidden_until_asked_for() -> None:
    store = small_store()
    async with running(store, WIDE) as on:
        await on.press("a")
        store.events[0] = type(store.events[0])(
            **{f: getattr(store.events[0], f) for f in store.events[0].__slots__} | {"coder": "B. Colleague"}
        )
        await on.press("home", "f", "ctrl+r")
        assert on.passage == FIRST
        assert "B. Colleague" not in on.text()
        await on.press("o")
        assert "B. Colleague" in on.text()
        await on.press("o")
        assert "B. Colleague" not in on.text()


async def test_the_end_of_the_queue_is_said() -> None:
    async with running(small_store()) as on:
        for _ in range(8):
            await on.press("n")
        assert on.passage is None
        assert "Everything is decided" in on.text()
        await on.press("a")
        assert on.status == "No passage is open."
        assert len(on.decisions()) == 8
        await on.press("z")
        assert on.passage == on.decisions()[-1][0]


async def test_deciding_in_a_queue_of_everything_goes_to_the_next() -> None:
    async with running(small_store()) as on:
        on.review.show_only(type(on.review.where)(state=ReviewState.ANY))
        await on.settle()
        await on.press("a")
        assert on.passage == SECOND
        assert "✓ 6 Safe systems…" in on.text()
        await on.press("end", "u")
        assert "last passage of this queue" in on.status


async def test_statement_cursor_moves_the_definition() -> None:
    async with running(small_store(), WIDE) as on:
        await on.press("2")
        seen = on.text()
        assert "2. Supporting people to live healthier lives" in seen
        assert "[sources differ]" in seen
        await on.press("tab", "tab")
        assert on.app.focused is on.review.query_one(StatementList) or on.app.focused is not None


async def test_page_keys_scroll_the_passage() -> None:
    store = small_store()
    long = "word " * 2000
    store._by_id[FIRST] = store._passages[1] = type(store._passages[1])(
        **{f: getattr(store._passages[1], f) for f in store._passages[1].__slots__} | {"text": long}
    )
    async with running(store) as on:
        scroll = on.review.query_one("#passage-scroll")
        before = scroll.scroll_y
        await on.press("pagedown", "pagedown")
        assert scroll.scroll_y > before
        await on.press("pageup")
        assert scroll.scroll_y > before
        assert on.passage == FIRST
