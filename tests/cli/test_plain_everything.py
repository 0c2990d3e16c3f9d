"""Line by line there is everything the full screen has: each of its actions, or a reason why not."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.store.builders import reading
from tests.tui import real_review
from tests.tui.real_review import SAME, TEXTS, made, passage_of
from tests.tui.samples import CODER, clock

from evidence_mapper.cli.plain import words
from evidence_mapper.cli.plain.commands import COMMANDS, Command
from evidence_mapper.cli.plain.lines import Lines
from evidence_mapper.cli.plain.review import PlainReview
from evidence_mapper.domain.coding import Decision, EventAction, Outcome, Verdict
from evidence_mapper.domain.project import DEFAULT_ORDER, QueueFilter, ReviewState
from evidence_mapper.tui.actions import (
    ACTIONS,
    BULK,
    CASES,
    CLAIM,
    CLAIMS,
    DOCUMENTS,
    HELP,
    HISTORY,
    LEARNING,
    MATRIX,
    REMAINING,
    REVIEW,
    SEARCH,
    SETTLE,
    SIMILAR,
)
from evidence_mapper.workflow.assistant import Assistant
from evidence_mapper.workflow.cases import by_folder, group
from evidence_mapper.workflow.claims import add_claim, find_claim
from evidence_mapper.workflow.head_changes import Change, Changes
from evidence_mapper.workflow.learner import Learned, Standing
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.review import ReviewSession
from evidence_mapper.workflow.samples import draw_sample

ABUSE, PANEL = TEXTS["users.txt"][1], TEXTS["policy.txt"][1]
CONCERN = TEXTS["policy.txt"][0]
TWO = "Staff tell the duty team about abuse. The panel meets on Tuesdays."


# the table --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Typed:
    """What is typed instead of a key: a command, and what follows it or its question."""

    command: str
    then: str = ""


@dataclass(frozen=True)
class Not:
    """Why nothing is typed instead."""

    why: str


READ_OUT = Not("all of it is read out: there is nothing to scroll")
BY_NUMBER = Not("lines have numbers that are typed: there is no cursor to move")
AT_THE_QUESTION = Not("a question takes only its own answers; ? lists the commands once it is answered")
NOTHING = Not("an empty answer goes back")

EQUIVALENTS: dict[tuple[str, str], Typed | Not] = {
    (REVIEW, "accept"): Typed("a"),
    **{(REVIEW, f"tick({n})"): Typed("numbers") for n in range(1, 10)},
    (REVIEW, "tick_here"): Typed("numbers"),
    (REVIEW, "record"): Typed("r"),
    (REVIEW, "reject"): Typed("x"),
    (REVIEW, "none"): Typed("n"),
    (REVIEW, "unsure"): Typed("u"),
    (REVIEW, "note"): Typed("o"),
    (REVIEW, "undo"): Typed("z"),
    (REVIEW, "skip"): Typed("s"),
    (REVIEW, "next"): Typed("s"),
    (REVIEW, "previous"): Typed("k"),
    (REVIEW, "category"): Typed("c"),
    (REVIEW, "polarity"): Typed("p"),
    (REVIEW, "topics"): Typed("t"),
    (REVIEW, "filter"): Typed("f"),
    (REVIEW, "find"): Typed("/"),
    (REVIEW, "matrix"): Typed("matrix"),
    (REVIEW, "documents"): Typed("documents"),
    (REVIEW, "history"): Typed("h"),
    (REVIEW, "statement(1)"): BY_NUMBER,
    (REVIEW, "statement(-1)"): BY_NUMBER,
    (REVIEW, "scroll(1)"): READ_OUT,
    (REVIEW, "scroll(-1)"): READ_OUT,
    (REVIEW, "wording"): Typed("d"),
    (REVIEW, "why"): Typed("w"),
    (REVIEW, "repeat"): Typed("="),
    (REVIEW, "twins"): Typed("e"),
    (REVIEW, "bulk"): Typed("b"),
    (REVIEW, "similar"): Typed("alike"),
    (REVIEW, "later"): Typed("later"),
    (REVIEW, "flag"): Typed("!"),
    (REVIEW, "claims"): Typed("claims"),
    (REVIEW, "cases"): Typed("cases"),
    (REVIEW, "search"): Typed("search"),
    (REVIEW, "learning"): Typed("learning"),
    (REVIEW, "span"): Typed("cut"),
    (REVIEW, "settle"): Typed("settle"),
    (REVIEW, "others"): Typed("v"),
    (REVIEW, "clear"): Typed("clear"),
    (REVIEW, "app.help"): Typed("?"),
    (REVIEW, "app.leave"): Typed("q"),
    (BULK, "record"): Typed("b", "y"),
    (BULK, "tick"): Typed("b", "numbers leave out"),
    (BULK, "least"): Typed("b", "66"),
    (BULK, "back"): NOTHING,
    (SIMILAR, "none"): Typed("alike", "n"),
    (SIMILAR, "record"): Typed("alike", "r"),
    (SIMILAR, "accept"): Typed("alike", "a"),
    (SIMILAR, "unsure"): Typed("alike", "u"),
    (SIMILAR, "tick"): Typed("alike", "numbers leave out"),
    (SIMILAR, "tick_all"): Typed("alike", "numbers leave out"),
    (SIMILAR, "likeness"): Typed("alike", "section"),
    (SIMILAR, "back"): NOTHING,
    (LEARNING, "changes"): Typed("learning", "c"),
    (LEARNING, "switch"): Typed("learning", "o"),
    (LEARNING, "shipped"): Typed("learning", "s"),
    (LEARNING, "open"): Typed("learning", "number"),
    (LEARNING, "back"): NOTHING,
    (MATRIX, "open"): Typed("matrix", "number"),
    (MATRIX, "topics"): Typed("matrix", "number"),
    (MATRIX, "standing"): Not("for and against, people's experience and age are read with every statement"),
    (MATRIX, "spoken"): Typed("matrix", "i"),
    (MATRIX, "remaining"): Typed("unseen"),
    (MATRIX, "back"): NOTHING,
    (REMAINING, "open"): Typed("unseen", "y"),
    (REMAINING, "back"): NOTHING,
    (DOCUMENTS, "open"): Typed("documents", "number"),
    (DOCUMENTS, "sort"): Typed("documents", "o"),
    (DOCUMENTS, "versions"): Typed("documents", "v"),
    (DOCUMENTS, "back"): NOTHING,
    (HISTORY, "undo"): Typed("z", "number"),
    (HISTORY, "open"): Typed("g", "number"),
    (HISTORY, "back"): NOTHING,
    (CLAIMS, "open"): Typed("claims", "number"),
    (CLAIMS, "next_bare"): Typed("claims", "n"),
    (CLAIMS, "back"): NOTHING,
    (CLAIM, "link(False)"): Typed("claims", "for"),
    (CLAIM, "link(True)"): Typed("claims", "against"),
    (CLAIM, "skip"): Not("candidates are read once, and none stays under a cursor"),
    (CLAIM, "unlink"): Typed("claims", "off"),
    (CLAIM, "open"): Typed("claims", "open"),
    (CLAIM, "next_bare"): Typed("claims", "n"),
    (CLAIM, "edit"): Typed("claims", "e"),
    **{(CLAIM, f"statement({n})"): Typed("claims", "under") for n in range(1, 10)},
    (CLAIM, "more"): Typed("claims", "m"),
    (CLAIM, "withdraw"): Typed("claims", "w"),
    (CLAIM, "scroll(1)"): READ_OUT,
    (CLAIM, "scroll(-1)"): READ_OUT,
    (CLAIM, "back"): NOTHING,
    (CASES, "open"): Typed("cases", "number"),
    (CASES, "back"): NOTHING,
    (SEARCH, "open"): Typed("search", "number"),
    (SEARCH, "move(1)"): BY_NUMBER,
    (SEARCH, "move(-1)"): BY_NUMBER,
    (SEARCH, "which"): Typed("search", "c, s or a"),
    (SEARCH, "scroll(1)"): READ_OUT,
    (SEARCH, "scroll(-1)"): READ_OUT,
    (SEARCH, "back"): NOTHING,
    **{(SETTLE, f"take({n})"): Typed("settle", "number") for n in range(1, 10)},
    (SETTLE, "none"): Typed("settle", "n"),
    (SETTLE, "own"): Typed("settle", "w"),
    (SETTLE, "take_off"): Typed("settle", "z"),
    (SETTLE, "which"): Typed("settle", "y"),
    (SETTLE, "open"): Typed("settle", "o"),
    (SETTLE, "scroll(1)"): READ_OUT,
    (SETTLE, "scroll(-1)"): READ_OUT,
    (SETTLE, "back"): Typed("settle", "q"),
    (HELP, "back"): READ_OUT,
}
for _action in ACTIONS:
    if _action.screen != REVIEW and _action.name in ("app.help", "app.leave"):
        EQUIVALENTS[_action.screen, _action.name] = AT_THE_QUESTION


def test_every_action_of_the_full_screen_is_typed_or_has_a_reason_why_not() -> None:
    actions = {(a.screen, a.name) for a in ACTIONS}
    assert actions - set(EQUIVALENTS) == set(), "say in the table what is typed instead, or why nothing is"
    assert set(EQUIVALENTS) - actions == set(), "the full screen has no such action any more"
    there = {c.letters[:1] or c.word for c in COMMANDS} | {"numbers"}
    assert {e.command for e in EQUIVALENTS.values() if isinstance(e, Typed)} <= there
    assert all(e.why for e in EQUIVALENTS.values() if isinstance(e, Not))


# the sitting ------------------------------------------------------------------------------------
@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Give a project of four documents."""
    with made(tmp_path / "p.sqlite", {**TEXTS, "two.txt": (TWO, "A third says so.")}) as project:
        yield project


