"""The guard set: labelled passages shipped with the product, which a project's head must not get worse on.

They are of the test split, from which nothing in the shipped classifier was learned. A third of them is
learned together with a project's decisions, as a reminder; the rest only checks.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from evidence_mapper.classify.artefact import models_folder
from evidence_mapper.classify.base import ClassifierInput, Embeddings
from evidence_mapper.classify.corpus import LabelledPassage
from evidence_mapper.classify.fit_project import GuardRows, LearningRows
from evidence_mapper.classify.statement_classifier import StatementClassifier
from evidence_mapper.domain.ids import sha256_file
from evidence_mapper.errors import ModelNotFound, SpecMismatch, UntrustedArtefact

GUARD: Final = "guard"
MANIFEST: Final = "guard.json"
VECTORS: Final = "vectors.safetensors"
PASSAGES: Final = "passages.jsonl"
_REBUILD: Final = "rebuild it with `python scripts/build_guard.py`, or reinstall evidence-mapper"

Part = Literal["replay", "check"]


@dataclass(frozen=True, slots=True)
class GuardPassage:
    """One labelled passage of the guard set."""

    id: str
    text: str
    statements: tuple[str, ...]
    """The main one first; empty for none."""
    source_type: str | None
    part: Part


@dataclass(frozen=True)
class GuardSet:
    """The passages with the encoder's vectors, shape (n, width)."""

    passages: tuple[GuardPassage, ...]
    vectors: Embeddings

    def without(self, ids: frozenset[str]) -> GuardSet:
        """Return the set less some passages, for a simulation that measures on those."""
        keep = [i for i, p in enumerate(self.passages) if p.id not in ids]
        return GuardSet(tuple(self.passages[i] for i in keep), self.vectors[keep])


def choose(rows: Sequence[LabelledPassage], per_stratum: int) -> list[GuardPassage]:
    """Return up to so many passages of each main statement and of none, always the same ones.

    The order within a stratum is by the hash of the id; every third goes to the replayed part.
    """
    strata: dict[str, list[LabelledPassage]] = {}
    for row in sorted(rows, key=lambda r: sha256(f"guard {r.id}".encode()).hexdigest()):
        strata.setdefault(row.statements[0] if row.statements else "", []).append(row)
    return [
        GuardPassage(r.id, r.text, r.statements, r.source_type, "check" if n % 3 else "replay")
        for _, members in sorted(strata.items())
        for n, r in enumerate(members[:per_stratum])
    ]


def save_guard(
    folder: Path, passages: Sequence[GuardPassage], vectors: Embeddings, facts: dict[str, Any]
) -> None:
    """Write the guard set; ``facts`` are ``framework``, ``encoder`` (id and hash) and what else there is."""
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
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")


def load_guard(classifier: StatementClassifier, folder: Path | None = None) -> GuardSet:
    """Read and check the guard set of a classifier.

    Parameters
    ----------
    classifier
        Whose encoder must have made the vectors.
    folder
        None takes the shipped one.

    Raises
    ------
    ModelNotFound
        There is no guard set.
    UntrustedArtefact
        A file's hash differs from the manifest, or a file is not what it should be.
    SpecMismatch
        The vectors are another encoder's.
    """
    place = folder or models_folder() / GUARD
    path = place / MANIFEST
    if not path.is_file():
        raise ModelNotFound(f"no guard set in {place}; {_REBUILD}")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        for name in (VECTORS, PASSAGES):
            if sha256_file(place / name) != manifest["files"][name]:
                raise UntrustedArtefact(f"{place / name} does not match its hash in {path}; {_REBUILD}")
        encoder = manifest["encoder"]["id"], manifest["encoder"]["sha256"]
        passages = tuple(map(_passage, (place / PASSAGES).read_text(encoding="utf-8").splitlines()))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UntrustedArtefact(f"{path} is not a guard set: {error!r}; {_REBUILD}") from error
    if encoder != (classifier.encoder.id, classifier.encoder_sha256):
        raise SpecMismatch(
            f"the guard set in {place} was made with encoder {encoder[0]} ({encoder[1][:19]}), but "
            f"{classifier.name} has {classifier.encoder.id} ({classifier.encoder_sha256[:19]}); {_REBUILD}"
        )
    vectors = _vectors(place / VECTORS)
    if vectors.shape != (len(passages), classifier.encoder.width):
        raise UntrustedArtefact(
            f"{place / VECTORS} has shape {vectors.shape}, for {len(passages)} passages; {_REBUILD}"
        )
    return GuardSet(passages, vectors)


def _vectors(path: Path) -> Embeddings:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        return np.asarray(load_file(str(path))["vectors"], dtype=np.float32)
    except (SafetensorError, KeyError) as error:
        raise UntrustedArtefact(f"{path} holds no vectors: {error!r}; {_REBUILD}") from error


def _passage(line: str) -> GuardPassage:
    data = json.loads(line)
    part: Part = "replay" if data["part"] == "replay" else "check"
    source = data["source_type"]
    return GuardPassage(
        str(data["id"]),
        str(data["text"]),
        tuple(data["statements"]),
        None if source is None else str(source),
        part,
    )


def guard_rows(classifier: StatementClassifier, guard: GuardSet) -> GuardRows:
    """Return the guard set as a fit takes it, with what the shipped classifier says of it."""
    inputs = [ClassifierInput(p.text, None, p.source_type) for p in guard.passages]
    statements, none = classifier.shipped_probabilities(inputs, guard.vectors)
    names = classifier.statements
    truth = np.array([[s in p.statements for s in names] + [not p.statements] for p in guard.passages])
    main = np.array([names.index(p.statements[0]) if p.statements else len(names) for p in guard.passages])
    replayed = np.array([p.part == "replay" for p in guard.passages])

    def part(chosen: np.ndarray[Any, np.dtype[np.bool_]]) -> LearningRows:
        here = truth[chosen]
        return LearningRows(
            guard.vectors[chosen], statements[chosen], none[chosen], here, np.ones(here.shape),
            np.zeros(len(here), dtype=np.int64),
        )  # fmt: skip

    return GuardRows(part(replayed), part(~replayed), main[~replayed])
