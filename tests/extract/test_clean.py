from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_mapper.extract.clean import clean, one_line

_ANY = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("ofﬁce eﬄuent ﬆ", "office effluent st"),
        ("cafe\u0301", "café"),
        ("½ hour, m²", "½ hour, m²"),
        ("a\u00a0b", "a b"),
        ("co\u00adop", "coop"),
        ("safe\u202eguard\u2066ing\u2069", "safeguarding"),
        ("\ufefftext\ufffe\uffff", "text"),
        ("a\x1b[31mb\x00c\x9f", "a[31mbc"),
        ("one\r\ntwo\rthree\x0bfour\u2028five", "one\ntwo\nthree\nfour\nfive"),
        ("tab\there  \nnext\t ", "tab\there\nnext"),
        ("\ud83d\ude00 \ud800", "😀 \ufffd"),
        ("\u200b \u2060", ""),
        ("  plain  ", "plain"),
    ],
)
def test_clean_keeps_words_and_drops_what_cannot_be_shown(raw: str, expected: str) -> None:
    assert clean(raw) == expected


@given(_ANY)
def test_clean_text_is_stable_composed_and_encodable(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    cleaned.encode("utf-8")
    assert cleaned == cleaned.strip()
    assert not any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in cleaned)


def test_long_runs_of_spaces_take_linear_time() -> None:
    assert clean("é" + " " * 2_000_000 + "x").endswith("x")


def test_one_line_folds_every_break() -> None:
    assert one_line(" a\n\tb\u2029 c ") == "a b c"
