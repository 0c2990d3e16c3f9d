"""The agreement report on a real project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.workflow.agreement_projects import (
    ABUSE,
    CONCERN,
    LEAD,
    NONE,
    SAME,
    WORKER,
    A,
    B,
    blind,
    coded,
    everything,
    passages,
    project_at,
    session,
)

from evidence_mapper.domain.agreement import BlindSample
from evidence_mapper.domain.coding import Decision, Outcome, Polarity
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.agreement import (
    MODEL,
    AgreementReport,
    CodeAgreement,
    PairAgreement,
    report,
)
from evidence_mapper.workflow.agreement_sample import find_sample, samples
from evidence_mapper.workflow.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with project_at(tmp_path / "p.sqlite") as opened:
        yield opened


def code_all(project: Project, coder: str, answers: dict[str, Decision]) -> None:
    """Have a coder answer every passage blind; none of these where nothing else is given."""
    work = blind(project, coder, sample_of(project))
    for passage in passages(project):
        work.decide(passage.id, answers.get(passage.text, NONE))


def sample_of(project: Project) -> BlindSample:
    return find_sample(project.store, None) if samples(project.store) else everything(project)


def made(project: Project) -> AgreementReport:
    return report(project.store, project.framework, sample_of(project), count=50)


def pair(found: AgreementReport, first: str, second: str) -> PairAgreement:
    return next(p for p in found.pairs if (p.first, p.second) == (first, second))


def row(found: PairAgreement, kind: str, code: str = "") -> CodeAgreement:
    return next(r for r in found.rows if (r.kind, r.code) == (kind, code))


def test_people_are_compared_with_each_other_and_with_the_model(project: Project) -> None:
    both = {SAME: coded("assessing-needs"), ABUSE: coded("safeguarding")}
    code_all(project, A, both)
    code_all(project, B, {**both, CONCERN: coded("governance")})
    found = made(project)
    assert [(p.first, p.second) for p in found.pairs] == [(A, B), (A, MODEL), (B, MODEL)]
    people = pair(found, A, B)
    assert (people.passages, people.coded, people.blind) == (8, 5, (8, 8))
    assert row(people, "statement", "safeguarding").every.alpha == pytest.approx(1.0)
    governance = row(people, "statement", "governance")
    assert (governance.first, governance.second) == (0, 1)
    assert governance.every.percent == pytest.approx(7 / 8)
    assert governance.coded.percent == pytest.approx(4 / 5)
    assert governance.few
    assert people.confusion == (("none of these", "governance", 1),)
    assert (found.given[A][""], found.given[B][""], found.given[B]["governance"]) == (4, 5, 1)


def test_uncoded_text_flatters_all_passages_and_not_the_coded_ones(project: Project) -> None:
    code_all(project, A, {SAME: coded("assessing-needs"), ABUSE: coded("safeguarding")})
    code_all(project, B, {SAME: coded("care-provision"), ABUSE: coded("safeguarding")})
    line = row(pair(made(project), A, B), "statements")
    assert line.every.percent == pytest.approx(5 / 8)
    assert line.coded.percent == pytest.approx(1 / 4)
    assert (line.every.passages, line.coded.passages) == (8, 4)


def test_identical_coders_agree_wholly_and_the_order_of_names_does_not_matter(project: Project) -> None:
    answers = {
        SAME: coded("assessing-needs", polarity=Polarity.CONCERN),
        ABUSE: coded("safeguarding", polarity=Polarity.STRENGTH),
    }
    code_all(project, B, answers)
    code_all(project, A, answers)
    people = pair(made(project), A, B)
    for line in people.rows:
        assert line.every.percent == 1.0
        assert line.every.alpha in (None, pytest.approx(1.0))
    assert row(people, "statements").every.alpha == pytest.approx(1.0)
    assert row(people, "polarity").coded.alpha == pytest.approx(1.0)
    assert people.confusion == ()


def test_sets_that_overlap_count_as_nearer_than_others(project: Project) -> None:
    code_all(project, A, {SAME: coded("assessing-needs", "equity"), ABUSE: coded("safeguarding")})
    code_all(project, B, {SAME: coded("assessing-needs"), ABUSE: coded("safeguarding")})
    code_all(project, LEAD, {SAME: coded("governance"), ABUSE: coded("safeguarding")})
    found = made(project)
    near, far = (row(pair(found, A, other), "statements").every.alpha for other in (B, LEAD))
    assert near is not None
    assert far is not None
    assert far < near < 1
    whole = next(p for p in found.people if p.code == "")
    assert whole.passages == 8
    assert whole.alpha is not None


def test_unsure_is_no_answer(project: Project) -> None:
    code_all(project, A, {ABUSE: Decision(Outcome.UNSURE)})
    code_all(project, B, {ABUSE: coded("safeguarding")})
    found = made(project)
    assert found.unsure == {A: 1}
    assert pair(found, A, B).passages == 7


def test_who_saw_suggestions_is_said(project: Project) -> None:
    code_all(project, A, {ABUSE: coded("safeguarding")})
    for passage in passages(project):
        session(project, B).decide(passage.id, NONE)
    found = made(project)
    assert pair(found, A, B).blind == (8, 0)
    said = next(note for note in found.notes if note.startswith("Not all blind"))
    assert B in said
    assert A not in said


def test_one_coder_alone_is_compared_with_the_model_and_told_what_is_missing(project: Project) -> None:
    code_all(project, A, {SAME: coded("assessing-needs"), WORKER: coded("assessing-needs")})
    found = made(project)
    assert [p.second for p in found.pairs] == [MODEL]
    assert row(found.pairs[0], "statement", "assessing-needs").every.alpha == pytest.approx(1.0)
    assert any("two people" in note for note in found.notes)
    assert found.people == ()


def test_a_sample_nobody_coded_has_no_report(project: Project) -> None:
    with pytest.raises(UsageError, match="review --blind"):
        made(project)


def test_evidence_or_not_has_no_coefficient_on_passages_taken_by_it(project: Project) -> None:
    code_all(project, A, {SAME: coded("assessing-needs")})
    code_all(project, B, {SAME: coded("assessing-needs"), ABUSE: coded("safeguarding")})
    line = row(pair(made(project), A, B), "evidence")
    assert line.every.alpha is not None
    assert (line.coded.alpha, line.coded.kappa) == (None, None)
    assert line.coded.percent == pytest.approx(3 / 4)
