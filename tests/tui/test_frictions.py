"""Keys that do nothing say so, the mouse reaches what the keys do, and no text of a document does harm."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.tui import real_review
from tests.tui.driver import NARROW, WIDE
from tests.tui.real_review import RealDriver, made, passage_of, reviewing
from tests.tui.samples import CODER, HOSTILE
from tests.tui.test_every_action import Helper
from textual.geometry import Offset

from evidence_mapper.tui import search_screen
from evidence_mapper.tui.actions import MATRIX, REVIEW, bar_of
from evidence_mapper.tui.app import unbound_words
from evidence_mapper.tui.bulk_screen import BulkList
from evidence_mapper.tui.help_screen import TITLES, page
from evidence_mapper.tui.key_bar import KeyBar, at, fill
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.workflow.claims import add_claim
from evidence_mapper.workflow.project import Project

LONG = "word [b]" * 2000
BAD = f"{HOSTILE} Staff tell the duty team about abuse."
TEXTS = {"[i]a[/i].txt": (BAD, "We visit. " + BAD, LONG), "b.txt": (BAD, "Nothing here.")}


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Give a project of three documents with suggestions."""
    with made(tmp_path / "p.sqlite") as project:
        yield project


# keys -------------------------------------------------------------------------------------------
async def test_a_key_without_a_meaning_says_so_and_records_nothing(project: Project) -> None:
    async with reviewing(project) as on:
        await on.press("K")
        assert on.status == "K does nothing here: F1 lists the keys. Is Caps Lock on?"
        await on.press("g", "z")
        assert on.status == "z does nothing here: F1 lists the keys."
        assert on.decided() == {}


def test_a_key_that_types_nothing_is_named() -> None:
    assert unbound_words("f7", None) == "f7 does nothing here: F1 lists the keys."


async def test_what_a_field_takes_is_not_called_nothing(project: Project) -> None:
    async with reviewing(project) as on:
        await on.press("ctrl+f", "K")
        assert "does nothing" not in on.status


async def test_escape_without_marks_says_what_takes_back_and_what_shows_all(project: Project) -> None:
    async with reviewing(project) as on:
        await on.press("escape")
        assert "no marks of yours" in on.status


async def test_after_a_cell_the_way_back_to_the_whole_queue_is_said(project: Project) -> None:
    async with reviewing(project) as on:
        await on.press("n", "d", "enter")
        assert on.status == "f, then ctrl+r, shows the whole queue again."
        await on.press("f", "ctrl+r")
        assert on.status == ""


async def test_help_begins_with_the_screen_it_was_asked_on(project: Project) -> None:
    async with reviewing(project, NARROW) as on:
        await on.press("g", "f1")
        assert on.text().index("Matrix") < on.text().index("Strengths against concerns")
        await on.press("q")
        assert "Evidence by statement" in on.text()
    for name, title in TITLES.items():
        assert page(name).plain.split("\n\n")[1].startswith(f"{title}\n")
    assert page(MATRIX).plain.count("\nReview\n") == 1


async def test_enter_on_a_list_not_seen_goes_to_where_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = tuple(f"Staff tell the duty team about abuse, case {n}." for n in range(60))
    monkeypatch.setattr(real_review, "LIKELY", {text: {"safeguarding": 0.95} for text in many})
    with made(tmp_path / "p.sqlite", {"a.txt": many}) as project:
        async with reviewing(project, NARROW) as on:
            await on.press("b", "end", "enter")
            listed = on.app.screen.query_one(BulkList)
            assert "not seen yet" in on.status
            assert 0 < listed.cursor < 59
            while listed.unseen:
                await on.press("pagedown")
            await on.press("enter")
            assert len(on.decided()) == 60


async def test_the_span_window_says_why_a_key_does_nothing(tmp_path: Path) -> None:
    with made(tmp_path / "p.sqlite", {"a.txt": ("One sentence stands here. Another.",)}) as project:
        async with reviewing(project) as on:
            await on.press("v", "down", "enter")
            assert "Nothing comes after the last sentence" in on.text()
            await on.press("u")
            assert "Nothing stands above" in on.text()
            await on.press("d")
            assert "Nothing stands below" in on.text()
            await on.press("escape", "z")
            assert on.sound()