class Helper(Assistant):
    """Has the project at hand, and no classifier."""

    def __init__(self, project: Project) -> None:
        super().__init__(project)
        self.suggested = 0

    def suggest_new(self) -> int:
        self.suggested += 1
        return 0


def sitting(
    project: Project,
    *typed: str,
    start: str | None = None,
    coder: str = CODER,
    helper: Assistant | None = None,
) -> str:
    """Return what is read out while lines are typed."""
    out = io.StringIO()
    session = ReviewSession(project.store, project.framework, coder, clock())
    lines = Lines(io.StringIO("".join(f"{line}\n" for line in typed)), out, None)
    PlainReview(session, lambda *_: [], lines, helper or Helper(project)).run(start)
    assert project.store.verify() == []
    return out.getvalue()


def decide(project: Project, text: str, *statements: str, coder: str = CODER) -> str:
    """Record a coding, or none of these without statements; return the passage's id."""
    passage_id = passage_of(project, text)
    verdicts = tuple((s, Verdict.ACCEPTED) for s in statements)
    decision = Decision(Outcome.CODED if statements else Outcome.NONE, statements=verdicts)
    ReviewSession(project.store, project.framework, coder, clock()).decide(passage_id, decision)
    return passage_id


def held(project: Project) -> dict[str, str]:
    """Return the outcomes that hold, by the passages' words."""
    return {h.passage.text: h.decision.decision.outcome.value for h in project.store.held_decisions()}


