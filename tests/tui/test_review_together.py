"""The same words elsewhere, bulk accept, the last decision again and flags, through a real project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.tui.driver import NARROW, WIDE
from tests.tui.real_review import SAME, TEXTS, made, passage_of, reviewing

from evidence_mapper.domain.coding import Decision, EventAction, Outcome, Verdict
from evidence_mapper.domain.project import QueueFilter, ReviewState
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.review import ReviewSession

LISTENED, ABUSE, CONCERN = TEXTS["carers.txt"][0], TEXTS["users.txt"][1], TEXTS["policy.txt"][0]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Give a project of three documents; one passage stands in it three times."""
    with made(tmp_path / "p.sqlite") as project:
        yield project


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_twins_are_listed_and_decided_alike_and_one_undo_takes_them_back(
    project: Project, size: tuple[int, int]
) -> None:
    async with reviewing(project, size, start=passage_of(project, SAME, "carers.txt")) as on:
        await on.press("e")
        assert "The same words in 2 other places" in on.text()
        assert "Decide on this passage first" in on.text()
        await on.press("enter")  # does nothing yet
        assert on.decided() == {}
        await on.press("escape", "a")
        assert "The same words in 2 other places: e lists them." in on.status
        await on.press("e")
        seen = on.text()
        assert "users.txt" in seen
        assert "Undecided by you: 2" in seen
        await on.press("enter")
        assert len(on.decided()[SAME]) == 3
        assert "2 passages with the same words decided alike" in on.status
        await on.press("z")
        assert len(on.decided()[SAME]) == 1
        assert "2 decisions recorded together are taken back" in on.status
        assert on.passage == SAME
        await on.press("z")
        assert on.decided() == {}
        assert on.sound()


async def test_a_twin_decided_already_is_left_as_it_is(project: Project) -> None:
    async with reviewing(project, start=passage_of(project, SAME, "carers.txt")) as on:
        twin = project.store.twins(passage_of(project, SAME, "carers.txt"))[0]
        on.review.session.decide(twin.passage_id, Decision(Outcome.NONE))
        await on.press("a", "e")
        assert f"decided by {on.review.session.coder}" in on.text()
        await on.press("enter")
        outcomes = sorted(d.outcome for d in on.decided()[SAME])
        assert outcomes == [Outcome.CODED, Outcome.CODED, Outcome.NONE]


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_bulk_accept_lists_then_records_what_is_ticked_and_undoes_it_as_one(
    project: Project, size: tuple[int, int]
) -> None:
    async with reviewing(project, size) as on:
        await on.press("b")
        seen = on.text()
        assert "Accept together: 4 passages suggested at 90% or more" in seen
        assert "safeguarding" in seen
        assert "carers.txt" in seen
        assert on.decided() == {}
        await on.press("space", "enter")  # the first is left out
        assert "3 passages accepted together" in on.status
        held = on.decided()
        assert sorted(held) == sorted([SAME, ABUSE])
        assert len(held[SAME]) == 2
        assert held[ABUSE][0].accepted() == ("safeguarding",)
        await on.press("z")
        assert on.decided() == {}
        assert "3 decisions recorded together are taken back" in on.status
        assert on.sound()


async def test_bulk_accept_leaves_weaker_suggestions_to_be_read(project: Project) -> None:
    async with reviewing(project) as on:
        await on.press("b")
        assert "2 passages with a weaker suggestion left out" in on.status
        await on.press("l")
        assert "5 passages suggested at 66% or more" in on.text()
        await on.press("l", "l")
        assert "6 passages suggested at any probability" in on.text()
        await on.press("escape")
        assert on.decided() == {}


async def test_bulk_accept_records_nothing_that_was_not_on_the_screen(tmp_path: Path) -> None:
    many = {f"{n}.txt": (f"{ABUSE} Case {n}.",) for n in range(60)}
    with made(tmp_path / "many.sqlite", many) as project:
        run = project.store.current_run()
        assert run is not None
        source = made(tmp_path / "one.sqlite")
        likely = source.store.suggestion(passage_of(source, ABUSE))
        source.close()
        assert likely is not None
        ids = [p.id for d in project.store.documents() for p in project.store.passages(d.id)]
        project.store.save_suggestions(run[0], [(i, likely) for i in ids])
        async with reviewing(project, NARROW) as on:
            await on.press("b", "enter")
            assert "not seen yet" in on.status
            await on.press("end", "enter")  # the lines between were jumped over
            assert "not seen yet" in on.status
            assert on.decided() == {}
            await on.press("home", *["pagedown"] * 8, "enter")
            assert len(on.decided()) == 60
            await on.press("z")
            assert on.decided() == {}


