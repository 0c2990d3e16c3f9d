"""The words shown as reasons are the words that count."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence_mapper.classify import ClassifierInput
from evidence_mapper.classify.corpus import corpus_files, read_passages, split_of
from evidence_mapper.classify.explain import cut, explain, probabilities, without
from evidence_mapper.classify.statement_classifier import StatementClassifier

PASSAGES = Path(__file__).resolve().parents[2] / "corpora" / "passages"


@given(
    st.text(max_size=400)
    | st.lists(st.sampled_from(["care", "home,", "it's", "\n"]), max_size=300).map(" ".join)
)
@settings(max_examples=100, deadline=None)
def test_pieces_are_ordered_and_inside_the_text(text: str) -> None:
    pieces = cut(text)
    assert len(pieces) <= 48
    assert all(a.end <= b.start for a, b in pairwise(pieces))
    assert all(p.of(text).strip() == p.of(text) for p in pieces)


def test_without_takes_out_just_the_spans() -> None:
    text = "I waited seven months for my assessment."
    pieces = cut(text)
    assert [p.of(text) for p in pieces][:3] == ["I", "waited", "seven"]
    assert without(text, [pieces[1], pieces[3]]) == "I seven for my assessment."


def test_plain_case_is_carried_by_its_plain_word(classifier: StatementClassifier) -> None:
    item = ClassifierInput("The leaflet was never put into Bengali, and no interpreter came.")
    found = explain(classifier, item, "equity")
    words = {h.span.of(item.text) for h in found.highlights}
    assert words & {"Bengali", "interpreter"}
    assert found.probability > 0.5


def test_highlighted_words_carry_more_than_as_many_others(classifier: StatementClassifier) -> None:
    """On average the probability falls at least three times as far without them."""
    rows = [r for r in read_passages(corpus_files(PASSAGES)) if split_of(r.id) == "test" and r.statements]
    generator, ours, others = random.Random(3), [], []
    for row in rows[::24]:
        item = ClassifierInput(row.text, None, row.source_type)
        (suggestion,) = classifier.suggest([item])
        statement = suggestion.statements[0].id
        found = explain(classifier, item, statement)
        spans = [h.span for h in found.highlights]
        rest = [p for p in cut(row.text) if p not in spans]
        if not spans or len(rest) < len(spans):
            continue
        drawn = generator.sample(rest, len(spans))
        texts = [row.text, without(row.text, spans), without(row.text, drawn)]
        inputs = [ClassifierInput(t, None, row.source_type) for t in texts]
        whole, less, control = probabilities(classifier, inputs, statement)
        ours.append(whole - less)
        others.append(whole - control)
    assert len(ours) >= 15
    assert np.mean(ours) > 0.1
    assert np.mean(ours) > 3 * max(float(np.mean(others)), 0.0)
