"""Suggesting quickly: words decide where they are sure, the encoder reads the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from evidence_mapper.classify import ClassifierInput, load_classifier
from evidence_mapper.classify.artefact import load_artefact, models_folder
from evidence_mapper.classify.base import Embeddings
from evidence_mapper.classify.cascade import SPEEDS, CascadeClassifier, cascade_sha256, doubt
from evidence_mapper.classify.corpus import LabelledPassage, corpus_files, read_passages, split_of
from evidence_mapper.classify.encoder import OnnxEncoder
from evidence_mapper.classify.fit_cascade import cut_at, margins, mixed, word_weights
from evidence_mapper.classify.shipped import load_single_encoder
from evidence_mapper.classify.statement_classifier import StatementClassifier
from evidence_mapper.domain.coding import Suggestion
from evidence_mapper.domain.framework import Framework
from evidence_mapper.errors import SpecMismatch

PASSAGES = Path(__file__).resolve().parents[2] / "corpora" / "passages"


@pytest.fixture(scope="module")
def rows() -> list[LabelledPassage]:
    every = [r for r in read_passages(corpus_files(PASSAGES)) if split_of(r.id) == "test"]
    return every[::3]


@pytest.fixture(scope="module")
def inputs(rows: list[LabelledPassage]) -> list[ClassifierInput]:
    return [ClassifierInput(r.text, None, r.source_type) for r in rows]


@pytest.fixture(scope="module")
def vectors(classifier: StatementClassifier, inputs: list[ClassifierInput]) -> Embeddings:
    return classifier.encoder.encode(classifier.texts(inputs))


def cascade(framework: Framework, speed: str) -> CascadeClassifier:
    loaded = load_classifier(framework, threads=1, speed=speed)
    assert isinstance(loaded, CascadeClassifier)
    return loaded


def right(rows: Sequence[LabelledPassage], suggestions: Sequence[Suggestion]) -> float:
    pairs = [(r, s) for r, s in zip(rows, suggestions, strict=True) if r.statements]
    return float(np.mean([s.statements[0].id == r.statements[0] for r, s in pairs]))


def recall(rows: Sequence[LabelledPassage], suggestions: Sequence[Suggestion]) -> float:
    hits = [set(r.statements) & set(s.suggested_statements()) for r, s in zip(rows, suggestions, strict=True)]
    return sum(map(len, hits)) / sum(len(r.statements) for r in rows)


def tokens_of(quick: CascadeClassifier, inputs: Sequence[ClassifierInput]) -> list[list[int]]:
    assert isinstance(quick.encoder, OnnxEncoder)
    return quick.encoder.tokens(quick.texts(inputs))


def doubts(
    quick: CascadeClassifier, inputs: Sequence[ClassifierInput], read: Sequence[Suggestion]
) -> list[float]:
    found = []
    for tokens, suggestion in zip(tokens_of(quick, inputs), read, strict=True):
        likely = sorted([suggestion.none_probability, *(s.probability for s in suggestion.statements)])
        found.append((1 - (likely[-1] - likely[-2])) ** 2 / len(tokens))
    return found


def tokens_read(quick: CascadeClassifier, inputs: Sequence[ClassifierInput]) -> float:
    lengths = [len(ids) for ids in tokens_of(quick, inputs)]
    _, unsure = quick.quickly(inputs)
    return sum(lengths[i] for i in unsure) / sum(lengths)


@pytest.mark.parametrize(("speed", "lost", "most"), [("fast", 0.04, 0.1), ("balanced", 0.015, 0.45)])
def test_little_is_lost_and_much_is_not_read(
    framework: Framework,
    classifier: StatementClassifier,
    rows: list[LabelledPassage],
    inputs: list[ClassifierInput],
    vectors: Embeddings,
    speed: str,
    lost: float,
    most: float,
) -> None:
    quick = cascade(framework, speed)
    full, found = classifier.suggest(inputs, vectors), quick.suggest(inputs, vectors)
    assert 0 < tokens_read(quick, inputs) <= most
    assert right(rows, found) >= right(rows, full) - lost
    assert recall(rows, found) >= 0.85


def test_unsure_passages_are_read_as_the_full_classifier_reads_them(
    framework: Framework, classifier: StatementClassifier, inputs: list[ClassifierInput], vectors: Embeddings
) -> None:
    quick = cascade(framework, "fast")
    full, found = classifier.suggest(inputs, vectors), quick.suggest(inputs, vectors)
    read, unsure = quick.quickly(inputs)
    for i in range(len(inputs)):
        if i in unsure:
            assert found[i].statements[0].probability == pytest.approx(
                full[i].statements[0].probability, abs=1e-5
            )
        else:
            assert found[i] == read[i]
    left_open = doubts(quick, inputs, read)
    assert min(left_open[i] for i in unsure) >= max(
        left_open[i] for i in range(len(inputs)) if i not in unsure
    )


def test_only_unsure_passages_reach_the_encoder(
    framework: Framework, inputs: list[ClassifierInput], monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = cascade(framework, "fast")
    seen: list[str] = []
    real = OnnxEncoder.encode

    def watching(self: OnnxEncoder, texts: Sequence[str]) -> Embeddings:
        seen.extend(texts)
        return real(self, texts)

    monkeypatch.setattr(OnnxEncoder, "encode", watching)
    found = quick.suggest(inputs[:120])
    _, unsure = quick.quickly(inputs[:120])
    assert seen == [inputs[i].text for i in unsure]
    assert found == quick.suggest(inputs[:120])


def test_probabilities_of_the_quick_reading_mean_what_they_say(
    framework: Framework, rows: list[LabelledPassage], inputs: list[ClassifierInput]
) -> None:
    read, _ = cascade(framework, "fast").quickly(inputs)
    pairs = [
        (code.probability, code.id in row.statements)
        for row, suggestion in zip(rows, read, strict=True)
        for code in suggestion.statements
    ]
    said, true = np.array([p for p, _ in pairs]), np.array([t for _, t in pairs])
    bins = np.minimum((said * 10).astype(int), 9)
    error = sum(abs(said[bins == b].sum() - true[bins == b].sum()) for b in range(10)) / len(pairs)
    assert error <= 0.04


def test_each_speed_is_a_classifier_of_its_own(framework: Framework, classifier: StatementClassifier) -> None:
    found = [cascade(framework, speed) for speed in SPEEDS]
    assert [c.name for c in found] == [f"{classifier.name}+{speed}" for speed in SPEEDS]
    assert len({classifier.sha256, *(c.sha256 for c in found)}) == 1 + len(SPEEDS)
    assert found[0].sha256 == cascade_sha256(classifier.sha256, "fast")
    assert found[0].encoder.id == classifier.encoder.id
    assert found[0].guarantee is not None


def test_artefact_without_a_cascade_says_so(framework: Framework) -> None:
    artefact = load_artefact(models_folder() / framework.id)
    without = replace(artefact, arrays={k: v for k, v in artefact.arrays.items() if k != "fast_cut"})
    with pytest.raises(SpecMismatch, match="fitted without the setting 'fast'"):
        CascadeClassifier(without, load_single_encoder(artefact, 1), "fast")


ODD = {
    "one": "?",
    "emoji": "\N{FAMILY}" * 50,
    "long": "a " * 5000,
    "unknown": "zzqx",
    "control": "\u202e\x1b[31m",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_text_gets_a_suggestion(framework: Framework, text: str) -> None:
    (suggestion,) = cascade(framework, "fast").suggest([ClassifierInput(text)])
    assert {s.id for s in suggestion.statements} == {s.id for s in framework.statements}
    assert all(np.isfinite(s.probability) for s in suggestion.statements)


def test_no_input_no_suggestion(framework: Framework) -> None:
    assert cascade(framework, "fast").suggest([]) == []


def test_rare_words_weigh_more_and_special_ones_nothing() -> None:
    weights = word_weights([[0, 5, 5, 5, 5, 6, 1], [0, 5, 1]], frozenset({0, 1}), 8, 1e-3)
    assert weights[0] == weights[1] == 0
    assert 0 < weights[5] < weights[6] < weights[7] == 1


def test_margin_is_between_the_two_likeliest_of_statements_and_none() -> None:
    statements, none = np.array([[0.7, 0.2], [0.3, 0.1]]), np.array([0.5, 0.9])
    assert margins(statements, none) == pytest.approx([0.2, 0.6])
    both = mixed((statements, none), (statements + 1, none + 1), np.array([True, False]))
    assert both[0].tolist() == [[1.7, 1.2], [0.3, 0.1]]
    assert both[1].tolist() == [1.5, 0.9]


def test_doubt_falls_with_the_lead_and_with_what_reading_costs() -> None:
    found = doubt(np.array([0.0, 0.5, 0.5, 1.0]), np.array([10, 10, 40, 10]))
    assert found == pytest.approx([0.1, 0.025, 0.00625, 0.0])


@pytest.mark.parametrize(
    ("share", "read"), [(0.0, []), (0.1, [1]), (0.35, [1, 3]), (0.5, [1, 3]), (1.0, [0, 1, 2, 3])]
)
def test_no_more_than_the_share_of_tokens_is_read_the_most_doubtful_first(
    share: float, read: list[int]
) -> None:
    left_open, tokens = np.array([0.1, 0.4, 0.0, 0.3]), np.array([40, 10, 25, 25])
    assert np.flatnonzero(left_open > cut_at(left_open, tokens, share)).tolist() == read
