"""A person names what kind of paper a document is: undecided passages are read anew, what was seen stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence_mapper.domain.coding import Suggestion
from evidence_mapper.domain.document import Document, SourceType
from evidence_mapper.workflow.base_classifier import base_classifier
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.documents import find_document, set_source_type
from evidence_mapper.workflow.in_place import suggest_in_place
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.project import Project, create_project
from evidence_mapper.workflow.review import ReviewSession, decision_from_suggestion
from evidence_mapper.workflow.suggest import classifier_input, suggest, suggest_missing

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


def session_of(project: Project) -> ReviewSession:
    return ReviewSession(project.store, project.framework, "ann", utc_now)


def decide_first(project: Project, session: ReviewSession, number: int) -> None:
    document = find_document(project, NAME)
    for passage in list(project.store.passages(document.id))[:number]:
        suggestion = project.store.suggestion(passage.id)
        assert suggestion is not None
        decision = decision_from_suggestion(suggestion)
        assert decision is not None
        session.decide(passage.id, decision)


def test_what_nobody_decided_on_is_read_as_the_kind_it_is(project: Project) -> None:
    suggest(project)
    document, session = find_document(project, NAME), session_of(project)
    before = held(project, document)
    decide_first(project, session, 2)
    session.undo()
    set_source_type(project, NAME, SourceType.FOCUS_GROUP, "ann")
    assert held(project, document) == [*before[:2], *[None] * (len(before) - 2)]
    assert project.store.verify() == []
    assert suggest_missing(project, base_classifier(project)) == len(before) - 2
    after, anew = held(project, document), read_now(project, document)
    assert anew[:2] != before[:2]
    assert after[:2] == before[:2]
    assert after[2:] == anew[2:]
    assert after[2:] != before[2:]
    assert project.store.verify() == []


def test_the_same_kind_again_takes_nothing_back(project: Project) -> None:
    suggest(project)
    document = find_document(project, NAME)
    before = held(project, document)
    set_source_type(project, NAME, SourceType.POLICY, "bob")
    assert held(project, document) == before
    assert find_document(project, NAME).source_type_by == "bob"


def test_another_speed_has_none_of_the_kind_before_either(project: Project) -> None:
    suggest(project, speed="fast")
    suggest(project)
    set_source_type(project, NAME, SourceType.FOCUS_GROUP, "ann")
    document = find_document(project, NAME)
    report = suggest(project, speed="fast")
    assert report.suggested == len(held(project, document))
    fast = base_classifier(project, speed="fast")
    inputs = [classifier_input(p, document) for p in project.store.passages(document.id)]
    assert held(project, document) == suggest_in_place(fast, inputs)
    assert suggest(project).suggested == len(inputs)
    assert held(project, document) == read_now(project, document)


def test_a_run_that_is_stopped_before_all_is_anew_goes_on(project: Project) -> None:
    suggest(project)
    set_source_type(project, NAME, SourceType.FOCUS_GROUP, "ann")

    def stop(done: int, total: int, label: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        suggest_missing(project, base_classifier(project), progress=stop)
    document = find_document(project, NAME)
    assert not any(held(project, document))
    suggest(project)
    assert held(project, document) == read_now(project, document)


def test_before_the_first_run_a_kind_is_only_recorded(project: Project) -> None:
    set_source_type(project, NAME, SourceType.FOCUS_GROUP, "ann")
    assert suggest_missing(project, base_classifier(project)) == 0
    assert not any(held(project, find_document(project, NAME)))
