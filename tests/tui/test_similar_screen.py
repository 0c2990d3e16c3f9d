"""Rows of one table, or passages with the same suggestion, decided in one go; the unsure ones found again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.tui.driver import NARROW, WIDE
from tests.tui.real_review import passage_of, reviewing
from tests.tui.tables import CODED, OTHER_TABLE, PROSE, ROWS, made_with_tables

from evidence_mapper.domain.coding import Decision, Outcome
from evidence_mapper.domain.project import QueueFilter, ReviewState
from evidence_mapper.tui import similar_screen
from evidence_mapper.tui.similar_screen import SimilarList
from evidence_mapper.workflow.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Give a project of one document with two tables."""
    with made_with_tables(tmp_path / "p.sqlite") as project:
        yield project


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_rows_of_one_table_are_decided_in_one_go_and_one_undo_takes_them_back(
    project: Project, size: tuple[int, int]
) -> None:
    async with reviewing(project, size, start=passage_of(project, ROWS[1])) as on:
        await on.press("B")
        seen = on.text()
        assert "Rows of the same table: 6 undecided passages" in seen
        assert "Parks; 2; 200.0" in seen, "columns that every row names are left out"
        assert "1 passage with another suggestion" in on.status
        await on.press("up", "space", "n")
        rest = {ROWS[n] for n in (1, 2, 4, 5)}
        assert set(on.decided()) == rest, "the row unticked and the one suggested otherwise stay"
        assert "4 passages decided together: None of these - z to undo them all." in on.status
        await on.press("z")
        assert on.decided() == {}
        assert on.passage == ROWS[1]
        assert on.sound()


async def test_marks_on_the_open_passage_are_recorded_for_all_and_notes_for_it_alone(
    project: Project,
) -> None:
    async with reviewing(project, start=passage_of(project, ROWS[1])) as on:
        await on.press("8", "m", *"why", "ctrl+s", "B", "t", "enter")
        decided = on.decided()
        assert set(decided) == set(ROWS)
        assert all(d.accepted() == ("governance",) for found in decided.values() for d in found)
        assert [text for text, found in decided.items() if found[0].note] == [ROWS[1]]
        assert dict(decided[CODED][0].statements)["care-provision"].value == "rejected"
        assert on.review.unsaved_count == 0
        await on.press("z")
        assert on.decided() == {}
        assert on.sound()


async def test_each_may_be_accepted_as_suggested(project: Project) -> None:
    async with reviewing(project, start=passage_of(project, ROWS[1])) as on:
        await on.press("B", "t", "a")
        assert "6 passages decided together: as suggested, 1 coded, 5 none of these" in on.status
        assert on.decided()[CODED][0].accepted() == ("care-provision",)


async def test_a_note_and_marks_on_the_open_passage_are_not_lost(project: Project) -> None:
    async with reviewing(project, start=passage_of(project, ROWS[1])) as on:
        await on.press("m", *"why", "ctrl+s", "B", "n")
        assert [text for text, found in on.decided().items() if found[0].note == "why"] == [ROWS[1]]
        assert len(on.decided()) == 5
        await on.press("z", "7", "B", "a")
        decided = on.decided()
        assert decided[ROWS[1]][0].accepted() == ("safeguarding",), "accepted with the marks on top"
        assert decided[ROWS[0]][0].outcome is Outcome.NONE


async def test_a_decision_made_is_recorded_for_the_others(project: Project) -> None:
    async with reviewing(project, start=passage_of(project, ROWS[1])) as on:
        on.review.session.decide(passage_of(project, ROWS[1]), Decision(Outcome.UNSURE, note="ask"))
        await on.press("z", "u")
        await on.press("B")
        assert f"{len(ROWS) - 1} undecided" in on.text()


async def test_l_lists_by_headings_and_by_suggestion(project: Project) -> None:
    async with reviewing(project, start=passage_of(project, ROWS[1])) as on:
        await on.press("B", "l")
        assert "Under the same headings: 7 undecided passages" in on.text()
        await on.press("l")
        assert "Same document, same suggestion: 8 undecided passages" in on.text()
        assert OTHER_TABLE[0].split(": ")[-1] in on.text()
        await on.press("l")
        assert "Rows of the same table: 6 undecided passages" in on.text()


