"""Labelled comments to a classifier's folder, for any framework."""

from __future__ import annotations

import dataclasses
import platform
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from evidence_mapper import frameworks
from evidence_mapper.classify.artefact import SHIPPED, Artefact, load_artefact, models_folder, save_artefact
from evidence_mapper.classify.base import Embeddings, Encoder
from evidence_mapper.classify.definitions import descriptions
from evidence_mapper.classify.learned import KIND, Passages, question_of, read_vectors
from evidence_mapper.classify.pair_encoder import PairEncoder
from evidence_mapper.classify.phrased import PhrasedScorer
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.ids import sha256_file, sha256_text
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.labelled_file import Columns, LabelledFile, read_labelled
from evidence_mapper.workflow.progress import ProgressSink, silent

if TYPE_CHECKING:
    from evidence_mapper.classify.learn_framework import Described, Examples, Learned, LearnSpec

FRAMEWORK_FILE: Final = "framework.toml"
_ENCODERS: Final = ("definitions", "cqc-local-authority")
"""Shipped artefacts whose encoders are read side by side: the general one, and the one for care."""
_ENCODED_TOGETHER: Final = 256
_FEWEST_ROWS: Final = 30
_FEWEST_FINER: Final = 5
"""Passages below which a finer label is not told apart from the rest of its statement."""


@dataclass(frozen=True)
class LearnReport:
    """What was learned, and how right it is by cross-fitting."""

    folder: Path
    name: str
    mode: str
    """``single`` or ``multi``."""
    taken: str
    """Which columns were taken for what."""
    counts: tuple[tuple[str, int], ...]
    """Passages of each statement, in framework order."""
    none: int
    """Passages that bear on none."""
    notes: tuple[str, ...]
    """What was left out, and why."""
    figures: dict[str, Any]


@dataclass(frozen=True)
class LearnOptions:
    """Choices of a person."""

    columns: Columns = field(default_factory=Columns)
    ignore_unmatched: bool = False
    recall: float = 0.9
    """Share of each statement's evidence to suggest, in (0, 1); a lower one suggests fewer statements."""
    overwrite: bool = False
    """Replace a classifier in the folder."""


def learn_framework(
    framework_name: str,
    labelled: Path,
    folder: Path,
    options: LearnOptions | None = None,
    *,
    progress: ProgressSink = silent,
) -> LearnReport:
    """Learn a classifier from labelled passages and write its folder, the same for the same input.

    The folder holds weights, words that occur in two passages or more, and the framework; no passage.

    Parameters
    ----------
    framework_name
        Id of a shipped framework, or path of a framework file.
    labelled
        CSV or JSON Lines.
    folder
        Where to write; made when missing.
    options
        None takes the defaults.
    progress
        Told of passages encoded, then of steps of the fit.

    Raises
    ------
    UsageError
        The file cannot be used, the folder holds something else, or there is too little to learn from.
    FrameworkError
        The framework cannot be read.
    ModelError
        The general encoder is missing or changed.
    """
    from evidence_mapper.classify.fit_drift import fit_drift_by_parts
    from evidence_mapper.classify.learn_framework import LearnSpec, fit_reading, learn
    from evidence_mapper.classify.shipped import load_encoder

    chosen = options or LearnOptions()
    spec = LearnSpec(recall=chosen.recall)
    _check_folder(folder, overwrite=chosen.overwrite)
    text = frameworks.read_text(framework_name)
    framework = frameworks.load_text(text, framework_name)
    read = read_labelled(framework, labelled, chosen.columns, ignore_unmatched=chosen.ignore_unmatched)
    counts = Counter(s for given in read.statements for s in given)
    few = [s.id for s in framework.statements if counts[s.id] < spec.fewest]
    _check_enough(framework, labelled, read, few, spec.fewest)
    general, care = (load_artefact(models_folder() / name) for name in _ENCODERS)
    encoder = PairEncoder(first := load_encoder(general), load_encoder(care))
    raw = encode(encoder, read.texts, progress)
    reading = fit_reading(raw, first.width)
    questions = _questions(read, spec)
    examples = _examples(framework, read, read_vectors(raw, reading), questions, frozenset(few))
    fitted = learn(examples, _described(framework, encoder, reading, first.width), spec, progress)
    fitted.arrays |= reading | fit_drift_by_parts(read.texts, raw)
    facts = _spec(framework, examples, questions, spec, fitted)
    manifest = _manifest(framework, labelled, _both(general, care), facts, read.taken)
    _write(folder, manifest, fitted, text)
    few_notes = _few_notes(few, counts, spec.fewest, examples.mode)
    return _report(folder, framework, manifest, read, examples.mode, few_notes, figures=fitted.figures)


