"""``refi`` as a person meets it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.workflow import refi_foreign as foreign

from evidence_mapper.cli import main


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "p.sqlite"
    assert run("init", "--project", path).exit_code == 0
    return path


def test_two_steps_in_and_one_out(project: Path, tmp_path: Path) -> None:
    file = foreign.nvivo(tmp_path / "nv.qdpx")
    first = run("refi", "import", file, "--project", project, "--coder", "Importer")
    assert first.exit_code == 0
    assert "Supporting people to live" in first.stdout
    assert "Nothing is imported yet. Write yes in the column confirm" in first.stderr
    mapping = tmp_path / "nv-mapping.csv"
    with mapping.open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert [line["how"] for line in lines] == [
        "exact name", "similar name (0.95)", "no name like it", "exact name",
    ]  # fmt: skip
    for line in lines:
        line["confirm"] = "yes" if line["our_code"] else "no"
    with mapping.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, lines[0].keys())
        writer.writeheader()
        writer.writerows(lines)
    losses = tmp_path / "losses.csv"
    options = ("--project", project, "--mapping", mapping, "--loss-report", losses, "--coder", "I")
    second = run("refi", "import", file, *options)
    assert second.exit_code == 0
    assert "4 decisions of 2 coders came in (5 codings)" in second.stderr
    assert "1 graph: a project here has no such thing" in second.stdout
    with losses.open(encoding="utf-8-sig", newline="") as stream:
        named = {(row["what"], row["item"]) for row in csv.DictReader(stream)}
    assert ("graphs", "Map") in named
    assert ("codings", "Focus group 1: Weather") in named
    out = run("refi", "export", tmp_path / "out.qdpx", "--identifiable", "--project", project)
    assert out.exit_code == 0
    assert "2 sources, 4 decisions, 5 codings" in out.stderr
    assert out.stdout.startswith("Not carried:\n")
    foreign.schema("Project").assertValid(foreign.project_xml(tmp_path / "out.qdpx"))


def test_json(project: Path, tmp_path: Path) -> None:
    file = foreign.atlas(tmp_path / "a.qdpx")
    done = json.loads(run("refi", "import", file, "--project", project, "--yes-exact", "--json").stdout)
    assert done["imported"] is True
    assert done["counts"]["decisions"] == 2
    assert [loss["what"] for loss in done["losses"]] == ["codings"]
    whole = ("refi", "export", tmp_path / "o.qdpx", "--identifiable")
    out = json.loads(run(*whole, "--project", project, "--json").stdout)
    assert out["codings"] == 2
    book = json.loads(run("refi", "export", tmp_path / "o.qdc", "--project", project, "--json").stdout)
    assert book["codes"] > 60


def test_export_command_takes_both_formats(project: Path, tmp_path: Path) -> None:
    for name in ("o.qdpx", "o.qdc"):
        done = run("export", tmp_path / name, "--project", project)
        assert done.exit_code == 0
        assert (tmp_path / name).stat().st_size > 1000
        refused = run("export", tmp_path / name, "--project", project)
        assert refused.exit_code == 2
        assert "already exists" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["export", "out.txt"], "end the name in .qdpx for a project or .qdc for a codebook"),
        (["export", "out.qdpx", "--loss-report", "."], "is a directory"),
        (["import", "missing.qdpx"], "does not exist"),
        (["import", "junk.qdpx"], "neither a REFI-QDA project (.qdpx) nor a codebook (.qdc)"),
        (["import", "junk.qdpx", "--sources", "nowhere"], "nowhere is no folder"),
        (["import", "junk.qdpx", "--loss-report", "junk.qdpx"], "holds something else than a loss report"),
    ],
)
def test_mistakes_are_named(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "junk.qdpx").write_bytes(b"junk, not a project")
    done = run("refi", *arguments, "--project", project)
    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())
