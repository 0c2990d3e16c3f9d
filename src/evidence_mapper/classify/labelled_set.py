"""Labelled passages that come with the program, with their vectors: hash-listed, checked when read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np

from evidence_mapper.classify.artefact import models_folder
from evidence_mapper.classify.base import Embeddings
from evidence_mapper.classify.corpus import LabelledPassage
from evidence_mapper.classify.statement_classifier import StatementClassifier
from evidence_mapper.domain.ids import sha256_file
from evidence_mapper.errors import ModelNotFound, SpecMismatch, UntrustedArtefact

VECTORS: Final = "vectors.safetensors"
PASSAGES: Final = "passages.jsonl"


@dataclass(frozen=True, slots=True)
class SetKind:
    """Which set, and what is said of it."""

    name: str
    """Such as ``guard set``."""
    folder: str
    """In the models folder."""
    manifest: str
    """Name of the file that lists the others with their hashes."""
    script: str
    """What rebuilds it."""

    @property
    def remedy(self) -> str:
        """Return what to do when it cannot be used."""
        return f"rebuild it with `python {self.script}`, or reinstall evidence-mapper"


@dataclass(frozen=True, slots=True)
class ShippedPassage:
    """One labelled passage, invented for the program."""

    id: str
    text: str
    statements: tuple[str, ...]
    """The main one first; empty for none."""
    source_type: str | None
    part: str
    """What it is used for within the set."""


@dataclass(frozen=True)
class LabelledSet:
    """The passages with the encoder's vectors, shape (n, width)."""

    passages: tuple[ShippedPassage, ...]
    vectors: Embeddings

    def without(self, ids: frozenset[str]) -> LabelledSet:
        """Return the set less some passages, for a simulation that measures on those."""
        keep = [i for i, p in enumerate(self.passages) if p.id not in ids]
        return LabelledSet(tuple(self.passages[i] for i in keep), self.vectors[keep])


def drawn(rows: Sequence[LabelledPassage], salt: str, per_stratum: int) -> list[LabelledPassage]:
    """Return up to so many passages of each main statement and of none, always the same ones.

    The order within a stratum is by the hash of salt and id. Passages that need their heading are left out.
    """
    strata: dict[str, list[LabelledPassage]] = {}
    alone = [r for r in rows if not r.heading]
    for row in sorted(alone, key=lambda r: sha256(f"{salt} {r.id}".encode()).hexdigest()):
        strata.setdefault(row.statements[0] if row.statements else "", []).append(row)
    return [r for _, members in sorted(strata.items()) for r in members[:per_stratum]]


def save_set(
    kind: SetKind,
    folder: Path,
    passages: Sequence[ShippedPassage],
    vectors: Embeddings,
    facts: dict[str, Any],
) -> None:
    """Write a set; ``facts`` are ``framework``, ``encoder`` (id and hash) and what else there is."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    save_file({"vectors": np.ascontiguousarray(vectors, dtype=np.float16)}, str(folder / VECTORS))
    lines = [
        json.dumps({"id": p.id, "part": p.part, "statements": p.statements, "source_type": p.source_type,
                    "text": p.text}, ensure_ascii=False)
        for p in passages
    ]  # fmt: skip
    (folder / PASSAGES).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    files = {name: sha256_file(folder / name) for name in (VECTORS, PASSAGES)}
    text = json.dumps({**facts, "passages": len(passages), "files": files}, indent=2, sort_keys=True)
    (folder / kind.manifest).write_text(text + "\n", encoding="utf-8", newline="\n")


def load_set(kind: SetKind, classifier: StatementClassifier, folder: Path | None = None) -> LabelledSet:
    """Read and check a set.

    Parameters
    ----------
    kind
        Which.
    classifier
        Whose encoder must have made the vectors.
    folder
        None takes the shipped one.

    Raises
    ------
    ModelNotFound
        There is no such set.
    UntrustedArtefact
        A file's hash differs from the manifest, or a file is not what it should be.
    SpecMismatch
        The vectors are another encoder's.
    """
    place = folder or models_folder() / kind.folder
    path = place / kind.manifest
    if not path.is_file():
        raise ModelNotFound(f"no {kind.name} in {place}; {kind.remedy}")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        for name in (VECTORS, PASSAGES):
            if sha256_file(place / name) != manifest["files"][name]:
                raise UntrustedArtefact(f"{place / name} does not match its hash in {path}; {kind.remedy}")
        encoder = manifest["encoder"]["id"], manifest["encoder"]["sha256"]
        passages = tuple(map(_passage, (place / PASSAGES).read_text(encoding="utf-8").splitlines()))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UntrustedArtefact(f"{path} is not a {kind.name}: {error!r}; {kind.remedy}") from error
    if encoder != (classifier.encoder.id, classifier.encoder_sha256):
        raise SpecMismatch(
            f"the {kind.name} in {place} was made with encoder {encoder[0]} ({encoder[1][:19]}), but "
            f"{classifier.name} has {classifier.encoder.id} ({classifier.encoder_sha256[:19]}); {kind.remedy}"
        )
    vectors = _vectors(place / VECTORS, kind)
    if vectors.shape != (len(passages), classifier.encoder.width):
        raise UntrustedArtefact(
            f"{place / VECTORS} has shape {vectors.shape}, for {len(passages)} passages; {kind.remedy}"
        )
    return LabelledSet(passages, vectors)


def _vectors(path: Path, kind: SetKind) -> Embeddings:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        return np.asarray(load_file(str(path))["vectors"], dtype=np.float32)
    except (SafetensorError, KeyError) as error:
        raise UntrustedArtefact(f"{path} holds no vectors: {error!r}; {kind.remedy}") from error


def _passage(line: str) -> ShippedPassage:
    data = json.loads(line)
    source = data["source_type"]
    return ShippedPassage(
        str(data["id"]),
        str(data["text"]),
        tuple(data["statements"]),
        None if source is None else str(source),
        str(data["part"]),
    )
