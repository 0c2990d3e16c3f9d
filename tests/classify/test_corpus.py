"""Labelled passages and their split."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence_mapper.classify.corpus import corpus_files, read_passages, split_of, with_headings
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


def test_what_needs_its_heading_is_read_under_it(tmp_path: Path) -> None:
    path = tmp_path / "headed.jsonl"
    path.write_text(
        '{"id": "a-1", "text": "Latest: 74%", "heading": "Reviews"}\n'
        '{"id": "a-2", "text": "Waits fell.", "also_under": "Board > 4. Risks"}\n'
        '{"id": "a-3", "text": "Carers wait.", "heading": null}\n'
    )
    rows = read_passages([path])
    assert [r.read for r in rows] == ["Reviews. Latest: 74%", "Waits fell.", "Carers wait."]
    learned = with_headings(rows)
    assert learned[:3] == rows
    assert [(r.id, r.text, r.read) for r in learned[3:]] == [
        ("a-2", "Waits fell.", "Board > 4. Risks. Waits fell.")
    ]
    assert with_headings(learned[3:]) == learned[3:], "a double has no double"


def test_headings_are_of_papers_and_short() -> None:
    headed = [r for r in with_headings(read_passages(corpus_files(PASSAGES))) if r.heading]
    assert len(headed) > 5000
    assert not {r.source_type for r in headed} & {"survey-comment", "focus-group", "complaint", "email"}
    assert all(len(str(r.heading).split()) <= 30 for r in headed)


def test_the_same_words_bear_on_what_their_heading_says() -> None:
    under: dict[str, set[tuple[str, ...]]] = {}
    for row in read_passages(corpus_files(PASSAGES)):
        if row.heading:
            under.setdefault(row.text, set()).add(row.statements)
    assert sum(len(labels) > 1 for labels in under.values()) > 200