def texts(project: Project) -> list[str]:
    """Return the words of all passages that count."""
    return [p.text for d in project.store.documents() for p in project.store.passages(d.id)]


# where a passage begins and ends ----------------------------------------------------------------
def test_a_passage_is_cut_and_z_puts_it_back(project: Project) -> None:
    helper = Helper(project)
    said = sitting(project, "cut", "1", "z", "q", start=passage_of(project, TWO), helper=helper)
    assert "1. Staff tell the duty team about abuse." in said
    assert "Saved: cut in two; this is the first part; z puts it back." in said
    assert "Text:\nStaff tell the duty team about abuse.\nEnd of text." in said
    assert "the passage begins and ends as it did before" in said
    assert TWO in texts(project)
    assert helper.suggested == 2


def test_after_the_first_part_comes_the_other(project: Project) -> None:
    said = sitting(project, "cut", "1", "n", "u", "q", start=passage_of(project, TWO))
    assert said.index("Saved: none of these") < said.index("Text:\nThe panel meets on Tuesdays.")
    assert held(project) == {
        "Staff tell the duty team about abuse.": "none",
        "The panel meets on Tuesdays.": "unsure",
    }


@pytest.mark.parametrize("answers", [("join", "below"), ("join below",), ("join d",)])
def test_a_passage_is_joined_with_its_neighbour(project: Project, answers: tuple[str, ...]) -> None:
    said = sitting(project, *answers, "q", start=passage_of(project, TWO))
    assert "Saved: joined with the passage below; z puts it back." in said
    assert f"{TWO}\n\nA third says so." in texts(project) or f"{TWO} A third says so." in texts(project)


