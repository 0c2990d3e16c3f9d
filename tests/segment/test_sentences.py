from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence_mapper.segment.sentences import sentence_spans


@pytest.mark.parametrize(
    "sentences",
    [
        ["Cllr. Jones asked about waits.", "Mr. Ahmed and Dr. Lee replied."],
        ["See para. 4.2 and s. 42 of the Act.", "No. 7 applies."],
        ["Use plain words, e.g. visit or call.", "Others differ, i.e. letters."],
        ["It took approx. 3 hrs. per visit.", "The cost is £4,000 p.a. and rising."],
        ["We met at 10 a.m. in St. Mary's hall.", "Rev. Brown spoke."],
        ["It closed at 5 p.m.", "Nobody said why."],
        ["It rose by 3.5% to £1.2m.", "Good."],
        ["Was it quick?", "Yes!", "Very."],
        ['She said "I was heard."', "Then she left."],
        ["(It was late.)", "We went home."],
        ["First line without a stop", "Second line."],
        ["It is shared under section 75.", "Two partners pay."],
        ["Waits fell from 40 to 12.", "Carers said so."],
        ["She is 9.", "(He is 10.)", "They manage."],
        ["Vote: For 7.", "Against 2.", "Abstained 1."],
        ["See No. 5 of the list, para. 12 and p. 3.", "Nos. 6 and 7 too."],
        ["Were you told?", "No.", "Nobody rang."],
        ["He was 3. not 4 when it was rated 4. out of 5."],
        ["3. Item one is here."],
        ["1. First thing.", "2. Second thing.", "3. Third thing."],
        ["We support: 1. Carers 2. Adults 3. Families"],
        ["We ask: 1. Who?", "2. When?", "3. Where do you go?"],
        ["a. Carers are seen first.", "b. Others wait."],
        ["Table 3. Waits by month"],
        ["Schedule B. Charges"],
        ["She is in ward B.", "It is quiet there."],
        ["J. Smith and A. B. Jones chaired."],
        ["The app. is old.", "She uses the app.", "It crashes."],
        ["We met on 3 Oct. 2024.", "Nobody else came."],
    ],
)
def test_council_sentences(sentences: list[str]) -> None:
    glue = "\n" if "without" in sentences[0] else " "
    text = glue.join(sentences)
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


def test_white_space_only_and_empty() -> None:
    assert sentence_spans("") == []
    assert sentence_spans(" \n\t\n") == []


def test_very_long_line() -> None:
    text = "We met on Monday. " * 70_000
    spans = sentence_spans(text)
    assert len(spans) == 70_000


_WORDS = st.lists(st.sampled_from(["we", "carers", "section", "No. 5", "p. 4", "3", "(12)"]), min_size=1)


@given(st.integers(0, 999), _WORDS, st.sampled_from(["Two", "Carers", "“Nobody", "(They"]))
def test_a_sentence_may_end_with_a_number(number: int, words: list[str], first: str) -> None:
    before = f"Then {' '.join(words)} were {number}."
    text = f"{before} {first} partners pay the cost"
    assert [text[a:b] for a, b in sentence_spans(text)] == [before, text[len(before) + 1 :]]


@settings(deadline=None)  # the first call may load what splits sentences
@given(st.integers(0, 999), st.sampled_from(["", "Table ", "Priority ", "• ", "Seen so far: "]))
def test_a_number_that_counts_what_follows_ends_nothing(number: int, ahead: str) -> None:
    text = f"{ahead}{number}. Waits were long"
    assert [text[a:b] for a, b in sentence_spans(text)] == [text]


_MARKS = st.sampled_from(
    ["we", "No.", "75.", "Two", "(", "“", "”", ")", "1.", "2.", "a.", "B.", "p.m.", "why?", "\n"]
)


@given(st.lists(st.tuples(_MARKS, st.sampled_from([" ", "", "  "]))))
def test_sentences_hold_every_character_once_and_in_order(pieces: list[tuple[str, str]]) -> None:
    text = "".join(word + gap for word, gap in pieces)
    spans = sentence_spans(text)
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    assert all(a < b and text[a:b] == text[a:b].strip() and "\n" not in text[a:b] for a, b in spans)
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
