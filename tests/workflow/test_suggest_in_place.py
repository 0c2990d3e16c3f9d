"""Suggestions in a project are weighed by what stands around a passage in its document."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.workflow.survey_papers import CARE as COMMENTS
from tests.workflow.survey_papers import LINE, OTHER, write_surveys

from evidence_mapper.domain.coding import Suggestion
from evidence_mapper.workflow.base_classifier import base_classifier
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.project import create_project
from evidence_mapper.workflow.recut import Recutting
from evidence_mapper.workflow.suggest import suggest, suggest_missing

CARE = [
    *COMMENTS,
    "Mum's safeguarding concern was looked into quickly and she was asked what she wanted to happen.",
    "The direct payment lets me choose who helps me wash and when I get up.",
]


def suggestions(folder: Path, papers: dict[str, list[str]]) -> dict[tuple[str, str], Suggestion]:
    """Return suggestions by document and text of a project of survey tables, a comment a row."""
    found = {}
    with create_project(folder / "p.sqlite") as project:
        add_files(project, write_surveys(folder, papers))
        suggest(project)
        for document in project.store.documents():
            for passage in project.store.passages(document.id):
                suggestion = project.store.suggestion(passage.id)
                assert suggestion is not None
                found[Path(document.name).name, passage.text] = suggestion
    return found


def test_the_same_line_is_none_among_other_business_alone(tmp_path: Path) -> None:
    papers = {
        "care.csv": [*CARE[:2], LINE, *CARE[2:]],
        "other.csv": [*OTHER[:2], LINE, *OTHER[2:]],
    }
    found = suggestions(tmp_path, papers)
    among_care, among_other = found["care.csv", LINE], found["other.csv", LINE]
    assert among_care.none_probability == among_other.none_probability
    assert (among_other.none_suggested, among_other.none_taken_back) == (True, False)
    assert (among_care.none_suggested, among_care.none_taken_back) == (False, True)
    assert all(found["other.csv", text].none_suggested for text in OTHER)


def test_a_document_is_not_weighed_by_another(tmp_path: Path) -> None:
    found = suggestions(tmp_path, {"care.csv": CARE, "other.csv": [LINE, *OTHER]})
    assert found["other.csv", LINE].none_suggested


def test_cutting_a_passage_leaves_what_was_suggested_of_the_others(tmp_path: Path) -> None:
    comments = [*CARE, "She rang twice. Nobody came back to her about the rail."]
    with create_project(tmp_path / "p.sqlite") as project:
        add_files(project, write_surveys(tmp_path, {"care.csv": comments}))
        run = suggest(project).run_id
        store = project.store
        (document,) = store.documents()
        passages = list(store.passages(document.id))
        seen = store.suggestion(passages[0].id)
        assert seen is not None
        other = replace(seen, abstained=not seen.abstained)
        store.save_suggestions(run, [(passages[0].id, other)])
        recut = Recutting(store, "ann", utc_now)
        recut.split(passages[-1].id, recut.cuts(passages[-1].id)[0])
        assert suggest_missing(project, base_classifier(project)) == 2
        assert store.suggestion(passages[0].id) == other
        assert all(store.suggestion(p.id) is not None for p in store.passages(document.id))


def test_a_run_stopped_within_a_part_keeps_what_it_read_and_goes_on(tmp_path: Path) -> None:
    papers = {"many.csv": [f"{text} That was on day {day} of it." for day in range(30) for text in CARE]}
    whole = suggestions(tmp_path / "whole", papers)
    told: list[int] = []

    def stop(done: int, total: int, label: str) -> None:
        del total, label
        told.append(done)
        if done >= 128:
            raise KeyboardInterrupt

    with create_project(tmp_path / "p.sqlite") as project:
        add_files(project, write_surveys(tmp_path, papers))
        with pytest.raises(KeyboardInterrupt):
            suggest(project, progress=stop)
        run = project.store.current_run()
        assert run is not None
        assert told == [0, 128]
        assert len(list(project.store.vectors_of(base_classifier(project).encoder.id))) == 128
        assert project.store.unsuggested_count(run[0]) == len(whole) > 128
        suggest(project)
        for document in project.store.documents():
            for passage in project.store.passages(document.id):
                assert project.store.suggestion(passage.id) == whole["many.csv", passage.text]
        assert project.store.verify() == []