def test_a_cut_of_long_ago_is_taken_back_by_its_number(project: Project) -> None:
    sitting(project, "cut", "1", "n", "q", start=passage_of(project, TWO))
    cut = next(e for e in project.store.history() if e.action is EventAction.RECUT)
    sitting(project, f"z {cut.sequence}", "q", coder="B. Officer")
    assert TWO not in texts(project), "it is not theirs to take back"
    said = sitting(project, f"z {cut.sequence}", "q")
    assert "begins and ends as it did before" in said
    assert TWO in texts(project)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("cut", ""), "Nothing was changed."),
        (("cut", "7", ""), "Not understood. Numbers are 1 to 1."),
        (("join", ""), "Nothing was changed."),
        (("join sideways",), "Type it as: join above, or join below"),
        (("3", "cut"), "This passage has marks: r records them, clear throws them away."),
        (("join above",), "Could not do that: nothing stands above this passage"),
    ],
)
def test_a_span_stays_on_any_other_answer(project: Project, typed: tuple[str, ...], words: str) -> None:
    before = texts(project)
    assert words in sitting(project, *typed, start=passage_of(project, TWO))
    assert texts(project) == before


def test_one_sentence_is_not_cut(project: Project) -> None:
    said = sitting(project, "cut", "q", start=passage_of(project, PANEL))
    assert "It is one sentence, so there is no place to cut it." in said


def test_marks_are_thrown_away(project: Project) -> None:
    said = sitting(project, "3", "o why", "clear", "clear", "q", start=passage_of(project, PANEL))
    assert "Marks thrown away." in said
    assert "This passage has no marks of yours." in said
    assert "not saved. Leave?" not in said
    assert held(project) == {}


# what is looked up ------------------------------------------------------------------------------
def test_search_opens_what_it_finds(project: Project) -> None:
    decide(project, PANEL, "governance")
    said = sitting(project, "search panel", "c", "s", "a", "zebra", "abuse", "99", "1", "q")
    assert "policy.txt, p. 1; confirmed: governance." in said
    assert "Searching confirmed only for “panel”." in said
    assert "Nothing was found." in said
    assert "There is no passage 99 in the list." in said
    assert "Text:\n" + ABUSE in said or "Text:\n" + TWO in said


def test_an_empty_answer_goes_back_from_everywhere(project: Project) -> None:
    add_claim(project, "The panel meets.", coder=CODER)
    here = passage_of(project, PANEL)
    typed = ("search", "", "documents", "", "flags", "matrix", "", "unseen", "claims", "", "learning", "q")
    said = sitting(project, *typed, start=here)
    assert said.count(f"Back at passage {here}; . reads it again.") == 6
    assert "Learning is not at hand here: evidence-mapper train" in said


def test_documents_are_sorted_and_opened(project: Project) -> None:
    said = sitting(project, "documents", "o", "o", "v2", "9", "what", "1", "i", "q")
    assert "4 documents, as added:" in said
    assert "4 documents, by name:" in said
    assert "users.txt: 1 version; nothing was replaced." in said
    assert "Not understood: 9. Numbers are 1 to 4." in said
    assert "all passages; document" in said


def test_a_part_of_a_name_that_no_document_has_is_asked_again(project: Project) -> None:
    said = sitting(project, "documents zebra", "pol", "1", "q")
    assert "No document has “zebra” in its name." in said
    assert "1 document, as added:\n1. policy.txt: " in said
    assert "2 passages: all passages; document policy.txt; gaps first." in said


