"""What is found, kind by kind, and what is left alone."""

from __future__ import annotations

import itertools
import random
import socket
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence_mapper.errors import ModelNotFound, UntrustedArtefact
from evidence_mapper.redact import Finder, Found, Kind, load_finder
from evidence_mapper.redact.artefact import load_lexicon, names_folder
from evidence_mapper.redact.base import settle
from evidence_mapper.redact.numbers import checks


@pytest.fixture(scope="module")
def finder() -> Finder:
    return load_finder()


def words(finder: Finder, text: str, kind: Kind) -> list[str]:
    return [f.span.of(text) for f in finder.find(text) if f.kind is kind]


@pytest.mark.parametrize(
    ("text", "kind", "wanted"),
    [
        ("NHS number 999 000 0018 on file", Kind.NHS_NUMBER, ["999 000 0018"]),
        ("NHS no. 9990000018.", Kind.NHS_NUMBER, ["9990000018"]),
        ("NHS: 999-000-0019 (check)", Kind.NHS_NUMBER, ["999-000-0019"]),
        ("NI QQ123456C given", Kind.NINO, ["QQ123456C"]),
        ("his NI number is AB 12 34 56 C", Kind.NINO, ["AB 12 34 56 C"]),
        ("nino jk102030c", Kind.NINO, ["jk102030c"]),
        ("ring 01632 960 123 or 07700 900123", Kind.PHONE, ["01632 960 123", "07700 900123"]),
        ("call +44 (0)20 7946 0123 please", Kind.PHONE, ["+44 (0)20 7946 0123"]),
        ("on ext 4471", Kind.PHONE, ["4471"]),
        ("write to j.o'dea+work@mail.example.", Kind.EMAIL, ["j.o'dea+work@mail.example"]),
        ("lives at M1 1AE now", Kind.POSTCODE, ["M1 1AE"]),
        ("postcode ec1a1bb", Kind.POSTCODE, ["ec1a1bb"]),
        ("DOB: 12/03/1941", Kind.DATE_OF_BIRTH, ["12/03/1941"]),
        ("born on the 3rd of May 1938 in Hull", Kind.DATE_OF_BIRTH, ["3rd of May 1938"]),
        ("seen on 12/03/2025", Kind.DATE_OF_BIRTH, []),
        ("Mosaic ID 1094471", Kind.CASE_NUMBER, ["1094471"]),
        ("your ref AF/20918/KT", Kind.CASE_NUMBER, ["AF/20918/KT"]),
        ("car reg AB12 CDE", Kind.VEHICLE, ["AB12 CDE"]),
        ("see www.example.org/jo", Kind.ONLINE, ["www.example.org/jo"]),
        ("on Instagram as jo_smith88", Kind.ONLINE, ["jo_smith88"]),
        ("he is 94 years old", Kind.AGE, ["94"]),
        ("he is 74 years old", Kind.AGE, []),
        ("at 27 Tennyson Road, Marbridge", Kind.ADDRESS, ["27 Tennyson Road, Marbridge"]),
        ("flat 3 crown house", Kind.ADDRESS, ["flat 3 crown house"]),
        ("pupil at Hollins Primary School", Kind.PLACE, ["Hollins Primary School"]),
    ],
)
def test_kinds(finder: Finder, text: str, kind: Kind, wanted: list[str]) -> None:
    assert words(finder, text, kind) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Visited Mrs Okonkwo-Bell today.", ["Mrs Okonkwo-Bell"]),
        ("Spoke to mrs k about her ramp.", ["mrs k"]),
        ("His daughter Xanthippa rang.", ["Xanthippa"]),
        ("Social worker: Jane Threlwood", ["Jane Threlwood"]),
        ("Report by R. Szymanski (OT)", ["R. Szymanski"]),
        ("My name is Summer.", ["Summer"]),
        ("Mr and Mrs Patel agreed.", ["Mr and Mrs Patel"]),
        ("Harpreet's mother is well.", ["Harpreet"]),
        ("Mrs Christmas called at Christmas.", ["Mrs Christmas"]),
    ],
)
def test_names(finder: Finder, text: str, wanted: list[str]) -> None:
    assert words(finder, text, Kind.PERSON) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Deprivation of Liberty Safeguards apply until Sunday.",
        "Her Zimmer frame and the Parkinson's tablets were left.",
        "Will she be able to manage? She may.",
        "Mum says Dad is not sure.",
        "Care Act assessment to be completed by the team in May.",
        "Order number 9990000018 for the bed.",
    ],
)
def test_what_looks_like_a_name_and_is_none(finder: Finder, text: str) -> None:
    assert finder.find(text) == []


