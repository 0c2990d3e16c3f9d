"""Comments and papers nothing is learned from: well-formed, coded blind, strange to the classifier."""

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
PAPERS = COMMENTS.with_name("papers.jsonl")
STANDING = {
    "there are none arising directly from this report.",
    "members are asked to note the contents of this report.",
    "recommendation: that the committee note the report.",
}
"""Lines that stand word for word in papers of every council."""


@pytest.fixture(scope="module")
def rows() -> list[LabelledPassage]:
    return read_passages([COMMENTS])


@pytest.fixture(scope="module")
def papers() -> list[LabelledPassage]:
    return read_passages([PAPERS])


def coding(name: str) -> dict[str, list[dict[str, str]]]:
    """Return what each coder said of each passage."""
    said: dict[str, list[dict[str, str]]] = defaultdict(list)
    with COMMENTS.with_name(name).open(encoding="utf-8", newline="") as stream:
        for line in csv.DictReader(stream):
            said[line["id"]].append(line)
    return said


def test_every_label_is_the_frameworks(rows: list[LabelledPassage], framework: Framework) -> None:
    labels = labels_of(framework)
    y = targets(rows, labels)  # refuses an unknown label, and a statement without a topic of it
    assert y.i_statements.sum(axis=0).min() >= 70
    assert (y.source >= 0).all()
    assert len({r.id for r in rows}) == len(rows) == 1080


def test_no_text_is_among_those_learned_from(
    rows: list[LabelledPassage], papers: list[LabelledPassage]
) -> None:
    learned = {" ".join(r.text.lower().split()) for r in read_passages(corpus_files(CORPORA / "passages"))}
    assert len(learned) > 20_000
    own = [t for r in (*rows, *papers) if len(t := " ".join(r.text.lower().split())) > 40]
    assert len(own) > 4_000
    assert learned & set(own) <= STANDING


def test_passages_of_papers_are_labelled_by_two_of_those_who_read_them(
    papers: list[LabelledPassage], framework: Framework
) -> None:
    labels, said = labels_of(framework), coding("papers_coding.csv")
    statement = {t: labels.statements[k] for t, k in zip(labels.topics, labels.topic_statement, strict=True)}
    assert targets(papers, labels).main.shape == (3929,)
    assert len({r.id for r in papers}) == len(papers)
    settled = 0
    for row in papers:
        coders = said[row.id]
        mains = [statement[c["topics"].split()[0]] if c["topics"] else "" for c in coders]
        main = row.statements[0] if row.statements else ""
        assert coders[0]["coder"] == "writer"
        assert len(coders) == (2 if mains[0] == mains[1] else 3), row.id
        assert mains.count(main) > 1 or (len(set(mains)) == 3 and main == mains[0]), row.id
        settled += len(coders) == 3
    assert settled == 417


@pytest.mark.slow
def test_papers_of_strangers_are_read_well(framework: Framework) -> None:
    found = evaluate_files(framework, [PAPERS])
    assert found["main"]["in_first_two"] >= 0.93
    assert found["none"]["recall"] >= 0.90
    assert found["none"]["evidence_lost"] <= 0.13


def test_two_readers_coded_every_comment_and_the_label_is_the_majority(rows: list[LabelledPassage]) -> None:
    said = coding("coding.csv")
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
