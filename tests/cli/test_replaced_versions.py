"""What a person confirmed in a version since replaced, as the commands tell it."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from evidence_mapper.cli import main
from evidence_mapper.domain.coding import Decision, Outcome, Verdict
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.project import open_project
from evidence_mapper.workflow.review import ReviewSession

POLICY = "The longest wait for a review was nineteen months, and people told us that it was too long.\n"
LINE = (
    "1 confirmed passages are from versions since replaced and are not counted; they are marked 'superseded'"
)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


def confirm(path: Path, category: str | None = None) -> None:
    """Confirm the newest version's first passage."""
    with open_project(path) as project:
        passage = next(project.store.passages(project.store.documents()[0].id))
        decision = Decision(
            Outcome.CODED, (("assessing-needs", Verdict.ACCEPTED),), evidence_category=category
        )
        ReviewSession(project.store, project.framework, "ann", utc_now).decide(passage.id, decision)


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "policy.txt"
    path.write_text(POLICY, encoding="utf-8")
    return path


@pytest.fixture
def project(tmp_path: Path, policy: Path) -> Path:
    path = tmp_path / "p.sqlite"
    assert run("init", "-p", path).exit_code == 0
    assert run("add", policy, "-p", path, "--workers", "1", "--no-suggest").exit_code == 0
    return path


def replace(policy: Path, project: Path) -> None:
    policy.write_text(POLICY.replace("nineteen", "eleven"), encoding="utf-8")
    assert run("add", policy, "-p", project, "--workers", "1", "--no-suggest").exit_code == 0


def test_a_gap_opens_again_when_the_text_that_closed_it_is_replaced(policy: Path, project: Path) -> None:
    def gaps() -> set[tuple[str, str]]:
        found = json.loads(run("gaps", "-p", project, "--json").stdout)
        return {(g["statement"], g["category"]) for g in found}

    def cell() -> dict[str, int]:
        found = json.loads(run("matrix", "-p", project, "--json").stdout)
        return {
            k: found["statements"]["assessing-needs"]["processes"][k] for k in ("confirmed", "superseded")
        }

    place = ("assessing-needs", "processes")
    assert place in gaps()
    confirm(project, "processes")
    assert place not in gaps()
    assert cell() == {"confirmed": 1, "superseded": 0}
    replace(policy, project)
    assert place in gaps()
    assert cell() == {"confirmed": 0, "superseded": 1}
    confirm(project, "processes")
    assert place not in gaps()
    assert cell() == {"confirmed": 1, "superseded": 1}


@pytest.mark.parametrize("command", [("matrix",), ("gaps",), ("matrix", "--json"), ("gaps", "--json")])
def test_what_is_not_counted_is_said_on_stderr(policy: Path, project: Path, command: tuple[str, ...]) -> None:
    confirm(project)
    assert "superseded" not in run(*command, "-p", project).stderr
    replace(policy, project)
    result = run(*command, "-p", project)
    assert [line for line in result.stderr.splitlines() if line.startswith(LINE)] != []
    assert LINE not in result.stdout


def test_matrix_sheet_adds_up_with_evidence_that_has_no_category(project: Path, tmp_path: Path) -> None:
    def sheet(name: str) -> list[dict[str, str | int]]:
        assert run("export", tmp_path / name, "-p", project).exit_code == 0
        columns, *rows = openpyxl.load_workbook(tmp_path / name)["Matrix"].iter_rows(values_only=True)
        return [dict(zip(map(str, columns), row, strict=True)) for row in rows]  # type: ignore[arg-type]

    assert not any("No category" in column for column in sheet("before.xlsx")[0])
    confirm(project)
    row = sheet("after.xlsx")[0]
    assert (row["No category: confirmed"], row["all: confirmed"]) == (1, 1)
    for kind in ("confirmed", "suggested"):
        counts = [v for c, v in row.items() if c.endswith(f": {kind}") and not c.startswith("all")]
        assert len(counts) == 5
        assert sum(map(int, counts)) == row[f"all: {kind}"]
