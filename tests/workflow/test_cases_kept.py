"""Cases in the record: grouping, roles, what people say, journey, coverage and picking, on real files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.workflow.case_projects import CASES, LETTER, NIGHT, PLAN, WISH, confirm_i, grouped, made, suggest
from tests.workflow.pack_samples import add, passage_of

from evidence_mapper.domain.case import CaseRecord, Member, Role, Stage
from evidence_mapper.domain.coding import Decision, EventAction, Outcome, Polarity
from evidence_mapper.domain.document import Document, SourceType
from evidence_mapper.domain.project import QueueFilter, QueueOrder, ReviewState
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow import cases
from evidence_mapper.workflow.case_coverage import Side, case_coverage, case_matrix, joined, marks
from evidence_mapper.workflow.case_entries import entries
from evidence_mapper.workflow.case_file import CaseDocument, CaseFile, CaseReader
from evidence_mapper.workflow.case_journey import journey
from evidence_mapper.workflow.case_pick import Request, age_band, draw, look, pick, trial
from evidence_mapper.workflow.case_voice import Voice
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.project import Project, open_project
from evidence_mapper.workflow.review import ReviewSession

_DOCUMENT = Document(
    "doc-1", "notes.txt", "sha256:0", "text/plain", SourceType.CASE_RECORD, None, None, "2026-01-05T09:00:00Z"
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the three cases once: reading files takes seconds."""
    return grouped(tmp_path_factory.mktemp("cases"))


@pytest.fixture
def project(kept: Path, tmp_path: Path) -> Iterator[Project]:
    """Give a copy of the three cases' papers, grouped by folder."""
    shutil.copy(kept, tmp_path / "p.sqlite")
    with open_project(tmp_path / "p.sqlite") as opened:
        yield opened


def file(project: Project, case: str) -> CaseFile:
    return CaseReader(project).read(cases.find_case(project, case))


# grouping ----------------------------------------------------------------------------------------


def test_folders_and_patterns_make_the_same_cases(tmp_path: Path) -> None:
    with made(tmp_path) as project:
        by_folder = cases.by_folder(project, "records")
        assert by_folder == cases.by_pattern(project, r"(?P<case>AB-\d+)")
        assert sorted(by_folder) == list(CASES)
        trial_run = cases.group(project, by_folder, coder="ann", trial=True)
        assert len(trial_run.added) == 3
        assert cases.list_cases(project) == []
        cases.group(project, by_folder, coder="ann")
        assert [c.id for c in cases.list_cases(project)] == list(CASES)
        again = cases.group(project, by_folder, coder="ann")
        assert (again.added, again.already) == ({}, 6)
        assert len(project.store.entries([EventAction.CASE])) == 3


def test_a_document_stays_in_its_case_until_it_is_taken_out(project: Project) -> None:
    letter = "records/AB-2/02-letter.txt"
    found = next(d for d in project.store.documents() if d.name == letter)
    moved = cases.group(project, {"AB-1": [Member(found.id)]}, coder="ben")
    assert moved.elsewhere == ((letter, "AB-2", "AB-1"),)
    with pytest.raises(UsageError, match="is in case AB-2 already"):
        cases.add_document(project, "AB-1", letter, coder="ben")
    cases.remove_document(project, "ab-2", letter, coder="ben")
    assert cases.case_of(project, found.id) is None
    cases.add_document(project, "ab-1", letter, coder="ben")
    assert cases.case_of(project, found.id) == "AB-1"
    with pytest.raises(UsageError, match="is not in case AB-2"):
        cases.remove_document(project, "AB-2", letter, coder="ben")


