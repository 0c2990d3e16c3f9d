"""``score``, ``return-items`` and the exports made of them, as a person runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.workflow.pack_samples import CALLS, WAIT, confirm, write

from evidence_mapper.cli import main
from evidence_mapper.workflow.project import open_project


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "p.sqlite"
    assert run("init", "-p", path).exit_code == 0
    papers = write(tmp_path / "e" / "policy.txt", WAIT, CALLS)
    assert run("add", papers, "-p", path, "--workers", "1", "--no-suggest").exit_code == 0
    return path


def test_scores_are_set_listed_and_taken_off(project: Path) -> None:
    done = run("score", "set", "safeguarding", "2", "-p", project, "--coder", "Ann", "--note", "board")
    assert done.exit_code == 0
    assert "Safeguarding: 2 (Evidence shows some shortfalls), recorded under Ann." in done.stderr
    assert "No overall figure: 8 of 9 scores missing (assessing-needs, " in done.stderr
    listed = run("score", "list", "--history", "-p", project)
    assert "Ann" in listed.stdout
    assert "proposes none" in listed.stderr
    assert run("score", "unset", "safeguarding", "-p", project, "--coder", "Bo").exit_code == 0
    told = json.loads(run("score", "list", "-p", project, "--json").stdout)
    assert told["scores"] == []
    assert told["overall"] is None
    assert [(e["score"], e["coder"]) for e in told["history"]] == [(2, "Ann"), (None, "Bo")]


def test_the_overall_figure_comes_with_the_ninth_score(project: Path) -> None:
    for number in range(1, 9):
        assert run("score", "set", str(number), "3", "-p", project).exit_code == 0
    done = run("score", "set", "9", "2", "-p", project)
    assert "By the published rule: 26 of 36 = 72.22%, read as 72%: Good." in done.stderr
    told = json.loads(run("score", "list", "-p", project, "--json").stdout)
    assert told["overall"]["rating"] == "Good"


def test_the_rule_shows_what_is_verbatim_and_what_is_not(project: Path) -> None:
    parts = {p["part"]: p for p in json.loads(run("score", "rule", "-p", project, "--json").stdout)}
    assert parts["rating bands"]["standing"] == "verbatim"
    assert parts["overall percentage"]["standing"] == "unverified"
    assert parts["overall percentage"]["sources"]
    assert "unverified" in run("score", "rule", "-p", project).stdout


@pytest.mark.parametrize("arguments", [("safeguarding", "9"), ("nothing", "3"), ("safeguarding", "good")])
def test_a_wrong_score_is_refused(project: Path, arguments: tuple[str, str]) -> None:
    done = run("score", "set", *arguments, "-p", project)
    assert done.exit_code == 2
    assert json.loads(run("score", "list", "-p", project, "--json").stdout)["history"] == []


def test_return_items_are_listed_linked_and_taken_off(project: Path) -> None:
    listed = run("return-items", "list", "-p", project)
    assert "(UNOFFICIAL)" in listed.stdout
    assert listed.stderr.startswith("UNOFFICIAL.")
    done = run("return-items", "link", "LR16", "--document", "e/policy.txt", "-p", project, "--coder", "Ann")
    assert done.exit_code == 0
    assert "linked to return item LR16" in done.stderr
    one = run("return-items", "list", "--item", "lr16", "-p", project)
    assert "linked by Ann: whole" in " ".join(one.stdout.split())
    assert run("return-items", "unlink", "LR16", "--document", "e/policy.txt", "-p", project).exit_code == 0
    told = json.loads(run("return-items", "list", "--item", "LR16", "-p", project, "--json").stdout)
    assert told["items"][0]["linked"] == []
    assert run("return-items", "link", "LR16", "-p", project).exit_code == 2


def test_a_list_is_brought_in(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("id,item,statements\nIR1,Plans,equity\nIR2,Other,\n", encoding="utf-8")
    done = run("return-items", "import", path, "-p", project, "--coder", "Ann")
    assert done.exit_code == 0
    assert "2 items. Brought in from mine.csv by Ann." in done.stderr
    assert "Without a statement, and so without candidates: 1." in done.stderr
    assert "UNOFFICIAL" not in run("return-items", "list", "-p", project).output


def test_pack_and_index_are_exported_by_name_and_ending(project: Path, tmp_path: Path) -> None:
    with open_project(project) as opened:
        confirm(opened, CALLS)
    for name, arguments in (
        ("pack.docx", ()),
        ("pack.md", ("--stale-months", "12", "--as-of", "2026-01-31")),
        ("index.xlsx", ("--format", "evidence-index")),
        ("index.csv", ("--format", "evidence-index")),
    ):
        done = run("export", tmp_path / name, "-p", project, *arguments)
        assert done.exit_code == 0, done.output
        assert f"{name}: 1 confirmed" in done.stderr
    assert "evidence older than 12 months" in (tmp_path / "pack.md").read_text(encoding="utf-8")
    refused = run("export", tmp_path / "x.csv", "-p", project, "--stale-months", "12")
    assert refused.exit_code == 2
    assert "takes no --stale-months; self-assessment" in refused.stderr
    assert run("export", tmp_path / "y.md", "-p", project, "--as-of", "soon").exit_code == 2
