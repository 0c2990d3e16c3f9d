"""``--disclosure`` on the matrix and the gaps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.workflow.report_data import filled

from evidence_mapper.cli import main


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("disclosure") / "p.sqlite"
    filled(path).close()
    return path


def run(*arguments: str | Path) -> Result:
    found = CliRunner().invoke(main, [str(a) for a in arguments])
    assert found.exit_code == 0, found.output
    assert "Disclosure control was applied" in found.stderr
    return found


def numbers(value: Any) -> Iterator[int]:
    """Yield every number in plain data."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from numbers(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from numbers(inner)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield int(value)


def test_the_matrix_as_json_has_no_small_number(project: Path) -> None:
    found = json.loads(run("matrix", "--disclosure", "--json", "-p", project).stdout)
    assert found["disclosure_control"] is True
    needs = found["statements"]["assessing-needs"]
    assert needs["peoples-experience"]["confirmed"] == 25
    assert needs["staff-leaders"]["confirmed"] is None
    assert needs["partners"]["confirmed"] == 0
    assert needs["all"]["confirmed"] == 30, "the hidden one may be 1 to 9: 23 to 27 of 28 to 32"
    assert found["statements"]["equity"]["all"]["confirmed"] == 10
    assert all(n % 5 == 0 and (n == 0 or n >= 10) for n in numbers(found["statements"]))


def test_the_matrix_as_a_table(project: Path) -> None:
    found = run("matrix", "--disclosure", "--topics", "-p", project).stdout
    line = next(line for line in found.splitlines() if "1. Assessing needs" in line)
    assert line.split()[3:] == ["25", "+", "0", "[c]", "+", "0", "0", "+", "0", "0", "+", "0", "30", "+", "0"]
    assert "Evidence by topic" in found
    assert "Evidence by I statement" in found


def test_gaps_have_no_small_number_and_no_likely_figure(project: Path) -> None:
    found = json.loads(run("gaps", "--disclosure", "--json", "--minimum", "10", "-p", project).stdout)
    by_place = {(g["statement"], g["category"]): g for g in found if g["topic"] is None}
    assert by_place["governance", "processes"]["confirmed"] is None
    assert by_place["governance", "processes"]["standing"] == "thin"
    assert ("equity", "processes") not in by_place
    assert all("expected" not in g for g in found)
    shown = [n for g in found for n in (g["confirmed"], g["suggested"]) if n is not None]
    assert all(n % 5 == 0 for n in shown)
    table = run("gaps", "--disclosure", "--top", "3", "-p", project).stdout
    assert "People’s experience (required)" in table


@pytest.mark.parametrize("minimum", ["2", "9"])
def test_a_minimum_that_would_tell_hidden_counts_apart_is_refused(project: Path, minimum: str) -> None:
    found = CliRunner().invoke(main, ["gaps", "--disclosure", "--minimum", minimum, "-p", str(project)])
    assert found.exit_code == 2
    assert "take --minimum 1, or 10 and more" in found.stderr
