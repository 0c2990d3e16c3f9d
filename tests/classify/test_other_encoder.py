"""``--encoder``: a folder or a cached name, for frameworks classified by definitions; never a download."""

from __future__ import annotations

import json
import os
import shutil
import socket
from pathlib import Path

import numpy as np
import pytest

from evidence_mapper import frameworks
from evidence_mapper.classify import ClassifierInput, load_classifier
from evidence_mapper.classify.definitions import DefinitionClassifier
from evidence_mapper.classify.torch_encoder import load_other_encoder
from evidence_mapper.domain.framework import Framework
from evidence_mapper.errors import ModelNotFound, SpecMismatch, UntrustedArtefact

MINILM = Path(__file__).resolve().parents[2] / "models" / "minilm"
OTHER = "cqc-integrated-care-systems"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "my-encoder"
    made.mkdir()
    shutil.copy(MINILM / "model_w8.onnx", made / "model.onnx")
    shutil.copy(MINILM / "tokenizer.json", made / "tokenizer.json")
    return made


def test_onnx_folder_works_without_torch(folder: Path) -> None:
    encoder = load_other_encoder(str(folder), threads=1)
    assert encoder.id.startswith("my-encoder/onnx/")
    assert encoder.width == 384
    assert np.linalg.norm(encoder.encode(["Nobody came."]), axis=1) == pytest.approx(1.0, abs=1e-5)


def test_definitions_take_another_encoder_and_say_so(folder: Path) -> None:
    framework = frameworks.load(OTHER)
    own = load_classifier(framework, threads=1)
    other = load_classifier(framework, threads=1, encoder=str(folder))
    assert isinstance(other, DefinitionClassifier)
    assert "my-encoder/onnx/" in other.name
    assert other.sha256 != own.sha256
    (suggestion,) = other.suggest([ClassifierInput("The nurse explained the plan and listened to me.")])
    assert {s.id for s in suggestion.statements} == {s.id for s in framework.statements}
    assert len({s.probability for s in suggestion.statements}) > 1
    assert not other.calibrated


def test_fitted_classifier_takes_no_other_encoder(framework: Framework, folder: Path) -> None:
    with pytest.raises(SpecMismatch, match=r"fitted with its own encoder.*finetune_encoder\.py.*\[torch\]"):
        load_classifier(framework, encoder=str(folder))


def test_definitions_have_no_quick_reading() -> None:
    with pytest.raises(SpecMismatch, match="leave out --fast"):
        load_classifier(frameworks.load(OTHER), speed="fast")


def test_unknown_name_is_not_downloaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    with pytest.raises(ModelNotFound, match=r"no folder no-such-encoder.*nothing is ever downloaded"):
        load_other_encoder("no-such-encoder")
    assert os.environ["HF_HUB_OFFLINE"] == "1"


def test_folder_with_neither_onnx_nor_safetensors(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(UntrustedArtefact, match=r"neither an ONNX file.*nor weights in safetensors"):
        load_other_encoder(str(tmp_path))


def test_pooling_other_than_the_mean_is_refused(folder: Path) -> None:
    (folder / "1_Pooling").mkdir()
    said = {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(SpecMismatch, match="does not pool by the mean"):
        load_other_encoder(str(folder))


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_damaged_file_is_named(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"not what it says")
    with pytest.raises(UntrustedArtefact, match="cannot be used as an encoder"):
        load_other_encoder(str(folder))


def test_torch_folder_without_the_extra_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"\0" * 16)
    monkeypatch.setitem(__import__("sys").modules, "sentence_transformers", None)
    with pytest.raises(ModelNotFound, match=r"extra \[torch\].*evidence-mapper\[torch\]"):
        load_other_encoder(str(tmp_path))


def test_torch_folder(tmp_path: Path) -> None:
    """Any sentence-transformers model on disk: here a tiny one, made on the spot."""
    pytest.importorskip("sentence_transformers")
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    (tmp_path / "vocab.txt").write_text("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nnobody\ncame", encoding="utf-8")
    BertTokenizerFast(vocab_file=str(tmp_path / "vocab.txt")).save_pretrained(tmp_path / "bert")
    config = BertConfig(
        vocab_size=7, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32
    )
    BertModel(config).save_pretrained(tmp_path / "bert")
    parts = Transformer(str(tmp_path / "bert")), Pooling(16, "mean")
    SentenceTransformer(modules=list(parts), device="cpu").save_pretrained(str(tmp_path / "tiny"))
    encoder = load_other_encoder(str(tmp_path / "tiny"), threads=1)
    assert encoder.id.startswith("tiny/torch/")
    assert encoder.encode(["nobody came", "came"]).shape == (2, encoder.width) == (2, 16)
