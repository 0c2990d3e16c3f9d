"""Matrix, documents, history and help, each with its keys."""

from __future__ import annotations

import pytest
from tests.tui.driver import NARROW, WIDE, running
from tests.tui.samples import empty_store, small_store

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.domain.project import CellCount, QueueFilter, ReviewState
from evidence_mapper.errors import StoreError
from evidence_mapper.tui.actions import ACTIONS, EVERYWHERE
from evidence_mapper.tui.history_screen import HistoryScreen
from evidence_mapper.tui.matrix_grid import count_cells
from evidence_mapper.tui.matrix_screen import MatrixScreen, TopicTable


def _row(text: str, title: str) -> str:
    return next(line for line in text.splitlines() if title in line)


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_matrix_keeps_confirmed_and_suggested_apart(size: tuple[int, int]) -> None:
    async with running(small_store(), size) as on:
        await on.press("7", "enter", "g")
        seen = on.text()
        header = seen.splitlines()[1:4]
        assert header[2].index("experience") < header[2].index("Processes"), "the required category is first"
        assert "*People’s" in "".join(header)
        assert "No category" not in "".join(header)
        cells = _row(seen, "7 Safeguarding").replace(" ", "")
        assert "1✓1?" in cells
        assert cells.count("—!") == 3
        assert "Sum of the rows" in seen
        assert "an-timeliness" in seen


async def test_matrix_opens_the_passages_of_a_cell() -> None:
    async with running(small_store()) as on:
        await on.press("g", "enter")
        assert on.review.where == QueueFilter(
            state=ReviewState.ANY, statement="assessing-needs", category="peoples-experience"
        )
        assert on.passage == "psg-2-0"
        assert "2 passages" in on.text()


async def test_matrix_totals_open_without_category_or_statement() -> None:
    async with running(small_store()) as on:
        await on.press("g", "right", "right", "right", "right", "enter")
        assert on.review.where == QueueFilter(state=ReviewState.ANY, statement="assessing-needs")
        await on.press("g", "end", "enter")
        assert on.review.where == QueueFilter(state=ReviewState.ANY, category="peoples-experience")


async def test_matrix_says_that_a_cell_is_empty() -> None:
    async with running(small_store()) as on:
        await on.press("g", "right", "enter")
        assert isinstance(on.app.screen, MatrixScreen)
        assert "A gap: 0 passages" in on.status
        await on.press("escape")
        assert on.at_review


async def test_matrix_shows_codings_without_a_category_only_when_there_are_some() -> None:
    async with running(small_store(), WIDE) as on:
        await on.press("7", "c", "enter", "g")  # processes is the last category, so the next is none
        assert "No category" in on.text()
        assert "1 ✓" in _row(on.text(), "7 Safeguarding")


async def test_matrix_topics_show_hide_and_open() -> None:
    async with running(small_store()) as on:
        await on.press("g", "e")
        assert not on.app.screen.query_one(TopicTable).display
        assert "an-timeliness" not in on.text()
        await on.press("e", "tab", "down", "enter")
        assert on.review.where == QueueFilter(state=ReviewState.ANY, topic="an-timeliness")


async def test_matrix_failure_is_said() -> None:
    store = small_store()
    store.fail["matrix"] = StoreError("the project is locked")
    async with running(store) as on:
        await on.press("g")
        assert on.status == "Could not count the evidence: the project is locked"


@pytest.mark.parametrize("width", [11, 13, 16])
@pytest.mark.parametrize("size", [0, 3, 9999, 10_000, 999_999, 10**6])
def test_counts_never_overflow_their_column(width: int, size: int) -> None:
    assert sum(len(text) for text, _ in count_cells(CellCount(size, size), width)) == width


