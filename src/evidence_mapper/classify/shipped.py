"""Finds the classifier for a framework among those shipped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from evidence_mapper.classify.artefact import Artefact, file_of, load_artefact, models_folder
from evidence_mapper.classify.base import Encoder
from evidence_mapper.classify.cascade import CascadeClassifier
from evidence_mapper.classify.definitions import DefinitionClassifier, descriptions
from evidence_mapper.classify.encoder import OnnxEncoder
from evidence_mapper.classify.learned import KIND as LEARNED
from evidence_mapper.classify.learned import LearnedClassifier
from evidence_mapper.classify.pair_encoder import PairEncoder
from evidence_mapper.classify.statement_classifier import StatementClassifier
from evidence_mapper.classify.torch_encoder import load_other_encoder
from evidence_mapper.classify.word_table import WordTable
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.ids import sha256_text
from evidence_mapper.errors import SpecMismatch

DEFINITIONS: Final = "definitions"
"""Artefact used for every framework without one of its own."""


def load_classifier(
    framework: Framework,
    folder: Path | None = None,
    *,
    threads: int | None = None,
    speed: str | None = None,
    encoder: str | None = None,
) -> StatementClassifier | DefinitionClassifier | LearnedClassifier:
    """Return the classifier for a framework.

    Parameters
    ----------
    framework
        The project's framework.
    folder
        A fitted artefact's folder; None takes the shipped one named after the framework, or the
        classifier by definitions where there is none.
    threads
        Threads of the encoder; None leaves it to the runtime.
    speed
        One of :data:`~evidence_mapper.classify.cascade.SPEEDS`; None reads every passage with the encoder.
    encoder
        Folder or cached name of an encoder for the classifier by definitions to use in place of its own;
        None takes its own.

    Raises
    ------
    ModelError
        The artefact is missing, changed, or was fitted for another framework; or the classifier of this
        framework has no cascade, or takes no other encoder.
    """
    own = folder if folder is not None else models_folder() / framework.id
    if folder is None and not own.is_dir():
        return _by_definitions(framework, threads, speed, encoder)
    artefact = load_artefact(own)
    _check_framework(artefact, framework)
    if encoder is not None:
        raise SpecMismatch(
            f"the classifier {artefact.name} was fitted with its own encoder, which --encoder {encoder} "
            "cannot replace; leave --encoder out, or fine-tune another with scripts/finetune_encoder.py "
            "(extra [torch]) and refit with scripts/build_models.py"
        )
    if artefact.manifest.get("kind") == LEARNED:
        if speed is not None:
            raise SpecMismatch(f"{artefact.name} has no quick reading; leave out --{speed}")
        return LearnedClassifier(artefact, load_encoder(artefact, threads))
    if speed is None:
        return StatementClassifier(artefact, load_encoder(artefact, threads))
    return CascadeClassifier(artefact, load_single_encoder(artefact, threads), speed)


def _by_definitions(
    framework: Framework, threads: int | None, speed: str | None, encoder: str | None
) -> DefinitionClassifier:
    if speed is not None:
        raise SpecMismatch(
            f"{framework.id} is classified by its definitions, which has no quick reading; leave out "
            f"--{speed}"
        )
    artefact = load_artefact(models_folder() / DEFINITIONS)
    if encoder is None:
        return DefinitionClassifier(artefact, load_encoder(artefact, threads), framework)
    other = load_other_encoder(encoder, threads)
    return DefinitionClassifier(_with_encoder(artefact, other, framework), other, framework)


def _with_encoder(artefact: Artefact, encoder: Encoder, framework: Framework) -> Artefact:
    """Return the classifier by definitions as it is with another encoder: named so, and centred anew.

    Ordinary passages' mean vector, which centres the shipped encoder's, is not known for another: the mean
    of the framework's own descriptions takes its place.
    """
    described = [text for s in framework.statements for text in descriptions(framework, s)]
    centre = encoder.encode(described).mean(axis=0)
    return replace(
        artefact,
        manifest={**artefact.manifest, "version": f"{artefact.manifest['version']}+{encoder.id}"},
        manifest_sha256=sha256_text(f"{artefact.manifest_sha256}\0{encoder.id}"),
        arrays={**artefact.arrays, "centre": centre},
    )


def load_encoder(artefact: Artefact, threads: int | None = None) -> Encoder:
    """Return the encoder an artefact was fitted with."""
    spec = artefact.manifest["encoder"]
    first = _onnx(artefact, spec, threads)
    return PairEncoder(first, _onnx(artefact, spec["second"], threads)) if "second" in spec else first


def load_single_encoder(artefact: Artefact, threads: int | None = None) -> OnnxEncoder:
    """Return the first, most often the only, encoder of an artefact."""
    return _onnx(artefact, artefact.manifest["encoder"], threads)


def _onnx(artefact: Artefact, spec: Mapping[str, Any], threads: int | None) -> OnnxEncoder:
    def path(key: str) -> Path:
        return file_of(artefact.folder, str(spec[key]))

    words = WordTable(path("words"), spec["word_table"]) if "words" in spec else None
    return OnnxEncoder(
        path("model"),
        path("tokenizer"),
        str(spec["id"]),
        threads=threads,
        normalise=bool(spec["normalise"]),
        words=words,
    )


def _check_framework(artefact: Artefact, framework: Framework) -> None:
    fitted = tuple(artefact.manifest["spec"]["labels"]["statements"])
    wanted = tuple(s.id for s in framework.statements)
    if set(fitted) != set(wanted):
        raise SpecMismatch(
            f"classifier {artefact.name} was fitted for statements {', '.join(fitted)}, "
            f"but framework {framework.id} {framework.version} has {', '.join(wanted)}"
        )
