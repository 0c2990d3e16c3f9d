from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.store.builders import NOW, STATEMENTS, at, coded, reading

from evidence_mapper.domain.coding import Decision, Event, EventAction, Outcome, Polarity, RunSpec, Verdict
from evidence_mapper.domain.project import QueueFilter, QueueOrder, ReviewState
from evidence_mapper.errors import StoreError
from evidence_mapper.store.base import Store
from evidence_mapper.store.engine import create_project

NONE = Decision(Outcome.NONE)
UNSURE = Decision(Outcome.UNSURE, note="ask the team")


def decide(store: Store, passage: str, decision: Decision, coder: str = "ann", second: int = 0) -> Event:
    return store.append_event(
        coder=coder, action=EventAction.DECIDED, subject=passage, at=at(second), payload=decision.to_json()
    )


def held(store: Store, passage: str) -> dict[str, Decision]:
    return {found.coder: found.decision for found in store.decisions(passage)}


@pytest.fixture
def passage(store: Store) -> str:
    ingested = reading("a.txt", ["One", "Two"])
    store.add_document(ingested)
    return ingested.passages[0].id


def test_an_event_says_what_it_was_made_from(store: Store, passage: str, reopen: Callable[[], Store]) -> None:
    run = store.start_run(RunSpec("head@1", "sha256:aa", "f@1"), NOW)
    decision = coded("statement-2", rejected=["statement-1"], polarity=Polarity.MIXED, note="“Yes” 😀")
    event = decide(store, passage, decision, second=5)
    assert (event.sequence, event.coder, event.subject, event.at) == (1, "ann", passage, at(5))
    assert (event.framework, event.run_id) == ("cqc-local-authority@2024", run)
    with reopen() as again:
        assert again.history() == [event]
        (found,) = again.decisions(passage)
        assert (found.decision, found.at, found.sequence) == (decision, at(5), 1)
        assert again.coders() == ["ann"]


def test_a_decision_may_name_an_earlier_run(store: Store, passage: str) -> None:
    first = store.start_run(RunSpec("head@1", "sha256:aa", "f@1"), at(0))
    current = store.start_run(RunSpec("head@2", "sha256:bb", "f@1"), at(1))

    def say(run_id: str | None) -> Event:
        return store.append_event(
            coder="ann",
            action=EventAction.DECIDED,
            subject=passage,
            at=NOW,
            payload=NONE.to_json(),
            run_id=run_id,
        )

    assert [say(first).run_id, say(None).run_id] == [first, current]
    with pytest.raises(StoreError, match=rf"no suggestion run run-none; runs of this project: {first}"):
        say("run-none")
    assert [event.run_id for event in store.history()] == [current, first]
    assert store.verify() == []


def test_a_decision_without_a_run_names_none(store: Store, passage: str) -> None:
    assert decide(store, passage, NONE).run_id is None


def test_a_later_decision_replaces_and_undo_brings_back(store: Store, passage: str) -> None:
    first = decide(store, passage, coded("statement-1"))
    second = decide(store, passage, NONE)
    assert held(store, passage) == {"ann": NONE}
    undone = store.undo("ann", at(9))
    assert undone is not None
    assert (undone.action, undone.subject) == (EventAction.UNDONE, passage)
    assert undone.payload == {"undoes": second.id}
    assert held(store, passage) == {"ann": coded("statement-1")}
    undone = store.undo("ann", at(10), first.sequence)
    assert undone is not None
    assert undone.payload == {"undoes": first.id}
    assert held(store, passage) == {}
    assert store.undo("ann", at(11)) is None
    assert [event.sequence for event in store.history()] == [4, 3, 2, 1]
    assert store.verify() == []


def test_coders_never_overwrite_each_other(store: Store, passage: str) -> None:
    decide(store, passage, coded("statement-1"), "ann")
    decide(store, passage, NONE, "bob")
    assert held(store, passage) == {"ann": coded("statement-1"), "bob": NONE}
    store.undo("ann", NOW)
    assert held(store, passage) == {"bob": NONE}
    assert store.undo("cat", NOW) is None


