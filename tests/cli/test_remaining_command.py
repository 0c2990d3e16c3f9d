"""``remaining`` and the options of ``review`` that choose passages, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.store.builders import NOW, coded, reading, suggestion

from evidence_mapper.cli import main
from evidence_mapper.domain.coding import Decision, EventAction, Outcome, RunSpec
from evidence_mapper.domain.project import QueueFilter, QueueOrder
from evidence_mapper.workflow.project import create_project, open_project


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "p.sqlite"
    with create_project(path) as project:
        run = project.store.start_run(RunSpec("a@1", "sha256:0", "f@1"), NOW)
        for name, code in (("a.txt", "safeguarding"), ("b.txt", "equity")):
            ingested = reading(name, [f"{name} words {n}" for n in range(10)])
            project.store.add_document(ingested)
            made = [(p.id, suggestion((code, 0.8))) for p in ingested.passages]
            project.store.save_suggestions(run, made)
    return path


def call(path: Path, *arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, [arguments[0], "-p", str(path), *arguments[1:]], input=typed)


def test_the_table_says_what_is_expected_and_how_to_get_a_bound(path: Path) -> None:
    result = call(path, "remaining")
    assert result.exit_code == 0
    assert "20 passages are undecided" in result.stdout
    assert "8 (6 to 10)" in result.stdout
    assert "evidence-mapper remaining --sample 150" in result.stderr
    assert "May stop" in result.stdout


def test_a_sample_is_drawn_read_and_lets_a_person_stop(path: Path) -> None:
    result = call(path, "remaining", "--sample", "20", "--seed", "3", "--coder", "ann")
    assert "Drew 20 of 20 undecided passages at random (seed 3)" in result.stderr
    assert "20 passages of the sample are not decided yet" in result.stderr
    answers = "\n".join(["n"] * 20)
    said = call(path, "review", "--plain", "--sample", "--coder", "ann", typed=answers)
    assert said.exit_code == 0, said.output
    assert "20 decisions saved" in said.stdout
    found = json.loads(call(path, "remaining", "--json").stdout)
    assert all(row["may_stop"] and row["bound"]["unseen"] == 0 for row in found["rows"])
    assert "You may stop for Safeguarding: at least 95%" in call(path, "remaining").stderr


def test_nothing_allows_stopping_while_the_bound_does_not(path: Path) -> None:
    with open_project(path) as project:
        rows = project.store.queue("ann", QueueFilter(), QueueOrder.DOCUMENT, 0, 2)
        for row, answer in zip(rows, (coded("safeguarding"), Decision(Outcome.NONE)), strict=True):
            project.store.append_event(
                coder="ann",
                action=EventAction.DECIDED,
                subject=row.passage_id,
                at=NOW,
                payload=answer.to_json(),
            )
    call(path, "remaining", "--sample", "2", "--seed", "3", "--coder", "ann")
    call(path, "review", "--plain", "--sample", "--coder", "ann", typed="n\nn\n")
    result = call(path, "remaining")
    assert "No statement may stop yet" in result.stderr
    assert "yes" not in result.stdout


def test_a_seed_alone_draws_nothing(path: Path) -> None:
    result = call(path, "remaining", "--seed", "3")
    assert result.exit_code == 2
    assert "--seed goes with --sample" in result.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--statement", "equity"], "10 passages"),
        (["--document", "a.txt", "--order", "document"], "10 passages"),
        (["--find", "words 3"], "2 passages"),
        (["--source-type", "policy"], "0 passages"),
        (["--dated-from", "2020"], "0 passages"),
        (["--state", "none"], "0 passages"),
    ],
)
def test_options_choose_the_queue(path: Path, options: list[str], said: str) -> None:
    result = call(path, "review", "--plain", *options, typed="i\nq\n")
    assert f"The queue has {said}" in result.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--statement", "nonsense"], "no statement 'nonsense'"),
        (["--dated-from", "May"], "'May' is no date"),
        (["--sample"], "no sample was drawn yet; draw one: evidence-mapper remaining --sample 150"),
        (["--document", "c.txt"], "no document 'c.txt'"),
    ],
)
def test_what_is_not_there_is_said(path: Path, options: list[str], said: str) -> None:
    result = call(path, "review", "--plain", *options, typed="q\n")
    assert result.exit_code == 2
    assert said in result.stderr


def test_the_matrix_by_sides_and_by_i_statement(path: Path) -> None:
    result = call(path, "matrix", "--age")
    assert "What is confirmed: for and against, people's voice, age" in result.stdout
    result = call(path, "matrix", "--i-statements", "--age")
    assert "Evidence by I statement" in result.stdout
    assert "Evidence by statement and category" not in result.stdout
    assert call(path, "matrix", "--age", "--disclosure").exit_code == 2