@pytest.mark.parametrize("size", [NARROW, (100, 30), (90, 50), (140, 45)])
async def test_every_statement_is_seen_without_scrolling(project: Project, size: tuple[int, int]) -> None:
    async with reviewing(project, size) as on:
        assert on.review.query_one("#statements").size.height >= 9


async def test_that_it_has_learned_does_not_hide_what_was_recorded(project: Project) -> None:
    async with reviewing(project) as on:
        await on.press("n")
        on.review.query_one(StatusLine).add("Learned from 25 decisions.")
        assert on.status.startswith("None of these - z to undo.")
        assert on.status.endswith("Learned from 25 decisions.")


# the mouse --------------------------------------------------------------------------------------
async def test_a_click_on_a_key_is_that_key(project: Project) -> None:
    async with reviewing(project, NARROW) as on:
        row = fill(bar_of(REVIEW), on.review.query_one(KeyBar).size.width, 2)[1]
        column = next(c for c in range(80) if (found := at(row, c)) and found.name == "matrix")
        await on.pilot.click(KeyBar, offset=Offset(column + 1, 1))
        await on.settle()
        assert "Evidence by statement" in on.text()


async def test_between_two_keys_and_on_several_at_once_nothing_is_clicked(project: Project) -> None:
    async with reviewing(project, NARROW) as on:
        for column in (1 + len("a accept"), 1 + len("a accept  1-")):
            await on.pilot.click(KeyBar, offset=Offset(column, 0))
            await on.settle()
        assert on.decided() == {}
        assert on.review.unsaved_count == 0


async def test_a_double_click_opens_a_line_and_ticks_a_statement(project: Project) -> None:
    async with reviewing(project, WIDE) as on:
        await on.press("d")
        await on.pilot.double_click("#documents", offset=Offset(5, 1))
        await on.settle()
        assert "All passages" in on.text()
        await on.pilot.double_click("#statements", offset=Offset(6, 4))
        await on.settle()
        assert "5 ✓" in on.text()
        await on.press("b")
        assert "record or clear them" in on.status


# text -------------------------------------------------------------------------------------------
@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """Give a project whose names, passages, claims, flags and notes are hostile."""
    monkeypatch.setattr(search_screen, "DEBOUNCE", 0.01)
    monkeypatch.setattr(real_review, "LIKELY", {BAD: {"safeguarding": 0.95}})
    with made(tmp_path / "p.sqlite", TEXTS) as project:
        add_claim(project, BAD, coder="[b]Eve[/b]\x1b[2J")
        yield project


def _harmless(on: RealDriver) -> None:
    seen = on.text()
    assert not [c for c in seen if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160)]
    assert not set(seen) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")


@pytest.mark.parametrize("size", [NARROW, WIDE])
@pytest.mark.parametrize(
    "keys",
    [
        ("y",),
        ("a", "e"),
        ("b", "l", "l", "l"),
        ("exclamation_mark", "enter", "left_square_bracket", "b", "enter"),
        ("v",),
        ("ctrl+f", *"abuse"),
        ("l",),
        ("l", "enter"),
        ("L", "c"),
        ("m", "left_square_bracket", "b", "ctrl+s", "a", "h"),
        ("d", "v"),
    ],
    ids=[
        "why",
        "twins",
        "bulk",
        "flag",
        "span",
        "search",
        "claims",
        "claim",
        "learning",
        "history",
        "documents",
    ],
)
async def test_hostile_text_does_no_harm(
    hostile: Project, keys: tuple[str, ...], size: tuple[int, int]
) -> None:
    helper = Helper(hostile)
    start = helper.learner.passage_id = passage_of(hostile, BAD)
    async with reviewing(hostile, size, start=start, assistant=helper) as on:
        await on.press(*keys)
        await asyncio.sleep(0.05)
        await on.settle()
        _harmless(on)
        assert "[" in on.text()


async def test_2000_words_can_be_read_to_the_end_in_every_window(hostile: Project) -> None:
    start = passage_of(hostile, LONG)
    async with reviewing(hostile, NARROW, start=start, assistant=Helper(hostile)) as on:
        for keys in (("y",), ("y", "v"), ("escape", "h")):
            await on.press(*keys)
            _harmless(on)
        await on.press("escape", "a", "n")
        assert on.decided(CODER)