def _both(general: Artefact, care: Artefact) -> dict[str, Any]:
    """Return the manifest's entry for the two encoders."""
    second = _shipped_encoder(care.manifest["encoder"])
    return {**_shipped_encoder(general.manifest["encoder"]), "second": second}


def _report(
    folder: Path,
    framework: Framework,
    manifest: Mapping[str, Any],
    read: LabelledFile,
    mode: str,
    few_notes: list[str],
    *,
    figures: dict[str, Any],
) -> LearnReport:
    counts = Counter(s for given in read.statements for s in given)
    return LearnReport(
        folder,
        f"{manifest['name']}@{manifest['version']}",
        mode,
        read.taken,
        tuple((s.id, counts[s.id]) for s in framework.statements),
        sum(not given for given in read.statements),
        (*read.notes, *few_notes),
        figures,
    )


def _manifest(
    framework: Framework, labelled: Path, encoder: dict[str, Any], facts: Mapping[str, Any], taken: str
) -> dict[str, Any]:
    return {
        "name": f"{framework.id}-learned",
        "version": sha256_text(f"{framework.content_sha256}\0{sha256_file(labelled)}").removeprefix(
            "sha256:"
        )[:8],
        "kind": KIND,
        "licence": "yours (weights and framework); Apache-2.0 (encoder)",
        "encoder": encoder,
        "framework_file": FRAMEWORK_FILE,
        "spec": facts,
        "training": {"files": {labelled.name: sha256_file(labelled)}, "columns": taken},
        "made_with": _made_with(),
    }


def encode(encoder: Encoder, texts: tuple[str, ...], progress: ProgressSink = silent) -> Embeddings:
    """Return vectors of shape (n_texts, width); a text that occurs twice is encoded once."""
    once = list(dict.fromkeys(texts))
    parts = []
    for start in range(0, len(once), _ENCODED_TOGETHER):
        progress(start, len(once), "texts encoded")
        parts.append(encoder.encode(once[start : start + _ENCODED_TOGETHER]))
    progress(len(once), len(once), "texts encoded")
    place = {text: i for i, text in enumerate(once)}
    return np.asarray(np.concatenate(parts)[[place[t] for t in texts]])


def _check_folder(folder: Path, *, overwrite: bool) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise UsageError(f"{folder} is a file; name a folder with --output")
    holds = sorted(p.name for p in folder.iterdir())
    if holds and "manifest.json" not in holds:
        raise UsageError(f"{folder} holds something else ({holds[0]}); name a new folder with --output")
    if holds and not overwrite:
        raise UsageError(f"{folder} holds a classifier; name another folder, or replace it with --force")


def _check_enough(
    framework: Framework, labelled: Path, read: LabelledFile, few: list[str], fewest: int
) -> None:
    enough = len(framework.statements) - len(few)
    if len(read.texts) < _FEWEST_ROWS:
        raise UsageError(
            f"{labelled} has {len(read.texts)} labelled texts that can be used ({read.taken}); learning "
            f"needs {_FEWEST_ROWS} or more, and gains much up to a thousand"
        )
    if enough < 2:
        raise UsageError(
            f"{labelled}: {enough} statements have {fewest} labelled texts or more ({read.taken}); learning "
            "needs two or more"
        )


def _questions(read: LabelledFile, spec: LearnSpec) -> tuple[str, ...]:
    """Return questions with enough answers for a share of the heads of their own, most first."""
    counts = Counter(q for q in read.questions if q)
    return tuple(q for q, n in sorted(counts.items(), key=lambda p: (-p[1], p[0])) if n >= spec.question_rows)