async def test_the_closest_kind_that_has_others_is_listed_first(project: Project) -> None:
    async with reviewing(project, start=passage_of(project, OTHER_TABLE[0])) as on:
        await on.press("B")
        assert "Under the same headings: 7 undecided passages" in on.text()


async def test_nothing_is_recorded_before_every_line_was_on_the_screen(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reviewing(project, (80, 24), start=passage_of(project, ROWS[1])) as on:
        await on.press("B")
        on.app.screen.query_one(SimilarList)._drawn.discard(5)
        await on.press("n")
        assert "Not recorded: 1 line not seen yet" in on.status
        assert on.decided() == {}
        await on.press("n")
        assert len(on.decided()) == 5

    async with reviewing(project, start=passage_of(project, CODED)) as on:

        def broken(*_: object) -> None:
            raise similar_screen_error

        similar_screen_error = OSError("the disk is full")
        monkeypatch.setattr(similar_screen, "decide_similar", broken)
        await on.press("B", "a")
        assert "NOT RECORDED" in on.status
        await on.press("escape")
        assert CODED not in on.decided()


async def test_enter_without_marks_says_what_can_be_pressed(project: Project) -> None:
    async with reviewing(project, start=passage_of(project, ROWS[1])) as on:
        await on.press("B", "enter")
        assert "The passage you came from has no marks" in on.status
        await on.press("t", "t", "n")
        assert "Nothing is ticked." in on.status
        await on.press("escape")
        assert on.decided() == {}
        assert on.passage == ROWS[1]


async def test_marks_elsewhere_are_recorded_first(project: Project) -> None:
    async with reviewing(project) as on:
        await on.press("1", "j", "B")
        assert "Other passages have marks" in on.status


async def test_the_next_passage_of_the_queue_follows_though_some_before_it_went(project: Project) -> None:
    async with reviewing(project, start=passage_of(project, ROWS[5])) as on:
        await on.press("f")
        await on.press("escape")
        queue = [row.passage_id for row in on.review.session.page(on.review.where, on.review.order, 0, 20)]
        words = {p.id: p.text for p in project.store.passages(project.store.documents()[0].id)}
        after = [words[i] for i in queue[queue.index(passage_of(project, ROWS[5])) :]]
        following = next((t for t in after if t not in ROWS), None)
        await on.press("B", "t", "n")
        assert on.passage == following or following is None
        assert on.passage in (*OTHER_TABLE, *PROSE)


async def test_the_unsure_ones_are_a_key_away_and_so_is_the_queue(project: Project) -> None:
    async with reviewing(project, start=passage_of(project, ROWS[1])) as on:
        await on.press("u")
        assert "Unsure - z to undo. U shows all you are unsure of." in on.status
        assert "1 of 9 decided, 1 unsure" in on.text()
        await on.press("U")
        assert on.review.where == QueueFilter(state=ReviewState.UNSURE)
        assert on.passage == ROWS[1]
        await on.press("n")
        assert "No passage meets this filter" in on.text()
        await on.press("U")
        assert on.review.where == QueueFilter()
        assert on.passage in (*ROWS, *OTHER_TABLE, *PROSE)
        assert "1 of 9 decided" in on.text()


async def test_what_was_put_back_from_the_history_is_in_view_at_once(project: Project) -> None:
    whole = f"{PROSE[0]}\n\n{PROSE[1]}"
    async with reviewing(project, start=passage_of(project, PROSE[0])) as on:
        await on.press("v", "d")
        assert on.passage == whole
        await on.press("3")
        await on.press("h", "z", "escape")
        assert on.passage == PROSE[0], "not the piece that was taken out"
        assert on.review.unsaved_count == 0, "marks on what is gone hold nothing up"
        assert on.review.index is not None
        assert on.sound()
