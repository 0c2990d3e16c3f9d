"""Passages to suggestions: one run, one spec."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from evidence_mapper.classify.base import ClassifierInput, Embeddings
from evidence_mapper.domain.coding import RunSpec
from evidence_mapper.domain.document import Document, SourceType
from evidence_mapper.domain.ids import sha256_text
from evidence_mapper.domain.passage import Passage
from evidence_mapper.store.base import Store
from evidence_mapper.store.records import StoredVector
from evidence_mapper.workflow.base_classifier import AnyClassifier
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.in_place import CHUNK, suggest_in_place
from evidence_mapper.workflow.progress import ProgressSink, silent
from evidence_mapper.workflow.project import Project

_DTYPE: Final = "<f4"
_KEPT_AT_ONCE: Final = 128
"""Vectors written together."""


@dataclass(frozen=True, slots=True)
class SuggestReport:
    """What a run did."""

    run_id: str
    classifier: str
    suggested: int
    """Passages that got a suggestion in this call."""
    calibrated: bool
    learned_from: int = 0
    """Decisions the project's own head was learned from; 0 for the shipped classifier as it is."""
    note: str | None = None
    """Why the head chosen for this project was not used; None when it was, or none was chosen."""


def suggest(
    project: Project,
    *,
    progress: ProgressSink = silent,
    speed: str | None = None,
    encoder: str | None = None,
    behind: bool = False,
) -> SuggestReport:
    """Give every passage without a suggestion of the classifier in use one; resumes where it stopped.

    With a head of the project's own in use, that is another classifier with a run of its own; what earlier
    runs suggested, and so what coders saw, is kept. So are another speed or encoder other classifiers: what
    was suggested quickly is suggested anew by a later full run.

    Parameters
    ----------
    project
        An open project.
    progress
        Told as passages are read.
    speed
        ``fast`` or ``balanced`` reads only unsure passages with the encoder; None reads all.
    encoder
        Another encoder, where the framework is classified by its definitions; None takes the shipped one.
    behind
        Whether the run becomes the current one only when all of it is done, so that nobody who reviews
        meanwhile is left without suggestions.

    Raises
    ------
    ModelError
        The classifier is missing, changed, or fitted for another framework; the speed or encoder cannot be
        had for this framework, or not with the project's own head.
    StoreError
        The project cannot be written.
    """
    from evidence_mapper.workflow.head_in_use import chosen

    used = chosen(project, speed, encoder)
    classifier = used.classifier
    framework = project.framework
    spec = RunSpec(classifier.name, classifier.sha256, f"{framework.id}@{framework.version}")
    ready = project.store.prepare_run if behind else project.store.start_run
    run_id = ready(spec, utc_now())
    done = _fill(project.store, run_id, classifier, progress)
    if behind:
        project.store.start_run(spec, utc_now())
    project.store.keep_counts()  # the matrix is then there at once
    learned_from = used.head.decisions if used.head else 0
    return SuggestReport(run_id, classifier.name, done, classifier.calibrated, learned_from, used.note)


def suggest_missing(project: Project, classifier: AnyClassifier, *, progress: ProgressSink = silent) -> int:
    """Suggest for passages that the current run has nothing for, such as those a person cut anew.

    Parameters
    ----------
    project
        An open project.
    classifier
        The one that made the current run.
    progress
        Told as passages are read.

    Returns
    -------
    int
        How many passages had no suggestion; 0 before the first run.

    Raises
    ------
    StoreError
        The project cannot be written.
    """
    run = project.store.current_run()
    return 0 if run is None else _fill(project.store, run[0], classifier, progress)


def _fill(store: Store, run_id: str, classifier: AnyClassifier, progress: ProgressSink) -> int:
    """Suggest for passages the run has nothing for; return how many."""
    total, done = store.unsuggested_count(run_id), 0
    for chunk in store.unsuggested_chunks(run_id, CHUNK):
        document = store.document(chunk[0].document_id)  # a person may have named its kind meanwhile

        def told(read: int, before: int = done, name: str = document.name) -> None:
            progress(min(before + read, total), total, name)

        done += _suggest_chunk(store, run_id, classifier, (document, chunk), told)
    return done


def classifier_input(passage: Passage, document: Document) -> ClassifierInput:
    """Return a passage as the classifier sees it: heading path, stem or question beside the text."""
    source = None if document.source_type is SourceType.UNKNOWN else document.source_type.value
    return ClassifierInput(passage.text, heading_of(passage.heading_path, passage.context), source)


def heading_of(heading_path: Sequence[str], context: str | None) -> str | None:
    """Return what a classifier reads beside a passage's text; None when there is nothing."""
    return " > ".join([*heading_path[-2:], *([context] if context else [])]) or None


def _suggest_chunk(
    store: Store,
    run_id: str,
    classifier: AnyClassifier,
    part: tuple[Document, Sequence[Passage]],
    told: Callable[[int], None],
) -> int:
    """Suggest for passages of one document that follow one another, weighed by each other.

    What was suggested before stays: a passage cut anew changes what stands around the others. Vectors are
    written as they are made, suggestions together. ``told`` gets how many of the passages are read, from 0
    on. Returns how many were suggested.
    """
    document, chunk = part
    inputs = [classifier_input(p, document) for p in chunk]

    def encode(texts: list[str]) -> Embeddings:
        found = [np.zeros((0, classifier.encoder.width), np.float32)]
        for start in range(0, len(texts), _KEPT_AT_ONCE):
            told(len(chunk) * start // len(texts))
            embeddings, fresh = embed(store, classifier, texts[start : start + _KEPT_AT_ONCE])
            if fresh:  # a run that is stopped here need not read them again
                store.save_suggestions(run_id, (), classifier.encoder.id, fresh)
            found.append(embeddings)
        return np.concatenate(found)

    suggestions = suggest_in_place(classifier, inputs, encode)
    kept = store.suggested_among(run_id, [p.id for p in chunk])
    pairs = [(p.id, s) for p, s in zip(chunk, suggestions, strict=True) if p.id not in kept]
    store.save_suggestions(run_id, pairs)
    told(len(chunk))
    return len(pairs)


def embed(
    store: Store, classifier: AnyClassifier, texts: Sequence[str]
) -> tuple[Embeddings, list[StoredVector]]:
    """Return vectors of shape (n_texts, width), and those that were not in the project's cache."""
    encoder = classifier.encoder
    if not texts:
        return np.zeros((0, encoder.width), np.float32), []
    hashes = [sha256_text(t) for t in texts]
    known = store.vectors(encoder.id, hashes)
    missing = {h: t for h, t in zip(hashes, texts, strict=True) if h not in known}
    encoded = encoder.encode(list(missing.values())) if missing else np.zeros((0, encoder.width), np.float32)
    fresh = [
        StoredVector(h, _DTYPE, encoder.width, row.astype(_DTYPE).tobytes())
        for h, row in zip(missing, encoded, strict=True)
    ]
    known = {**known, **{v.text_sha256: v for v in fresh}}
    rows = [np.frombuffer(known[h].data, dtype=known[h].dtype) for h in hashes]
    return np.stack(rows).astype(np.float32), fresh
