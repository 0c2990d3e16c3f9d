"""``case``, and ``review --case``, from the command line over a real project."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.workflow.case_projects import CASES, PLAN, WISH, confirm_i, grouped, suggest

from evidence_mapper.cli import main
from evidence_mapper.domain.coding import Polarity
from evidence_mapper.workflow.project import open_project


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the three cases once, with a coding and suggestions."""
    path = grouped(tmp_path_factory.mktemp("cases"))
    with open_project(path) as project:
        suggest(project, {WISH[:20]: ("i-unique", "strength"), PLAN[:20]: ("i-safe", "concern")})
        confirm_i(project, WISH[:20], "i-unique", Polarity.STRENGTH)
    return path


@pytest.fixture
def path(kept: Path, tmp_path: Path) -> Path:
    """Give a copy."""
    return Path(shutil.copy(kept, tmp_path / "p.sqlite"))


def call(path: Path, *arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, [*arguments, "-p", str(path)], input=typed)


def data(path: Path, *arguments: str) -> Any:
    result = call(path, *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def wide(text: str) -> list[str]:
    return [line for line in text.splitlines() if len(line) > 80]


def test_cases_are_listed_and_shown_with_where_it_was_read(path: Path) -> None:
    listed = call(path, "case", "list").stdout
    assert all(case in listed for case in CASES)
    shown = call(path, "case", "show", "ab-1").stdout
    assert "consent   yes (read in 01-notes.txt)" in shown
    assert "assessment" in shown
    assert "guess" in shown
    found = data(path, "case", "show", "AB-1")
    assert [d["role"] for d in found["documents"]] == ["case-notes", "assessment", "plan"]
    assert found["documents"][0]["entries"][0]["author"] == "J. Lowther"


def test_a_person_sets_what_is_not_read(path: Path) -> None:
    said = call(
        path, "case", "set", "AB-3", "--consent", "yes", "--services", "college, bus", "--coder", "ben"
    )
    assert "consent   yes (said by ben)" in said.stdout
    assert "services  college, bus (said by ben)" in said.stdout
    call(path, "case", "role", "AB-1", "records/AB-1/03-plan.html", "review", "--coder", "ben")
    assert "set by ben" in call(path, "case", "show", "AB-1").stdout
    nothing = call(path, "case", "set", "AB-3")
    assert nothing.exit_code == 2
    assert "nothing to set" in nothing.stderr


def test_documents_are_put_in_and_taken_out_by_hand(path: Path) -> None:
    letter = "records/AB-2/02-letter.txt"
    assert call(path, "case", "add", "AB-1", letter).exit_code == 2
    assert call(path, "case", "remove", "AB-2", letter).exit_code == 0
    added = call(path, "case", "add", "NEW-9", letter)
    assert "Case NEW-9 has 1 document." in added.stderr
    assert "NEW-9" in call(path, "case", "list").stdout
    assert "put 1 document into case NEW-9" in call(path, "history").stdout


def test_grouping_says_what_it_would_do_and_what_it_leaves(path: Path) -> None:
    trial = call(path, "case", "group", "--pattern", r"(?P<case>0\d)-", "--dry-run")
    assert "Nothing new" in trial.stderr
    assert "left in case AB-1, not moved to 01: records/AB-1/01-notes.txt" in trial.stderr
    assert "Nothing was recorded." in trial.stderr
    both = call(path, "case", "group", "--pattern", "x", "--by-folder", "y")
    assert both.exit_code == 2
    assert "name one rule" in both.stderr


def test_the_journey_fits_80_columns_and_quotes_only_when_asked(path: Path) -> None:
    plain = call(path, "case", "journey", "AB-1").stdout
    assert not wide(plain)
    assert "stages as read from the words" in plain
    assert "2025-02-03    18  plan" in plain
    assert "Meets the criteria" not in plain
    quoted = call(path, "case", "journey", "AB-1", "--quotes").stdout
    assert "“Meets the criteria in three”" in quoted
    assert not wide(quoted)
    undated = call(path, "case", "journey", "AB-2").stdout
    assert "Without a stated date" in undated
    assert "02-letter.txt" in undated
    found = data(path, "case", "journey", "AB-1")
    assert [w["days"] for w in found["waits"]] == [2, 18]


def test_coverage_tells_codings_from_suggestions(path: Path) -> None:
    text = call(path, "case", "coverage", "AB-1").stdout
    assert not wide(text)
    confirmed = text.index("CONFIRMED by a person: 1 for; own voice in 1 of 1")
    suggested = text.index("SUGGESTED by the model, not a coding: 1 against; own voice in 0 of 1")
    assert confirmed < text.index("I want to get up") < suggested
    assert "SILENT SO FAR" in text
    own = call(path, "case", "coverage", "AB-1", "--voice", "own").stdout
    assert "I want to get up" in own
    assert "Pendant alarm" not in own
    found = data(path, "case", "coverage", "AB-1")
    shown = {i["id"]: i for i in found["i_statements"]}
    assert shown["i-unique"]["confirmed"][0]["coders"] == ["ann"]
    assert shown["i-unique"]["suggested"] == []
    item = shown["i-safe"]["suggested"][0]
    assert item["text"] == PLAN
    assert item["end"] - item["start"] == len(PLAN)
    assert item["file_sha256"].startswith("sha256:")


def test_the_matrix_has_capitals_for_codings_and_small_letters_for_suggestions(path: Path) -> None:
    text = call(path, "case", "matrix").stdout
    assert not wide(text)
    line = next(line for line in text.splitlines() if line.startswith("AB-1"))
    assert line.split()[1:7] == [".", ".", "F", ".", ".", "a"]
    found = data(path, "case", "matrix")
    assert found[0]["marks"]["i-unique"] == "F"
    assert found[0]["marks"]["i-safe"] == "a"


def test_picking_says_why_and_why_not_and_a_dry_run_records_nothing(path: Path) -> None:
    trial = call(path, "case", "pick", "--dry-run")
    assert not wide(trial.stdout)
    assert "Nothing was recorded." in trial.stderr
    assert "recent was not looked at" in trial.stderr
    assert "drew" not in call(path, "history").stdout
    done = call(path, "case", "pick", "--seed", "7", "--since", "2025-01-01", "--number", "1")
    assert "Drawn at random, 1 of 1 cases that qualify (seed 7)" in done.stdout
    assert "open complaint (read in 01-notes.txt)" in " ".join(done.stdout.split())
    assert "drew 1 of 1 cases that qualify" in " ".join(call(path, "history").stdout.split())
    assert call(path, "case", "pick", "--since", "2025").exit_code == 2
    none = call(path, "case", "pick", "--since", "2030-01-01")
    assert none.exit_code == 2
    assert "none of 3 cases meets the criteria" in none.stderr


def test_review_of_one_case_alone(path: Path) -> None:
    said = call(path, "review", "--plain", "--case", "AB-1", "--state", "any", typed="s\n" * 20)
    assert said.exit_code == 0, said.output
    shown = {line for line in said.stdout.splitlines() if line.startswith("Passage psg-")}
    places = {line for line in said.stdout.splitlines() if line.startswith("From ")}
    with open_project(path) as project:
        count = sum(
            len(list(project.store.passages(d.id)))
            for d in project.store.documents()
            if d.name.startswith("records/AB-1/")
        )
    assert len(shown) == count
    assert all(place.startswith("From records/AB-1/") for place in places)
    unknown = call(path, "review", "--plain", "--case", "ZZ", typed="q\n")
    assert unknown.exit_code == 2
    assert "no case 'ZZ'" in unknown.stderr


@pytest.mark.parametrize("part", ["list", "matrix"])
def test_without_cases_the_next_command_is_named(tmp_path: Path, part: str) -> None:
    path = tmp_path / "empty.sqlite"
    assert CliRunner().invoke(main, ["init", "-p", str(path)]).exit_code == 0
    assert "evidence-mapper case group" in call(path, "case", part).stderr
    assert "case group" in call(path, "case", "show", "AB-1").stderr
    assert data(path, "case", part) == []
