"""Whichever way a tool counts, its quotes tell where its selections are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.workflow import refi_foreign as foreign
from tests.workflow.refi_foreign import Foreign, Marked

from evidence_mapper.domain.exchange import LossReport
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.refi import open_refi, read_project, read_text

BETWEEN = st.sampled_from([" ", "\n", "\n\n", " \U0001f600 ", " e\u0301 ", "\n\U0001f468\u200d\U0001f469\n"])
WAYS = [foreign.code_points, foreign.ends_as_one, foreign.utf16_units, foreign.after_mark]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@settings(max_examples=40, deadline=None)
@given(gaps=st.lists(BETWEEN, min_size=6, max_size=30), windows=st.booleans(), mark=st.booleans())
def test_spans_are_found_again(
    tmp_path_factory: pytest.TempPathFactory,
    way: Callable[[str, str], Callable[[int], int]],
    gaps: list[str],
    windows: bool,
    mark: bool,
) -> None:
    text = "".join(f"word{number:02}{gap}" for number, gap in enumerate(gaps)).rstrip()
    raw = text.replace("\n", "\r\n") if windows else text
    quotes = [
        text[text.index(f"word{n:02}") : text.index(f"word{n + 2:02}") + 6] for n in range(len(gaps) - 2)
    ]
    made = Foreign("X", foreign.CODES)
    count = way(text, raw)
    marked = made.selections(text, [Marked(quote, ["Weather"]) for quote in quotes], count)
    has_mark = mark or way is foreign.after_mark
    made.text_source("s", (b"\xef\xbb\xbf" if has_mark else b"") + raw.encode(), marked)
    path = made.write(tmp_path_factory.mktemp("count") / "x.qdpx")
    with open_refi(path, Limits()) as package:
        (source,) = read_project(package, LossReport()).sources
        found = read_text(package, source, Limits())
    assert found.text == text
    assert [text[slice(*span)] for span in found.spans if span] == quotes
    assert found.unlike == 0
