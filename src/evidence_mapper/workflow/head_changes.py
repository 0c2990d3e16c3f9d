"""What a project's own head changes: pending passages it suggests otherwise than the shipped classifier."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evidence_mapper.domain.coding import Suggestion
from evidence_mapper.domain.document import Document
from evidence_mapper.domain.passage import Passage
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.base_classifier import base_classifier
from evidence_mapper.workflow.head_in_use import in_use
from evidence_mapper.workflow.in_place import CHUNK, among_neighbours
from evidence_mapper.workflow.learning import learnable
from evidence_mapper.workflow.progress import ProgressSink, silent
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.suggest import classifier_input, embed


@dataclass(frozen=True, slots=True)
class Change:
    """A pending passage whose suggested statements, or whose first statement, the head changes."""

    passage: Passage
    document: str
    before: tuple[str, ...]
    """Statements suggested by the shipped classifier, most likely first."""
    after: tuple[str, ...]
    """Statements suggested with the head."""
    first_before: str
    """Most likely statement, suggested or not."""
    first_after: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What a head changes."""

    head: int
    """Its number."""
    decisions: int
    pending: int
    """Passages of the newest revisions that nobody has answered."""
    changed: tuple[Change, ...]


def head_changes(project: Project, *, progress: ProgressSink = silent) -> Changes:
    """Compare the head in use with the shipped classifier on every pending passage.

    Raises
    ------
    UsageError
        No head is in use.
    ModelError
        The classifier or the head cannot be used.
    """
    shipped = base_classifier(project)
    used = in_use(project, shipped)
    if used.head is None:
        raise UsageError(
            used.note or "suggestions come from the shipped classifier; learn with `evidence-mapper train`"
        )
    answered = {h.passage.id for h in learnable(project.store.held_decisions())}
    total, seen, changed = project.store.passage_count(), 0, []
    pending = 0
    for document, part in _parts(project):
        waiting = {p.id for p in part} - answered
        if waiting:
            inputs = [classifier_input(p, document) for p in part]
            dense, _ = embed(project.store, shipped, shipped.texts(inputs))
            before, after = (
                among_neighbours(c, c.suggest(inputs, dense), inputs) for c in (shipped, used.classifier)
            )
            compared = [
                _change(p, document.name, b, a)
                for p, b, a in zip(part, before, after, strict=True)
                if p.id in waiting
            ]
            changed += [c for c in compared if c is not None]
        pending += len(waiting)
        seen += len(part)
        progress(seen, total, document.name)
    return Changes(used.head.number, used.head.decisions, pending, tuple(changed))


def _parts(project: Project) -> Iterator[tuple[Document, list[Passage]]]:
    """Yield the passages of the newest revisions in parts of one document each."""
    for document in project.store.documents():
        part: list[Passage] = []
        for passage in project.store.passages(document.id):
            part.append(passage)
            if len(part) == CHUNK:
                yield document, part
                part = []
        if part:
            yield document, part


def _change(passage: Passage, document: str, before: Suggestion, after: Suggestion) -> Change | None:
    sets = before.suggested_statements(), after.suggested_statements()
    first = before.statements[0].id, after.statements[0].id
    if set(sets[0]) == set(sets[1]) and first[0] == first[1]:
        return None
    return Change(passage, document, *sets, *first)