def test_undo_of_what_may_not_be_undone_is_refused(store: Store, passage: str) -> None:
    first = decide(store, passage, NONE, "ann")
    second = decide(store, passage, UNSURE, "ann")
    theirs = decide(store, passage, NONE, "bob")
    with pytest.raises(StoreError, match=r"bob's; ann cannot"):
        store.undo("ann", NOW, theirs.sequence)
    with pytest.raises(StoreError, match="replaced by a later one"):
        store.undo("ann", NOW, first.sequence)
    with pytest.raises(StoreError, match="no event 99"):
        store.undo("ann", NOW, 99)
    undone = store.undo("ann", NOW, second.sequence)
    assert undone is not None
    with pytest.raises(StoreError, match="already undone"):
        store.undo("ann", NOW, second.sequence)
    with pytest.raises(StoreError, match="no decision"):
        store.undo("ann", NOW, undone.sequence)
    assert held(store, passage) == {"ann": NONE, "bob": NONE}
    assert len(store.history()) == 4


@pytest.mark.parametrize(
    ("action", "payload"),
    [
        (EventAction.DECIDED, {}),
        (EventAction.DECIDED, {"outcome": "perhaps"}),
        (EventAction.DECIDED, {"outcome": "coded"}),
        (EventAction.DECIDED, {"outcome": "none", "statements": [["statement-1", "accepted"]]}),
        (EventAction.DECIDED, {"outcome": "coded", "statements": [["statement-1", "maybe"]]}),
        (EventAction.UNDONE, {}),
        (EventAction.UNDONE, {"undoes": "evt-none"}),
    ],
)
def test_a_payload_of_another_shape_is_refused(
    store: Store, passage: str, action: EventAction, payload: dict[str, Any]
) -> None:
    with pytest.raises(StoreError, match=r"nothing was (recorded|undone)"):
        store.append_event(coder="ann", action=action, subject=passage, at=NOW, payload=payload)
    assert store.history() == []
    assert store.coders() == []


def test_a_decision_needs_a_passage_and_a_coder(store: Store, passage: str) -> None:
    with pytest.raises(StoreError, match="psg-none"):
        decide(store, "psg-none", NONE)
    with pytest.raises(StoreError, match="coder"):
        decide(store, passage, NONE, coder=" ")
    assert store.history() == []


def test_source_types(store: Store, passage: str) -> None:
    document = store.documents()[0].id

    def say(subject: str, source_type: str) -> Event:
        return store.append_event(
            coder="ann",
            action=EventAction.SOURCE_TYPE_SET,
            subject=subject,
            at=NOW,
            payload={"source_type": source_type},
        )

    say(document, "survey-comment")
    assert store.documents()[0].source_type == "survey-comment"
    assert store.documents()[0].source_type_by == "ann"
    with pytest.raises(StoreError, match="there are: policy"):
        say(document, "novel")
    with pytest.raises(StoreError, match="doc-none"):
        say("doc-none", "policy")
    assert len(store.history()) == 1
    assert store.undo("ann", NOW) is None


def test_history_by_coder_and_subject(store: Store, passage: str) -> None:
    other = list(store.passages(store.documents()[0].id))[1].id
    for coder, subject in (("ann", passage), ("bob", passage), ("ann", other)):
        decide(store, subject, NONE, coder)
    assert [e.sequence for e in store.history(coder="ann")] == [3, 1]
    assert [e.sequence for e in store.history(subject=passage)] == [2, 1]
    assert [e.sequence for e in store.history(coder="ann", subject=passage)] == [1]
    assert [e.sequence for e in store.history(limit=1)] == [3]


