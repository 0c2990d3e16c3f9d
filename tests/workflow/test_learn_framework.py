"""Labelled comments to a classifier: what it learns, what it writes, what it refuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from tests.workflow.learn_data import both, charter, labelled, write_csv

from evidence_mapper import frameworks
from evidence_mapper.classify import load_classifier
from evidence_mapper.classify.base import ClassifierInput
from evidence_mapper.classify.learned import LearnedClassifier
from evidence_mapper.errors import ModelNotFound, SpecMismatch, UntrustedArtefact, UsageError
from evidence_mapper.workflow.base_classifier import base_classifier, use_model
from evidence_mapper.workflow.learn_framework import LearnOptions, LearnReport, learn_framework
from evidence_mapper.workflow.learn_report import report_lines
from evidence_mapper.workflow.project import create_project, open_project


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> LearnReport:
    folder = tmp_path_factory.mktemp("single")
    rows = [[text, label, "How was it?"] for text, label in labelled(none=True)]
    path = write_csv(folder / "labelled.csv", ["text", "label", "question"], rows)
    return learn_framework(str(charter(folder)), path, folder / "model")


@pytest.fixture(scope="module")
def multi(tmp_path_factory: pytest.TempPathFactory) -> LearnReport:
    folder = tmp_path_factory.mktemp("multi")
    rows = [[text, "; ".join(ids) or "none"] for text, ids in both()]
    path = write_csv(folder / "labelled.csv", ["text", "labels"], rows)
    return learn_framework(str(charter(folder)), path, folder / "model")


def loaded(report: LearnReport) -> LearnedClassifier:
    framework = frameworks.load(str(report.folder / "framework.toml"))
    found = load_classifier(framework, report.folder, threads=1)
    assert isinstance(found, LearnedClassifier)
    return found


def test_one_statement_a_text_is_learned(single: LearnReport) -> None:
    assert single.mode == "single"
    assert single.none == 20
    assert single.figures["all"]["accuracy"] >= 0.9
    classifier = loaded(single)
    texts = [
        "The gravy was lukewarm and dull.",
        "They answered my message within the hour.",
        "The stairs were filthy.",
    ]
    found = classifier.suggest([ClassifierInput(t) for t in texts])
    assert [s.statements[0].id for s in found] == ["good-meals", "quick-answers", "clean-rooms"]
    for suggestion in found:
        total = sum(c.probability for c in suggestion.statements) + suggestion.none_probability
        assert total == pytest.approx(1, abs=1e-4), "one distribution over statements and none"


def test_several_statements_a_text_are_learned(multi: LearnReport) -> None:
    assert multi.mode == "multi"
    assert multi.figures["all"]["micro_f1"] >= 0.9
    [found] = loaded(multi).suggest([ClassifierInput("The pantry was dirty and the pudding was tasty.")])
    assert {s.id for s in found.statements if s.probability >= 0.3} == {"clean-rooms", "good-meals"}


def test_thresholds_keep_their_promise_on_what_they_were_set_on(multi: LearnReport) -> None:
    assert multi.figures["all"]["recall"] >= 0.85
    promise = loaded(multi).guarantee
    assert promise is not None
    assert promise.level == 0.9
    assert dict(promise.calibrated_on) == {"quick-answers": 20, "clean-rooms": 36, "good-meals": 36}


def test_suggestions_do_not_depend_on_company(single: LearnReport) -> None:
    classifier = loaded(single)
    inputs = [ClassifierInput(text, "How was it?") for text, _ in labelled()[:7]]
    together = classifier.suggest(inputs)
    alone = [classifier.suggest([item])[0] for item in inputs]
    for one, other in zip(together, alone, strict=True):
        assert [c.id for c in one.statements] == [c.id for c in other.statements]
        assert [c.probability for c in one.statements] == pytest.approx(
            [c.probability for c in other.statements], abs=1e-4
        )
    assert classifier.suggest([]) == []


def test_the_same_input_gives_the_same_files(single: LearnReport, tmp_path: Path) -> None:
    source = single.folder.parent
    learn_framework(str(source / "charter.toml"), source / "labelled.csv", tmp_path / "again")
    for path in sorted(single.folder.iterdir()):
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_folder_keeps_no_text(single: LearnReport) -> None:
    assert sorted(p.name for p in single.folder.iterdir()) == [
        "framework.toml", "head.safetensors", "manifest.json", "vocabulary.txt",
    ]  # fmt: skip
    kept = b"".join(p.read_bytes() for p in single.folder.iterdir())
    assert b"My aunt says the reply came" not in kept


def test_a_question_has_a_say_where_there_are_enough_answers(tmp_path: Path) -> None:
    # The same words mean another statement under another question.
    rows = [["Nothing", "good-meals", "Worst?"]] * 110 + [["Nothing", "clean-rooms", "Best?"]] * 110
    path = write_csv(tmp_path / "labelled.csv", ["text", "label", "question"], rows)
    report = learn_framework(str(charter(tmp_path)), path, tmp_path / "model")
    inputs = [ClassifierInput("Nothing", "Meals > WORST?"), ClassifierInput("Nothing", "Best?")]
    found = loaded(report).suggest(inputs)
    assert [s.statements[0].id for s in found] == ["good-meals", "clean-rooms"]


def test_few_texts_of_a_statement_are_named_and_left_to_its_description(tmp_path: Path) -> None:
    rows = [[text, "; ".join(ids) or "none"] for text, ids in both() if "quick-answers" not in ids]
    rows += [["They replied to my letter in an hour.", "quick-answers"]] * 2
    path = write_csv(tmp_path / "labelled.csv", ["text", "labels"], rows)
    report = learn_framework(str(charter(tmp_path)), path, tmp_path / "model")
    assert any("quick-answers (2)" in note and "descriptions alone" in note for note in report.notes)
    [found] = loaded(report).suggest([ClassifierInput("My letter was never answered.")])
    assert found.statements[0].id == "quick-answers"


def test_too_little_to_learn_from_is_refused(tmp_path: Path) -> None:
    few = write_csv(tmp_path / "few.csv", ["text", "label"], [["Hot soup", "good-meals"]] * 5)
    with pytest.raises(UsageError, match=r"5 labelled texts that can be used.*30 or more"):
        learn_framework(str(charter(tmp_path)), few, tmp_path / "model")
    one = write_csv(tmp_path / "one.csv", ["text", "label"], [[f"Soup {n}", "good-meals"] for n in range(40)])
    with pytest.raises(UsageError, match=r"1 statements have 5 labelled texts or more.*two or more"):
        learn_framework(str(charter(tmp_path)), one, tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_a_folder_with_something_in_it_is_left_alone(single: LearnReport, tmp_path: Path) -> None:
    source = single.folder.parent
    other = tmp_path / "photos"
    other.mkdir()
    (other / "cat.txt").write_text("cat", encoding="utf-8")
    with pytest.raises(UsageError, match=r"holds something else \(cat\.txt\)"):
        learn_framework(
            str(source / "charter.toml"), source / "labelled.csv", other, LearnOptions(overwrite=True)
        )
    with pytest.raises(UsageError, match=r"holds a classifier.*--force"):
        learn_framework(str(source / "charter.toml"), source / "labelled.csv", single.folder)
    assert (other / "cat.txt").read_text(encoding="utf-8") == "cat"


def test_a_changed_file_is_not_loaded(single: LearnReport, tmp_path: Path) -> None:
    copy = tmp_path / "model"
    shutil.copytree(single.folder, copy)
    with (copy / "vocabulary.txt").open("a", encoding="utf-8") as stream:
        stream.write("\nanother")
    with pytest.raises(UntrustedArtefact, match="changed or damaged"):
        load_classifier(frameworks.load(str(single.folder / "framework.toml")), copy)


def test_an_encoder_of_another_version_says_to_learn_again(single: LearnReport, tmp_path: Path) -> None:
    copy = tmp_path / "model"
    shutil.copytree(single.folder, copy)
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    name = next(n for n in manifest["files"] if n.startswith("shipped:"))
    manifest["files"][name] = "sha256:" + "0" * 64
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(UntrustedArtefact, match="learn it again with `evidence-mapper framework learn`"):
        load_classifier(frameworks.load(str(single.folder / "framework.toml")), copy)


def test_another_frameworks_classifier_and_a_quick_reading_are_refused(single: LearnReport) -> None:
    with pytest.raises(SpecMismatch, match="was fitted for statements quick-answers"):
        load_classifier(frameworks.load("making-it-real"), single.folder)
    with pytest.raises(SpecMismatch, match="leave out --fast"):
        load_classifier(frameworks.load(str(single.folder / "framework.toml")), single.folder, speed="fast")


def test_a_project_remembers_its_classifier(single: LearnReport, tmp_path: Path) -> None:
    path, moved = tmp_path / "p.sqlite", tmp_path / "elsewhere"
    own = single.folder / "framework.toml"
    create_project(path, str(own), single.folder).close()
    with open_project(path) as project:
        assert base_classifier(project).name == single.name
        use_model(project, None)
        assert base_classifier(project).name != single.name
        shutil.copytree(single.folder, moved)
        use_model(project, moved)
        shutil.rmtree(moved)
        with pytest.raises(ModelNotFound, match="suggest --model FOLDER"):
            base_classifier(project)


def test_the_report_says_what_was_taken_and_how_right_it_is(single: LearnReport, multi: LearnReport) -> None:
    said = "\n".join(report_lines(single))
    assert "one statement a text (text: text, labels: label, question: question)" in said
    assert "20 of them bear on no statement." in said
    assert "first suggestion right" in said
    assert "micro F1" in "\n".join(report_lines(multi))


def test_probabilities_are_finite_for_odd_texts(single: LearnReport) -> None:
    classifier = loaded(single)
    texts = ["?", "a", "\N{SNOWMAN}" * 50, "zzz qqq " * 400]
    inputs = [ClassifierInput(t) for t in texts]
    statements, none = classifier.shipped_probabilities(inputs, classifier.encoder.encode(texts))
    assert np.isfinite(statements).all()
    assert np.isfinite(none).all()
    assert ((statements >= 0) & (statements <= 1)).all()
