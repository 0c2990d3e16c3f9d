"""Line by line: rows of one kind decided in one go, the unsure ones, and learning in the background."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.tui.real_review import passage_of
from tests.tui.samples import CODER, clock
from tests.tui.tables import CODED, OTHER_TABLE, ROWS, made_with_tables

from evidence_mapper.cli.plain.lines import Lines
from evidence_mapper.cli.plain.review import PlainReview
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.assistant import Assistant
from evidence_mapper.workflow.learner import Learned, Learner, Standing
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.review import ReviewSession


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Give a project of one document with two tables."""
    with made_with_tables(tmp_path / "p.sqlite") as project:
        yield project


class Terminal(io.StringIO):
    """Lines that a person types."""

    def isatty(self) -> bool:
        """Return that it is a terminal."""
        return True


def sitting(
    project: Project,
    *typed: str,
    start: str | None = None,
    learner: Learner | None = None,
    source: type[io.StringIO] = io.StringIO,
    reads: type[Lines] = Lines,
) -> str:
    """Return what is read out while lines are typed."""
    out = io.StringIO()
    session = ReviewSession(project.store, project.framework, CODER, clock())
    lines = reads(source("".join(f"{line}\n" for line in typed)), out, None)
    PlainReview(session, lambda *_: [], lines, Assistant(project, learner)).run(start)
    assert project.store.verify() == []
    return out.getvalue()


def held(project: Project) -> dict[str, str]:
    """Return the outcomes that hold, by the passages' words."""
    return {h.passage.text: h.decision.decision.outcome.value for h in project.store.held_decisions()}


# of the same kind -------------------------------------------------------------------------------
def test_rows_are_read_then_decided_in_one_go_and_z_takes_all_back(project: Project) -> None:
    said = sitting(project, "alike", "2 3", "2", "n", "q", start=passage_of(project, ROWS[4]))
    assert "Rows of the same table: 6 undecided passages." in said
    assert said.index(ROWS[5]) < said.index("4 passages taken in.")
    assert "4. Suggested: Care provision, integration and continuity, 90%. Left out" in said
    assert "Saved: 4 passages decided together: none of these; z takes them all back." in said
    assert held(project) == dict.fromkeys([ROWS[n] for n in (0, 1, 4, 5)], "none")
    said = sitting(project, "z", "q")
    assert "Taken back: 4 decisions recorded together." in said
    assert f"Text:\n{ROWS[4]}" in said
    assert held(project) == {}


def test_marks_are_recorded_for_all_that_is_taken_in(project: Project) -> None:
    said = sitting(project, "8", "alike", "4", "r", "q", start=passage_of(project, ROWS[0]))
    assert "r Governance, management and sustainability" in said
    assert held(project) == dict.fromkeys(ROWS, "coded")
    assert f"Text:\n{OTHER_TABLE[0]}" in said


def test_each_is_accepted_as_suggested(project: Project) -> None:
    sitting(project, "alike", "4", "a", "q", start=passage_of(project, ROWS[0]))
    assert held(project) == {**dict.fromkeys(ROWS, "none"), CODED: "coded"}


@pytest.mark.parametrize("answers", [("",), ("q",), ("1 2 3 5 6", "n", ""), ("r", ""), ("9", "")])
def test_nothing_is_saved_on_any_other_answer(project: Project, answers: tuple[str, ...]) -> None:
    said = sitting(project, "alike", *answers, "q", start=passage_of(project, ROWS[0]))
    assert "Nothing was saved." in said
    assert held(project) == {}


def test_another_kind_can_be_asked_for(project: Project) -> None:
    said = sitting(project, "alike suggestion", "", "alike x", "q", start=passage_of(project, ROWS[0]))
    assert "In the same document, with the same suggestion: 8 undecided passages." in said
    assert "Type alike alone, or with one of table, section, suggestion." in said


def test_the_unsure_ones_are_a_word_away(project: Project) -> None:
    said = sitting(project, "u", "later", "later", "q", start=passage_of(project, ROWS[0]))
    assert "later reads all you are unsure of." in said
    assert "1 passage: unsure; document order." in said
    assert "8 passages: to review; gaps first." in said


# learning ---------------------------------------------------------------------------------------
class FakeLearner(Learner):
    """Is due after two decisions; learning ends when it is let go."""

    def __init__(self, project: Project, *, result: Learned | UsageError, on: bool = True) -> None:
        super().__init__(project, CODER)
        self._store, self._result, self.on = project.store, result, on
        self.asked = 0
        self.done = threading.Event()

    def standing(self) -> Standing:
        """Return that two decisions are enough."""
        answered = self._store.answered_count()
        return Standing(self.on and answered >= 2 and not self.asked, 0, answered + 30, 5, None)

    def learn(self) -> Learned:
        """Return the result at once."""
        self.asked += 1
        self.done.set()
        if isinstance(self._result, UsageError):
            raise self._result
        return self._result


class Waiting(Lines):
    """A person who answers once what is learned has come to its end."""

    learner: FakeLearner

    def ask(self, prompt: str) -> str:
        """Return the next line."""
        if self.learner.asked:
            self.learner.done.wait(10)
            for thread in threading.enumerate():
                if thread.daemon and "_learn" in thread.name:
                    thread.join(10)
        return super().ask(prompt)


def typed_with(project: Project, learner: FakeLearner, *typed: str) -> str:
    """Return what is read out to a person at a terminal."""
    lines = type("Typed", (Waiting,), {"learner": learner})
    return sitting(project, *typed, learner=learner, source=Terminal, reads=lines)


KEPT = Learned(True, "kept: better", 2, 9)


def test_it_learns_between_answers_and_says_so(project: Project) -> None:
    learner = FakeLearner(project, result=KEPT)
    said = typed_with(project, learner, "n", "n", "s", "q")
    assert "Learning from 27 new decisions in the background; go on." in said
    assert said.count("Learned from 2 decisions: probabilities are new from this passage on") == 1
    assert learner.asked == 1
    assert "answers from a file" not in said


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (
            Learned(False, "no better than before", 2, 0),
            "What was learned is not used: no better than before.",
        ),
        (UsageError("too few to learn from"), "Could not learn from the decisions: too few to learn from"),
    ],
)
def test_what_came_of_it_is_said(project: Project, result: Learned | UsageError, words: str) -> None:
    learner = FakeLearner(project, result=result)
    said = typed_with(project, learner, "n", "n", "s", "n", "q")
    assert words in said
    assert len(held(project)) == 3, "nothing else is held up"
    assert learner.asked == 1


def test_it_does_not_learn_when_switched_off_or_from_a_file(project: Project) -> None:
    learner = FakeLearner(project, result=KEPT, on=False)
    said = typed_with(project, learner, "n", "n", "n", "s", "q")
    assert learner.asked == 0
    assert "learns from your decisions" not in said
    learner = FakeLearner(project, result=KEPT)
    said = sitting(project, "n", "n", "learning", "", "q", learner=learner)
    assert learner.asked == 0
    assert "Learning" not in said


def test_how_it_stands_is_said_at_the_start(project: Project) -> None:
    class Switched(FakeLearner):
        def standing(self) -> Standing:
            return Standing(True, 40, 40, 40, "kept")

    said = typed_with(project, Switched(project, result=KEPT), "learning", "", "q")
    assert "Suggestions use what was learned from 40 decisions." in said
    assert "type learning to switch that off" in said
    assert "after every 25 new decisions it is learned in the background; l learns now." in said
