"""Places in a queue that a coder works through: exact after any decisions and any undoing of them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.tui.real_review import made
from tests.tui.samples import CODER, clock

from evidence_mapper.domain.coding import Decision, Outcome
from evidence_mapper.domain.project import QueueFilter, QueueOrder
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.review import ReviewSession

TEXTS = {f"{n}.txt": tuple(f"Answer {k} in paper {n} about the wait." for k in range(6)) for n in range(4)}
WHERE, ORDER = QueueFilter(), QueueOrder.DOCUMENT


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with made(tmp_path / "p.sqlite", TEXTS) as project:
        yield project


def listed(session: ReviewSession) -> list[str]:
    return [row.passage_id for row in session.page(WHERE, ORDER, 0, 100)]


@pytest.mark.parametrize("seed", range(4))
def test_what_leaves_and_comes_back_moves_nothing_else(project: Project, seed: int) -> None:
    session = ReviewSession(project.store, project.framework, CODER, clock())
    whole, chance = listed(session), random.Random(seed)
    decided: dict[str, int] = {}
    for _ in range(40):
        if len(decided) == len(whole) or (decided and chance.random() < 0.4):
            passage = chance.choice(sorted(decided))
            session.undo(decided.pop(passage))
        else:
            passage = chance.choice(listed(session))
            decided[passage] = session.decide(passage, Decision(Outcome.NONE)).sequence
        expected = [p for p in whole if p not in decided]
        assert listed(session) == expected
        assert session.count(WHERE, ORDER) == len(expected)
        places = {p: session.position(WHERE, ORDER, p) for p in whole}
        assert places == {p: expected.index(p) if p in expected else None for p in whole}
