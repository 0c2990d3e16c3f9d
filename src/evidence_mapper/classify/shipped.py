"""Finds the classifier for a framework among those shipped."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from evidence_mapper.classify.artefact import Artefact, load_artefact, models_folder
from evidence_mapper.classify.definitions import DefinitionClassifier
from evidence_mapper.classify.encoder import OnnxEncoder
from evidence_mapper.classify.statement_classifier import StatementClassifier
from evidence_mapper.domain.framework import Framework
from evidence_mapper.errors import SpecMismatch

DEFINITIONS: Final = "definitions"
"""Artefact used for every framework without one of its own."""


def load_classifier(
    framework: Framework, folder: Path | None = None, *, threads: int | None = None
) -> StatementClassifier | DefinitionClassifier:
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

    Raises
    ------
    ModelError
        The artefact is missing, changed, or was fitted for another framework.
    """
    own = folder if folder is not None else models_folder() / framework.id
    if folder is None and not own.is_dir():
        artefact = load_artefact(models_folder() / DEFINITIONS)
        return DefinitionClassifier(artefact, load_encoder(artefact, threads), framework)
    artefact = load_artefact(own)
    _check_framework(artefact, framework)
    return StatementClassifier(artefact, load_encoder(artefact, threads))


def load_encoder(artefact: Artefact, threads: int | None = None) -> OnnxEncoder:
    """Return the encoder an artefact was fitted with."""
    return OnnxEncoder(
        artefact.encoder_file("model"),
        artefact.encoder_file("tokenizer"),
        str(artefact.manifest["encoder"]["id"]),
        threads=threads,
        normalise=bool(artefact.manifest["encoder"]["normalise"]),
    )


def _check_framework(artefact: Artefact, framework: Framework) -> None:
    fitted = tuple(artefact.manifest["spec"]["labels"]["statements"])
    wanted = tuple(s.id for s in framework.statements)
    if set(fitted) != set(wanted):
        raise SpecMismatch(
            f"classifier {artefact.name} was fitted for statements {', '.join(fitted)}, "
            f"but framework {framework.id} {framework.version} has {', '.join(wanted)}"
        )