async def test_documents_list_counts_and_filter_the_queue() -> None:
    async with running(small_store()) as on:
        await on.press("a", "d")
        seen = on.text()
        line = _row(seen, "performance report")
        assert line.split()[-2:] == ["2", "0"]
        assert _row(seen, "! 2").split()[-4:] == ["3", "1", "!", "2"]
        assert "2 pages without text, not searched: 3, 7" in seen
        await on.press("down", "enter")
        assert on.review.where == QueueFilter(state=ReviewState.ANY, document_id="doc-2")
        assert "3 passages" in on.text()


async def test_documents_of_an_empty_project_say_what_to_do() -> None:
    async with running(empty_store()) as on:
        await on.press("d")
        assert "evidence-mapper add FOLDER" in on.status
        await on.press("enter", "escape")
        assert on.at_review


async def test_history_shows_newest_first_with_run_and_note() -> None:
    async with running(small_store(), WIDE) as on:
        await on.press("a", "m", *"why", "ctrl+s", "n", "h")
        seen = on.text()
        lines = seen.splitlines()
        assert "None of these" in lines[1]
        assert "I waited five months" in lines[1]
        assert "25 Nov 2026 09:01" in lines[1]
        assert "Coded Safe systems, pathways and" in lines[2]
        assert "suggestion run run-1" in seen
        assert "Note: why" in seen


async def test_history_undoes_the_selected_decision_of_ones_own() -> None:
    async with running(small_store()) as on:
        await on.press("a", "n", "u", "h", "down", "z")
        undone = on.store.events[-1]
        assert undone.action is EventAction.UNDONE
        assert undone.subject == "psg-2-0"
        assert "(undone) None of these" in on.text()
        await on.press("z")
        assert on.status == "This decision is already undone."
        await on.press("home", "z")
        assert on.status == "Only a decision, or a cut of yours, can be undone."
        await on.press("escape")
        assert "2 of 8 decided" in on.text()


async def test_history_does_not_undo_another_coders_decision() -> None:
    store = small_store()
    async with running(store) as on:
        store.append_event(
            coder="B. Colleague",
            action=EventAction.DECIDED,
            subject="psg-1-0",
            at="2026-11-25T09:00:00.000000+00:00",
            payload={"outcome": "none"},
        )
        await on.press("h", "z")
        assert on.status == "This decision is B. Colleague's; only they can undo it."
        assert len(store.events) == 1


async def test_history_failures_are_said() -> None:
    store = small_store()
    async with running(store) as on:
        await on.press("h")
        assert on.status == "Nothing has been decided yet."
        await on.press("z", "enter", "escape", "a", "h")
        store.fail["undo"] = StoreError("the project is locked")
        await on.press("z")
        assert isinstance(on.app.screen, HistoryScreen)
        assert on.status == "Could not undo this decision: the project is locked"


async def test_help_is_made_from_the_table_of_actions() -> None:
    async with running(small_store(), (110, 240)) as on:
        await on.press("question_mark")
        seen = " ".join(on.text().split())
        for action in ACTIONS:
            if action.description and action.screen != "help":
                assert action.description in seen, action
        for _, words in EVERYWHERE:
            assert words in seen
        assert "◆ suggested by the model: not a coding" in seen
        await on.press("escape")
        assert on.at_review


async def test_the_command_palette_runs_an_action() -> None:
    async with running(small_store()) as on:
        commands = {c.title: c for c in on.app.get_system_commands(on.app.screen)}
        assert "Accept (a)" in commands
        assert "Matrix (g)" in commands
        await on.press("ctrl+p")
        assert on.app.screen is not on.review
        await on.press("escape")
        commands["Accept (a)"].callback()
        await on.settle()
        assert len(on.decisions()) == 1


async def test_light_and_dark() -> None:
    async with running(small_store()) as on:
        assert on.app.current_theme.dark
        await on.press("ctrl+l")
        assert not on.app.current_theme.dark
        assert "◆ Suggested" in on.text()
        on.app.theme = "textual-dark"  # one of Textual's own, from the command palette
        await on.settle()
        assert "◆ Suggested" in on.text()
