"""Vectors: the same as sentence-transformers', whatever the batch; each text read once."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file

from evidence_mapper.classify.encoder import _BATCH_TOKENS, OnnxEncoder, _batches
from evidence_mapper.classify.statement_classifier import StatementClassifier
from evidence_mapper.errors import ModelNotFound

DATA = Path(__file__).parent / "data"
MINILM = Path(__file__).resolve().parents[2] / "models" / "minilm"


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    return OnnxEncoder(MINILM / "model_w8.onnx", MINILM / "tokenizer.json", "minilm", threads=1)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    found: list[str] = json.loads((DATA / "reference_texts.json").read_text(encoding="utf-8"))
    return found


def _cosines(one: npt.NDArray[np.float32], other: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    a, b = one.astype(np.float64), other.astype(np.float64)
    return np.asarray((a * b).sum(1) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)))


def test_vectors_are_those_of_sentence_transformers(encoder: OnnxEncoder, texts: list[str]) -> None:
    reference = np.load(DATA / "reference_vectors.npy", allow_pickle=False)
    found = encoder.encode(texts)
    assert found.shape == reference.shape == (len(texts), 384)
    # Rounded weights show most in texts of one to three words, where no mean over words evens them out.
    assert sum(len(text.split()) <= 3 for text in texts) > 200
    assert np.min(_cosines(found, reference)) >= 0.999
    others = _cosines(found, np.roll(reference, 1, axis=0))
    assert np.max(others) < 0.99  # the reference tells texts apart, so the line above can fail


def test_fine_tuned_vectors_are_those_before_weights_were_rounded(
    classifier: StatementClassifier, texts: list[str]
) -> None:
    reference = load_file(MINILM.parent / "minilm-council" / "reference.safetensors")["vectors"]
    found = classifier.encoder.encode(texts)
    assert found.shape == reference.shape == (len(texts), 384)
    assert np.min(_cosines(found, reference)) >= 0.999
    assert np.max(_cosines(found, np.roll(reference, 1, axis=0))) < 0.99


def test_torch_gives_the_same_vectors(encoder: OnnxEncoder, texts: list[str]) -> None:
    pytest.importorskip("sentence_transformers")
    from evidence_mapper.classify.torch_encoder import load_other_encoder

    try:
        torch_encoder = load_other_encoder(os.environ.get("MINILM_FOLDER", "all-MiniLM-L6-v2"), threads=1)
    except ModelNotFound as error:
        pytest.skip(f"no all-MiniLM-L6-v2 for torch here, nor MINILM_FOLDER: {error}")
    assert np.min(_cosines(encoder.encode(texts), torch_encoder.encode(texts))) >= 0.999


def test_a_text_gets_its_vector_whatever_is_read_with_it(encoder: OnnxEncoder, texts: list[str]) -> None:
    together = encoder.encode(texts)
    for i in (0, 20, 23):
        assert np.abs(encoder.encode([texts[i]])[0] - together[i]).max() < 1e-5


def test_unit_length_unless_the_heads_want_it_raw(
    encoder: OnnxEncoder, classifier: StatementClassifier, texts: list[str]
) -> None:
    assert np.linalg.norm(encoder.encode(texts[:4]), axis=1) == pytest.approx(1.0, abs=1e-5)
    assert not np.allclose(np.linalg.norm(classifier.encoder.encode(texts[:4]), axis=1), 1.0, atol=0.1)


def test_a_text_given_twice_is_read_once(encoder: OnnxEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    real = OnnxEncoder._encode_batch

    def counting(self: OnnxEncoder, ids: list[list[int]]) -> npt.NDArray[np.float32]:
        read.append(len(ids))
        return real(self, ids)

    monkeypatch.setattr(OnnxEncoder, "_encode_batch", counting)
    found = encoder.encode(["She rang twice.", "Nobody came.", "She rang twice.", "She rang twice."])
    assert sum(read) == 2
    assert np.array_equal(found[0], found[2])
    assert np.array_equal(found[0], found[3])
    assert not np.allclose(found[0], found[1])


@pytest.mark.parametrize("threads", [2, 5, None])
def test_any_number_of_threads_gives_the_same_vectors(
    encoder: OnnxEncoder, texts: list[str], threads: int | None
) -> None:
    other = OnnxEncoder(MINILM / "model_w8.onnx", MINILM / "tokenizer.json", "minilm", threads=threads)
    many = [f"{text} {n}" for n in range(4) for text in texts]
    assert np.array_equal(other.encode(many), encoder.encode(many))


def test_no_text_no_vector(encoder: OnnxEncoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


@settings(max_examples=200)
@given(st.lists(st.integers(1, 256), max_size=80))
def test_every_row_is_in_one_batch_within_the_budget(lengths: list[int]) -> None:
    batches = list(_batches(lengths))
    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    for batch in batches:
        assert batch
        assert len(batch) * max(lengths[i] for i in batch) <= _BATCH_TOKENS
