"""Samples for blind coding, and what a blind coder is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.tui.samples import clock
from tests.workflow.agreement_projects import (
    ABUSE,
    NONE,
    SAME,
    A,
    B,
    blind,
    coded,
    everything,
    id_of,
    passages,
    project_at,
    session,
)

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.domain.project import QueueFilter, QueueOrder, ReviewState
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.agreement_sample import draw, find_sample, samples
from evidence_mapper.workflow.project import Project, create_project
from evidence_mapper.workflow.samples import draw_sample, latest_sample

_DECIDING = (QueueFilter(), QueueOrder.DOCUMENT)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with project_at(tmp_path / "p.sqlite") as opened:
        yield opened


def drawn(project: Project, size: int, seed: int = 1, **more: bool) -> tuple[str, ...]:
    found = draw(project.store, project.framework, size, coder=A, now=clock(), seed=seed, **more)
    return found.passages


def test_the_same_seed_draws_the_same_passages_and_another_others(project: Project) -> None:
    first = drawn(project, 4, seed=7)
    assert len(set(first)) == 4
    assert drawn(project, 4, seed=7) == first
    assert any(drawn(project, 4, seed=s) != first for s in range(20))


def test_a_sample_larger_than_the_project_is_all_of_it(project: Project) -> None:
    assert sorted(drawn(project, 500)) == sorted(p.id for p in passages(project))


def test_statements_take_turns_so_that_rare_ones_are_in_the_sample(project: Project) -> None:
    governance = id_of(project, "Every concern is decided on within one working day.")
    texts = {p.id: p.text for p in passages(project)}
    for seed in range(10):
        found = drawn(project, 4, seed=seed, by_statement=True)
        said = {texts[i] for i in found}
        assert governance in found or ABUSE in said
        assert SAME in said or "The worker came on time and listened to us." in said


def test_a_sample_of_decided_passages_holds_no_other(project: Project) -> None:
    with pytest.raises(UsageError, match="nobody has decided"):
        drawn(project, 3, decided=True)
    passage = id_of(project, ABUSE)
    session(project, A).decide(passage, NONE)
    assert drawn(project, 3, decided=True) == (passage,)


def test_nothing_is_drawn_from_an_empty_project(tmp_path: Path) -> None:
    with (
        create_project(tmp_path / "e.sqlite") as empty,
        pytest.raises(UsageError, match="evidence-mapper add"),
    ):
        draw(empty.store, empty.framework, 5, coder=A, now=clock())


def test_the_seed_is_recorded_and_samples_of_other_purposes_are_not_mixed_up(project: Project) -> None:
    draw_sample(project.store, 2, coder=A, now=clock(), seed=3)
    assert samples(project.store) == []
    sample = everything(project)
    assert find_sample(project.store, None) == sample
    assert sample.seed == 1
    assert sample.frame == len(passages(project))
    estimate = latest_sample(project.store)
    assert estimate is not None
    assert estimate.id != sample.id
    with pytest.raises(UsageError, match=sample.id):
        find_sample(project.store, "smp-none")


def test_a_blind_coder_sees_no_suggestion_and_nobodys_answer(project: Project) -> None:
    session(project, A).decide(id_of(project, SAME), coded("assessing-needs"))
    session(project, A).flag(id_of(project, ABUSE), B, "is this abuse?")
    coder = blind(project, B, everything(project))
    for passage in passages(project):
        card = coder.card(passage.id)
        shown = (card.suggestion, card.run_id, card.others, card.twins, card.also_in, card.earlier, card.flag)
        assert shown == (None, None, (), 0, (), (), None)
        assert coder.twins(passage.id) == []
        assert coder.examples("assessing-needs", passage.id) == []
    rows = coder.page(*coder.opening, 0, 100)
    assert len(rows) == 8
    assert {(row.statement, row.probability, row.flagged) for row in rows} == {(None, None, False)}
    assert coder.coders() == [B]
    assert coder.history() == []
    for ask in (coder.matrix, coder.remaining, lambda: coder.search("abuse")):
        with pytest.raises(UsageError, match="hidden"):
            ask()


def test_a_blind_coder_sees_their_own_coding_again(project: Project) -> None:
    coder = blind(project, B, everything(project))
    passage = id_of(project, ABUSE)
    coder.decide(passage, coded("governance"), shown=coder.card(passage))
    mine = coder.card(passage).mine
    assert mine is not None
    assert mine.blind
    where = replace(coder.opening[0], state=ReviewState.CODED)
    assert [r.statement for r in coder.page(where, QueueOrder.DOCUMENT, 0, 5)] == ["governance"]
    assert (coder.progress().total, coder.progress().decided) == (8, 1)


def test_a_blind_decision_is_recorded_as_one_under_no_run(project: Project) -> None:
    passage = id_of(project, SAME)
    session(project, A).decide(passage, NONE)
    blind(project, B, everything(project)).decide(passage, coded("governance"))
    events = [e for e in project.store.history(subject=passage) if e.action is EventAction.DECIDED]
    said = {e.coder: (bool(e.payload.get("blind")), e.run_id is None) for e in events}
    assert said == {A: (False, False), B: (True, True)}
    held = {h.decision.coder: (h.decision.blind, h.suggested) for h in project.store.held_decisions()}
    assert held[B] == (True, None)
    assert held[A] == (False, ("assessing-needs",))
    # The suggestion was not seen, so leaving it out rejects nothing.
    assert next(e for e in events if e.coder == B).payload["statements"] == [["governance", "accepted"]]
    assert project.store.verify() == []


def test_no_passage_outside_the_sample_can_be_opened(project: Project) -> None:
    sample = draw(project.store, project.framework, 1, coder=A, now=clock(), seed=1)
    coder = blind(project, B, sample)
    other = next(p.id for p in passages(project) if p.id not in sample.passages)
    with pytest.raises(UsageError, match="not in sample"):
        coder.card(other)


def test_undo_takes_back_nothing_from_before_the_sample(project: Project) -> None:
    sample = draw(project.store, project.framework, 1, coder=A, now=clock(), seed=1)
    other = next(p.id for p in passages(project) if p.id not in sample.passages)
    session(project, B).decide(other, NONE)
    coder = blind(project, B, sample)
    assert coder.undo() is None
    coder.decide(sample.passages[0], NONE)
    undone = coder.undo()
    assert undone is not None
    assert undone.subject == sample.passages[0]
    assert coder.undo() is None
    assert len(project.store.decisions(other)) == 1
