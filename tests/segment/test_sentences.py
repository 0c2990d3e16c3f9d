from __future__ import annotations

import pytest

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
