"""Why something was suggested, with frameworks the shipped classifier does not know."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.workflow.learn_data import charter, labelled, write_csv

from evidence_mapper.classify.base import ClassifierInput
from evidence_mapper.classify.explain import Suggests, explain, probabilities, without
from evidence_mapper.workflow.base_classifier import use_model
from evidence_mapper.workflow.drift import project_drift
from evidence_mapper.workflow.head_in_use import behind_current_run
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.learn_framework import learn_framework
from evidence_mapper.workflow.project import Project, create_project
from evidence_mapper.workflow.suggest import suggest
from evidence_mapper.workflow.why import why

COMMENTS = (
    "The gravy was lukewarm and the pudding was dull.",
    "They answered my message within the hour.",
    "The stairs were filthy and the windows were smeared.",
)


def asked(tmp_path: Path, model: Path | None) -> Project:
    paper = tmp_path / "comments.txt"
    paper.write_text("\n\n".join(COMMENTS) + "\n", encoding="utf-8")
    project = create_project(tmp_path / "p.sqlite", str(charter(tmp_path)))
    if model is not None:
        use_model(project, model)
    add_files(project, [paper])
    suggest(project)
    return project


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("learned")
    rows = [[text, label, "How was it?"] for text, label in labelled(none=True)]
    path = write_csv(tmp_path / "labelled.csv", ["text", "label", "question"], rows)
    return learn_framework(str(charter(tmp_path)), path, tmp_path / "model").folder


@pytest.mark.parametrize("kind", ["definitions", "learned"])
def test_the_words_shown_carry_the_suggestion(tmp_path: Path, model: Path, kind: str) -> None:
    with asked(tmp_path, model if kind == "learned" else None) as project:
        classifier = behind_current_run(project)
        [document] = project.store.documents()
        for passage in project.store.passages(document.id):
            [first, *_] = project.store.suggestion(passage.id).statements  # type: ignore[union-attr]
            [found] = why(project, passage.id, (first.id,))
            assert found.learned_from == (), "training passages are the shipped classifier's"
            spans = [h.span for h in found.explanation.highlights]
            assert spans
            before, after = told(classifier, [passage.text, without(passage.text, spans)], first.id)
            assert after < before


def test_a_classifier_that_reads_one_word_is_explained_by_it() -> None:
    from evidence_mapper.domain.coding import SuggestedCode, Suggestion

    class OneWord:
        def suggest(self, inputs: list[ClassifierInput], /) -> list[Suggestion]:
            codes = [SuggestedCode("meals", 0.9 if "gravy" in i.text else 0.1, True) for i in inputs]
            return [Suggestion((c,), (), (), None, None, 0.0, False, False) for c in codes]

    found = explain(OneWord(), ClassifierInput(COMMENTS[0]), "meals")  # type: ignore[arg-type]
    assert [h.span.of(COMMENTS[0]) for h in found.highlights] == ["gravy"]


def told(classifier: Suggests, texts: list[str], statement: str) -> list[float]:
    return probabilities(classifier, [ClassifierInput(t) for t in texts], statement)


def test_a_learned_classifier_knows_what_is_unlike_its_table(tmp_path: Path, model: Path) -> None:
    sums = "\n\n".join(f"Ledger {n}: 4,{n}17.20 ; 88,1{n}3 ; -2,{n}90 (11.{n}%)" for n in range(10))
    with asked(tmp_path, model) as project:
        ordinary = project_drift(project)
        (tmp_path / "sums.txt").write_text(sums, encoding="utf-8")
        add_files(project, [tmp_path / "sums.txt"], workers=1)
        suggest(project)
        report = project_drift(project)
    assert ordinary is not None
    assert ordinary.lines() == []
    assert report is not None
    [told] = [d for d in report.documents if d.warned]
    assert Path(told.name).name == "sums.txt"


def test_what_is_kept_for_comparison_tells_no_text_again(tmp_path: Path, model: Path) -> None:
    from evidence_mapper.classify.artefact import load_artefact
    from evidence_mapper.classify.drift import word_hash

    kept = load_artefact(model).arrays
    words = set(kept["drift_words"].tolist())
    assert word_hash("porridge") in words
    assert len(kept["drift_places"]) < len(labelled(none=True)) / 2
    rows = [[text, label, "How was it?"] for text, label in labelled(none=True)]
    rows[0][0] += " Ask Oluwaseun."
    path = write_csv(tmp_path / "named.csv", ["text", "label", "question"], rows)
    again = load_artefact(learn_framework(str(charter(tmp_path)), path, tmp_path / "named").folder).arrays
    assert word_hash("oluwaseun") not in set(again["drift_words"].tolist())
