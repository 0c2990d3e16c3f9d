"""What a check finds on claims, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.workflow.claim_projects import REPORT, SAID, made
from tests.workflow.pack_samples import CALLS, STAFF, WAIT, WAITS, add, confirm, passage_of, write

from evidence_mapper.domain.coding import Polarity
from evidence_mapper.workflow.claim_check import Finding, FindingKind, check_claims
from evidence_mapper.workflow.claims import add_claim, edit_claim, link_claim, withdraw_claim
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.revisions import withdraw

TODAY = date(2026, 1, 31)
NEEDS = ("assessing-needs",)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with made(tmp_path) as project:
        yield project


def kinds(project: Project, months: int = 24) -> list[FindingKind]:
    return [f.kind for f in check_claims(project, months=months, today=TODAY)]


def only(project: Project, kind: FindingKind, months: int = 24) -> Finding:
    (found,) = (f for f in check_claims(project, months=months, today=TODAY) if f.kind is kind)
    return found


def test_a_claim_without_evidence_or_statement_is_found_until_it_has_them(project: Project) -> None:
    add_claim(project, "Carers are answered.", coder="ann")
    assert kinds(project) == [FindingKind.NO_EVIDENCE, FindingKind.NO_STATEMENT]
    assert only(project, FindingKind.NO_EVIDENCE).command == "evidence-mapper claim show 1 --candidates"
    edit_claim(project, 1, coder="ann", statements=NEEDS)
    link_claim(project, 1, coder="ann", passages=[confirm(project, CALLS).id])
    assert FindingKind.NO_EVIDENCE not in kinds(project)
    assert FindingKind.NO_STATEMENT not in kinds(project)
    withdraw_claim(project, 1, coder="ann")
    assert kinds(project) == [], "a claim withdrawn is not checked"


def test_evidence_of_two_kinds_with_people_in_it_and_a_date_is_left_alone(project: Project) -> None:
    calls = confirm(project, CALLS, category="processes")
    staff = confirm(project, STAFF, category="peoples-experience")
    add_claim(project, "It works.", coder="ann", statements=NEEDS, passages=[calls.id, staff.id])
    assert kinds(project) == []


def test_one_category_and_own_voice(project: Project) -> None:
    calls, said = confirm(project, CALLS, category="processes"), confirm(project, SAID, category=None)
    add_claim(project, "It works.", coder="ann", statements=NEEDS, passages=[calls.id])
    assert kinds(project) == [FindingKind.OWN_VOICE, FindingKind.ONE_CATEGORY]
    assert only(project, FindingKind.ONE_CATEGORY).words == "All its evidence is: Processes."
    link_claim(project, 1, coder="ann", passages=[said.id])
    assert kinds(project) == [FindingKind.UNDATED], "a survey comment without a category is a person's voice"
    confirm(project, SAID, category="processes", coder="Ben")
    assert kinds(project)[:2] == [FindingKind.OWN_VOICE, FindingKind.ONE_CATEGORY], "a coder's word counts"


def test_old_evidence_and_evidence_without_a_date(project: Project) -> None:
    calls, said = confirm(project, CALLS), confirm(project, SAID, category="peoples-experience")
    add_claim(project, "It works.", coder="ann", statements=NEEDS, passages=[calls.id, said.id])
    assert kinds(project, 10) == [FindingKind.UNDATED], "31 March 2025 is ten months before 31 January 2026"
    old = only(project, FindingKind.OLD, 9)
    assert old.words == "1 of 2 quotes older than 9 months: 2025-03-31."
    assert old.passages == (calls.id,)
    assert only(project, FindingKind.UNDATED).passages == (said.id,)


def test_what_a_person_linked_against_it_contradicts_it(project: Project) -> None:
    calls, wait = confirm(project, CALLS), confirm(project, WAIT, polarity=Polarity.CONCERN)
    add_claim(project, "It works.", coder="ann", statements=NEEDS, passages=[calls.id], against=[wait.id])
    found = only(project, FindingKind.LINKED_AGAINST)
    assert found.words == f"Linked against it: {REPORT}, line 1, marked concern."
    assert found.command == f"evidence-mapper show {wait.id}"


def test_a_confirmed_concern_on_the_same_topic_is_shown_not_linked(project: Project) -> None:
    calls = confirm(project, CALLS, topics=[WAITS], polarity=Polarity.STRENGTH)
    add_claim(project, "It works.", coder="ann", statements=NEEDS, passages=[calls.id])
    assert FindingKind.CONCERN_ON_TOPIC not in kinds(project)
    wait = confirm(project, WAIT, topics=[WAITS], polarity=Polarity.MIXED, coder="Ben")
    confirm(project, STAFF, topics=["an-carers"], polarity=Polarity.CONCERN)
    found = only(project, FindingKind.CONCERN_ON_TOPIC)
    assert found.passages == (wait.id,)
    assert "on “waiting lists and waiting times for assessments" in found.words, "in words, not by its id"
    link_claim(project, 1, coder="ann", against=[wait.id])
    assert FindingKind.CONCERN_ON_TOPIC not in kinds(project), "it is linked now, and so known"


def test_a_claim_that_owns_up_to_a_concern_is_not_contradicted_by_another(project: Project) -> None:
    wait = confirm(project, WAIT, topics=[WAITS], polarity=Polarity.CONCERN)
    confirm(project, SAID, topics=[WAITS], polarity=Polarity.CONCERN)
    add_claim(project, "Carers wait too long.", coder="ann", statements=NEEDS, passages=[wait.id])
    assert FindingKind.CONCERN_ON_TOPIC not in kinds(project)


def test_evidence_whose_document_was_replaced_or_withdrawn(project: Project, tmp_path: Path) -> None:
    wait, calls, staff = (confirm(project, w, polarity=Polarity.STRENGTH) for w in (WAIT, CALLS, STAFF))
    add_claim(
        project, "It works.", coder="ann", statements=NEEDS, passages=[wait.id, calls.id], against=[staff.id]
    )
    write(tmp_path / REPORT, WAIT.replace("nineteen", "eleven"), STAFF)
    add(project, tmp_path / "in")
    lost = [f for f in check_claims(project, today=TODAY) if f.kind is FindingKind.LOST]
    now = passage_of(project, "eleven").id
    assert [f.passages for f in lost] == [(wait.id,), (calls.id,)], "the third is still said"
    assert [f.command for f in lost] == [
        f"evidence-mapper review --start {now}",
        f"evidence-mapper revisions '{REPORT}' --diff",
    ]
    assert "in other words" in lost[0].words
    assert "no longer says this" in lost[1].words
    assert FindingKind.NO_EVIDENCE in kinds(project), "what is lost counts no more"
    withdraw(project, REPORT, "ann")
    lost = [f for f in check_claims(project, today=TODAY) if f.kind is FindingKind.LOST]
    assert {f.command for f in lost} == {f"evidence-mapper documents '{REPORT}' --restore"}
