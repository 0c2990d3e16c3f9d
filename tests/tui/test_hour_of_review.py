"""Found by reviewing for an hour: places that can be told apart, nothing said of a passage left behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from tests.tui.driver import NARROW
from tests.tui.real_review import TEXTS, made, passage_of, reviewing

from evidence_mapper.classify.explain import Explanation, Highlight
from evidence_mapper.domain.coding import SuggestedChoice, SuggestedCode, Suggestion, Verdict
from evidence_mapper.domain.passage import Span
from evidence_mapper.domain.project import CellCount, Matrix, Refusal
from evidence_mapper.tui.draft import Draft
from evidence_mapper.tui.passage_view import SourceLine
from evidence_mapper.tui.review_why import why_words
from evidence_mapper.tui.sentences import fields
from evidence_mapper.tui.standing_list import StandingList, heading, of_i_statements, of_statements
from evidence_mapper.tui.text import fit_place
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.why import Why


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Give a project of three documents."""
    with made(tmp_path / "p.sqlite") as project:
        yield project


# places -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "label", "width", "shown"),
    [
        ("papers/policy.pdf", "p. 4", 18, "policy.pdf p. 4"),
        ("surveys/carers-survey-2025.xlsx", "sheet Responses, row 13, col K", 18, "carer…-2025 row 13"),
        ("care-and-support-survey-2025.csv", "row 25, col Tell us more", 18, "care-…-2025 row 25"),
        ("integrated-care-measures.pdf", "p. 4, table 2, row 5", 18, "integr…asures p. 4"),
        ("a.txt", "sheet Responses", 12, "a sheet Res…"),
        ("x.docx", "table 2, row 10, Participant", 18, "x table 2, row 10"),
        ("a.txt", "", 12, "a.txt"),
        ("audits/case-audits-quarter-2.xlsx", "", 19, "case-audi…quarter-2"),
    ],
)
def test_a_place_keeps_both_ends_of_the_name_and_what_says_most(
    name: str, label: str, width: int, shown: str
) -> None:
    assert fit_place(name, label, width) == shown


@given(st.text(max_size=40), st.text(max_size=40), st.integers(12, 40))
def test_a_place_is_never_wider_than_its_column(name: str, label: str, width: int) -> None:
    assert cell_len(fit_place(name, label, width)) <= width


async def test_a_document_is_known_by_its_name_however_long_the_place_in_it(tmp_path: Path) -> None:
    text = "The reablement girls after Dad's hip."
    with made(tmp_path / "p.sqlite", {"carers-survey-2025.xlsx": (text, text)}) as project:
        async with reviewing(project, NARROW) as on:
            line = on.review.query_one(SourceLine)
            line.show(
                "surveys/carers-survey-2025.xlsx", " · sheet Responses, row 13, col K", " · survey comment"
            )
            await on.settle()
            assert str(line.render()) == "…s/carers-survey-2025.xlsx · row 13"
            line.show("policy.pdf", " · p. 4", " · policy")
            assert str(line.render()) == "policy.pdf · p. 4 · policy"
            line.show("Reading", "")
            assert str(line.render()) == "Reading"
            assert "Same words in 1 other place (e)" in on.text()


# what is said -----------------------------------------------------------------------------------
async def test_what_enter_would_record_is_not_said_of_the_next_passage(project: Project) -> None:
    async with reviewing(project, NARROW) as on:
        await on.press("7")
        assert on.status.startswith("enter records: Safeguarding")
        await on.press("j")
        assert on.status == ""
        await on.press("k")
        assert on.status.startswith("enter records: Safeguarding"), "its marks are still there"


async def test_what_was_recorded_is_said_until_something_else_is(project: Project) -> None:
    async with reviewing(project) as on:
        await on.press("n", "j", "k")
        assert on.status.startswith("None of these - z to undo")


async def test_a_decision_taken_back_in_the_history_is_said_to_hold_no_longer(project: Project) -> None:
    async with reviewing(project, start=passage_of(project, TEXTS["users.txt"][1])) as on:
        await on.press("7", "enter")
        assert on.status.startswith("Coded Safeguarding - z to undo.")
        await on.press("h", "z", "enter")
        assert on.decided() == {}
        assert on.status == ""
        await on.press("r")
        assert on.status == "There is no decision of yours to repeat yet."
        assert on.decided() == {}


async def test_both_ends_of_a_sentence_are_seen_where_a_passage_is_cut(tmp_path: Path) -> None:
    long = f"Only 19 per cent of people who use our services {'and their carers ' * 5}take a direct payment."
    with made(tmp_path / "p.sqlite", {"a.txt": (f"{long} We will run a payroll service.",)}) as project:
        async with reviewing(project, NARROW) as on:
            await on.press("v")
            assert "1 Only 19 per cent of people" in on.text()
            assert "take a direct payment. " in on.text()
            assert "2 We will run a payroll service." in on.text()


async def test_a_look_at_the_history_leaves_what_z_takes_back(tmp_path: Path) -> None:
    two = "Staff tell the duty team about abuse. The panel meets on Tuesdays."
    with made(tmp_path / "p.sqlite", {"a.txt": (two, "Another stands here.")}) as project:
        async with reviewing(project, start=passage_of(project, two)) as on:
            await on.press("v", "enter", "h", "escape", "z")
            assert on.status.startswith("The passage begins and ends as it did before")
            await on.press("v", "enter", "h", "z", "escape")
            assert "z puts it back" not in on.status
            await on.press("z")
            assert on.status == "You have no decision to undo."
            assert on.sound()


