"""Quoted speech, reported speech and the worker's words are told apart."""

from __future__ import annotations

from itertools import pairwise
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_mapper.workflow.case_voice import Voice, quotations, voices


def said(text: str) -> list[str]:
    return [q.span.of(text) for q in quotations(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('She said "I want my own key." Agreed.', ["I want my own key."]),
        ("“I’m not starving, I’m just not bothered.” Called.", ["I’m not starving, I’m just not bothered."]),
        ("Mum told me: 'I am glad to be home again.'", ["I am glad to be home again."]),
        ("He told us ‘they never came back’ twice.", ["they never came back"]),
        ("The carers' needs and the parents' wishes were asked about.", []),
        ("It's the worker's view that he's well.", []),
        ('A so-called "challenge" to the service.', []),
        ("No speech at all.", []),
    ],
)
def test_quotation_marks(text: str, expected: list[str]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ('Rik: "we have not been out since 2016."', "Rik"),
        ('Leo said: "trains yes, crowds no."', "Leo"),
        ('"I sleep four hours," said Ewa Nowak.', "Ewa Nowak"),
        ('Seen alone. "I sleep four hours."', None),
        ('She said: "I want my roof finished."', None),
        ('Says: "This time somebody was at the door."', None),
    ],
)
def test_a_speaker_is_named_only_where_the_words_name_one(text: str, speaker: str | None) -> None:
    (found,) = quotations(text)
    assert found.speaker == speaker


def test_voices_of_a_passage() -> None:
    text = 'She said she would like to cook again. "I was a cook." Rails fitted by the team on Monday.'
    found = voices(text)
    assert found.kinds == (Voice.QUOTED, Voice.REPORTED, Voice.WORKER)
    assert [s.of(text) for s in found.reported] == ["She said she would like to cook again"]
    assert found.is_own


def test_a_note_without_its_subject_reports_too() -> None:
    text = "Seen at home. Says she can manage the washing. Rails fitted."
    assert [s.of(text) for s in voices(text).reported] == ["Says she can manage the washing"]
    assert not voices(text).is_own


def test_what_staff_said_is_not_the_persons_voice() -> None:
    assert voices("GP said no change. I asked for a visit by the nurse.").kinds == (Voice.WORKER,)


def test_only_a_quotation_has_no_worker_in_it() -> None:
    assert voices("“You stopped my money twice.”").kinds == (Voice.QUOTED,)


def test_a_persons_own_document_is_theirs() -> None:
    found = voices("You have stopped my money for the second time.", "Darren Whitelock")
    assert found.kinds == (Voice.OWN_DOCUMENT,)
    assert found.is_own


@given(st.text(max_size=120))
def test_spans_lie_in_the_text_and_never_overlap(text: str) -> None:
    found = voices(text)
    spans = sorted([q.span for q in found.quotations] + list(found.reported))
    assert all(0 <= s.start < s.end <= len(text) for s in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert found.kinds


@given(st.text(st.characters(categories=["L"]), min_size=1, max_size=8), st.integers(2, 6))
def test_words_in_marks_are_given_back_verbatim(word: str, count: int) -> None:
    words = " ".join([word] * count)
    assert said(f"Seen. “{words}” Left.") == [words]


def test_a_text_full_of_apostrophes_is_read_in_no_time() -> None:
    start = monotonic()
    assert voices("'a b " * 5000).kinds == (Voice.WORKER,)
    assert monotonic() - start < 10
