"""Labelled passages and their split."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence_mapper.classify.corpus import corpus_files, read_passages, split_of
from evidence_mapper.domain.framework import Framework

PASSAGES = Path(__file__).resolve().parents[2] / "corpora" / "passages"


def test_split_is_fixed_by_id() -> None:
    known = {
        "g1-0001": "train",
        "h1-0001": "development",
        "h7-0033": "train",
        "r1-0001": "test",
        "h8-0100": "train",
        "h1-0009": "test",
        "h1-0013": "train",
    }
    assert {i: split_of(i) for i in known} == known
    counts = {"train": 0, "development": 0, "test": 0}
    for number in range(5000):
        counts[split_of(f"x-{number}")] += 1
    assert counts["train"] == pytest.approx(4000, abs=150)
    assert counts["test"] == pytest.approx(500, abs=80)


def test_every_label_is_of_the_framework(framework: Framework) -> None:
    rows = read_passages(corpus_files(PASSAGES))
    parent = {t.id: t.statement_id for t in framework.topics}
    categories = {c.id for c in framework.evidence_categories}
    first = {i.id for i in framework.i_statements}
    for row in rows:
        assert all(parent[t] in row.statements for t in row.topics), row.id
        assert set(row.i_statements) <= first, row.id
        assert (row.evidence_category in categories) == bool(row.statements), row.id


def test_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"id": "a-1", "text": "x"}\n{"id": "a-2"}\n')
    with pytest.raises(ValueError, match=r"bad\.jsonl:2: not a labelled passage"):
        read_passages([path])


def test_repeated_id_is_named(tmp_path: Path) -> None:
    path = tmp_path / "twice.jsonl"
    path.write_text('{"id": "a-1", "text": "x"}\n{"id": "a-1", "text": "y"}\n')
    with pytest.raises(ValueError, match=r"twice\.jsonl:2: id 'a-1' occurs twice"):
        read_passages([path])
