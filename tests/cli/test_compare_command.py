"""``compare``: what a person and a program see of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.store.builders import coded
from tests.workflow.report_data import EQUITY, NEEDS, PEOPLE, add, decide, new_project

from evidence_mapper.cli import main


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "p.sqlite"
    with new_project(path) as made:
        early, later = "2026-01-05T09:00:00.000000Z", "2026-05-05T09:00:00.000000Z"
        words = ["We waited \x1b[31meight months.", "The line is open all day."]
        one, two = add(made.store, "a\x07.txt", words, date="2024-03-01", at=early)
        decide(made.store, "ann", early, {one.id: coded(NEEDS, category=PEOPLE, topics=("an-waiting",))})
        decide(made.store, "bob", later, {two.id: coded(EQUITY, category=PEOPLE)})
    return path


def test_two_days_as_tables(project: Path) -> None:
    found = run("compare", project, "--at", "2026-01-31", "--at", "2026-06-01", "--topics")
    assert found.exit_code == 0
    assert "Confirmed passages: p.sqlite, 2026-01-31 against p.sqlite, 2026-06-01" in found.stdout
    rows = {line.strip().partition("  ")[0]: line.split() for line in found.stdout.splitlines()}
    assert rows["1. Assessing needs"][-4:] == ["1", "1", "1", "1"], "before, after, old, newly old"
    assert rows["3. Equity in experience and outcomes"][-4:] == ["0", "1", "+1", "1"]
    assert "2. Supporting" not in found.stdout, "statements with nothing at either time are left out"
    assert "By topic" in found.stdout
    assert "Passages gained: 1" in found.stdout
    assert "equity: confirmed by bob, 2026-05-05" in found.stdout
    assert "Passages newly old: 1" in found.stdout
    assert "\x1b" not in found.stdout
    assert "\x07" not in found.stdout


def test_the_list_may_be_cut_and_says_so(project: Path) -> None:
    found = run("compare", project, "--at", "2025-01-01", "--list", "1")
    assert "Passages gained: 2" in found.stdout
    assert "... and 1 more: --list 2, or --json" in found.stdout


def test_json_gives_all_of_it(project: Path) -> None:
    found = json.loads(run("compare", project, "--at", "2026-01-31", "--json", "--list", "0").stdout)
    assert (found["earlier"], found["later"]) == ("p.sqlite, 2026-01-31", "p.sqlite, now")
    nothing = {"before": 0, "after": 0, "gained": 0, "lost": 0, "stale": 0, "went_stale": 0}
    assert found["statements"]["safeguarding"] == {"all": nothing, "categories": {}}
    assert found["statements"][EQUITY]["categories"][PEOPLE]["gained"] == 1
    assert found["topics"]["an-waiting"]["before"] == 1
    (gained,) = found["passages"]
    assert gained["text"] == "The line is open all day."
    assert gained["after"] == [EQUITY]
    assert found["documents"] == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "name two projects, or one project and when"),
        (("x.sqlite", "y.sqlite"), "3 projects were named; two can be compared"),
        (("--at", "soon"), "'soon' does not match the format"),
    ],
)
def test_wrong_use_is_explained(project: Path, arguments: tuple[str, ...], words: str) -> None:
    found = run("compare", project, *arguments)
    assert found.exit_code == 2
    assert words in found.stderr


def test_a_project_that_is_not_there_is_named(project: Path) -> None:
    found = run("compare", project, "nowhere.sqlite")
    assert found.exit_code == 3
    assert "nowhere.sqlite: no project here" in found.stderr
