"""Forms in which people, places and numbers stand in notes, and what only looks like them."""

from __future__ import annotations

import pytest

from evidence_mapper.redact import Finder, load_finder
from evidence_mapper.workflow.redaction import redact_texts


@pytest.fixture(scope="module")
def finder() -> Finder:
    return load_finder()


def left(finder: Finder, text: str) -> str:
    """Return a text with every letter and digit of a find blotted out."""
    hidden = {i for f in finder.find(text) for i in range(f.span.start, f.span.end)}
    return "".join("_" if i in hidden and c.isalnum() else c for i, c in enumerate(text))


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("NHS no 999 l23 4567", "l23"),
        ("NHS 999 O12 3O45 given", "O12"),
        ("NHS no: 999.123.4567", "999"),
        ("N.H.S. number 999 123 4567", "999"),
        ("Home: 01632.960.125 after four", "960"),
        ("mob O7700 900333", "900333"),
        ("call 07700/900321", "900321"),
        ("DoB is given as third of April 1941", "April"),
        ("born about 1941 in Leeds", "1941"),
        ("Previously The Old Forge. Now alone.", "Forge"),
        ("She lives at 14 Beech; he does not.", "14 Beech"),
        ("KM/DL to attend on Friday.", "DL"),
        ("Recorded by: RW on 4 May.", "RW"),
        ("Allocated to LC.", "LC"),
        ("Jun said no.", "Jun"),
        ("Hope is worried about the stairs.", "Hope"),
        ("Mark to chase the referral.", "Mark"),
        ("Doreen Fairclough was seen. Later DF agreed.", "DF"),
    ],
)
def test_is_replaced(finder: Finder, text: str, gone: str) -> None:
    assert gone not in left(finder, text)


@pytest.mark.parametrize(
    "text",
    [
        "Spoke to Ward Manager on the unit.",
        "Refused hospital. Slept well.",
        "Limb centre says June.",
        "Datix completed on Whitsun Monday.",
        "Paraffin heater in the hall. Poetry group at the library.",
        "Comes Wednesdays and Saturdays. Speaks Malayalam and Makaton.",
        "Hope to resolve it soon. May is busy.",
        "Multi-agency meeting: fire, housing.",
    ],
)
def test_stays(finder: Finder, text: str) -> None:
    assert left(finder, text) == text


def test_a_verb_after_a_name_is_no_part_of_it(finder: Finder) -> None:
    assert (
        left(finder, "Lives with Tara. Tara dances on Fridays.") == "Lives with ____. ____ dances on Fridays."
    )


def test_a_name_found_in_one_paper_is_replaced_throughout_the_case() -> None:
    texts = [
        "Mrs Quenneby rang. Her son Bartolo will visit.",
        "told quenneby again. bartolo's key, the Quennebys, Quennebey and B. at home",
        "BQ agreed that Bartolo Quenneby signs.",
    ]
    words = [given.text for given in redact_texts(texts, case=None, key=None)]
    assert not [each for each in words if "uenneb" in each or "artolo" in each or "BQ" in each]
