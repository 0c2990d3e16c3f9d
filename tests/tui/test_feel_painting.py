"""What a key costs: one layout, nothing drawn that says the same, no look for garbage in between."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.tui.driver import WIDE
from tests.tui.real_review import made, reviewing
from textual.screen import Screen
from textual.widget import Widget

from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.tui.steady import Steady
from evidence_mapper.tui.still import StillBar
from evidence_mapper.tui.tidy import LONG_REST, REST, Tidy
from evidence_mapper.workflow.project import Project

LONG = "Two lines of words. " * 10


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with made(tmp_path / "p.sqlite") as project:
        yield project


async def test_a_status_line_of_two_lines_costs_one_layout(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reviewing(project, size=WIDE) as driver:
        await driver.settle()
        layouts: list[object] = []
        lay_out = Screen._refresh_layout

        def counted(screen: Screen[object], *arguments: object, **named: object) -> None:
            layouts.append(named.get("scroll"))
            lay_out(screen, *arguments, **named)  # type: ignore[arg-type]

        monkeypatch.setattr(Screen, "_refresh_layout", counted)
        status = driver.review.query_one(StatusLine)
        height = status.size.height
        status.say(LONG)
        await driver.settle()
        assert status.size.height == height + 1
        assert layouts.count(False) == 1


async def test_every_list_and_text_has_a_bar_that_asks_for_no_layout(project: Project) -> None:
    async with reviewing(project, size=WIDE) as driver:
        await driver.settle()
        for name in ("#queue", "#statements", "#passage-scroll", "#definition-text"):
            widget = driver.review.query_one(name)
            assert isinstance(widget.vertical_scrollbar, StillBar)
            assert widget.vertical_scrollbar.parent is widget


async def test_the_same_words_are_not_drawn_again(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    async with reviewing(project, size=WIDE) as driver:
        await driver.settle()
        title = driver.review.query_one("#definition-title", Steady)
        drawn: list[Widget] = []
        refresh = Widget.refresh

        def noted(widget: Widget, *regions: object, **named: object) -> Widget:
            drawn.append(widget)
            return refresh(widget, *regions, **named)  # type: ignore[arg-type]

        monkeypatch.setattr(Widget, "refresh", noted)
        title.update("Some words")
        assert title in drawn
        drawn.clear()
        title.update("Some words")
        assert title not in drawn
        title.update("Others")
        assert title in drawn


@pytest.fixture
def collection() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)
    gc.enable()


async def test_garbage_is_looked_for_between_keys_and_never_in_one(
    collection: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    collect = gc.collect

    def noted(generation: int = 2) -> int:
        looks.append(generation)
        return collect(generation)

    gc.disable()
    tidy = Tidy()
    tidy.typed()  # before it began: nothing comes of it
    monkeypatch.setattr(gc, "collect", noted)
    await asyncio.sleep(REST * 1.5)
    assert looks == []
    tidy.begin()
    assert gc.isenabled()
    kept: list[list[int]] = [[] for _ in range(1000)]
    for _ in range(3):
        tidy.typed()
        await asyncio.sleep(REST / 3)
    assert looks == []
    await asyncio.sleep(REST)
    assert looks == [1]
    await asyncio.sleep(LONG_REST)
    assert looks == [1, 2]
    assert len(kept) == 1000