async def test_bulk_accept_replaces_no_decision_made_meanwhile(project: Project) -> None:
    async with reviewing(project) as on:
        await on.press("b")
        other = ReviewSession(
            project.store, project.framework, on.review.session.coder, lambda: "2026-11-25T12"
        )
        other.decide(passage_of(project, ABUSE), Decision(Outcome.NONE))
        await on.press("enter")
        assert "3 passages accepted together" in on.status
        assert on.decided()[ABUSE][0].outcome is Outcome.NONE


async def test_repeat_records_the_last_decision_without_its_note_and_rejections(
    project: Project,
) -> None:
    async with reviewing(project, start=passage_of(project, CONCERN)) as on:
        await on.press("r")
        assert "no decision of yours to repeat" in on.status
        await on.press("m", "s", "o", "ctrl+s", "6", "enter")  # safeguarding left out: rejected
        first = on.decided()[CONCERN][0]
        assert (len(first.accepted()), first.note) == (1, "so")
        assert Verdict.REJECTED in dict(first.statements).values()
        here = on.passage
        await on.press("r")
        assert on.status.startswith("Repeated: Coded")
        again = on.decided()[here][0]
        assert (again.accepted(), again.note) == (first.accepted(), None)
        await on.press("z")
        assert here not in on.decided()


async def test_repeat_in_a_new_sitting_takes_the_last_decision_of_the_record(project: Project) -> None:
    async with reviewing(project, start=passage_of(project, ABUSE)) as on:
        await on.press("n")
    async with reviewing(project, start=passage_of(project, LISTENED)) as on:
        await on.press("3", "r")
        assert "This passage has marks" in on.status
        await on.press("escape", "r")
        assert on.decided()[LISTENED][0].outcome is Outcome.NONE


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_flag_is_shown_filtered_for_and_taken_off(project: Project, size: tuple[int, int]) -> None:
    start = passage_of(project, ABUSE)
    async with reviewing(project, size, start=start) as on:
        await on.press("!", *"Priya", "enter", *"whose", "space", *"[b]", "enter")
        assert "Flagged for Priya by A. Officer" in on.text()
        assert "whose [b]" in on.text().replace("\n", " ")
        flag = project.store.flag(start)
        assert flag is not None
        assert (flag.to, flag.reason) == ("Priya", "whose [b]")
        where = QueueFilter(state=ReviewState.ANY, flagged=True)
        assert [r.passage_id for r in on.review.session.page(where, on.review.order, 0, 9)] == [start]
        assert on.review.session.count(QueueFilter(state=ReviewState.ANY, flagged=False)) == 7
        on.review.show_only(where)
        await on.settle()
        assert " · flagged" in on.text()
        await on.press("h")
        assert "flagged for Priya" in on.text()
        await on.press("escape", "!", "ctrl+r")
        assert project.store.flag(start) is None
        assert on.actions() == [EventAction.FLAGGED, EventAction.FLAGGED]
        assert on.sound()


async def test_a_reason_for_a_rejection_is_kept_and_read_in_the_history(project: Project) -> None:
    async with reviewing(project, start=passage_of(project, CONCERN)) as on:
        await on.press("6", "6", "x")  # the cursor is on statement 6
        await on.press("m", *"policy", "ctrl+s", "a")
        decision = on.decided()[CONCERN][0]
        assert decision.note == "policy"
        assert Verdict.REJECTED in dict(decision.statements).values()
        await on.press("h")
        assert "Note: policy" in on.text()


async def test_any_past_decision_is_undone_from_the_history_and_a_batch_with_it(project: Project) -> None:
    async with reviewing(project, start=passage_of(project, LISTENED)) as on:
        await on.press("n", "b", "enter")
        assert len(on.decided()) == 3
        await on.press("h", "end", "z")  # the oldest: the answer "none"
        assert LISTENED not in on.decided()
        await on.press("down", "z")
        assert "already undone" in on.status or "Only a decision" in on.status
        await on.press("home", "down", "z")  # one of those accepted together
        assert on.decided() == {}
        assert "recorded together" in on.status
        assert on.sound()
