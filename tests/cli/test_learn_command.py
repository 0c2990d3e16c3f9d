"""``framework learn`` and what the folder it makes is good for, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.workflow.learn_data import charter, labelled, write_csv

from evidence_mapper.cli import main


def run(*args: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in args])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a charter, labelled.csv, comments.jsonl and a learned model."""
    folder = tmp_path_factory.mktemp("learned")
    charter(folder)
    write_csv(folder / "labelled.csv", ["text", "label"], labelled())
    comments = [
        {"id": "a", "text": "The soup was cold and grey."},
        {"id": 2, "text": "They rang me back today."},
    ]
    (folder / "comments.jsonl").write_text("\n".join(map(json.dumps, comments)), encoding="utf-8")
    result = run(
        "framework",
        "learn",
        folder / "charter.toml",
        folder / "labelled.csv",
        "-o",
        folder / "model",
        "--json",
    )
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["labelled"] == {"quick-answers": 20, "clean-rooms": 20, "good-meals": 20}
    assert found["figures"]["all"]["accuracy"] >= 0.9
    return folder


def test_classify_with_the_model_needs_no_framework(made: Path) -> None:
    result = run("classify", made / "comments.jsonl", "--model", made / "model")
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(line["id"], line["statements"][0]["id"]) for line in lines] == [
        ("a", "good-meals"),
        (2, "quick-answers"),
    ]


def test_a_framework_that_does_not_fit_the_model_is_refused(made: Path) -> None:
    result = run(
        "classify", made / "comments.jsonl", "--model", made / "model", "--framework", "making-it-real"
    )
    assert result.exit_code == 4
    assert "was fitted for statements quick-answers, clean-rooms, good-meals" in result.stderr


def test_a_folder_without_a_model_and_a_shipped_one_are_refused(made: Path) -> None:
    assert run("classify", made / "comments.jsonl", "--model", made).exit_code == 4
    from evidence_mapper.classify.artefact import models_folder

    result = run("classify", made / "comments.jsonl", "--model", models_folder() / "definitions")
    assert result.exit_code == 2
    assert "a folder made by `framework learn`" in result.stderr


def test_evaluate_measures_the_model_on_a_labelled_file(made: Path) -> None:
    result = run("evaluate", made / "labelled.csv", "--model", made / "model", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["passages"] == 60
    assert found["main"]["accuracy"] >= 0.9
    assert found["guarantee"]["level"] == 0.9


def test_a_project_of_the_model_suggests_with_it_and_can_go_back(made: Path, tmp_path: Path) -> None:
    project, notes = tmp_path / "p.sqlite", tmp_path / "notes.txt"
    notes.write_text("The soup was cold and there was no fruit at breakfast.\n", encoding="utf-8")
    assert run("init", "--project", project, "--model", made / "model").exit_code == 0
    result = run("add", notes, "--project", project, "--json", "--workers", 1)
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["suggestions"]["classifier"].startswith("our-charter-learned@")
    back = run("suggest", "--project", project, "--model", "shipped", "--json")
    assert json.loads(back.stdout)["classifier"].startswith("definitions@")
    again = run("suggest", "--project", project, "--model", made / "model", "--json")
    assert json.loads(again.stdout)["passages"] == 0, "its suggestions were kept"


def test_learn_says_what_was_learned_and_what_comes_next(made: Path, tmp_path: Path) -> None:
    result = run("framework", "learn", made / "charter.toml", made / "labelled.csv", "-o", tmp_path / "model")
    assert result.exit_code == 0, result.output
    assert "from 60 texts, one statement a text (text: text, labels: label)" in result.stdout
    assert "Weakest:" in result.stdout
    assert f"classify comments.jsonl --model {tmp_path / 'model'}" in result.stderr


def test_learn_refuses_unknown_labels_and_a_used_folder(made: Path, tmp_path: Path) -> None:
    rows = [*labelled(), ("The lift was broken.", "good lifts")]
    path = write_csv(tmp_path / "more.csv", ["text", "label"], rows)
    result = run("framework", "learn", made / "charter.toml", path, "-o", tmp_path / "model")
    assert result.exit_code == 2
    assert "'good lifts' (1 rows)" in result.stderr
    result = run("framework", "learn", made / "charter.toml", made / "labelled.csv", "-o", made / "model")
    assert result.exit_code == 2
    assert "--force" in result.stderr
