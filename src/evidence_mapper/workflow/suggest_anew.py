"""A document's passages suggested anew, after a person said what kind of paper it is.

The kind decides what a passage is read with (:mod:`~evidence_mapper.classify.reading`) and how likely each
evidence category is, so what was suggested before need not hold.
"""

from __future__ import annotations

from dataclasses import dataclass

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.domain.document import Document
from evidence_mapper.workflow.head_in_use import behind_current_run
from evidence_mapper.workflow.in_place import CHUNK
from evidence_mapper.workflow.progress import ProgressSink, silent
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.suggest import suggest_chunk


@dataclass(frozen=True, slots=True)
class AnewReport:
    """What was done with a document's passages."""

    suggested: int
    """Passages suggested anew."""
    kept: int
    """Passages that somebody has decided on: what was suggested for them stays as it was seen."""


def suggest_anew(project: Project, document: Document, *, progress: ProgressSink = silent) -> AnewReport:
    """Suggest for a document's passages anew, with the classifier behind the current run.

    A passage anybody ever decided on keeps the suggestion that was seen, even where the decision was taken
    back. Nothing is done before the first run.

    Parameters
    ----------
    project
        An open project.
    document
        One of its documents; its kind is read from the project.
    progress
        Told as passages are read.

    Raises
    ------
    StoreError
        The suggestions were made by a classifier that is not installed any more; nothing was changed.
    ModelError
        The classifier, or the head kept in the project, cannot be used.
    """
    store = project.store
    run = store.current_run()
    if run is None:
        return AnewReport(0, 0)
    classifier = behind_current_run(project)
    now = store.document(document.id)
    passages = list(store.passages(now.id))
    seen = {e.subject for e in store.entries((EventAction.DECIDED, EventAction.CARRIED))}
    seen &= {p.id for p in passages}
    for start in range(0, len(passages), CHUNK):

        def told(read: int, start: int = start) -> None:
            progress(start + read, len(passages), now.name)

        chunk = passages[start : start + CHUNK]
        suggest_chunk(store, run[0], classifier, chunk, {now.id: now}, kept=seen, told=told)
    store.keep_counts()
    return AnewReport(len(passages) - len(seen), len(seen))
