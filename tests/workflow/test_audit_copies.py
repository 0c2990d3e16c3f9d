"""Copied comments are found, however marks and case differ, and never within one case."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evidence_mapper.workflow.audit_copies import FEWEST_WORDS, LIKENESS, find_copies, likeness, words_of

WORDS = st.lists(
    st.text(st.characters(min_codepoint=97, max_codepoint=122), min_size=2, max_size=8),
    min_size=FEWEST_WORDS,
    max_size=25,
    unique=True,
)


@given(WORDS)
def test_the_same_words_with_other_marks_are_an_exact_copy(words: list[str]) -> None:
    one, other = " ".join(words), ", ".join(words).upper() + "!"
    (found,) = find_copies([one, "quite other things are said of this other person here", other], list("abc"))
    assert found.members == (0, 2)
    assert found.exact


@given(
    WORDS,
    st.integers(0, 24),
    st.text(st.characters(min_codepoint=65, max_codepoint=90), min_size=3, max_size=3),
)
def test_one_changed_word_is_still_a_copy(words: list[str], place: int, new: str) -> None:
    changed = list(words)
    changed[place % len(words)] = f"new{new}"
    found = find_copies([" ".join(words), " ".join(changed)], ["a", "b"])
    assert [c.members for c in found] == [(0, 1)]
    assert LIKENESS <= found[0].likeness < 1


@given(WORDS)
def test_two_comments_on_one_case_are_no_copies(words: list[str]) -> None:
    assert find_copies([" ".join(words)] * 2, ["a", "a"]) == []


def test_short_comments_and_other_words_are_left_alone() -> None:
    short = "Good plan, clearly written."
    assert find_copies([short, short], ["a", "b"]) == []
    others = [
        "Her wish to stay near the chapel is on page one and every action follows it.",
        "The hoist came four days late and nobody asked the daughter how she managed.",
    ]
    assert find_copies(others, ["a", "b"]) == []
    assert find_copies([], []) == []


def test_a_chain_of_small_changes_is_one_group_with_its_lowest_likeness() -> None:
    one = "risks were seen early and written down with the person and looked at each month"
    two = one.replace("each month", "every month")
    three = two.replace("seen early", "noticed early")
    (found,) = find_copies([one, two, three], ["a", "b", "c"])
    assert found.members == (0, 1, 2)
    assert found.likeness == likeness(words_of(one), words_of(two))
