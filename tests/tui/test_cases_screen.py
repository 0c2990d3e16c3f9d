"""The cases screen over a real project, by the keys."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.tui.real_review import RealDriver
from tests.workflow.case_projects import PLAN, WISH, confirm_i, grouped, suggest

from evidence_mapper.domain.coding import Polarity
from evidence_mapper.tui.app import EvidenceMapperApp
from evidence_mapper.tui.case_grid import CaseGrid
from evidence_mapper.tui.cases_screen import CasesScreen
from evidence_mapper.tui.review_screen import ReviewScreen
from evidence_mapper.workflow.assistant import Assistant
from evidence_mapper.workflow.cases import add_document, list_cases, remove_document
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.project import Project, open_project
from evidence_mapper.workflow.review import ReviewSession


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the three cases once, with a coding and a suggestion."""
    path = grouped(tmp_path_factory.mktemp("cases"))
    with open_project(path) as project:
        suggest(project, {WISH[:20]: ("i-unique", "strength"), PLAN[:20]: ("i-safe", "concern")})
        confirm_i(project, WISH[:20], "i-unique", Polarity.STRENGTH)
    return path


@asynccontextmanager
async def running(
    kept: Path, tmp_path: Path, size: tuple[int, int] = (80, 50), *, split: bool = False
) -> AsyncIterator[RealDriver]:
    with open_project(Path(shutil.copy(kept, tmp_path / "p.sqlite"))) as project:
        if split:
            _split(project)
        session = ReviewSession(project.store, project.framework, "ann", utc_now)
        app = EvidenceMapperApp(session, assistant=Assistant(project))
        async with app.run_test(size=size) as pilot:
            driver = RealDriver(app, pilot, project)
            await driver.settle()
            await driver.press("C")
            yield driver


def _split(project: Project) -> None:
    """Make six cases, of one document each."""
    names = {d.id: d.name for d in project.store.documents()}
    for case in list_cases(project):
        for document in case.documents[1:]:
            remove_document(project, case.id, names[document], coder="ann")
            add_document(project, names[document].rpartition("/")[2][:9], names[document], coder="ann")


async def test_cells_tell_codings_from_suggestions_and_say_so_in_words(kept: Path, tmp_path: Path) -> None:
    async with running(kept, tmp_path) as on:
        assert isinstance(on.app.screen, CasesScreen)
        line = next(line for line in on.text().splitlines() if line.strip().startswith("AB-1"))
        assert line.split()[1:7] == [".", ".", "F", ".", ".", "a"]
        assert "AB-1: 3 documents, 1 of" in on.text()
        await on.press("right", "right", "right")
        assert "Confirmed: 1 for, own voice in 1. Suggested: none." in " ".join(on.text().split())
        await on.press("down")
        assert "Nothing confirmed or suggested so far" in " ".join(on.text().split())


async def test_enter_opens_the_cell_and_the_whole_case(kept: Path, tmp_path: Path) -> None:
    async with running(kept, tmp_path) as on:
        await on.press("right", "right", "right", "enter")
        assert isinstance(on.app.screen, ReviewScreen)
        assert "I want to get up" in on.passage
        assert "1 chosen passage" in on.text()
        await on.press("C", "down", "right", "enter")
        assert isinstance(on.app.screen, CasesScreen)
        assert "Silent" in on.status
        await on.press("left", "enter")
        assert isinstance(on.app.screen, ReviewScreen)
        count = sum(
            len(list(on.project.store.passages(d.id)))
            for d in on.project.store.documents()
            if "/AB-2/" in d.name
        )
        assert f"{count} chosen passages" in on.text()
        await on.press("C", "escape")
        assert isinstance(on.app.screen, ReviewScreen)


async def test_many_cases_stand_side_by_side_and_the_cursor_goes_over_all(kept: Path, tmp_path: Path) -> None:
    async with running(kept, tmp_path, (80, 13), split=True) as on:
        grid = on.app.screen.query_one(CaseGrid)
        assert len(grid.cases) == 6
        assert grid.blocks == 2
        assert all(case.file.case.id in on.text() for case in grid.cases)
        seen = set()
        for _ in range(grid.width_in_columns * 2):
            for _ in range(grid.count):
                if grid.case is not None:
                    seen.add(grid.case.file.case.id)
                await on.press("down")
            await on.press("home", "right")
        assert seen == {case.file.case.id for case in grid.cases}


@pytest.mark.parametrize("size", [(80, 24), (132, 40), (60, 20)])
async def test_every_size_is_drawn(kept: Path, tmp_path: Path, size: tuple[int, int]) -> None:
    async with running(kept, tmp_path, size) as on:
        assert all(case in on.text() for case in ("AB-1", "AB-2", "AB-3"))