def test_a_kin_word_gives_the_role_and_stays(finder: Finder) -> None:
    text = "His daughter Pauline and the social worker Jane came."
    found = finder.find(text)
    assert [(f.span.of(text), f.role) for f in found] == [("Pauline", "daughter"), ("Jane", "staff")]


def test_a_name_found_once_is_found_again_misspelt_and_small(finder: Finder) -> None:
    text = "Mrs Threlkeld was in bed. threlkeld said no. Asked Mrs Threlkled again."
    assert words(finder, text, Kind.PERSON) == ["Mrs Threlkeld", "threlkeld", "Mrs Threlkled"]


def test_names_of_the_case_are_looked_for(finder: Finder) -> None:
    text = "Bordeaux was cheerful this morning."
    assert words(finder, text, Kind.PERSON) in ([], ["Bordeaux"])
    assert [f.span.of(text) for f in finder.find(text, known=["Mrs Bordeaux"])] == ["Bordeaux"]


def test_one_in_eleven_random_numbers_passes_the_check_and_is_left_alone(finder: Finder) -> None:
    draw = random.Random(1)
    numbers = ["".join(str(draw.randrange(10)) for _ in range(10)) for _ in range(3000)]
    passing = [n for n in numbers if checks(n) and not n.startswith("0")]
    assert 0.06 < len(passing) / len(numbers) < 0.12
    assert not any(finder.find(f"Invoice total {n} was paid.") for n in passing[:40])


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_finds_are_in_order_apart_and_inside(text: str) -> None:
    found = load_finder().find(text)
    ends = [(f.span.start, f.span.end) for f in found]
    assert all(b <= c for (_, b), (c, _) in itertools.pairwise(ends))
    assert all(0 <= a < b <= len(text) for a, b in ends)


def test_overlaps_lose_no_character() -> None:
    from evidence_mapper.domain.passage import Span

    text = "14 Rose Lane Smith"
    found = [Found(Span(3, 18), Kind.PERSON), Found(Span(0, 12), Kind.ADDRESS)]
    settled = settle(found, text)
    assert [(f.kind, f.span.of(text)) for f in settled] == [
        (Kind.ADDRESS, "14 Rose Lane"),
        (Kind.PERSON, "Smith"),
    ]


def test_no_socket_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    load_finder.cache_clear()
    assert load_finder().find("Mrs Kaur, j@k.example, www.example.org")


def test_a_changed_list_is_refused(tmp_path: Path) -> None:
    for path in names_folder().iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    load_finder(tmp_path)
    with (tmp_path / "names.txt").open("a", encoding="utf-8") as stream:
        stream.write("Mallory\n")
    load_finder.cache_clear()
    with pytest.raises(UntrustedArtefact, match=r"names\.txt does not match"):
        load_finder(tmp_path)


def test_no_lists_no_finder(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match=r"names\.json"):
        load_finder(tmp_path)


def test_the_lists_know_many_backgrounds() -> None:
    lexicon = load_lexicon(names_folder())
    assert {"okafor", "kaur", "nguyen", "szymanski", "begum", "yilmaz", "abdi", "o'brien"} <= lexicon.surnames
    assert "elizabeth" in lexicon.nicknames["liz"]
