"""Another encoder than the shipped one: a folder on disk, or a name in the local cache. Never downloaded.

A folder with ``tokenizer.json`` and an ONNX file needs nothing more; any other sentence-transformers
model needs the extra ``[torch]``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from evidence_mapper.classify.base import Embeddings, Encoder
from evidence_mapper.classify.encoder import OnnxEncoder
from evidence_mapper.domain.ids import sha256_file, sha256_text
from evidence_mapper.errors import ModelNotFound, SpecMismatch, UntrustedArtefact

_ONNX: Final = ("model.onnx", "onnx/model.onnx", "model_w8.onnx")
"""Where a folder may keep its ONNX file, first found first taken."""
_OFFLINE: Final = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE")
_EXTRA: Final = 'pip install "evidence-mapper[torch]"'


class TorchEncoder:
    """A sentence-transformers model run by torch on the processor; vectors at unit length.

    Parameters
    ----------
    folder
        As sentence-transformers saves a model, weights in safetensors.
    encoder_id
        Names the weights.
    threads
        Threads of torch; None leaves it to the library.

    Raises
    ------
    ModelNotFound
        The extra ``[torch]`` is not installed.
    UntrustedArtefact
        The folder is no sentence-transformers model, or its weights are not in safetensors.
    """

    def __init__(self, folder: Path, encoder_id: str, threads: int | None = None) -> None:
        _stay_offline()
        try:
            import torch
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ModelNotFound(
                f"{folder} has no ONNX file ({', '.join(_ONNX)}) with tokenizer.json, so it needs the extra "
                f"[torch], which is not installed: {_EXTRA}"
            ) from error
        if threads is not None:
            torch.set_num_threads(threads)
        try:
            self._model: Any = SentenceTransformer(
                str(folder), device="cpu", local_files_only=True, model_kwargs={"use_safetensors": True}
            )
        except (OSError, ValueError, KeyError) as error:
            raise UntrustedArtefact(f"{folder} is not a sentence-transformers model: {error}") from error
        self.id = encoder_id
        self.width = len(self.encode(["width"])[0])

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """Return vectors, shape (n_texts, width)."""
        found = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(found, dtype=np.float32)


def load_other_encoder(name: str, threads: int | None = None) -> Encoder:
    """Return an encoder by folder, or by name when it is in the local cache.

    Parameters
    ----------
    name
        A folder; or a name such as ``all-MiniLM-L6-v2``, looked up in the cache of models that
        sentence-transformers keeps.
    threads
        Threads of the runtime; None leaves it to the library.

    Raises
    ------
    ModelNotFound
        There is no such folder and no such model in the cache, or the extra ``[torch]`` is missing.
    SpecMismatch
        An ONNX encoder pools in another way than by the mean.
    UntrustedArtefact
        A file is not what its name says.
    """
    folder = Path(name) if Path(name).is_dir() else _cached(name)
    label = Path(name).name
    for candidate in _ONNX:
        if (folder / candidate).is_file() and (folder / "tokenizer.json").is_file():
            return _onnx(folder, folder / candidate, label, threads)
    weights = sorted(folder.rglob("*.safetensors"))
    if not weights:
        raise UntrustedArtefact(
            f"{folder} has neither an ONNX file ({', '.join(_ONNX)}) with tokenizer.json nor weights in "
            "safetensors; save the model with sentence-transformers' save_pretrained"
        )
    digest = sha256_text("\n".join(sha256_file(path) for path in weights)).removeprefix("sha256:")
    return TorchEncoder(folder, f"{label}/torch/{digest[:12]}", threads)


def _onnx(folder: Path, model: Path, label: str, threads: int | None) -> OnnxEncoder:
    pooling = folder / "1_Pooling" / "config.json"
    if pooling.is_file():
        said = json.loads(pooling.read_text(encoding="utf-8"))
        mean = said.get("pooling_mode_mean_tokens", said.get("pooling_mode") == "mean")
        if not mean:
            raise SpecMismatch(
                f"{folder} does not pool by the mean, as an encoder from an ONNX file must; move "
                f"{model.name} out of it and use the extra [torch] instead: {_EXTRA}"
            )
    digest = sha256_file(model).removeprefix("sha256:")
    try:
        return OnnxEncoder(model, folder / "tokenizer.json", f"{label}/onnx/{digest[:12]}", threads=threads)
    except Exception as error:  # ONNX Runtime and tokenizers raise classes of their own, and bare Exception
        raise UntrustedArtefact(f"{folder} cannot be used as an encoder: {error}") from error


def _cached(name: str) -> Path:
    """Return the folder of a model in the local cache."""
    _stay_offline()
    missing = (
        f"there is no folder {name} and no encoder of that name in the local cache; nothing is ever "
        "downloaded: give the folder of a sentence-transformers model"
    )
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError
    except ImportError as error:
        raise ModelNotFound(
            f"{missing}; names need the extra [torch], which is not installed: {_EXTRA}"
        ) from error
    for full in (name, f"sentence-transformers/{name}"):
        try:
            return Path(snapshot_download(full, local_files_only=True))
        except (LocalEntryNotFoundError, HFValidationError):
            continue
    raise ModelNotFound(missing)


def _stay_offline() -> None:
    """Keep the model libraries from the network, whatever the environment says."""
    for variable in _OFFLINE:
        os.environ[variable] = "1"