def test_the_matrix_is_read_and_a_cell_is_opened(project: Project) -> None:
    decide(project, CONCERN, "safeguarding")
    said = sitting(project, "matrix", "99", "7", "1", "i", "q")
    assert "7. Safeguarding: 1 confirmed, 0 as a strength and 0 as a concern; 1 suggested" in said
    assert "1. Assessing needs: 0 confirmed; " in said
    assert "Nothing confirmed in any category." in said
    assert "1. All categories: 1 confirmed" in said
    assert "2 passages: all passages; Safeguarding; gaps first." in said


def test_a_gap_of_the_matrix_is_called_one(project: Project) -> None:
    said = sitting(project, "matrix", "i", "1", "", "5", "1", "", "", "q")
    assert said.count("A gap: nothing confirmed and nothing suggested.") == 2
    assert "Evidence by I statement:" in said


def test_what_is_unseen_is_read_and_the_sample_opened(project: Project) -> None:
    assert "evidence-mapper remaining --sample 150" in sitting(project, "unseen", "q")
    draw_sample(project.store, 3, coder=CODER, now=clock(), seed=7)
    said = sitting(project, "unseen", "y", "i", "q")
    assert "Read the 3 passages of the sample that wait?" in said
    assert "3 passages: to review; the random sample; gaps first." in said


def test_flags_are_read_answered_and_opened(project: Project) -> None:
    here = passage_of(project, PANEL)
    sitting(project, "! Priya", "whose panel", "q", start=here)
    decide(project, PANEL, "governance", coder="Priya")
    said = sitting(project, "flags", "7", "1", "flags", "a", "q")
    assert "1 passage flagged." in said
    assert f"1. Flagged for Priya by {CODER}" in said
    assert "Decided since by Priya" in said
    assert said.count(f"Passage {here}.") == 2
    assert "all passages; flagged; gaps first" in said


def test_cases_are_read_and_opened(project: Project) -> None:
    for number in (1, 2):
        folder = {f"cases/{number}/notes.txt": ("I decide what I wear.",)}
        for name, passages in folder.items():
            project.store.add_document(reading(name, passages))
    group(project, by_folder(project, "cases"), coder=CODER)
    said = sitting(project, "cases", "1", "1", "99", "a", "i", "q")
    assert "1 document; 0 of 1 passage decided on" in said
    assert "nothing so far; not every passage is read" in said
    assert "Silent: no passage is confirmed or suggested here." in said
    assert "1 passage: all passages; 1 chosen passage; gaps first." in said


def test_no_cases_yet(project: Project) -> None:
    assert "No cases yet. q leaves; then: evidence-mapper case group" in sitting(project, "cases", "q")


# history ----------------------------------------------------------------------------------------
def test_the_history_is_paged_and_a_decision_is_opened_by_its_number(project: Project) -> None:
    here = passage_of(project, PANEL)
    for _ in range(12):
        sitting(project, "n", "z", "q", start=here)
    said = sitting(project, "h", "h 5", "h 1", "g 1", "g 999", "h x", "q", start=here)
    assert "h 5 reads those before; z NUMBER takes one of yours back." in said
    assert said.index("\n5. ") < said.index("\n4. ") < said.index("\n1. 25 Nov")
    assert "Nothing comes before." in said
    assert said.count(f"Passage {here}.") == 2
    assert "There is no entry 999 in the history" in said
    assert "Type h alone" in said


def test_an_entry_about_no_passage_is_not_opened(project: Project) -> None:
    add_claim(project, "The panel meets.", coder=CODER)
    assert "Entry 1 is about no passage." in sitting(project, "g 1", "q")


# claims -----------------------------------------------------------------------------------------
def test_a_claim_is_worked_through(project: Project) -> None:
    add_claim(project, "Staff tell the duty team about abuse the same day.", coder=CODER)
    decide(project, ABUSE, "safeguarding")
    said = sitting(
        project, "claims", "1", "for 1", "off 1", "against 1", "under 7", "m", "for 99", "what", "", "", "q"
    )
    assert "1 claim, 1 without evidence." in said
    assert "1. Candidate, confirmed by a person: no polarity; users.txt, p. 1; undated.\n" + ABUSE in said
    assert "Saved: linked for the claim." in said
    assert "Saved: taken off the claim." in said
    assert "Saved: linked against the claim." in said
    assert "Saved: under Safeguarding." in said
    assert "Numbers are 1 to " in said
    assert "Not understood: what." in said
    claim = find_claim(project, 1)
    assert (len(claim.passages), len(claim.against), claim.statements) == (0, 1, ("safeguarding",))


