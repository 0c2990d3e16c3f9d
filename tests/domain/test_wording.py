"""Counts with their nouns."""

from __future__ import annotations

import pytest

from evidence_mapper.domain.exchange import LossReport
from evidence_mapper.domain.wording import counted, counted_kind


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 passages"), (1, "1 passage"), (2, "2 passages"), (1250, "1,250 passages")]
)
def test_a_noun_is_in_the_plural_but_for_one(count: int, said: str) -> None:
    assert counted(count, "passage") == said


@pytest.mark.parametrize(
    ("things", "one"),
    [
        ("cases", "1 case"),
        ("notes on such passages", "1 note on such passages"),
        ("further evidence categories", "1 further evidence category"),
        ("entries of the record (claim)", "1 entry of the record (claim)"),
        ("passages answered 'unsure'", "1 passage answered 'unsure'"),
    ],
)
def test_one_of_a_kind_is_in_the_singular(things: str, one: str) -> None:
    assert counted_kind(1, things) == one
    assert counted_kind(2, things) == f"2 {things}"


def test_losses_are_counted_as_people_say_it() -> None:
    report = LossReport()
    report.add("cases", "no form for it")
    report.add("links", "no form for it", count=2)
    assert report.lines() == ["1 case: no form for it", "2 links: no form for it"]