def test_a_column_of_a_table_names_the_case_of_each_row(project: Project, tmp_path: Path) -> None:
    rows = [
        "Case,Date,What was good about your support and what could we do better for you?",
        "AB-1,02/05/2025,The carers are kind but I never know who will come in the morning or when.",
        "AB-3,03/05/2025,Nobody told us what would happen after the move and we had to ring four times.",
    ]
    (tmp_path / "survey.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    add(project, tmp_path / "survey.csv")
    cases.group(project, cases.by_column(project, "case"), coder="ann")
    with_rows = file(project, "AB-3")
    (sheet,) = [d for d in with_rows.documents if d.document.name.endswith(".csv")]
    assert [p.text[:15] for p in sheet.passages] == ["Nobody told us "]
    assert sheet.dates_of(sheet.passages[0]) == ("2025-05-03",)
    assert with_rows.last_date == "2025-05-03"
    with pytest.raises(UsageError, match="no table has a column 'Nobody'; columns: Case, Date"):
        cases.by_column(project, "Nobody")


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("(", "is no regular expression"),
        (r"AB-\d", "does not say which part"),
        ("(?P<case>ZZ)", "no document's name"),
    ],
)
def test_a_pattern_that_cannot_group_says_why(project: Project, pattern: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        cases.by_pattern(project, pattern)


def test_names_that_are_none_are_refused(project: Project) -> None:
    with pytest.raises(UsageError, match="did you mean AB-1"):
        cases.find_case(project, "AB-11")
    with pytest.raises(
        UsageError, match="no documents in folders inside 'nowhere'; folders in the project: records"
    ):
        cases.by_folder(project, "nowhere")
    for bad in ("", "a\nb", "x" * 81):
        with pytest.raises(UsageError, match="cannot name a case"):
            cases.group(project, {bad: [Member("doc-1")]}, coder="ann", trial=True)


def test_a_case_forgotten_is_gone(project: Project) -> None:
    case = cases.find_case(project, "AB-2")
    project.store.forget(case.documents, coder="ann", at=utc_now(), reason="asked to", subjects=[case.id])
    assert [c.id for c in cases.list_cases(project)] == ["AB-1", "AB-3"]


def test_a_document_forgotten_leaves_the_rest_of_its_case(project: Project) -> None:
    found = passage_of(project, PLAN).document_id
    project.store.forget([found], coder="ann", at=utc_now(), reason="asked to")
    assert len(cases.find_case(project, "AB-1").documents) == 2


def test_a_queue_of_chosen_passages_holds_these_alone(project: Project) -> None:
    ids = tuple(p.id for p in file(project, "AB-1").passages)
    chosen = QueueFilter(state=ReviewState.ANY, passages=ids)
    rows = project.store.queue("ann", chosen, QueueOrder.DOCUMENT, 0, 100)
    assert sorted(row.passage_id for row in rows) == sorted(ids)
    assert project.store.queue_count("ann", QueueFilter(state=ReviewState.ANY, passages=())) == 0


# what is read and what is said -------------------------------------------------------------------


def test_roles_are_guessed_and_a_person_goes_before_the_guess(project: Project) -> None:
    read = file(project, "AB-1")
    assert [d.role for d in read.documents] == [Role.CASE_NOTES, Role.ASSESSMENT, Role.PLAN]
    assert [d.role_by for d in read.documents] == [None, None, None]
    assert read.documents[1].role_words == "Care Act assessment of needs: Anna AB-1"
    cases.set_role(project, "AB-1", read.documents[2].document.name, Role.REVIEW, coder="ben")
    changed = file(project, "AB-1").documents[2]
    assert (changed.role, changed.role_by, changed.role_words) == (Role.REVIEW, "ben", "")


def test_facts_are_read_with_their_place_and_a_persons_word_goes_before(project: Project) -> None:
    facts = file(project, "AB-3").facts
    assert facts["age"].text == "19"
    assert facts["consent"].text == "unknown"
    assert facts["consent"].document == "records/AB-3/01-notes.txt"
    assert facts["consent"].quote == "Agrees to the record being used for case tracking: not asked"
    cases.say(project, "AB-3", {"consent": ["yes"], "services": ["college", " short breaks "]}, coder="ben")
    facts = file(project, "AB-3").facts
    assert (facts["consent"].text, facts["consent"].said_by) == ("yes", "ben")
    assert facts["services"].values == ("college", "short breaks")
    cases.say(project, "AB-3", {"consent": []}, coder="ben")
    assert file(project, "AB-3").facts["consent"].said_by is None
    with pytest.raises(UsageError, match="consent is one of yes, no, unknown, not 'perhaps'"):
        cases.say(project, "AB-3", {"consent": ["perhaps"]}, coder="ben")


def test_papers_that_contradict_each_other_on_consent_are_not_consent(tmp_path: Path) -> None:
    with made(tmp_path) as project:
        late = tmp_path / "records" / "AB-1" / "09-review.txt"
        late.write_text(
            "Review\n\nConsent to case tracking: withdrawn\n\nSeen at home and well.\n", encoding="utf-8"
        )
        add(project, late.parent)
        cases.group(project, cases.by_pattern(project, r"(?P<case>AB-\d)"), coder="ann")
        fact = file(project, "AB-1").facts["consent"]
        assert fact.differs
        assert fact.text == ""


def test_passages_get_the_day_above_them(project: Project) -> None:
    notes = file(project, "AB-1").documents[0]
    said = {day for p in notes.passages if "T/c from" in p.text for day in notes.dates_of(p)}
    assert said == {"2025-01-14"}


# journey -----------------------------------------------------------------------------------------


def test_the_journey_is_in_time_order_with_waits_and_verbatim_quotes(project: Project) -> None:
    read = file(project, "AB-1")
    found = journey(read)
    assert [(s.date, s.stages, s.wait) for s in found.steps] == [
        ("2025-01-14", (Stage.CONTACT,), None),
        ("2025-01-16", (Stage.ASSESSMENT, Stage.ELIGIBILITY), 2),
        ("2025-02-03", (Stage.PLAN,), 18),
    ]
    assert [(w.start, w.end, w.days) for w in found.waits] == [
        (Stage.CONTACT, Stage.ASSESSMENT, 2),
        (Stage.ASSESSMENT, Stage.PLAN, 18),
    ]
    assert Stage.REVIEW in found.missing
    texts = {d.document.name: d.text for d in read.documents}
    for step in found.steps:
        assert all(quote in texts[step.document] for quote in step.quotes)
        assert step.author == "J. Lowther"


def test_what_is_undated_is_listed_apart(project: Project) -> None:
    found = journey(file(project, "AB-2"))
    assert [(u.document, u.role) for u in found.undated] == [("records/AB-2/02-letter.txt", Role.LETTER)]
    assert [s.document for s in found.steps] == ["records/AB-2/01-notes.txt"]


def test_a_move_is_read_from_the_words_and_not_from_its_denial(project: Project) -> None:
    (step,) = journey(file(project, "AB-3")).steps
    assert step.stages == (Stage.CONTACT, Stage.MOVE)
    assert "Discharged home on Monday" in step.quotes[1]
    denied = journey(file(project, "AB-1")).steps
    assert all(Stage.MOVE not in s.stages for s in denied)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Moved into a care home near his sister. Settled.", Stage.MOVE),
        ("Left ward 11.25 with the key in her hand.", Stage.MOVE),
        ("Son Kwame has moved into the box room for now.", None),
        ("Was not admitted to hospital after the fall.", None),
        ("Financial assessment done 9/7, five weeks after the move.", None),
        ("Does not meet the criteria for care and support.", Stage.ELIGIBILITY),
        ("Assessment completed at home with her sister there.", Stage.ASSESSMENT),
        ("A safeguarding concern was raised by the bank today.", Stage.SAFEGUARDING),
    ],
)
def test_stages_told_by_the_words_of_an_entry(words: str, told: Stage | None) -> None:
    text = f"CASE NOTES\n\n12/03/2025 J. Lowther, SW: Home visit\n\n{words}"
    document = CaseDocument(_DOCUMENT, Role.CASE_NOTES, None, "", text, entries(text), ())
    (step,) = journey(CaseFile(CaseRecord("c"), (document,), {})).steps
    assert step.stages == ((told,) if told else ())


