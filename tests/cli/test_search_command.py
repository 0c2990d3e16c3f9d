"""``evidence-mapper search`` as a person types it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evidence_mapper.cli import main

COMMENTS = """Comments
"I waited eight months for someone to come and assess my mother at home."
"The reablement team were wonderful and I cook again after six weeks."
"A different carer comes every morning and nobody tells me who it will be."
"The \x1b[31m nurse \x1b[0m rang the council and [bold]nobody[/bold] rang her back about the carer."
"""


def run(*arguments: str | Path, color: bool = False) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments], color=color)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("search-command")
    (folder / "survey.csv").write_text(COMMENTS, encoding="utf-8")
    path = folder / "p.sqlite"
    assert run("init", "-p", path).exit_code == 0
    assert run("add", folder / "survey.csv", "-p", path, "--workers", "1").exit_code == 0
    return path


def test_a_hit_names_its_passage_standing_and_source(project: Path) -> None:
    result = run("search", "waiting for an assessment", "-p", project)
    assert result.exit_code == 0
    first = result.stdout.split("\n\n")[0]
    assert first.startswith("1. psg-")
    assert "suggested, not confirmed: assessing-needs" in first
    assert "survey.csv, row 2" in first
    assert "(survey-comment)" in first
    assert "I waited eight months" in first
    assert "evidence-mapper show psg-" in result.stderr


def test_words_need_no_quotes_and_matches_are_bold_and_underlined(project: Path) -> None:
    result = run("search", "reablement", "weeks", "-p", project, "--limit", "1", color=True)
    assert "\x1b[1m\x1b[4mreablement\x1b[0m" in result.stdout
    assert "\x1b[1m\x1b[4mweeks\x1b[0m" in result.stdout
    assert "\x1b" not in run("search", "reablement", "-p", project).stdout


def test_text_of_a_document_never_drives_the_terminal(project: Path) -> None:
    result = run("search", "nurse", "-p", project, "--limit", "1", color=True)
    assert "\x1b[31m" not in result.stdout
    assert "[bold]nobody[/bold]" in result.stdout


def test_json_has_spans_scores_and_source(project: Path) -> None:
    result = run("search", "carer -nurse", "-p", project, "--json", "--limit", "1")
    said = json.loads(result.stdout)
    (hit,) = said["hits"]
    assert said["notices"] == []
    assert [hit["text"][a:b] for a, b in hit["matched"]] == ["carer"]
    assert hit["document"].endswith("survey.csv")
    assert hit["file_sha256"].startswith("sha256:")
    assert hit["location"]["row"] == 4
    assert hit["score"]["words_rank"] == 1
    assert hit["state"] in ("suggested", "open")


def test_filters_and_nothing_found(project: Path) -> None:
    name = f"{project.parent.name}/survey.csv"
    none = run("search", "carer", "-p", project, "--confirmed")
    assert none.exit_code == 0
    assert none.stdout == ""
    assert "Nothing was found" in none.stderr
    assert run("search", "carer", "-p", project, "--suggested", "--document", name).stdout
    assert run("search", "carer", "-p", project, "--source-type", "strategy").stdout == ""
    assert run("search", "carer", "-p", project, "--words").stdout.count("psg-") == 2


@pytest.mark.parametrize("query", ['"', "((", "a AND", "NEAR(", "*", "col:x", "'; drop table passages; --"])
def test_no_query_is_an_error(project: Path, query: str) -> None:
    assert run("search", "-p", project, "--", query).exit_code == 0


def test_a_name_that_is_not_there_is_wrong_usage(project: Path) -> None:
    result = run("search", "carer", "-p", project, "--statement", "nine")
    assert result.exit_code == 2
    assert "there are assessing-needs" in result.stderr


def test_no_project_says_how_to_make_one(tmp_path: Path) -> None:
    result = run("search", "carer", "-p", tmp_path / "none.sqlite")
    assert result.exit_code == 3
    assert "evidence-mapper init" in result.stderr


def test_the_index_is_made_afresh_by_a_command(project: Path) -> None:
    with closing(sqlite3.connect(project)) as connection, connection:
        connection.execute("INSERT INTO passage_words(passage_words) VALUES ('delete-all')")
    lagging = run("db", "verify", "-p", project)
    assert lagging.exit_code == 3
    assert "evidence-mapper db reindex" in lagging.stderr
    assert run("search", "carer", "-p", project, "--words").stdout == ""
    assert run("db", "reindex", "-p", project).exit_code == 0
    assert run("db", "verify", "-p", project).exit_code == 0
    assert run("search", "carer", "-p", project, "--words").stdout.count("psg-") == 2