async def test_files_that_were_not_read_are_said_with_the_documents(project: Project) -> None:
    async with reviewing(project) as on:
        await on.press("d")
        assert "3 pages could not be read and are not counted: evidence-mapper documents" in on.status
    project.store.record_refusal(
        Refusal("scan.pdf", "no-text", "scan.pdf: no text", None, "2026-11-24T09:00:00.000000+00:00")
    )
    async with reviewing(project) as on:
        await on.press("d")
        assert "1 file and 3 pages could not be read and are not counted" in on.status


# the matrix -------------------------------------------------------------------------------------
def test_i_statements_take_the_room_of_the_voice_that_is_not_counted_for_them(project: Project) -> None:
    listed = StandingList()
    framework = project.framework
    counts = Matrix(i_statements={i.id: CellCount(confirmed=1) for i in framework.i_statements})
    listed.lines = of_i_statements(framework, counts)
    with_voice = StandingList()
    with_voice.lines = of_statements(framework, counts)
    titles = [next(iter(each.cells(0, 78)))[0] for each in (listed, with_voice)]
    assert [len(title) for title in titles] == [34, 26]
    assert len(heading(78, voice=False)) == len(heading(78, voice=True)) == 78
    assert "Voice" not in heading(78, voice=False)


# what is accepted -------------------------------------------------------------------------------
def _draft(project: Project, topics: tuple[str, ...], i_statements: tuple[str, ...] = ()) -> Draft:
    suggestion = Suggestion(
        statements=(SuggestedCode("assessing-needs", 0.9, suggested=True),),
        topics=tuple(SuggestedCode(t, 0.9, suggested=True) for t in topics),
        i_statements=tuple(SuggestedCode(i, 0.9, suggested=True) for i in i_statements),
        evidence_category=None,
        polarity=None,
        none_probability=0.01,
        none_suggested=False,
        abstained=False,
    )
    return Draft(project.framework, suggestion)


def test_the_topic_that_would_be_accepted_is_named_where_there_is_room(project: Project) -> None:
    def shown(*topics: str, spoken: tuple[str, ...] = (), note: str | None = None) -> str:
        draft = _draft(project, topics, spoken)
        draft.note = note
        return fields(project.framework, draft).plain.splitlines()[-1]

    assert shown("an-timeliness").endswith("an-timeliness")
    assert shown("an-carers", "an-advocacy").endswith("2 topics")
    assert shown("an-timeliness", spoken=("i-unique",)).endswith("an-timeliness, 1 I")
    assert "1 topic" in shown("an-arrangements", spoken=("i-unique",), note="why")
    assert shown().endswith("0 topics")
    strength = "p ◆ + strength"
    widest = [shown("hl-direct-payments"), shown("an-timeliness", spoken=("i-unique",))]
    assert max(len(line) for line in widest) - len("p   polarity not set") + len(strength) <= 40


# why --------------------------------------------------------------------------------------------
TEXT = "The Better Care Fund is pooled under section 75."


def _why(*spans: tuple[int, int, float], heading: float = 0.0) -> Why:
    marks = tuple(Highlight(Span(start, end), weight) for start, end, weight in spans)
    return Why(Explanation("partnerships", 0.9, marks, heading), ())


def test_pieces_side_by_side_are_one_phrase() -> None:
    found = _why((11, 20, 3.0), (24, 30, 2.0), (0, 10, 1.0), (40, 47, 0.5))
    assert found.phrases(TEXT) == ["The Better Care Fund", "pooled", "tion 75"]
    assert "“The Better Care Fund”, “pooled”" in why_words(found, TEXT).plain


def test_no_phrase_is_joined_over_a_word() -> None:
    assert _why((11, 15, 2.0), (0, 3, 1.0)).phrases(TEXT) == ["Care", "The"]


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        (9.0, "Carried by what it stands under, “pooled”"),
        (0.5, "Carried by “pooled”, what it stands under"),
        (0.0, "Carried by “pooled”\n"),
    ],
)
def test_a_heading_that_carries_a_suggestion_is_said_to(heading: float, said: str) -> None:
    assert said in why_words(_why((24, 30, 2.0), heading=heading), TEXT).plain


def test_without_a_word_that_carries_it_the_heading_may() -> None:
    assert "Carried by what it stands under\n" in why_words(_why(heading=1.0), TEXT).plain
    assert "Carried by no words alone" in why_words(_why(), TEXT).plain


def test_category_and_polarity_are_not_marked_as_suggested_where_no_statement_is(project: Project) -> None:
    def shown(draft: Draft) -> list[str]:
        return fields(project.framework, draft).plain.splitlines()

    suggestion = Suggestion(
        statements=(SuggestedCode("assessing-needs", 0.1),),
        topics=(),
        i_statements=(),
        evidence_category=SuggestedChoice("processes", 0.9, ()),
        polarity=SuggestedChoice("concern", 0.6, ()),
        none_probability=0.96,
        abstained=False,
        none_suggested=True,
    )
    draft = Draft(project.framework, suggestion)
    assert shown(draft)[1:] == ["c   Processes, if you tick", "p   − concern, if you tick  t   0 topics"]
    draft.toggle("assessing-needs", Verdict.ACCEPTED)
    assert shown(draft)[1:] == ["c ◆ Processes", "p ◆ − concern  t   0 topics"]
    draft.toggle("assessing-needs", Verdict.ACCEPTED)
    draft.cycle_polarity()
    assert shown(draft)[2] == "p ✓ ± mixed  t   0 topics"