# coverage ----------------------------------------------------------------------------------------


def test_confirmed_and_suggested_stand_apart_with_side_and_voice(project: Project) -> None:
    suggest(project, {WISH[:20]: ("i-unique", "strength"), PLAN[:20]: ("i-unique", "concern"),
                      LETTER[:20]: ("i-information", "concern")})  # fmt: skip
    confirm_i(project, WISH[:20], "i-unique", Polarity.STRENGTH)
    found = case_coverage(project, file(project, "AB-1"))
    shown = {s.i_statement.id: s for s in found.shown}
    (confirmed,), (suggested,) = shown["i-unique"].confirmed, shown["i-unique"].suggested
    assert (confirmed.side, confirmed.coders, confirmed.dates) == (Side.FOR, ("ann",), ("2025-01-16",))
    assert confirmed.voices.kinds == (Voice.QUOTED, Voice.WORKER)
    assert (suggested.side, suggested.coders) == (Side.AGAINST, ())
    assert suggested.voices.kinds == (Voice.WORKER,)
    assert marks(found, shown["i-unique"]) == ("F", "a")
    assert shown["i-safe"].is_silent
    assert marks(found, shown["i-safe"]) == (".", "")
    (letter,) = next(s for s in case_coverage(project, file(project, "AB-2")).shown
                     if s.i_statement.id == "i-information").suggested  # fmt: skip
    assert letter.voices.kinds == (Voice.OWN_DOCUMENT,)
    assert letter.voices.writer == "Anna AB-2"


