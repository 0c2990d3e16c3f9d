"""What a person types, taken apart; and the piece of a passage that is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_mapper.domain.passage import Span
from evidence_mapper.domain.search import WordQuery
from evidence_mapper.workflow.search_query import MOST_WORDS, parse
from evidence_mapper.workflow.search_snippet import snippet


@pytest.mark.parametrize(
    ("query", "words", "phrases", "without"),
    [
        ("waits for carers", ("waits", "carers"), (), ()),
        ("what is it", ("what", "is", "it"), (), ()),
        ('"direct payment" -payroll', (), ("direct payment",), ("payroll",)),
        ("“direct payment” rates", ("rates",), ("direct payment",), ()),
        ('-"day centre" lunch', ("lunch",), (), ("day centre",)),
        ("co-production 24/7 carers'", ("co-production", "24/7", "carers'"), (), ()),
        ('unfinished "phrase here', ("unfinished",), ("phrase here",), ()),
        ("AND OR NOT NEAR(a, b) text:x *", ("NEAR(a,", "b)", "text:x"), (), ()),
        ("carers carers", ("carers",), (), ()),
        ("- -- £ \U0001f600 \x00", (), (), ()),
        ("a\x00b\ud800c", ("b", "c"), (), ()),
    ],
)
def test_parts(
    query: str, words: tuple[str, ...], phrases: tuple[str, ...], without: tuple[str, ...]
) -> None:
    assert parse(query).words == WordQuery(words, phrases, without)


def test_the_meaning_is_the_whole_but_for_what_is_left_out() -> None:
    assert parse('what is the "direct payment" rate -payroll').meaning == "what is the direct payment rate"


def test_a_pasted_page_is_cut_and_says_so() -> None:
    asked = parse(" ".join(f"word{n}" for n in range(500)))
    assert len(asked.words.words) == MOST_WORDS
    assert asked.cut
    assert asked.meaning.endswith("word499")


@given(st.text())
def test_nothing_typed_is_an_error(query: str) -> None:
    asked = parse(query)
    for part in (*asked.words.words, *asked.words.phrases, *asked.words.without):
        assert any(c.isalnum() for c in part)
        assert part.isprintable()
        assert '"' not in part
    assert bool(asked.meaning) == (not asked.words.is_empty())


spans = st.lists(st.integers(0, 400), max_size=12, unique=True).map(sorted)


@given(st.text(min_size=1, max_size=400), spans, st.integers(1, 300))
def test_a_snippet_is_a_piece_of_the_passage_and_marks_the_same_characters(
    text: str, edges: list[int], width: int
) -> None:
    inside = [e for e in edges if e <= len(text)]
    matched = [Span(a, b) for a, b in zip(inside[::2], inside[1::2], strict=False)]
    piece = snippet(text, matched, width)
    plain = "".join(" " if c.isspace() else c for c in text)
    assert len(piece.text) <= max(width, 1)
    assert piece.text in plain
    assert (piece.cut_before or piece.cut_after) == (len(piece.text) < len(text))
    shown = "".join(t for t, _ in piece.pieces())
    assert shown == ("… " if piece.cut_before else "") + piece.text + (" …" if piece.cut_after else "")
    marked = {plain[s.start : s.end] for s in matched}
    for span in piece.matched:
        assert any(span.of(piece.text) in whole for whole in marked)


def test_a_long_passage_is_shown_where_most_words_stand() -> None:
    text = "carer " + "x " * 300 + "carer waits for a carer assessment " + "y " * 300
    places = [i for i in range(len(text)) if text.startswith(("carer", "waits", "assessment"), i)]
    matched = [Span(i, i + len(text[i:].split()[0])) for i in places]
    piece = snippet(text, matched, 100)
    assert "carer waits for a carer assessment" in piece.text
    assert len(piece.matched) == 4
