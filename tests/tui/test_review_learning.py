"""Learning while reviewing: when nobody types, without changing what is being read; off when switched off."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.tui.real_review import TEXTS, made, passage_of, reviewing

from evidence_mapper.domain.coding import Decision, EventAction, Outcome
from evidence_mapper.errors import UsageError
from evidence_mapper.tui import review_learning
from evidence_mapper.tui.learning_screen import standing_words
from evidence_mapper.workflow.assistant import Assistant
from evidence_mapper.workflow.learner import AFTER, Learned, Learner, Standing
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.review import ReviewSession


class Quick(Learner):
    """Learns nothing, at once, and records that it did."""

    def __init__(self, project: Project) -> None:
        super().__init__(project, "A. Officer")
        self.project = project
        self.times = 0
        self.error: Exception | None = None

    def learn(self) -> Learned:
        self.times += 1
        if self.error is not None:
            raise self.error
        decisions = self.project.store.answered_count()
        payload: dict[str, Any] = {"kept": False, "decisions": decisions, "reason": "not kept: no better"}
        self.project.store.append_event(
            coder="A. Officer",
            action=EventAction.HEAD_TRAINED,
            subject="shipped",
            at="2026-11-25T12:00:00.000000+00:00",
            payload=payload,
        )
        return Learned(True, "kept", decisions, 8)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """Give a project with one decision fewer than learning takes."""
    monkeypatch.setattr(review_learning, "IDLE", 0.0)
    monkeypatch.setattr(review_learning, "LOOK", 3600.0)  # the tests look themselves
    many = {**TEXTS, "more.txt": tuple(f"Passage number {n} of the plan." for n in range(AFTER + 5))}
    with made(tmp_path / "p.sqlite", many) as project:
        session = ReviewSession(project.store, project.framework, "bob", lambda: "2026-11-25T08")
        ids = [p.id for d in project.store.documents() for p in project.store.passages(d.id)]
        for passage_id in ids[-AFTER + 1 :]:
            session.decide(passage_id, Decision(Outcome.NONE))
        yield project


async def test_it_learns_once_enough_is_decided_and_says_so(project: Project) -> None:
    learner = Quick(project)
    start = passage_of(project, TEXTS["users.txt"][1])
    async with reviewing(project, start=start, assistant=Assistant(project, learner)) as on:
        on.review.look()
        await on.settle()
        assert learner.times == 0
        await on.press("n")
        here = on.passage
        on.review.look()
        await on.settle()
        assert learner.times == 1
        assert f"Learned from {AFTER} decisions" in on.status
        assert on.passage == here
        on.review.look()
        await on.settle()
        assert learner.times == 1, "not again before as many new decisions"


async def test_decisions_recorded_together_count_and_those_taken_back_do_not(project: Project) -> None:
    learner = Quick(project)
    async with reviewing(project, assistant=Assistant(project, learner)) as on:
        await on.press("b", "enter", "z")
        on.review.look()
        await on.settle()
        assert learner.times == 0
        await on.press("b", "enter")
        on.review.look()
        await on.settle()
        assert learner.times == 1


async def test_it_does_not_learn_when_switched_off_and_that_is_kept(project: Project) -> None:
    learner = Quick(project)
    start = passage_of(project, TEXTS["users.txt"][1])
    async with reviewing(project, start=start, assistant=Assistant(project, learner)) as on:
        await on.press("n", "L")
        assert "On: after every 25 new decisions" in on.text()
        await on.press("o")
        assert "Off: nothing is learned while reviewing." in on.text()
        await on.press("escape")
        on.review.look()
        await on.settle()
        assert learner.times == 0
    assert Quick(project).standing().on is False


async def test_that_learning_failed_is_said_once_and_stops_nothing(project: Project) -> None:
    learner = Quick(project)
    learner.error = UsageError("no guard set here")
    start = passage_of(project, TEXTS["users.txt"][1])
    async with reviewing(project, start=start, assistant=Assistant(project, learner)) as on:
        await on.press("n")
        on.review.look()
        await on.settle()
        assert "Could not learn from the decisions: no guard set here" in on.status
        on.review.look()
        await on.settle()
        assert learner.times == 1
        await on.press("n")
        assert len(on.decided()) == 2


async def test_nobody_is_disturbed_while_typing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review_learning, "IDLE", 1000.0)
    learner = Quick(project)
    start = passage_of(project, TEXTS["users.txt"][1])
    async with reviewing(project, start=start, assistant=Assistant(project, learner)) as on:
        await on.press("n")
        on.review.look()
        await on.settle()
        assert learner.times == 0


def test_a_very_large_project_is_left_to_train() -> None:
    small = Standing(on=True, learned_from=0, answered=40, tried_with=0, last=None, passages=50_000)
    large = dataclasses.replace(small, passages=50_001)
    assert small.due
    assert not large.due
    assert "evidence-mapper train" in standing_words(large)
    assert "evidence-mapper train" not in standing_words(small)
