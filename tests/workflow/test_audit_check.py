"""What a moderator is shown: grade against record, comment against grade, with quotes verbatim."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.store.builders import NOW, coded, suggestion
from tests.workflow.audit_projects import CARERS, RISKS, VOICE, Line, audits_csv, concern, record

from evidence_mapper.domain.audit import AuditFinding, FindingKind
from evidence_mapper.domain.coding import EventAction
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.audit_check import check_audits
from evidence_mapper.workflow.audit_evidence import has_speech, says_something, told
from evidence_mapper.workflow.audit_mapping import load_mapping, parse_mapping
from evidence_mapper.workflow.audit_record import (
    audit_forms,
    import_audits,
    moderator_answers,
    record_answer,
)
from evidence_mapper.workflow.cases import add_document
from evidence_mapper.workflow.forgetting import forget, what_to_forget
from evidence_mapper.workflow.project import Project, create_project

PLAIN = "The lane to the house is long and the gate was open when we came by."


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with create_project(tmp_path / "p.sqlite") as opened:
        yield opened


def found(project: Project, tmp_path: Path, *lines: Line) -> list[AuditFinding]:
    path = audits_csv(tmp_path / "audits.csv", lines)
    import_audits(project, path, load_mapping("generic", project.framework), coder="ann")
    return list(check_audits(project).findings)


def line(case: str, question: str, grade: str, comment: str = "ok") -> Line:
    return (case, "A. Nother", "2025-03-03", question, grade, comment)


def kinds(findings: list[AuditFinding]) -> list[FindingKind]:
    return [finding.kind for finding in findings]


def test_good_with_nothing_in_the_record_is_found_and_good_with_words_is_not(
    project: Project, tmp_path: Path
) -> None:
    record(project, "papers/BK-1/notes.txt", [PLAIN])
    record(project, "papers/BK-2/notes.txt", ["His wife had a carer's assessment in May and a break since."])
    findings = found(project, tmp_path, line("BK-1", CARERS, "Good"), line("BK-2", CARERS, "Good"))
    assert [(f.kind, f.case) for f in findings] == [(FindingKind.GOOD_WITHOUT_RECORD, "BK-1")]
    assert "none of 1 passages in 1 documents" in findings[0].why


def test_a_record_that_only_denies_does_not_carry_a_good_grade(project: Project, tmp_path: Path) -> None:
    record(project, "papers/BK-1/notes.txt", ["Needs prompting at meals. Carer's assessment: not offered."])
    (finding,) = found(project, tmp_path, line("BK-1", CARERS, "Outstanding"))
    assert finding.kind is FindingKind.GOOD_WITHOUT_RECORD
    assert finding.quotes[0].text.endswith("not offered.")


def test_a_comment_that_points_at_the_record_carries_a_good_grade(project: Project, tmp_path: Path) -> None:
    record(project, "papers/BK-1/notes.txt", ["Nephew plays dominoes with him at the lighthouse on Fridays."])
    pointing = line("BK-1", CARERS, "Good", "Dominoes at the lighthouse show what family does.")
    assert found(project, tmp_path, pointing) == []


def test_poor_with_a_suggested_passage_is_found_with_the_quote_verbatim(
    project: Project, tmp_path: Path
) -> None:
    text = "Carer's assessment done with Ewa at the bakery. A break of six hours was agreed."
    (passage,) = record(project, "papers/BK-1/notes.txt", [text], [suggestion(topics=("an-carers",))])
    (finding,) = found(project, tmp_path, line("BK-1", CARERS, "Inadequate", "Carers were left out."))
    assert finding.kind is FindingKind.POOR_WITH_EVIDENCE
    (quote,) = finding.quotes
    assert (quote.text, quote.passage_id) == (text, passage)
    assert quote.span is not None
    document = project.store.passage(passage)
    assert project.store.revision(document.revision_id).text[slice(*quote.span)] == text
    assert "suggested: an-carers 0.80" in quote.why


def test_a_concern_stands_against_poor_only_where_the_comment_denies_all(
    project: Project, tmp_path: Path
) -> None:
    text = "Safeguarding enquiry begun the same day after he was found locked in."
    record(project, "papers/BK-1/notes.txt", [text], [concern("sg-enquiries")])
    assert found(project, tmp_path, line("BK-1", RISKS, "Inadequate", "Much too slow, sadly.")) == []
    denied = found(project, tmp_path, line("BK-1", RISKS, "Inadequate", "No enquiry was made."))
    assert FindingKind.POOR_WITH_EVIDENCE in kinds(denied)


def test_what_a_person_decided_stands_in_place_of_the_suggestion(project: Project, tmp_path: Path) -> None:
    (passage,) = record(project, "papers/BK-1/notes.txt", [PLAIN], [suggestion(topics=("an-carers",))])
    project.store.append_event(
        coder="bob",
        action=EventAction.DECIDED,
        subject=passage,
        at=NOW,
        payload=coded("safeguarding", topics=("sg-risks",)).to_json(),
    )
    good_carers, poor_risks = (
        line("BK-1", CARERS, "Good"),
        line("BK-1", RISKS, "Inadequate", "Left out altogether."),
    )
    findings = found(project, tmp_path, good_carers, poor_risks)
    assert kinds(findings) == [FindingKind.GOOD_WITHOUT_RECORD, FindingKind.POOR_WITH_EVIDENCE]
    assert "confirmed by bob" in findings[1].quotes[0].why
    assert "suggested" not in findings[1].quotes[0].why


def test_the_persons_voice_is_words_in_quotation_marks(project: Project, tmp_path: Path) -> None:
    record(project, "papers/BK-1/notes.txt", ["Seen at home. “I want to get up when I get up,” she said."])
    record(project, "papers/BK-2/notes.txt", ["Staff say that she is “settled” and likes the window seat."])
    findings = found(project, tmp_path, line("BK-1", VOICE, "Good"), line("BK-2", VOICE, "Good"))
    assert [(f.kind, f.case) for f in findings] == [(FindingKind.GOOD_WITHOUT_RECORD, "BK-2")]


def test_comments_that_turn_on_their_grade_are_found_both_ways(project: Project, tmp_path: Path) -> None:
    record(
        project, "papers/BK-1/n.txt", ["Carer's assessment done. Safeguarding risk looked at in the enquiry."]
    )
    findings = found(
        project,
        tmp_path,
        line("BK-1", CARERS, "Good", "Poor: his wife waited five months and nobody answered her calls."),
        line(
            "BK-1", RISKS, "Inadequate", "Very good use of technology, and an alarm that she chose herself."
        ),
    )
    assert (
        kinds([f for f in findings if f.kind is FindingKind.CONTRADICTION]) == [FindingKind.CONTRADICTION] * 2
    )


def test_a_case_without_documents_is_told_and_not_judged(project: Project, tmp_path: Path) -> None:
    record(project, "papers/BK-12/notes.txt", [PLAIN])
    (finding,) = found(project, tmp_path, line("BK-1", CARERS, "Good"))
    assert finding.kind is FindingKind.NO_RECORD


def test_a_document_counts_for_the_case_it_was_grouped_into(project: Project, tmp_path: Path) -> None:
    record(project, "letters/may.txt", ["His wife had a carer's assessment in May and a break since."])
    add_document(project, "BK-1", "letters/may.txt", coder="ann")
    assert found(project, tmp_path, line("BK-1", CARERS, "Good")) == []


def test_importing_twice_doubles_nothing_and_a_change_is_an_entry(project: Project, tmp_path: Path) -> None:
    mapping = load_mapping("generic", project.framework)
    path = audits_csv(tmp_path / "a.csv", [line("BK-1", CARERS, "Good")])
    assert import_audits(project, path, mapping, coder="ann").new == 1
    before = len(project.store.entries([EventAction.AUDIT]))
    assert import_audits(project, path, mapping, coder="ann").same == 1
    assert len(project.store.entries([EventAction.AUDIT])) == before
    audits_csv(path, [line("BK-1", CARERS, "Inadequate")])
    assert import_audits(project, path, mapping, coder="ann").changed == 1
    assert [a.grade for form in audit_forms(project) for a in form.answers] == ["Inadequate"]
    assert len(project.store.entries([EventAction.AUDIT])) == before + 1


def test_the_same_audit_from_another_file_is_not_counted_twice(project: Project, tmp_path: Path) -> None:
    mapping = load_mapping("generic", project.framework)
    first = audits_csv(tmp_path / "a.csv", [line("BK-1", CARERS, "Good"), line("BK-1", RISKS, "Good")])
    import_audits(project, first, mapping, coder="ann")
    part = audits_csv(tmp_path / "b.csv", [line("BK-1", CARERS, "Inadequate"), line("BK-1", VOICE, "Good")])
    report = import_audits(project, part, mapping, coder="ann")
    assert report.answers == 1
    assert any("is there from a.csv; 1 of 2 answers are new" in told for told in report.unread)
    whole = [line("BK-1", q, "Outstanding") for q in (CARERS, RISKS, VOICE)]
    assert (
        import_audits(project, audits_csv(tmp_path / "c.csv", whole[:2]), mapping, coder="ann").changed == 1
    )
    answers = [(a.question, a.grade) for form in audit_forms(project) for a in form.answers]
    assert sorted(answers) == [("q1", "Good"), ("q3", "Outstanding"), ("q7", "Outstanding")]


def test_forgetting_a_case_takes_its_forms_along(project: Project, tmp_path: Path) -> None:
    for case in ("BK-77001", "BK-77002"):
        record(
            project, f"papers/{case}/notes.txt", [f"{case[-1]} geese came by the gate when we were there."]
        )
        add_document(project, case, f"papers/{case}/notes.txt", coder="ann")
    comment = "A comment with zebras in it, on this case alone."
    found(project, tmp_path, line("BK-77001", CARERS, "Good", comment), line("BK-77002", CARERS, "Good"))
    forget(project, what_to_forget(project, "BK-77001"), coder="ann", reason="asked to")
    assert [form.case for form in audit_forms(project)] == ["BK-77002"]
    assert {f.case for f in check_audits(project).findings} == {"BK-77002"}
    assert b"zebras" not in (tmp_path / "p.sqlite").read_bytes()


def test_forgetting_documents_one_by_one_tells_of_the_forms_that_stay(
    project: Project, tmp_path: Path
) -> None:
    for case, papers in (("bk-78001", ("notes", "plan")), ("BK-78002", ("notes",))):
        for paper in papers:
            name = f"papers/{case}/{paper}.txt"
            record(project, name, [f"{case[-1]} geese came by the {paper} gate when we were there."])
            add_document(project, case, name, coder="ann")
    record(project, "papers/BK-78003/notes.txt", ["Nobody grouped this one, and the gate was shut."])
    lines = [
        line(case, CARERS, "Good", f"Zebras in {case}.") for case in ("bk-78001", "BK-78002", "BK-78003")
    ]
    finding = next(f for f in found(project, tmp_path, *lines) if f.case == "bk-78001")
    record_answer(project, finding.id, agree=True, note="zebra", coder="ann", words=f"x on {finding.case}")
    first = what_to_forget(project, "papers/bk-78001/notes.txt")
    assert (first.cases, first.audited) == ((), (("bk-78001", 1),))
    forget(project, first, coder="ann", reason="asked to")
    last = what_to_forget(project, "papers/bk-78001/plan.txt")
    assert (last.cases, last.audited) == (("bk-78001",), ())
    forget(project, last, coder="ann", reason="asked to")
    assert [form.case for form in audit_forms(project)] == ["BK-78002", "BK-78003"]
    assert moderator_answers(project) == {}
    loose = what_to_forget(project, "papers/BK-78003/notes.txt")
    assert loose.audited == (("BK-78003", 1),)
    forget(project, loose, coder="ann", reason="asked to")
    forms = what_to_forget(project, "bk-78003")
    assert (forms.documents, forms.cases) == ((), ("BK-78003",))
    forget(project, forms, coder="ann", reason="asked to")
    assert [form.case for form in audit_forms(project)] == ["BK-78002"]
    data = (tmp_path / "p.sqlite").read_bytes()
    assert b"Zebras in bk-78001" not in data
    assert b"Zebras in BK-78003" not in data
    assert project.store.verify() == []
    with pytest.raises(UsageError):
        what_to_forget(project, "BK-78003")


def test_an_id_cannot_stand_for_two_questions(project: Project, tmp_path: Path) -> None:
    found(project, tmp_path, line("BK-1", CARERS, "Good"))
    text = (
        'name = "x"\n[[question]]\nid = "q3"\ntext = "Was the first contact dealt with well?"\n'
        '[[grade]]\nstep = 1\nreads = "poor"\nwritten = ["Bad"]'
    )
    other = parse_mapping(text, project.framework, "m.toml")
    with pytest.raises(UsageError, match="give it another id, such as 'b-q3'"):
        import_audits(project, tmp_path / "audits.csv", other, coder="ann")


def test_labels_and_dates_are_no_evidence() -> None:
    head = "Record: BK-1\n\nDate: 3 March 2025\n\nWorker: D. Pryce, SW\n\nServices: direct payment, respite"
    assert not says_something(head)
    sentence = "Reablement in the kitchen: eggs, mince, a pie. Then the shed."
    assert told(f"{head}\n\n{sentence}") == sentence
    assert not has_speech("She is “settled”.")
    assert has_speech('Malcolm: "He is frit of the road."')