def test_a_candidate_nobody_confirmed_is_read_in_the_review_first(project: Project) -> None:
    add_claim(project, "The panel meets.", coder=CODER)
    said = sitting(project, "claims 1", "for 1", "4", "r", "k", "q")
    assert "Nobody has confirmed it yet. Decide on it, then: link 1" in said
    assert "Text:\n" + PANEL in said or "Text:\n" + TWO in said
    assert find_claim(project, 1).passages == ()


def test_the_open_passage_is_linked_to_a_claim(project: Project) -> None:
    add_claim(project, "The panel meets.", coder=CODER)
    here = passage_of(project, PANEL)
    said = sitting(project, "link 1", "8", "r", f"g {here}", "link 1", "", "link 1", "f", "link", "link 9",
                   "a", "q", start=here)  # fmt: skip
    assert "Nobody has decided on this passage yet" in said
    assert "Nothing was linked." in said
    assert "Saved: linked for claim 1." in said
    assert "Type it as: link NUMBER" in said
    assert "Could not do that: no claim 9" in said or "Could not do that: there is no claim 9" in said
    assert find_claim(project, 1).passages == (here,)


def test_a_claim_gets_new_words_is_withdrawn_and_made_again(project: Project) -> None:
    add_claim(project, "The panel meets.", coder=CODER)
    add_claim(project, "Nobody waits.", coder=CODER)
    said = sitting(
        project, "claims", "n", "e", "The panel meets weekly.", "w", "n", "w", "y", "n", "n", "", "", "q"
    )
    assert "Saved: the claim has new words." in said
    assert "Saved: withdrawn; w makes it again." in said
    assert "Claim 2: 0 for, 0 against." in said
    assert "No other claim is without evidence." in said
    assert not find_claim(project, 1).is_open
    assert "Saved: the claim is made again." in sitting(project, "claims 1", "w", "", "", "q")
    assert find_claim(project, 1).text == "The panel meets weekly."


def test_there_is_no_claim_yet(project: Project) -> None:
    said = sitting(project, "claims", "claims 4", "claims x", "q")
    assert "No claims yet. q leaves; then: evidence-mapper claim import FILE" in said
    assert "Could not do that: " in said
    assert "Type claims alone" in said


# more at a time ---------------------------------------------------------------------------------
def test_the_same_words_of_the_open_passage_are_listed_with_who_decided(project: Project) -> None:
    decide(project, SAME, coder="B. Officer")
    here = passage_of(project, SAME, "users.txt")
    said = sitting(project, "e", "n", "e", "y", "z", "q", start=here)
    assert "carers.txt, p. 1: decided by B. Officer." in said
    assert "Decide on this passage first; then e decides those alike." in said
    assert "Saved: 2 passages decided alike; z takes them back." in said
    assert "Taken back: 2 decisions recorded together." in said


def test_bulk_at_another_percentage_reads_ten_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = tuple(f"Staff tell the duty team about abuse, case {n}." for n in range(23))
    monkeypatch.setattr(real_review, "LIKELY", {text: {"safeguarding": 0.7} for text in many})
    with made(tmp_path / "p.sqlite", {"a.txt": many}) as project:
        said = sitting(project, "b", "b x", "b 66", "q", "b 66", "2", "99", "11 12", "y", "q")
        assert "Nothing here is suggested at 90% or more." in said
        assert "23 passages suggested below that: read them one by one." in said
        assert "Type b alone for 90% or more" in said
        assert "Not understood. Numbers are 1 to 20." in said
        assert "y saves all 23 but 3; numbers leave those out too; nothing saves none:" in said
        assert "Saved: 20 passages accepted together" in said
        assert set(many) - set(held(project)) == {many[1], many[10], many[11]}


