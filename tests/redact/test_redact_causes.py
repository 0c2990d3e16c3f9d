"""Causes of misses and of false finds, each with sentences of its own; the word lists are what they say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evidence_mapper.domain.ids import sha256_file
from evidence_mapper.redact import Finder, load_finder
from evidence_mapper.redact.artefact import names_folder

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def finder() -> Finder:
    return load_finder()


def found(finder: Finder, text: str) -> list[str]:
    return [f.span.of(text) for f in finder.find(text)]


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("DOB 03-Feb-41, lives alone.", "03-Feb-41"),
        ("d.o.b. 7/xi/1938 on the form", "7/xi/1938"),
        ("Born: 6.6.'47", "6.6.'47"),
        ("Found on system under 8/8/1937 only.", "8/8/1937"),
        ("NHS No. 99 91 23 45 67", "99 91 23 45 67"),
        ("Admitted, F, 81, 999-801-2233, UTI.", "999-801-2233"),
        ("Mrs Shah is 94 and lives with her son.", "94"),
        ("HE WILL BE 92 IN JUNE.", "92"),
        ("Jan Nowak, ninety-four, walks daily.", "ninety-four"),
        ("her son callum agrees", "callum"),
        ("sister ferreira on ward says so", "sister ferreira"),
        ("Form sent. Ta, Mark.", "Mark"),
        ("June & Derek Holroyd: review overdue.", "June"),
        ("Officer PC 4417 Holroyd came.", "PC 4417 Holroyd"),
        ("nebr at no 7 kiln lane has key", "no 7 kiln lane"),
        ("Lives at the end cottage, Sexton's Lane.", "the end cottage, Sexton's Lane"),
        ("mrs hall now going to the beeches not home", "the beeches"),
        ("Options: stay at Fernleigh, or go home.", "Fernleigh"),
        ("Priest at Our Lady of Grace rang.", "Our Lady of Grace"),
        ("Lives off grid in the lay-by on Kiln Hill.", "lay-by on Kiln Hill"),
        ("case still shows as lcs-55130", "lcs-55130"),
        ("Yours, M. Holroyd (Mrs)", "M. Holroyd (Mrs)"),
    ],
)
def test_what_was_missed_is_found_whole(finder: Finder, text: str, gone: str) -> None:
    hidden = {i for f in finder.find(text) for i in range(f.span.start, f.span.end)}
    start = text.index(gone)
    assert {i for i in range(start, start + len(gone)) if text[i].isalnum()} <= hidden, found(finder, text)


@pytest.mark.parametrize(
    "text",
    [
        "Prescribed Edoxaban, Sertraline and Zopiclone; allergic to Trimethoprim.",
        "TTO given. MFFD. CHC DST to be done. QDS care agreed, DFG approved.",
        "Came by way of Aleppo, Izmir and Calais. Speaks Kurmanji.",
        "Attendance Allowance and Pension Credit claimed. Blue Badge renewed.",
        "Ethnicity: White British. Next: Black African.",
        "The flare was in May, and leave in June was agreed.",
        "Dog called Bramble.",
        "Participant 2: I waited. Participant 3: so did I.",
        "Equipment Service ref 6110298337, order no. 55120398.",
        "Substantiated. Eyesight failing. Unique. Clutter rating 7.",
        "Can you come on Friday? May I ring?",
    ],
)
def test_what_is_no_identifier_stays(finder: Finder, text: str) -> None:
    assert found(finder, text) == []


def test_the_manifest_names_the_lists_as_they_are() -> None:
    manifest = json.loads((names_folder() / "names.json").read_text(encoding="utf-8"))
    sources = sorted(
        p for part in ("frames", "lists") for p in (ROOT / "corpora" / "notes" / part).glob("*.txt")
    )
    assert manifest["lists"] == {p.relative_to(ROOT).as_posix(): sha256_file(p) for p in sources}
    for source, shipped in (("lexicon", "names"), ("nicknames", "short_forms"), ("not_names", "never_names")):
        assert manifest["lists"][f"corpora/notes/lists/{source}.txt"] == manifest["files"][f"{shipped}.txt"]
