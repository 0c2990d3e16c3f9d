"""Text told from rubbish, without false alarms on what looks odd and is text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scan_samples import shifted

from evidence_mapper.extract.pdf.legible import is_garbled, is_rubbish

PROSE = "The council and its partners have agreed that every adult who asks for help will be seen. " * 10
FIGURES = (
    "Residential care 65+ £1,204.6k (£88.2k) 12.4% Q1 Q2 2024/25 ASCOF 2B(1) £m n/a 1,023 98.7% 4.1 " * 20
)
NAMES = "Ashford Canterbury Dartford Dover Folkestone Hythe Gravesham Maidstone Sevenoaks Swale Thanet " * 8
SHORT_FORMS = "NHS CQC DLUHC ASC LGA ADASS ICB DHSC MCA DoLS CHC SAR MASH LPS OT SW AMHP BIA RAS PA DP " * 6
POLISH = (
    "Wszyscy mieszkańcy powiatu otrzymują pomoc w ciągu dwóch tygodni od zgłoszenia potrzeby wsparcia " * 8
)
WELSH = (
    "Mae’r cyngor yn gyfrifol am ofal cymdeithasol ac mae pob oedolyn sy’n gofyn am gymorth yn ei gael " * 8
)
BENGALI = "কাউন্সিল সম্মত হয়েছে যে প্রত্যেক প্রাপ্তবয়স্ক ব্যক্তি সাহায্য পাবেন " * 12


@pytest.mark.parametrize("text", [PROSE, FIGURES, NAMES, SHORT_FORMS, POLISH, WELSH, BENGALI, "", "12 34"])
def test_text_of_any_kind_is_let_through(text: str) -> None:
    assert not is_rubbish([text])
    assert not is_garbled([text])


@pytest.mark.parametrize(
    "text",
    [
        shifted(PROSE),
        PROSE.translate(str.maketrans("abcdefghijklmnopqrstuvwxyz", "defghijklmnopqrstuvwxyzabc")),
        PROSE.replace("e", "|").replace("a", "^").replace("o", "~"),
    ],
)
def test_letters_turned_into_others_are_rubbish(text: str) -> None:
    assert is_rubbish([text])


def test_only_an_invisible_layer_is_asked_for_common_words() -> None:
    odd = "Tbe ccunoil aud ite partuors bave agrood tbat evory adnlt wbo aake fcr bolp wlll bo soon " * 10
    assert is_rubbish([odd], hidden=True)
    assert not is_rubbish([odd])
    assert not is_rubbish([PROSE], hidden=True)


def test_few_words_are_never_judged() -> None:
    assert not is_rubbish([shifted("Short heading of a page")])


def test_characters_without_meaning_are_garbled() -> None:
    assert is_garbled(["\ufffd\ue000" * 15])
    assert not is_garbled(["\ufffd" * 15 + "carers and more words than those"])


def test_no_passage_of_the_corpus_is_taken_for_rubbish(root: Path) -> None:
    lines = (root / "corpora/passages/passages_general.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    assert [text for text in texts if is_rubbish([text], hidden=True)] == []
