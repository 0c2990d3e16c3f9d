"""Fitted files are checked before they are used."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from evidence_mapper.classify.artefact import load_artefact, models_folder, save_artefact
from evidence_mapper.classify.shipped import load_classifier
from evidence_mapper.domain.framework import Framework
from evidence_mapper.errors import ModelNotFound, SpecMismatch, UntrustedArtefact


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Return a copy of the shipped artefact that a test may spoil."""
    target = tmp_path / "models"
    shutil.copytree(models_folder() / "definitions", target / "definitions")
    (target / "minilm").mkdir()
    for name in ("model_w8.onnx", "tokenizer.json"):
        (target / "minilm" / name).symlink_to((models_folder() / "minilm" / name).resolve())
    return target / "definitions"


def test_shipped_artefacts_pass_their_own_check() -> None:
    for name in ("cqc-local-authority", "definitions"):
        artefact = load_artefact(models_folder() / name)
        assert artefact.name == f"{name}@{artefact.manifest['version']}"


def test_changed_array_file_is_refused(copied: Path) -> None:
    path = copied / "head.safetensors"
    path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    with pytest.raises(UntrustedArtefact, match=r"head\.safetensors has hash"):
        load_artefact(copied)


def test_missing_file_is_refused(copied: Path) -> None:
    (copied / "vocabulary.txt").unlink()
    with pytest.raises(UntrustedArtefact, match=r"vocabulary\.txt is named in the manifest"):
        load_artefact(copied)


def test_unlisted_file_is_refused(copied: Path) -> None:
    manifest = json.loads((copied / "manifest.json").read_text())
    del manifest["files"]["head.safetensors"]
    (copied / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(UntrustedArtefact, match=r"does not list head\.safetensors"):
        load_artefact(copied)


def test_broken_manifest_is_refused(copied: Path) -> None:
    (copied / "manifest.json").write_text('{"files": ')
    with pytest.raises(UntrustedArtefact, match="is not a manifest"):
        load_artefact(copied)


def test_pickle_in_place_of_arrays_is_refused(copied: Path) -> None:
    import pickle

    manifest = json.loads((copied / "manifest.json").read_text())
    arrays = dict(load_artefact(copied).arrays)
    save_artefact(copied, manifest, arrays, ())
    (copied / "head.safetensors").write_bytes(pickle.dumps(arrays))
    _trust_again(copied)
    with pytest.raises(UntrustedArtefact, match="is not a safetensors file"):
        load_artefact(copied)


def test_array_type_outside_the_allow_list_is_refused(copied: Path) -> None:
    save_file({"centre": np.zeros(3, dtype=np.uint8)}, str(copied / "head.safetensors"))
    _trust_again(copied)
    with pytest.raises(UntrustedArtefact, match="has type uint8"):
        load_artefact(copied)


def _trust_again(folder: Path) -> None:
    """Write the manifest's hash of the arrays anew, as an attacker who controls both would."""
    from evidence_mapper.domain.ids import sha256_file

    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["head.safetensors"] = sha256_file(folder / "head.safetensors")
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_no_artefact_names_those_shipped(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="cqc-local-authority"):
        load_artefact(tmp_path)


def test_artefact_of_another_framework_is_refused(framework: Framework) -> None:
    import dataclasses

    other = dataclasses.replace(framework, statements=framework.statements[:3])
    with pytest.raises(SpecMismatch, match="was fitted for statements"):
        load_classifier(other, models_folder() / "cqc-local-authority", threads=1)
