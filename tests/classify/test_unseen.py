"""What encoders said of writers they had never seen, and the stack is fitted on, fits the passages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from evidence_mapper.classify.corpus import corpus_files, read_passages
from evidence_mapper.classify.labels import labels_of
from evidence_mapper.domain.framework import Framework

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "models" / "minilm-council"


def lines() -> list[tuple[str, str]]:
    text = (FOLDER / "unseen.txt").read_text(encoding="utf-8")
    return [(line.split()[0], line.split()[1]) for line in text.splitlines()]


def test_every_passage_is_there_once_and_a_writer_is_left_out_whole() -> None:
    rows = read_passages(corpus_files(ROOT / "corpora" / "passages"))
    known, headed = {r.id: r.hand for r in rows}, {r.hand for r in rows if r.heading}
    ids = [identity for identity, _ in lines()]
    assert len(set(ids)) == len(ids)
    assert set(ids) <= set(known)
    parts: dict[str, set[str]] = {}
    for identity, part in lines():
        parts.setdefault(known[identity], set()).add(part)
    assert all(len(found) == 1 for found in parts.values())
    assert len(set.union(*parts.values())) == 8, "six parts of the writers, and those who came later, twice"
    assert set(parts) == set(known.values()) - headed


def test_scores_have_a_column_for_every_label(framework: Framework) -> None:
    labels, scores = labels_of(framework), load_file(str(FOLDER / "unseen.safetensors"))
    widths = {
        "topic": len(labels.topics) + 1,
        "category": len(labels.categories),
        "polarity": len(labels.polarities),
        "i": len(labels.i_statements),
    }
    assert {name: array.shape for name, array in scores.items()} == {
        name: (len(lines()), width) for name, width in widths.items()
    }
    assert all(np.isfinite(array).all() for array in scores.values())


def test_the_right_topic_scores_high_for_strangers(framework: Framework) -> None:
    labels, scores = labels_of(framework), load_file(str(FOLDER / "unseen.safetensors"))["topic"]
    rows = {r.id: r for r in read_passages(corpus_files(ROOT / "corpora" / "passages"))}
    best = scores.argmax(axis=1)
    right = [
        labels.topics[best[k]] in rows[identity].topics
        if best[k] < len(labels.topics)
        else not rows[identity].topics
        for k, (identity, _) in enumerate(lines())
    ]
    assert np.mean(right) > 0.7
