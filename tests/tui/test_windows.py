"""Note, topics, filter, search and wording: what they return is applied to their passage."""

from __future__ import annotations

from dataclasses import replace

from tests.tui.driver import WIDE, running
from tests.tui.samples import framework, small_store

from evidence_mapper.domain.coding import Outcome
from evidence_mapper.domain.framework import Framework, Verification
from evidence_mapper.domain.project import QueueFilter, QueueOrder, ReviewState


async def test_a_note_is_recorded_with_the_decision() -> None:
    async with running(small_store()) as on:
        await on.press("m", *"too", "space", *"vague", "ctrl+s")
        assert "m note" in on.text()
        await on.press("a")
        [(_, decision)] = on.decisions()
        assert decision.note == "too vague"
        assert len(decision.accepted()) == 2


async def test_a_note_can_be_left_as_it_was() -> None:
    async with running(small_store()) as on:
        await on.press("m", "a", "escape", "n")
        [(_, decision)] = on.decisions()
        assert (decision.outcome, decision.note) == (Outcome.NONE, None)


async def test_topics_are_picked_and_recorded() -> None:
    async with running(small_store(), start="psg-2-0") as on:
        await on.press("t")
        seen = on.text()
        assert "[✓] ◆ an-timeliness" in seen
        assert "[ ]   an-arrangements" in seen
        await on.press("space", "down", "space", "enter")
        assert "✓ 2 topics" in on.text()
        await on.press("a")
        [(_, decision)] = on.decisions()
        assert decision.topics == ("an-arrangements", "an-carers")


async def test_topics_can_be_left_as_they_were() -> None:
    async with running(small_store(), start="psg-2-0") as on:
        await on.press("t", "space", "escape", "a")
        [(_, decision)] = on.decisions()
        assert decision.topics == ("an-timeliness", "an-carers")


async def test_the_filter_form_changes_the_queue() -> None:
    async with running(small_store(), WIDE) as on:
        await on.press("a", "f")
        assert "Show which passages" in on.text()
        await on.press("enter", "down", "enter")  # state: coded
        await on.press("ctrl+s")
        assert on.review.where.state is ReviewState.CODED
        assert on.passage == "psg-1-1"
        assert "1 passage · Coded · gaps first" in on.text()
        await on.press("f", "ctrl+r")
        assert on.review.where == QueueFilter()


async def test_the_filter_form_searches_words_from_its_last_field() -> None:
    async with running(small_store()) as on:
        await on.press("f", "shift+tab", *"sister", "enter")
        assert on.review.where.text == "sister"
        assert on.passage == "psg-2-2"


async def test_the_filter_form_leaves_things_as_they_were() -> None:
    async with running(small_store()) as on:
        before = (on.review.where, on.review.order, on.passage)
        await on.press("f", "escape")
        assert (on.review.where, on.review.order, on.passage) == before


async def test_order_is_part_of_the_filter() -> None:
    async with running(small_store()) as on:
        on.review.order = QueueOrder.DOCUMENT
        on.review.show_only(QueueFilter())
        await on.settle()
        assert on.passage == "psg-1-0"
        assert "document order" in on.text()


async def test_find_and_find_everything_again() -> None:
    async with running(small_store()) as on:
        await on.press("slash", *"interpreter", "enter")
        assert on.passage == "psg-2-2"
        assert "“interpreter”" in on.text()
        await on.press("slash", "escape")
        assert on.review.where.text == "interpreter"
        await on.press("slash", *["backspace"] * 11, "enter")
        assert on.review.where.text is None
        await on.press("slash", *"nowhere", "enter")
        assert "No passage meets this filter" in on.text()


async def test_undo_returns_to_a_passage_outside_the_filter() -> None:
    async with running(small_store()) as on:
        await on.press("a", "slash", *"interpreter", "enter", "z")
        assert on.passage == "psg-1-1"
        assert "Suggested by the model" in on.text()
        await on.press("j")
        assert on.passage == "psg-2-2"


async def test_the_whole_wording_shows_standing_and_sources() -> None:
    async with running(small_store(), WIDE) as on:
        await on.press("2", "w")
        seen = on.text()
        assert "sources differ" in seen
        assert "also found:" in seen
        assert "source:" in seen
        await on.press("escape")
        assert on.at_review


def unverified() -> Framework:
    """Return the framework with its first wording marked as unverified."""
    made = framework()
    first = made.statements[0]
    assert first.wording is not None
    wording = replace(first.wording, verification=Verification.UNVERIFIED)
    return replace(made, statements=(replace(first, wording=wording), *made.statements[1:]))


async def test_unverified_wording_is_marked() -> None:
    async with running(small_store(), WIDE, framework=unverified()) as on:
        await on.press("1")
        assert "[unverified wording]" in on.text()