def test_silence_is_the_records_own_only_when_all_of_it_is_read(project: Project) -> None:
    session = ReviewSession(project.store, project.framework, "ann", utc_now)
    for passage in file(project, "AB-3").passages:
        session.decide(passage.id, Decision(Outcome.NONE))
    by_case = {c.file.case.id: c for c in case_matrix(project)}
    assert {marks(by_case["AB-3"], s) for s in by_case["AB-3"].shown} == {("-", "")}
    assert {marks(by_case["AB-1"], s) for s in by_case["AB-1"].shown} == {(".", "")}


def test_a_withdrawn_document_shows_nothing(project: Project) -> None:
    passage = confirm_i(project, PLAN[:20], "i-safe", Polarity.STRENGTH)
    document = project.store.passage(passage).document_id
    project.store.append_event(
        coder="ann", action=EventAction.WITHDRAWN, subject=document, at=utc_now(), payload={}
    )
    read = file(project, "AB-1")
    assert [d.withdrawn for d in read.documents] == [False, False, True]
    assert all(s.is_silent for s in case_coverage(project, read).shown)


def test_sides_together() -> None:
    assert joined([]) is None
    assert joined([Side.FOR, Side.AGAINST]) is Side.BOTH
    assert joined([Side.UNSAID, Side.FOR]) is Side.FOR
    assert joined([Side.UNSAID]) is Side.UNSAID


# picking -----------------------------------------------------------------------------------------


def test_picking_is_by_stated_criteria_with_reasons_and_recorded(project: Project) -> None:
    found = pick(project, Request(2), coder="ann", now=utc_now, seed=3)
    assert [e.case_id for e in found.drawn] == ["AB-1"]
    assert found.drawn[0].brings == ("home care", "alarm", "North", "65 to 84")
    assert {e.case_id: e.reasons for e in found.excluded} == {
        "AB-2": ("open complaint (read in 01-notes.txt)",),
        "AB-3": ("consent not noted (read in 01-notes.txt)",),
    }
    (event,) = project.store.entries([EventAction.SAMPLE])
    assert event.subject == found.id
    assert (event.payload["seed"], event.payload["frame"], event.payload["cases"]) == (3, 1, ["AB-1"])
    cases.say(project, "AB-3", {"consent": ["yes"]}, coder="ben")
    reasons = {e.case_id: e.reasons for e in look(project, Request(2))}
    assert "consent noted (said by ben)" in reasons["AB-3"]


def test_recency_and_nobody_who_qualifies(project: Project) -> None:
    request = Request(2, ("consent", "recent"), since="2025-03-01")
    looked = {e.case_id: e for e in look(project, request)}
    assert looked["AB-1"].reasons == ("last entry 2025-02-03, before 2025-03-01",)
    assert looked["AB-2"].qualifies
    with pytest.raises(UsageError, match="none of 3 cases meets the criteria"):
        pick(project, Request(2, ("consent", "recent"), since="2026-01-01"), coder="a", now=utc_now, seed=1)
    assert project.store.entries([EventAction.SAMPLE]) == []
    assert trial(project, Request(2, ("consent", "recent"), since="2026-01-01"), seed=1).drawn == ()
    with pytest.raises(UsageError, match="no criterion 'rating'; there are consent"):
        look(project, Request(2, ("rating",)))


def test_a_draw_takes_variety_first_and_is_the_same_for_a_seed(project: Project) -> None:
    looked = look(project, Request(3, ("teams",)))
    request = Request(3, ("teams",))
    drawn = draw(looked, request, 5)
    assert drawn == draw(list(reversed(looked)), request, 5)
    assert sorted(e.case_id for e in drawn) == list(CASES)
    assert all(len(e.brings) == 1 for e in drawn)
    few = draw(looked, Request(2, ()), 5)
    assert len(few) == 2
    assert all(e.brings == () for e in few)


def test_bands_of_age() -> None:
    bands = [age_band(a) for a in ("17", "18", "64", "65", "85", "101", "old")]
    assert bands == ["0 to 17", "18 to 24", "25 to 64", "65 to 84", "85 or over", "85 or over", "not stated"]


def test_the_words_of_the_case_say_so_in_the_history(project: Project) -> None:
    cases.say(project, "AB-1", {"complaint": ["open"]}, coder="ben")
    event = project.store.history(subject="AB-1", limit=1)[0]
    assert event.words == "said of case AB-1: complaint: open"
    assert NIGHT not in str(event.payload)
