"""Settling disagreements: what counts afterwards, and that nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.store.builders import reading
from tests.tui.real_review import TEXTS
from tests.workflow.agreement_projects import (
    ABUSE,
    LEAD,
    NONE,
    A,
    B,
    coded,
    differing,
    everything,
    id_of,
    project_at,
    session,
    settling,
)

from evidence_mapper.domain.coding import Decision, EventAction, Outcome, Polarity
from evidence_mapper.domain.project import EvidenceRow, QueueFilter, ReviewState
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.agreement_sample import find_sample
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.snapshot import snapshot


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with project_at(tmp_path / "p.sqlite") as opened:
        yield opened


def rows(project: Project) -> list[EvidenceRow]:
    return list(project.store.evidence_rows(confirmed=True))


def confirmed(project: Project) -> dict[str, int]:
    matrix = project.store.matrix()
    counts = {s.id: matrix.row(s.id).confirmed for s in project.framework.statements}
    cells: dict[str, int] = {}
    for (statement, _), cell in matrix.cells.items():
        cells[statement] = cells.get(statement, 0) + cell.confirmed
    assert {s: n for s, n in cells.items() if n} == {s: n for s, n in counts.items() if n}
    return {s: n for s, n in counts.items() if n}


def test_what_differs_is_listed_with_both_answers(project: Project) -> None:
    passage = differing(project)
    [found] = settling(project).found()
    assert found.passage.id == passage
    assert [held.coder for held in found.answers] == [A, B]
    assert found.differs == ("statements", "polarity")
    assert found.settlement is None


def test_unsure_and_rejections_are_no_disagreement(project: Project) -> None:
    passage = id_of(project, ABUSE)
    session(project, A).decide(passage, coded("safeguarding"))
    session(project, B).decide(passage, Decision(Outcome.UNSURE))
    assert settling(project).found() == []
    session(project, B).decide(passage, coded("safeguarding"))
    assert settling(project).found() == []


def test_before_it_is_settled_both_answers_count(project: Project) -> None:
    differing(project)
    assert confirmed(project) == {"safeguarding": 1, "governance": 1}
    assert [row.coder for row in rows(project)] == [A, B]


def test_a_taken_answer_counts_in_place_of_both(project: Project) -> None:
    passage = differing(project)
    desk = settling(project)
    desk.take(desk.number(1), A, "it is about abuse")
    assert confirmed(project) == {"safeguarding": 1}
    assert project.store.matrix().row("safeguarding").strengths == 1
    [row] = rows(project)
    assert (row.coder, row.statements, row.polarity) == (LEAD, ("safeguarding",), "strength")
    assert row.note == f"Settled between {A} and {B}: it is about abuse"
    assert [d.coder for d in project.store.decisions(passage)] == [A, B]
    assert desk.found() == []
    [listed] = desk.found(settled=True)
    assert listed.settlement is not None
    assert (listed.settlement.taken, listed.settlement.coder) == (A, LEAD)
    assert [held.decision.accepted() for held in listed.answers] == [("safeguarding",), ("governance",)]
    assert project.store.verify() == []


@pytest.mark.parametrize("taken", [None, A, B])
def test_the_passages_behind_a_cell_are_those_the_matrix_counts(project: Project, taken: str | None) -> None:
    differing(project)
    session(project, A).decide(id_of(project, TEXTS["policy.txt"][0]), coded("governance"))
    desk = settling(project)
    if taken is None:
        desk.write(desk.number(1), coded("equity", category="processes"), "")
    else:
        desk.take(desk.number(1), taken, "")
    matrix = project.store.matrix()
    for statement in project.framework.statements:
        where = QueueFilter(ReviewState.ANY, statement=statement.id, confirmed=True)
        assert project.store.queue_count(LEAD, where) == matrix.row(statement.id).confirmed
        for category in ("", "processes"):
            cell = replace(where, category=category)
            count = matrix.cell(statement.id, category).confirmed
            assert project.store.queue_count(LEAD, cell) == count
    anything = QueueFilter(ReviewState.ANY, confirmed=True)
    assert project.store.queue_count(LEAD, anything) == 2


def test_what_was_settled_is_forgotten_with_its_document(project: Project) -> None:
    passage = differing(project)
    everything(project)
    desk = settling(project)
    desk.take(desk.number(1), A, "words that must go")
    document = project.store.passage(passage).document_id
    project.store.forget((document,), coder=LEAD, at="2026-11-26T00:00:00.000000Z", reason="asked to")
    assert desk.found(settled=None) == []
    assert project.store.settlements() == {}
    left = {p.id for d in project.store.documents() for p in project.store.passages(d.id)}
    assert set(find_sample(project.store, None).passages) == left


def test_none_of_these_counts_nowhere(project: Project) -> None:
    differing(project)
    desk = settling(project)
    desk.write(desk.number(1), NONE, "")
    assert confirmed(project) == {}
    assert rows(project) == []
    assert project.store.matrix().row("safeguarding").suggested == 1  # of another passage


def test_an_answer_of_ones_own_counts(project: Project) -> None:
    differing(project)
    desk = settling(project)
    desk.write(desk.number(1), coded("equity", "safeguarding", polarity=Polarity.MIXED), "both")
    assert confirmed(project) == {"equity": 1, "safeguarding": 1}
    cell = project.store.matrix().row("equity")
    assert (cell.strengths, cell.concerns) == (1, 1)


def test_other_passages_are_counted_as_before(project: Project) -> None:
    differing(project)
    session(project, A).decide(id_of(project, TEXTS["policy.txt"][0]), coded("governance"))
    desk = settling(project)
    desk.take(desk.number(1), A, "")
    assert confirmed(project) == {"safeguarding": 1, "governance": 1}
    assert [row.coder for row in rows(project)] == [LEAD, A]


def test_taking_it_off_makes_both_count_again(project: Project) -> None:
    differing(project)
    desk = settling(project)
    desk.take(desk.number(1), A, "")
    desk.undo(desk.number(1))
    assert confirmed(project) == {"safeguarding": 1, "governance": 1}
    assert desk.number(1).settlement is None
    with pytest.raises(UsageError, match="not settled"):
        desk.undo(desk.number(1))
    assert len(project.store.entries([EventAction.ADJUDICATED])) == 2


def test_a_later_settlement_replaces_an_earlier_one(project: Project) -> None:
    differing(project)
    desk = settling(project)
    desk.take(desk.number(1), A, "")
    desk.take(desk.number(1), B, "on second thoughts")
    assert confirmed(project) == {"governance": 1}


def test_who_decides_anew_opens_the_question_again(project: Project) -> None:
    passage = differing(project)
    desk = settling(project)
    desk.take(desk.number(1), A, "")
    session(project, B).decide(passage, coded("equity"))
    assert desk.number(1).settlement is None
    assert confirmed(project) == {"safeguarding": 1, "equity": 1}
    session(project, B).undo()
    assert desk.number(1).settlement is not None
    assert confirmed(project) == {"safeguarding": 1}


def test_a_third_coder_opens_it_too(project: Project) -> None:
    passage = differing(project)
    desk = settling(project)
    desk.take(desk.number(1), A, "")
    session(project, "D. Officer").decide(passage, coded("safeguarding", polarity=Polarity.STRENGTH))
    assert len(desk.number(1).answers) == 3
    assert desk.number(1).settlement is None


def test_who_settles_keeps_their_own_coding(project: Project) -> None:
    passage = differing(project)
    desk = settling(project, A)
    desk.take(desk.number(1), B, "B is right")
    [mine] = [d for d in project.store.decisions(passage) if d.coder == A]
    assert mine.decision.accepted() == ("safeguarding",)
    assert confirmed(project) == {"governance": 1}


def test_what_is_settled_stays_so_in_a_new_version_that_says_the_same(project: Project) -> None:
    differing(project)
    desk = settling(project)
    desk.take(desk.number(1), A, "")
    project.store.add_document(reading("users.txt", (*TEXTS["users.txt"], "One more line at the end of it.")))
    assert confirmed(project) == {"safeguarding": 1}
    [row] = desk.found(settled=None)
    assert row.settlement is not None
    assert row.settlement.coder == LEAD
    assert project.store.verify() == []


def test_a_new_version_that_says_something_else_opens_it_again_and_loses_no_coding(project: Project) -> None:
    differing(project)
    desk = settling(project)
    desk.take(desk.number(1), A, "")
    before = len(project.store.history(limit=1000))
    changed = tuple(f"{text} And then it was all changed." for text in TEXTS["users.txt"])
    project.store.add_document(reading("users.txt", changed))
    assert confirmed(project) == {}
    assert [row for row in desk.found(settled=None) if row.settlement] == []
    assert len(project.store.history(limit=1000)) >= before
    assert project.store.verify() == []


def test_the_comparison_with_a_day_counts_what_is_settled(project: Project) -> None:
    passage = differing(project)
    desk = settling(project)

    def said() -> list[tuple[str, tuple[str, ...]]]:
        found = snapshot(project, date(2099, 1, 1))
        [kept] = [kept for kept in found.passages.values() if kept.passage.id == passage]
        return [(s.coder, s.statements) for s in kept.said]

    assert said() == [(A, ("safeguarding",)), (B, ("governance",))]
    desk.take(desk.number(1), B, "")
    assert said() == [(LEAD, ("governance",))]
    desk.undo(desk.number(1))
    assert said() == [(A, ("safeguarding",)), (B, ("governance",))]


def test_what_cannot_be_settled_so_is_refused_and_nothing_is_recorded(project: Project) -> None:
    passage = differing(project)
    desk = settling(project)
    row = desk.number(1)
    with pytest.raises(UsageError, match="agreement list"):
        desk.number(2)
    with pytest.raises(UsageError, match="has no answer"):
        desk.take(row, "Nobody", "")
    with pytest.raises(UsageError, match="settles nothing"):
        desk.write(row, Decision(Outcome.UNSURE), "")
    with pytest.raises(UsageError, match="no statement 'nonsense'"):
        desk.write(row, coded("nonsense"), "")
    session(project, B).decide(passage, coded("equity"))
    with pytest.raises(UsageError, match="changed since"):
        desk.take(row, A, "")
    assert project.store.entries([EventAction.ADJUDICATED]) == []
