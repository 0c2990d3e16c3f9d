"""Of a paper whose kind a person names, what is undecided is suggested anew and what was seen stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence_mapper.domain.coding import RunSpec, Suggestion
from evidence_mapper.domain.document import Document, SourceType
from evidence_mapper.errors import StoreError
from evidence_mapper.workflow.base_classifier import base_classifier
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.documents import find_document, set_source_type
from evidence_mapper.workflow.in_place import suggest_in_place
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.project import Project, create_project
from evidence_mapper.workflow.review import ReviewSession, decision_from_suggestion
from evidence_mapper.workflow.suggest import classifier_input, suggest
from evidence_mapper.workflow.suggest_anew import AnewReport, suggest_anew

NOTES = """# Leaving hospital

The carers came on time on most days, and nobody told us when they would not.

Mum was home within two days, with the commode and the rail in place before she left the ward.

# Highways

It was late, and nobody rang.

# Carers

He has not had a break since March, and was never asked how he was.
"""
NAME = "evidence/notes.md"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Yield a project with one paper in it, not suggested for yet."""
    folder = tmp_path / "evidence"
    folder.mkdir()
    (folder / "notes.md").write_text(NOTES, encoding="utf-8")
    with create_project(tmp_path / "p.sqlite") as opened:
        add_files(opened, [folder], workers=1)
        set_source_type(opened, NAME, SourceType.POLICY, "ann")
        yield opened


def held(project: Project, document: Document) -> list[Suggestion | None]:
    return [project.store.suggestion(p.id) for p in project.store.passages(document.id)]


def read_now(project: Project, document: Document) -> list[Suggestion]:
    """Return what the classifier suggests of the document as its kind is now."""
    now = project.store.document(document.id)
    inputs = [classifier_input(p, now) for p in project.store.passages(now.id)]
    return suggest_in_place(base_classifier(project), inputs)


def test_what_nobody_decided_on_is_read_as_the_kind_it_is(project: Project) -> None:
    suggest(project)
    document = find_document(project, NAME)
    before = held(project, document)
    session = ReviewSession(project.store, project.framework, "ann", utc_now)
    passages = list(project.store.passages(document.id))
    for passage in passages[:2]:
        suggestion = project.store.suggestion(passage.id)
        assert suggestion is not None
        decision = decision_from_suggestion(suggestion)
        assert decision is not None
        session.decide(passage.id, decision)
    session.undo()
    set_source_type(project, NAME, SourceType.FOCUS_GROUP, "ann")
    assert suggest_anew(project, document) == AnewReport(len(passages) - 2, 2)
    after, anew = held(project, document), read_now(project, document)
    assert anew[:2] != before[:2]
    assert after[:2] == before[:2]
    assert after[2:] == anew[2:]
    assert after[2:] != before[2:]
    assert project.store.decisions(passages[0].id)
    assert project.store.verify() == []


def test_before_the_first_run_there_is_nothing_to_do(project: Project) -> None:
    document = find_document(project, NAME)
    assert suggest_anew(project, document) == AnewReport(0, 0)
    assert not any(held(project, document))


def test_what_another_build_suggested_is_left_alone(project: Project) -> None:
    suggest(project)
    document = find_document(project, NAME)
    framework = f"{project.framework.id}@{project.framework.version}"
    project.store.start_run(RunSpec("older-classifier@1", "sha256:0123456789abcdef", framework), utc_now())
    with pytest.raises(StoreError, match="older-classifier@1"):
        suggest_anew(project, document)
    assert not any(held(project, document))
