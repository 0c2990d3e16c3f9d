"""Words, bars and times."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_mapper.domain.wording import counted
from evidence_mapper.tui.text import LIKELY, POSSIBLE, bar, percent, probability_word, when


@pytest.mark.parametrize(
    ("probability", "word"),
    [(1.0, "likely"), (LIKELY, "likely"), (0.65, "possible"), (POSSIBLE, "possible"), (0.32, "unlikely")],
)
def test_probability_words_follow_their_bands(probability: float, word: str) -> None:
    assert probability_word(probability) == word


@given(st.floats(0, 1), st.integers(1, 12))
def test_bars_keep_their_width(probability: float, width: int) -> None:
    assert len(bar(probability, width)) == width


@pytest.mark.parametrize(("probability", "words"), [(0.0, "1%"), (0.873, "87%"), (1.0, "99%")])
def test_percent_never_claims_certainty(probability: float, words: str) -> None:
    assert percent(probability) == words


def test_times_and_counts() -> None:
    assert when("2026-11-05T09:07:00.000000+00:00") == "5 Nov 2026 09:07"
    assert when("yesterday") == "yesterday"
    assert counted(1, "passage") == "1 passage"
    assert counted(12_345, "passage") == "12,345 passages"
