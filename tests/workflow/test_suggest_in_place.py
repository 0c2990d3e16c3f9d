"""Suggestions in a project are weighed by what stands around a passage in its document."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

from evidence_mapper.domain.coding import Suggestion
from evidence_mapper.workflow.base_classifier import base_classifier
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.project import create_project
from evidence_mapper.workflow.recut import Recutting
from evidence_mapper.workflow.suggest import suggest, suggest_missing

LINE = "Nobody rang back."
CARE = [
    "Carers wait eleven weeks for an assessment and nobody rings them while they wait.",
    "The occupational therapists told us that adaptations are ordered late and delivered later.",
    "Reablement workers see people within two days of leaving hospital, and most need no care after.",
    "People said that their social worker knew them and asked what they wanted from each day.",
    "My care package stopped when the agency handed it back and we had nobody for nine days.",
    "Mum's safeguarding concern was looked into quickly and she was asked what she wanted to happen.",
    "The direct payment lets me choose who helps me wash and when I get up.",
    "He came home from hospital with no equipment and no visit booked.",
]
OTHER = [
    "Resurfacing of Harbour Road begins in March; buses are diverted by the ring road for six weeks.",
    "The licensing committee noted the minutes of its last meeting and agreed the forward plan.",
    "Bin collections move to Tuesdays after the bank holiday, and garden waste every other week.",
    "A planning application for eleven houses beside the quarry was deferred for a site visit.",
]


def suggestions(folder: Path, papers: dict[str, list[str]]) -> dict[tuple[str, str], Suggestion]:
    """Return suggestions by document and text of a project of survey tables, a comment a row."""
    for name, lines in papers.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([["Response", "Your comments"], *enumerate(lines, 1)])
    found = {}
    with create_project(folder / "p.sqlite") as project:
        add_files(project, [folder / name for name in papers])
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
    with (tmp_path / "care.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = [*CARE, "She rang twice. Nobody came back to her about the rail."]
        csv.writer(stream).writerows([["Response", "Your comments"], *enumerate(rows, 1)])
    with create_project(tmp_path / "p.sqlite") as project:
        add_files(project, [tmp_path / "care.csv"])
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
