"""Fitted files on disk: a manifest, arrays in safetensors, a vocabulary in plain text. No code, no pickle."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from evidence_mapper.domain.ids import sha256_file, sha256_text
from evidence_mapper.errors import ModelNotFound, UntrustedArtefact

MANIFEST: Final = "manifest.json"
ARRAYS: Final = "head.safetensors"
VOCABULARY: Final = "vocabulary.txt"
SHIPPED: Final = "shipped:"
"""Before the name of a file that lies among the shipped models and not beside the manifest."""
_KINDS: Final = {"float16", "float32", "float64", "int64"}


@dataclass(frozen=True)
class Artefact:
    """A fitted classifier as read from its folder, every file's hash checked."""

    folder: Path
    manifest: Mapping[str, Any]
    manifest_sha256: str
    arrays: Mapping[str, npt.NDArray[Any]]
    vocabulary: tuple[str, ...]

    @property
    def name(self) -> str:
        """``name@version``."""
        return f"{self.manifest['name']}@{self.manifest['version']}"

    @property
    def framework_file(self) -> Path | None:
        """The framework it was learned for; None where that is a shipped one of the artefact's name."""
        name = self.manifest.get("framework_file")
        return None if name is None else file_of(self.folder, str(name))

    @property
    def encoder_sha256(self) -> str:
        """Hash over the encoder's files as listed and checked: equal hashes, equal vectors."""
        files, parts = self.manifest["files"], _encoder_files(self.manifest["encoder"])
        return sha256_text("\n".join(f"{name} {files[name]}" for name in parts))

    def encoder_file(self, key: str) -> Path:
        """Return the path of an encoder file: ``model``, ``tokenizer`` or ``words``."""
        return file_of(self.folder, str(self.manifest["encoder"][key]))


def file_of(folder: Path, name: str) -> Path:
    """Return where a file that a manifest in ``folder`` names lies: beside it, or among the shipped models.

    Raises
    ------
    ModelNotFound
        It is a shipped one, and the installation has no models.
    """
    if name.startswith(SHIPPED):
        return (models_folder() / name.removeprefix(SHIPPED)).resolve()
    return (folder / name).resolve()


def models_folder() -> Path:
    """Return the folder of shipped artefacts: inside an installed package, else the source tree's.

    Raises
    ------
    ModelNotFound
        The installation has no models.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_models", package.parents[1] / "models"):
        if folder.is_dir():
            return folder
    raise ModelNotFound(f"no models beside {package}; reinstall evidence-mapper from its wheel")


def available() -> tuple[str, ...]:
    """Return names of shipped artefacts."""
    return tuple(sorted(p.parent.name for p in models_folder().glob(f"*/{MANIFEST}")))


def load_artefact(folder: Path) -> Artefact:
    """Read and check an artefact.

    Raises
    ------
    ModelNotFound
        The folder holds no manifest.
    UntrustedArtefact
        A file's hash differs from the manifest, or an array has a type outside the allow-list.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise ModelNotFound(
            f"no classifier in {folder}; shipped ones are: {', '.join(available()) or 'none'}"
        )
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        files: Mapping[str, str] = manifest["files"]
    except (ValueError, KeyError, TypeError) as error:
        raise UntrustedArtefact(f"{path} is not a manifest: {error}; reinstall evidence-mapper") from error
    for name, expected in files.items():
        _check(file_of(folder, name), expected, among_shipped=name.startswith(SHIPPED))
    for name in _named(manifest):
        if name not in files:
            raise UntrustedArtefact(f"{path} does not list {name}, so it cannot be checked")
    vocabulary = (folder / VOCABULARY).read_text(encoding="utf-8").split("\n")
    return Artefact(folder, manifest, sha256_file(path), _load_arrays(folder / ARRAYS), tuple(vocabulary))


def _named(manifest: Mapping[str, Any]) -> list[str]:
    """Return every file an artefact reads, as paths from its folder."""
    encoder = manifest["encoder"]
    own = [str(manifest["framework_file"])] if "framework_file" in manifest else []
    return [ARRAYS, VOCABULARY, *own, *_encoder_files(encoder)]


def _encoder_files(encoder: Mapping[str, Any]) -> list[str]:
    """Return the files of an encoder, and of a second one read beside it, each once."""
    own = [str(encoder[k]) for k in ("model", "tokenizer", "words") if k in encoder]
    return list(dict.fromkeys([*own, *(_encoder_files(encoder["second"]) if "second" in encoder else [])]))


def _check(path: Path, expected: str, *, among_shipped: bool = False) -> None:
    try:
        found = sha256_file(path)
    except OSError as error:
        raise UntrustedArtefact(f"{path} is named in the manifest but cannot be read: {error}") from error
    if found != expected and among_shipped:
        raise UntrustedArtefact(
            f"{path} is not the encoder this classifier was learned with: evidence-mapper was updated since, "
            "or the file is damaged; learn it again with `evidence-mapper framework learn`"
        )
    if found != expected:
        raise UntrustedArtefact(
            f"{path} has hash {found}, the manifest says {expected}; it was changed or damaged: reinstall"
        )


def _load_arrays(path: Path) -> Mapping[str, npt.NDArray[Any]]:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        arrays = load_file(str(path))
    except SafetensorError as error:
        raise UntrustedArtefact(f"{path} is not a safetensors file: {error}") from error
    for name, array in arrays.items():
        if array.dtype.name not in _KINDS:
            raise UntrustedArtefact(
                f"{path}: array '{name}' has type {array.dtype.name}, not one of {_KINDS}"
            )
    return arrays


def save_artefact(
    folder: Path,
    manifest: Mapping[str, Any],
    arrays: Mapping[str, npt.NDArray[Any]],
    vocabulary: tuple[str, ...],
) -> None:
    """Write arrays and vocabulary, then the manifest with the hash of every file it names."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    save_file({k: np.ascontiguousarray(arrays[k]) for k in sorted(arrays)}, str(folder / ARRAYS))
    (folder / VOCABULARY).write_text("\n".join(vocabulary), encoding="utf-8", newline="\n")
    full = {**manifest, "files": {name: sha256_file(file_of(folder, name)) for name in _named(manifest)}}
    text = json.dumps(full, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
