"""The comments nothing is learned from: well-formed, coded by two, strange to the classifier, read well."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from evidence_mapper.classify.corpus import LabelledPassage, corpus_files, read_passages
from evidence_mapper.classify.fit_targets import targets
from evidence_mapper.classify.labels import labels_of
from evidence_mapper.domain.framework import Framework
from evidence_mapper.workflow.evaluate import evaluate_files

CORPORA = Path(__file__).resolve().parents[2] / "corpora"
COMMENTS = CORPORA / "held_back" / "comments.jsonl"


@pytest.fixture(scope="module")
def rows() -> list[LabelledPassage]:
    return read_passages([COMMENTS])


def test_every_label_is_the_frameworks(rows: list[LabelledPassage], framework: Framework) -> None:
    labels = labels_of(framework)
    y = targets(rows, labels)  # refuses an unknown label, and a statement without a topic of it
    assert y.i_statements.sum(axis=0).min() >= 70
    assert (y.source >= 0).all()
    assert len({r.id for r in rows}) == len(rows) == 1080


def test_no_text_is_among_those_learned_from(rows: list[LabelledPassage]) -> None:
    learned = {" ".join(r.text.lower().split()) for r in read_passages(corpus_files(CORPORA / "passages"))}
    assert len(learned) > 20_000
    own = [t for r in rows if len(t := " ".join(r.text.lower().split())) > 40]
    assert len(own) > 800
    assert not learned & set(own)


def test_two_readers_coded_every_comment_and_the_label_is_the_majority(rows: list[LabelledPassage]) -> None:
    said: dict[str, list[dict[str, str]]] = defaultdict(list)
    with (COMMENTS.parent / "coding.csv").open(encoding="utf-8", newline="") as stream:
        for line in csv.DictReader(stream):
            said[line["id"]].append(line)
    for row in rows:
        coders = said[row.id]
        assert [c["coder"] for c in coders] == ["writer", "s29", "s30"]
        if row.statements:
            votes = [i for c in coders for i in c["i_statements"].split()]
            assert set(row.i_statements) == {i for i in votes if votes.count(i) > 1}, row.id


def test_i_statements_of_strangers_are_found(framework: Framework) -> None:
    found = evaluate_files(framework, [COMMENTS])
    assert found["i_statements"]["macro_f1"] >= 0.80
    assert min(code["recall"] for code in found["i_statements"]["codes"]) >= 0.75