def _examples(
    framework: Framework,
    read: LabelledFile,
    dense: Embeddings,
    questions: tuple[str, ...],
    few: frozenset[str],
) -> Examples:
    from evidence_mapper.classify.learn_framework import Examples

    columns = [s.id for s in framework.statements]
    truth = np.array([[c in given and c not in few for c in columns] for given in read.statements])
    none = np.array([not given for given in read.statements])
    # A passage on statements with too few passages alone says nothing the heads can learn.
    kept = np.flatnonzero(truth.any(axis=1) | none)
    if none.any():
        truth = np.hstack([truth, none[:, None]])
    asked = np.array([question_of(q, questions) for q in read.questions], dtype=np.int64)
    finer, column_of = _finer(read, truth, kept)
    rows = Passages([read.texts[i] for i in kept], dense[kept], asked[kept])
    mode = "multi" if read.several else "single"
    return Examples(rows, truth[kept], len(questions), mode, finer, column_of)


def _finer(read: LabelledFile, truth: Any, kept: Any) -> tuple[Any, Any]:  # noqa: ANN401 - arrays
    """Return each passage's finer label as a number, and the column of each; None where there are none."""
    if read.several or not any(read.finer):
        return None, None
    main = truth[kept].argmax(axis=1)
    pairs = [(int(column), read.finer[i] or "") for column, i in zip(main, kept, strict=True)]
    counts = Counter(pairs)
    pairs = [pair if counts[pair] >= _FEWEST_FINER else (pair[0], "") for pair in pairs]
    order = sorted(set(pairs))
    places = {pair: n for n, pair in enumerate(order)}
    return np.array([places[pair] for pair in pairs]), np.array([column for column, _ in order])


def _described(framework: Framework, encoder: Encoder, reading: dict[str, Any], general: int) -> Described:
    from evidence_mapper.classify.learn_framework import Described

    texts = [descriptions(framework, s) for s in framework.statements]
    vectors = [encoder.encode(group) for group in texts]
    owner = np.repeat(np.arange(len(texts)), [len(group) for group in texts])
    flat = [text for group in texts for text in group]
    scorer = PhrasedScorer.of(texts, [v[:, :general] for v in vectors])
    return Described(flat, read_vectors(np.concatenate(vectors), reading), owner, scorer)


def _spec(
    framework: Framework, examples: Examples, questions: tuple[str, ...], spec: LearnSpec, fitted: Learned
) -> dict[str, Any]:
    return {
        "labels": {"statements": [s.id for s in framework.statements]},
        "framework": f"{framework.id}@{framework.version}",
        "mode": examples.mode,
        "questions": list(questions),
        "words": fitted.words,
        "fit": {**dataclasses.asdict(spec), "recall_confidence": None},
        "passages": len(examples.truth),
        "figures": fitted.figures,
    }


def _shipped_encoder(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a shipped encoder's entry with its files named from the shipped models' folder."""
    names = [key for key in ("model", "tokenizer", "words") if key in spec]
    files: dict[str, Any] = {key: SHIPPED + str(spec[key]).removeprefix("../") for key in names}
    return {**spec, **files}


def _made_with() -> dict[str, str]:
    import sklearn

    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scikit-learn": sklearn.__version__,
    }


def _write(folder: Path, manifest: dict[str, Any], fitted: Learned, framework_text: str) -> None:
    """Write all of it beside the folder, then put it in place: a folder is never half a classifier."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as made:
            new = Path(made) / "new"
            new.mkdir()
            (new / FRAMEWORK_FILE).write_text(framework_text, encoding="utf-8", newline="\n")
            save_artefact(new, manifest, fitted.arrays, fitted.vocabulary)
            if folder.exists():
                shutil.move(folder, Path(made) / "old")
            new.rename(folder)
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be written: {error.strerror or error}; name another folder"
        ) from error


def _few_notes(few: list[str], counts: Counter[str], fewest: int, mode: str) -> list[str]:
    if not few:
        return []
    named = ", ".join(f"{s} ({counts[s]})" for s in few)
    then = (
        "they are suggested by their descriptions alone"
        if mode == "multi"
        else "they are never suggested until there are more"
    )
    return [f"Fewer than {fewest} labelled texts, kept out of learning: {named}; {then}."]