@st.composite
def any_decision(draw: st.DrawFn) -> Decision:
    outcome = draw(st.sampled_from(Outcome))
    chosen = draw(st.lists(st.sampled_from(STATEMENTS), unique=True, min_size=1, max_size=3))
    answers = [Verdict.REJECTED] * len(chosen)
    topics: list[str] = []
    if outcome is Outcome.CODED:
        answers = [Verdict.ACCEPTED, *(draw(st.sampled_from(Verdict)) for _ in chosen[1:])]
        topics = draw(st.lists(st.sampled_from(["topic-1", "topic-2"]), unique=True))
    return Decision(
        outcome=outcome,
        statements=tuple(zip(chosen, answers, strict=True)),
        topics=tuple(topics),
        evidence_category=draw(st.none() | st.sampled_from(["processes", "outcomes"])),
        polarity=draw(st.none() | st.sampled_from(Polarity)),
        note=draw(st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=5)),
    )


coders = st.sampled_from(["ann", "bob", "cät"])
places = st.integers(0, 2)


class DecideAndUndo(RuleBasedStateMachine):
    """Compares the store with a plain list of decisions that are not undone."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.store = create_project(
            Path(self.folder.name) / "p.db",
            framework_id="f",
            framework_version="1",
            framework_text="",
            now=NOW,
        )
        ingested = reading("a.txt", ["One", "Two", "Three"])
        self.store.add_document(ingested)
        self.ids = [passage.id for passage in ingested.passages]
        self.standing: list[tuple[int, str, str, Decision]] = []
        self.written = 0

    def teardown(self) -> None:
        if hasattr(self, "store"):
            assert self.store.verify() == []
            self.store.close()
            self.folder.cleanup()

    def holding(self) -> dict[tuple[str, str], tuple[int, Decision]]:
        return {(coder, subject): (n, decision) for n, coder, subject, decision in self.standing}

    @rule(coder=coders, place=places, decision=any_decision())
    def decide(self, coder: str, place: int, decision: Decision) -> None:
        event = decide(self.store, self.ids[place], decision, coder)
        self.written += 1
        assert event.sequence == self.written
        self.standing.append((event.sequence, coder, self.ids[place], decision))

    @rule(coder=coders)
    def undo_latest(self, coder: str) -> None:
        mine = [line for line in self.standing if line[1] == coder]
        event = self.store.undo(coder, NOW)
        assert (event is None) == (not mine)
        if mine:
            self.written += 1
            self.standing.remove(mine[-1])

    @rule(coder=coders, sequence=st.integers(1, 12))
    def undo_one(self, coder: str, sequence: int) -> None:
        lines = [line for line in self.standing if line[0] == sequence]
        holds = any(self.holding()[line[1], line[2]][0] == sequence and line[1] == coder for line in lines)
        if holds:
            assert self.store.undo(coder, NOW, sequence) is not None
            self.written += 1
            self.standing.remove(lines[0])
        else:
            with pytest.raises(StoreError):
                self.store.undo(coder, NOW, sequence)

    @invariant()
    def decisions_are_those_of_the_model(self) -> None:
        expected = self.holding()
        for passage in self.ids:
            found = {(d.coder, passage): (d.sequence, d.decision) for d in self.store.decisions(passage)}
            assert found == {key: value for key, value in expected.items() if key[1] == passage}
        for state in (ReviewState.CODED, ReviewState.NONE, ReviewState.UNSURE):
            rows = self.store.queue("ann", QueueFilter(state=state), QueueOrder.DOCUMENT, 0, 9)
            mine = {s for (c, s), (_, d) in expected.items() if c == "ann" and d.outcome == state.value}
            assert {row.passage_id for row in rows} == mine

    @invariant()
    def the_matrix_is_that_of_the_model(self) -> None:
        cells: dict[tuple[str, str], set[str]] = {}
        for (_, passage), (_, decision) in self.holding().items():
            for statement in decision.accepted():
                cells.setdefault((statement, decision.evidence_category or ""), set()).add(passage)
        found = {key: count.confirmed for key, count in self.store.matrix().cells.items()}
        assert found == {key: len(passages) for key, passages in cells.items()}


DecideAndUndo.TestCase.settings = settings(max_examples=20, stateful_step_count=15, deadline=None)
TestDecideAndUndo = DecideAndUndo.TestCase
