"""Who gets which pseudonym."""

from __future__ import annotations

import pytest

from evidence_mapper.redact import Pseudonyms, load_finder, redacted
from evidence_mapper.redact.pseudonyms import Case


def redact(*texts: str, given: Pseudonyms | None = None) -> list[str]:
    finder = load_finder()
    pseudonyms = given or Pseudonyms(finder.lexicon)
    found = [finder.find(t) for t in texts]
    replaced = pseudonyms.replacements("case", texts, found)
    return [redacted(t, r).text for t, r in zip(texts, replaced, strict=True)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Harpreet Kaur is well. Mrs Kaur walks. Harpreet reads.",
            "Person 1 is well. Person 1 walks. Person 1 reads.",
        ),
        ("Elizabeth Poole rang. Liz was glad.", "Person 1 rang. Person 1 was glad."),
        ("Mr Bland came. Mrs Bland left.", "Person 1 came. Person 2 left."),
        (
            "Mrs Hale is ill. Her daughter Pauline Hart rang. Pauline will visit.",
            "Person 1 is ill. Her daughter Daughter of Person 1 rang. Daughter of Person 1 will visit.",
        ),
        (
            "Mrs Hale is ill. Her daughter Pauline and daughter Yvonne rang.",
            "Person 1 is ill. Her daughter Daughter of Person 1 and daughter Daughter 2 of Person 1 rang.",
        ),
        ("Mrs Hale was seen by social worker Jane Priddy.", "Person 1 was seen by social worker Worker 1."),
        ("Mrs Hale, DOB 1/2/1940, 07700 900123", "Person 1, DOB [date of birth], [phone number]"),
    ],
)
def test_pseudonyms(text: str, wanted: str) -> None:
    assert redact(text) == [wanted]


def test_two_people_of_one_surname_stay_apart_when_unclear() -> None:
    text = redact("Surjit Kaur met Harpreet Kaur. Mrs Kaur was pleased.")[0]
    assert text.split(".")[1].strip() == "Person 3 was pleased"


def test_one_person_over_several_texts_and_calls() -> None:
    pseudonyms = Pseudonyms(load_finder().lexicon)
    first = redact("Mrs Threlkeld rang.", "Spoke to Edith Threlkeld.", given=pseudonyms)
    later = redact("Visited Edith. Mr Bibby was there.", given=pseudonyms)
    assert first == ["Person 1 rang.", "Spoke to Person 1."]
    assert later == ["Visited Person 1. Person 2 was there."]


def test_addresses_are_told_apart() -> None:
    text = redact("Moved from 2 Ash Road to 9 Elm Road. Left 2 Ash Road on Friday.")[0]
    assert text == "Moved from [address] to [address 2]. Left [address] on Friday."


def test_a_pseudonym_that_stands_in_the_text_is_not_given_again() -> None:
    assert redact("Person 3: I saw Mrs Okafor.") == ["Person 3: I saw Person 4."]


def test_a_case_comes_back_from_plain_data() -> None:
    pseudonyms = Pseudonyms(load_finder().lexicon)
    redact("Mrs Hale and her son Colin, 4 Ash Road.", given=pseudonyms)
    data = pseudonyms.cases["case"].to_json()
    assert Case.from_json(data).to_json() == data
