"""Overtaken answers are dropped; a decision is on the passage and the suggestion that were shown."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import replace

import pytest
from tests.tui.driver import Driver, running
from tests.tui.fake_store import suggestion
from tests.tui.samples import framework, session, small_store
from textual.message import Message

from evidence_mapper.domain.coding import Decision, Outcome, SuggestedCode, Suggestion, Verdict
from evidence_mapper.errors import StoreError, UsageError
from evidence_mapper.tui.queue_list import QueueList
from evidence_mapper.tui.store_screen import StoreDone, StoreFailed

FIRST, SECOND, THIRD = "psg-1-1", "psg-2-0", "psg-2-2"
NONE = Decision(Outcome.NONE)


class Held:
    """Keeps the first answer to a group of requests back, as a message queue does that is not yet emptied."""

    def __init__(self, on: Driver, monkeypatch: pytest.MonkeyPatch, group: str = "open") -> None:
        self._group = group
        self._post = on.review.post_message
        self._answer: Message | None = None
        self._there = threading.Event()
        monkeypatch.setattr(on.review, "post_message", self._hold)

    def _hold(self, message: Message) -> bool:
        answer = isinstance(message, StoreDone | StoreFailed) and message.request.group == self._group
        if not answer or self._there.is_set():
            return self._post(message)
        self._answer = message
        self._there.set()
        return True

    async def wait(self) -> None:
        """Wait until the answer is there."""
        assert await asyncio.to_thread(self._there.wait, 10)

    def deliver(self) -> Message:
        """Put the answer into the screen's queue."""
        assert self._answer is not None
        self._post(self._answer)
        return self._answer


async def test_a_decision_is_on_the_passage_under_the_cursor_not_on_one_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running(small_store()) as on:
        held = Held(on, monkeypatch)
        on.review.action_next()
        await held.wait()
        on.review.action_next()
        on.review.action_none()
        assert isinstance(held.deliver(), StoreDone)
        await on.settle()
        assert [passage for passage, _ in on.decisions()] == [THIRD]


@pytest.mark.parametrize("turns", range(1, 7))
async def test_moving_twice_and_deciding_at_any_moment_of_the_loop(turns: int) -> None:
    async with running(small_store()) as on:
        on.review.action_next()
        for _ in range(turns):
            await asyncio.sleep(0)
        time.sleep(0.05)  # the thread answers while the loop is held up
        on.review.action_next()
        on.review.action_none()
        row = on.review.query_one(QueueList).row(on.review.index or 0)
        assert row is not None
        await on.settle()
        assert [passage for passage, _ in on.decisions()] == [row.passage_id] == [THIRD]


async def test_a_failure_that_is_overtaken_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    store = small_store()
    async with running(store) as on:
        held = Held(on, monkeypatch)
        store.fail["history"] = StoreError("the project is locked")
        on.review.action_next()
        await held.wait()
        store.fail.clear()
        on.review.action_next()
        on.review.action_none()
        assert isinstance(held.deliver(), StoreFailed)
        await on.settle()
        assert "locked" not in on.status
        assert [passage for passage, _ in on.decisions()] == [THIRD]


@pytest.mark.parametrize("key", ["a", "n", "u"])
async def test_a_decision_is_refused_when_the_cursor_is_not_on_the_passage_shown(key: str) -> None:
    async with running(small_store()) as on:
        on.review.query_one(QueueList).move_to(2)
        await on.press(key)
        assert on.decisions() == []
        assert on.status.startswith("NOT RECORDED: the cursor had moved on")
        assert on.passage == THIRD, "the passage under the cursor is shown"
        await on.press("n")
        assert [passage for passage, _ in on.decisions()] == [THIRD]


async def test_a_move_does_not_slip_in_while_a_window_is_on_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(small_store()) as on:
        held = Held(on, monkeypatch, "documents")
        on.review.action_filter()
        await held.wait()
        on.review.action_next()
        on.review.action_accept()
        held.deliver()
        await on.settle()
        assert not on.at_review
        assert on.decisions() == []
        await on.press("escape")
        assert on.passage == FIRST
        assert "2 keys pressed too early did nothing" in on.status


async def test_what_was_recorded_is_said_before_a_move_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(small_store()) as on:
        said: list[str] = []
        monkeypatch.setattr(on.review, "open_row", lambda *_: said.append(on.status))
        held = Held(on, monkeypatch, "record")  # what follows is read with it
        on.review.action_accept()
        await held.wait()
        on.review.action_next()
        held.deliver()
        await on.settle()
        assert said
        assert said[0].startswith("Coded Safeguarding")
        assert "1 of 8 decided" in on.text()