# settling and learning --------------------------------------------------------------------------
def test_a_settlement_is_taken_off_and_its_passage_opened(project: Project) -> None:
    decide(project, PANEL, "governance")
    here = decide(project, PANEL, coder="B. Officer")
    assert "Saved: " in sitting(project, "settle", "1", "", "q")
    assert len(project.store.settlements()) == 1
    said = sitting(project, "settle", "y", "z", "settle", "o", "q")
    assert "1 disagreement settled already. Go through those as well?" in said
    assert "Saved: the settlement is taken off; all answers count again." in said
    assert f"Passage {here}." in said
    assert project.store.settlements() == {}


def test_nothing_to_settle_is_said(project: Project) -> None:
    assert "Nothing to settle: nobody's codings differ." in sitting(project, "settle", "q")


class FakeLearner:
    """Stands for what was learned: one suggestion changed."""

    def __init__(self, project: Project) -> None:
        self._project, self.on = project, True

    def standing(self) -> Standing:
        return Standing(self.on, 30, 30, 28, "kept: better")

    def switch(self, *, on: bool) -> Standing:
        self.on = on
        return self.standing()

    def learn(self) -> Learned:
        return Learned(True, "kept: better on 30 decisions", 30, 9)

    def back_to_shipped(self) -> Standing:
        return self.switch(on=False)

    def changes(self) -> Changes:
        passage = self._project.store.passage(passage_of(self._project, PANEL))
        changed = Change(passage, "policy.txt", (), ("safeguarding",), "equity", "safeguarding")
        return Changes(1, 30, 12, (changed,))


def test_learning_is_read_switched_and_its_changes_opened(project: Project) -> None:
    helper = Helper(project)
    helper.learner = FakeLearner(project)  # type: ignore[assignment]
    said = sitting(project, "learning", "x", "l", "o", "s", "c", "1", "q", helper=helper)
    assert "Suggestions use what was learned from 30 decisions." in said
    assert "2 decisions since it last learned." in said
    assert "Not understood: x." in said
    assert "Learned from 30 decisions: probabilities are new from here on." in said
    assert "Saved: learning is off for this project." in said
    assert "1 suggestion changed of 12 pending passages." in said
    assert "1. Before: nothing.\nNow: Safeguarding.\n" + PANEL in said
    assert "Text:\n" + PANEL in said


# how it is read ---------------------------------------------------------------------------------
def test_topics_and_i_statements_are_read_in_words_not_in_abbreviations(project: Project) -> None:
    made_ = project.framework
    topic, spoken = made_.topics[0], made_.i_statements[0]
    decision = Decision(Outcome.CODED, ((topic.statement_id, Verdict.ACCEPTED),), (topic.id,), (spoken.id,))
    said = words.decision_words(made_, decision)
    assert topic.definition.rstrip(".") in said
    assert spoken.wording.text.rstrip(".") in said
    assert topic.id not in said
    shown = QueueFilter(state=ReviewState.ANY, topic=topic.id)
    assert topic.id not in words.filter_words(made_, shown, DEFAULT_ORDER, None)


def test_confirmed_examples_stand_with_the_definition(project: Project) -> None:
    decide(project, ABUSE, "safeguarding", coder="B. Officer")
    said = sitting(project, "d 7", "q", start=passage_of(project, PANEL))
    assert f"Confirmed for it by B. Officer, in users.txt, p. 1:\n{ABUSE}" in said


def test_the_filter_says_what_it_is_before_it_is_changed(project: Project) -> None:
    said = sitting(project, "f", "15", "4", "f", "", "q")
    assert "Now: to review; gaps first." in said
    assert "Now: to review; 90% likely or more; gaps first." in said


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.word], ids=lambda c: c.word)
def test_no_question_is_left_without_its_answers(project: Project, command: Command) -> None:
    """A question ends in a colon, after what may be answered; the end of the input is never an error."""
    said = sitting(project, f"{command.word} 1" if command.needed else command.word)
    assert said.rstrip().splitlines()[-2].endswith(": ")
    assert said.rstrip().splitlines()[-1].startswith("End of input.")
