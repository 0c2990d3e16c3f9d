"""Where evidence is missing."""

from __future__ import annotations

from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.gap import GapKind, GapStanding
from evidence_mapper.domain.project import CellCount, Matrix
from evidence_mapper.workflow.gaps import find_gaps


def test_empty_project_lacks_every_cell_and_topic(framework: Framework) -> None:
    gaps = find_gaps(framework, Matrix())
    assert len([g for g in gaps if g.kind is GapKind.CATEGORY]) == 9 * 4
    assert len([g for g in gaps if g.kind is GapKind.TOPIC]) == 36
    assert {g.standing for g in gaps} == {GapStanding.NOTHING}


def test_people_s_experience_comes_first(framework: Framework) -> None:
    gaps = find_gaps(framework, Matrix())
    assert [g.category for g in gaps[:9]] == ["peoples-experience"] * 9
    assert all(g.required for g in gaps[:9])


def test_emptiest_gap_comes_first_and_a_full_cell_is_none(framework: Framework) -> None:
    matrix = Matrix(
        cells={
            ("equity", "peoples-experience"): CellCount(suggested=9, expected=6.5),
            ("learning", "peoples-experience"): CellCount(suggested=2, expected=0.2),
            ("safeguarding", "peoples-experience"): CellCount(confirmed=1),
        }
    )
    gaps = [g for g in find_gaps(framework, matrix) if g.category == "peoples-experience"]
    assert [g.statement for g in gaps[-2:]] == ["learning", "equity"]
    assert [g.standing for g in gaps[-2:]] == [GapStanding.NOTHING, GapStanding.TO_REVIEW]
    assert "safeguarding" not in {g.statement for g in gaps}


def test_minimum_makes_thin_cells_gaps(framework: Framework) -> None:
    matrix = Matrix(cells={("equity", "partners"): CellCount(confirmed=2)})
    gaps = find_gaps(framework, matrix, minimum=3)
    (thin,) = [g for g in gaps if g.standing is GapStanding.THIN]
    assert (thin.statement, thin.category, thin.confirmed) == ("equity", "partners", 2)


def test_confirmed_topic_is_no_gap(framework: Framework) -> None:
    matrix = Matrix(topics={"hl-equipment": CellCount(confirmed=1)})
    assert "hl-equipment" not in {g.topic for g in find_gaps(framework, matrix)}
