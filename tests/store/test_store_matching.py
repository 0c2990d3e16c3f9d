"""Passages of one version found again in the next."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evidence_mapper.domain.version import Fate, words_key
from evidence_mapper.store.matching import CHANGED_FROM, Match, Said, match, similarity

WAIT = "The longest wait for a review of a care plan was nineteen months in the year to March"
CALLS = "The carers' centre answered every call within one working day last year"


def said(*texts: str, judged: str | None = None, context: str | None = None) -> list[Said]:
    return [Said(words_key(t, context), t, judged=judged) for t in texts]


def fates(found: list[Match]) -> list[tuple[Fate, int | None]]:
    return [(m.fate, m.new) for m in found]


def test_the_same_words_in_order_are_unchanged_whatever_the_white_space() -> None:
    found = match(said(WAIT, CALLS), said("A new opening", WAIT.replace(" wait", "\n  wait"), CALLS))
    assert fates(found) == [(Fate.UNCHANGED, 1), (Fate.UNCHANGED, 2)]


def test_the_same_words_elsewhere_have_moved() -> None:
    found = match(said("One", "Two", "Three", "Four"), said("Four", "One", "Two", "Three"))
    assert fates(found) == [(Fate.UNCHANGED, 1), (Fate.UNCHANGED, 2), (Fate.UNCHANGED, 3), (Fate.MOVED, 0)]


def test_a_few_words_changed_is_changed_and_most_is_another_passage() -> None:
    found = match(
        said(WAIT, CALLS), said(WAIT.replace("nineteen", "eleven"), CALLS[:30] + "nobody at all, ever")
    )
    assert fates(found) == [(Fate.CHANGED, 0), (Fate.VANISHED, None)]
    assert CHANGED_FROM <= found[0].similarity < 1
    assert found[1].similarity == 0


def test_case_and_marks_count_as_words() -> None:
    assert match(said(WAIT), said(WAIT.upper()))[0].fate is Fate.VANISHED
    assert match(said(WAIT), said(WAIT + "."))[0].fate is Fate.CHANGED


def test_the_same_answer_to_another_question_must_be_looked_at() -> None:
    old = said("It went very well indeed", context="What did you think of the visit?")
    new = said("It went very well indeed", context="What did you think of the wait?")
    assert fates(match(old, new)) == [(Fate.CHANGED, 0)]


def test_words_within_a_longer_passage_are_found_but_never_carried() -> None:
    (found,) = match(said(CALLS), said("Opening words", f"{WAIT} {CALLS} and so on and on for a while yet"))
    assert (found.fate, found.new) == (Fate.CHANGED, 1)


def test_a_short_answer_is_not_looked_for_within_others() -> None:
    assert match(said("Yes"), said("Yes we do and always have"))[0].fate is Fate.VANISHED


def test_repeats_are_told_apart_by_what_stands_around_them() -> None:
    old = said("A first part", "N/A", "A second part", "N/A", "A third part")
    new = said("A second part", "N/A", "A third part")
    assert fates(match(old, new)) == [
        (Fate.VANISHED, None),
        (Fate.VANISHED, None),
        (Fate.UNCHANGED, 0),
        (Fate.UNCHANGED, 1),
        (Fate.UNCHANGED, 2),
    ]


def test_repeats_are_told_apart_by_the_other_columns_of_a_survey() -> None:
    old = [Said(words_key("Good", None), "Good", place) for place in ("Ann", "Bob", "Cat")]
    assert fates(match(old, [old[2], old[0]])) == [
        (Fate.MOVED, 1),
        (Fate.VANISHED, None),
        (Fate.UNCHANGED, 0),
    ]


def test_repeats_that_cannot_be_told_apart_are_carried_only_if_all_were_judged_alike() -> None:
    alike = said("Good", "Good", "Good", judged="coded")
    assert {m.fate for m in match(alike, said("Good", "Good"))} == {Fate.UNCHANGED, Fate.VANISHED}
    differ = [*said("Good", judged="coded"), *said("Good", "Good", judged="none")]
    assert {m.fate for m in match(differ, said("Good", "Good"))} == {Fate.CHANGED, Fate.VANISHED}


texts = st.lists(
    st.sampled_from(
        ["One", "Two", "Good", "N/A", WAIT, CALLS, WAIT.replace("March", "April"), f"{WAIT} {CALLS}"]
    ),
    max_size=9,
)


@given(texts, texts)
def test_every_old_passage_has_one_fate_and_no_new_one_is_taken_twice(old: list[str], new: list[str]) -> None:
    found = match(said(*old), said(*new))
    assert [m.old for m in found] == list(range(len(old)))
    same = [m.new for m in found if m.fate.carries]
    assert len(same) == len(set(same))
    for m in found:
        assert (m.new is None) == (m.fate is Fate.VANISHED)
        if m.new is not None and m.fate.carries:
            assert old[m.old].split() == new[m.new].split()


@given(texts)
def test_a_version_with_the_same_passages_changes_nothing(old: list[str]) -> None:
    assert fates(match(said(*old), said(*old))) == [(Fate.UNCHANGED, n) for n in range(len(old))]


@given(st.text(), st.text())
def test_similarity_is_one_only_for_the_same_words(one: str, other: str) -> None:
    assert 0 <= similarity(one, other) <= 1
    assert similarity(one, one) == 1
