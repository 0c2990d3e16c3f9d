"""Whatever a document holds, it shows as text and does nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from tests.tui.driver import NARROW, WIDE, running
from tests.tui.fake_store import FakeStore, document, passage, suggestion
from tests.tui.samples import HOSTILE, framework, small_store

from evidence_mapper.tui.text import fit, fit_end, harmless, one_line

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"


@given(st.text())
def test_harmless_text_has_no_control_characters(text: str) -> None:
    shown = harmless(text)
    assert not any((ch < " " and ch != "\n") or "\x7f" <= ch < "\xa0" or ch in BIDI for ch in shown)
    shown.encode("utf-8")


@given(st.text(), st.integers(0, 60))
def test_fit_is_exactly_as_wide_as_asked(text: str, width: int) -> None:
    line = one_line(text)
    assert cell_len(fit(line, width)) == width
    assert cell_len(fit_end(line, max(1, width))) <= max(1, width)


def test_harmless_keeps_ordinary_text_as_it_is() -> None:
    text = "Carer’s assessment – £1.1m, naïve; עברית 👩‍👩‍👧\nsecond line"
    assert harmless(text) == text


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_hostile_passage_shows_as_text(size: tuple[int, int]) -> None:
    async with running(small_store(), size, start="psg-3-1") as on:
        seen = on.text()
        assert "[bold red]Not" in seen
        assert "[@click=app.bell]nor" in seen
        assert "\x1b" not in seen
        assert "\u202e" not in seen
        assert "␛[31m" in " ".join(seen.split())
        await on.press("1", "enter", "h")
        assert "[bold red]Not" in on.text()
        assert "\x1b" not in on.text()


async def test_hostile_names_notes_and_questions() -> None:
    made = framework()
    bad = document(1, f"[red]{HOSTILE}.pdf")
    one = passage(1, 0, HOSTILE, heading_path=(HOSTILE,), context=HOSTILE)
    two = passage(1, 1, HOSTILE * 3)
    store = FakeStore([bad], [one, two], {one.id: suggestion(made, {"equity": 0.9})})
    async with running(store, WIDE) as on:
        for keys in (
            ("o",),
            ("d",),
            ("escape", "f"),
            ("escape", "m", "[", "b", "]", "ctrl+s"),
            ("3", "enter", "h"),
        ):
            await on.press(*keys)
            assert "\x1b" not in on.text()
        assert "Note: [b]" in on.text()
        await on.press("escape", "d", "enter", "f")
        assert on.review.where.document_id == bad.id
        assert "Document    [red][bold red]Not markup" in on.text()
        assert "\x1b" not in on.text()


async def test_a_passage_of_2000_words_scrolls() -> None:
    store = small_store()
    words = " ".join(f"word{n}" for n in range(2000))
    here = store._passages[1]
    long = replace(here, text=words, span=replace(here.span, end=len(words)))
    store._passages[1] = store._by_id[here.id] = long
    async with running(store) as on:
        assert "word0 word1" in on.text()
        scroll = on.review.query_one("#passage-scroll")
        scroll.scroll_end(animate=False)
        await on.settle()
        assert "The duty team records" in on.text()
