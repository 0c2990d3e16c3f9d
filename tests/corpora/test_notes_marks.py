"""The labelled notes are what their marks say, and training and test are apart."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from evidence_mapper.redact import Kind
from evidence_mapper.redact.numbers import checks


def rows(root: Path, part: str) -> list[dict[str, Any]]:
    path = root / "corpora" / "notes" / f"{part}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("part", ["test", "train", "fresh"])
def test_spans_are_words_apart_and_in_order(root: Path, part: str) -> None:
    for row in rows(root, part):
        last = 0
        for span in row["spans"]:
            words = row["text"][span["start"] : span["end"]]
            assert words == words.strip(), row["id"]
            assert any(c.isalnum() for c in words), row["id"]
            assert span["start"] >= last, row["id"]
            assert Kind(span["type"])
            last = span["end"]


def test_there_are_enough_notes_hands_and_kinds(root: Path) -> None:
    notes = rows(root, "test")
    assert len(notes) >= 300
    assert len({n["hand"] for n in notes}) >= 8
    assert {s["type"] for n in notes for s in n["spans"]} == {k.value for k in Kind}
    assert len({s.get("background") for n in notes for s in n["spans"]}) > 20


def test_no_note_is_in_both(root: Path) -> None:
    assert not {r["text"] for r in rows(root, "test")} & {r["text"] for r in rows(root, "train")}


def test_every_nhs_number_is_of_the_range_that_is_never_given(root: Path) -> None:
    for row in rows(root, "test"):
        for span in row["spans"]:
            if span["type"] == "NHS_NUMBER":
                digits = re.sub(r"\D", "", row["text"][span["start"] : span["end"]])
                assert digits.startswith("999")
                assert checks(digits)


def test_every_e_mail_address_is_of_no_real_domain(root: Path) -> None:
    for row in rows(root, "test") + rows(root, "train"):
        for span in row["spans"]:
            if span["type"] == "EMAIL":
                assert row["text"][span["start"] : span["end"]].lower().endswith(".example")
