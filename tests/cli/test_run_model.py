"""``run --model``: the classifier of the whole job, chosen as ``suggest`` and ``classify`` choose it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.workflow.learn_data import charter, labelled, write_csv

from evidence_mapper.cli import main


def run(*args: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in args])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with papers/notes.txt and a learned model."""
    folder = tmp_path_factory.mktemp("chosen")
    charter(folder)
    write_csv(folder / "labelled.csv", ["text", "label"], labelled())
    (folder / "papers").mkdir()
    notes = "The soup was cold and there was no fruit at breakfast.\n"
    (folder / "papers" / "notes.txt").write_text(notes, encoding="utf-8")
    arguments = ("framework", "learn", folder / "charter.toml", folder / "labelled.csv")
    assert run(*arguments, "-o", folder / "model").exit_code == 0
    return folder


def test_a_new_project_takes_the_model_with_its_framework_and_can_go_back(made: Path, tmp_path: Path) -> None:
    project = tmp_path / "p.sqlite"
    job = ("run", made / "papers", "--project", project, "--workers", 1)
    result = run(*job, "--model", made / "model")
    assert result.exit_code == 0, result.output
    assert "with our-charter-learned@" in result.stderr
    assert "with our-charter-learned@" in run(*job).stderr, "the project keeps what was chosen"
    assert "with definitions@" in run(*job, "--model", "shipped").stderr
    assert "with our-charter-learned@" in run(*job, "--model", made / "model").stderr


def test_a_model_of_another_framework_is_refused_and_nothing_is_left(made: Path, tmp_path: Path) -> None:
    project = tmp_path / "p.sqlite"
    job = ("run", made / "papers", "--project", project, "--workers", 1)
    result = run(*job, "--model", made / "model", "--framework", "making-it-real")
    assert result.exit_code == 4
    assert "was fitted for statements quick-answers" in result.stderr
    assert not project.exists()
    assert run(*job, "--model", made).exit_code == 4
    assert not project.exists()


def test_a_project_of_another_framework_keeps_its_classifier(made: Path, tmp_path: Path) -> None:
    project = tmp_path / "p.sqlite"
    assert run("init", "--project", project, "--framework", "making-it-real").exit_code == 0
    result = run("run", made / "papers", "--project", project, "--model", made / "model")
    assert result.exit_code == 4
    assert "with definitions@" in run("suggest", "--project", project).stderr