def _anew() -> dict[str, Suggestion]:
    return {FIRST: suggestion(framework(), {"equity": 0.9, "governance": 0.8}, topics=("an-carers",))}


async def test_a_decision_answers_the_suggestion_shown_though_another_run_has_started() -> None:
    store = small_store()
    async with running(store) as on:
        store.suggest_anew("run-2", _anew())
        await on.press("7", "enter")
        [(passage, decision)] = on.decisions()
        assert passage == FIRST
        assert dict(decision.statements) == {
            "safeguarding": Verdict.ACCEPTED,
            "safe-systems": Verdict.REJECTED,
        }
        assert store.events[0].run_id == "run-1"
        await on.press("n")
        assert store.events[1].run_id == "run-2", "the next passage was read after the run"


async def test_marks_kept_on_a_passage_stand_beside_the_suggestion_of_the_newest_run() -> None:
    store = small_store()
    async with running(store) as on:
        await on.press("7", "j")
        store.suggest_anew("run-2", _anew())
        await on.press("k")
        seen = on.text()
        assert "7 ✓ Safeguarding" in seen
        assert "8 ◆ Governance" in seen
        await on.press("a")
        [(_, decision)] = on.decisions()
        assert decision.accepted() == ("equity", "safeguarding", "governance")
        assert store.events[0].run_id == "run-2"


def test_a_card_of_another_passage_is_refused() -> None:
    store = small_store()
    review = session(store)
    with pytest.raises(UsageError, match=f"shown is {SECOND}, the decision is for {FIRST}; nothing was"):
        review.decide(FIRST, NONE, shown=review.card(SECOND))
    assert store.events == []


def test_without_a_card_the_suggestion_of_the_moment_counts() -> None:
    store = small_store()
    review = session(store)
    store.suggest_anew("run-2", _anew())
    review.decide(FIRST, Decision(Outcome.CODED, (("equity", Verdict.ACCEPTED),)))
    [event] = store.events
    assert event.run_id == "run-2"
    assert Decision.from_json(event.payload).statements == (
        ("equity", Verdict.ACCEPTED),
        ("governance", Verdict.REJECTED),
    )


def test_a_card_names_the_run_its_suggestion_is_from(monkeypatch: pytest.MonkeyPatch) -> None:
    store = small_store()
    assert session(store).card(FIRST).run_id == "run-1"
    review = session(store)  # with nothing at hand
    read, anew = store.suggestion, _anew()

    def overtaken(passage_id: str) -> Suggestion | None:
        old = read(passage_id)
        store.suggest_anew("run-2", anew)  # between the reading of the suggestion and of the run
        return old

    monkeypatch.setattr(store, "suggestion", overtaken)
    card = review.card(FIRST)
    assert (card.suggestion, card.run_id) == (anew[FIRST], "run-2")


async def test_enter_takes_no_topic_of_the_machines_and_says_so() -> None:
    async with running(small_store(), start=SECOND) as on:
        await on.press("1" if framework().statements[0].id == "assessing-needs" else "2")
        assert "2 suggested topics not taken (t picks)" in on.status
        await on.press("enter")
        [(_, decision)] = on.decisions()
        assert decision.accepted() == ("assessing-needs",)
        assert (decision.topics, decision.i_statements) == ((), ())
        assert decision.evidence_category == "peoples-experience"


async def test_enter_takes_the_topics_that_were_picked() -> None:
    async with running(small_store(), start=SECOND) as on:
        await on.press("space", "t", "down", "space", "enter")  # a suggested topic comes off
        assert "not taken" not in on.status, "the rest was looked at and left out"
        await on.press("enter")
        [(_, decision)] = on.decisions()
        assert decision.topics == ("an-carers",)


def test_a_topic_that_is_not_suggested_is_not_called_left_out() -> None:
    from evidence_mapper.tui.draft import Draft
    from evidence_mapper.tui.sentences import draft_words

    made = _anew()[FIRST]
    weak = replace(made, topics=(SuggestedCode("an-carers", 0.2),))
    draft = Draft(framework(), weak)
    draft.toggle("assessing-needs", Verdict.ACCEPTED)
    assert "not taken" not in draft_words(framework(), draft)
    draft.suggestion = made
    assert "1 suggested topic not taken" in draft_words(framework(), draft)
