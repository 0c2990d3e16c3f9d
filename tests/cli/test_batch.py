"""A folder as it comes: what was not read is listed, what is known of a document is shown."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evidence_mapper.cli import main

TEXT = "Seven people in ten had a review of their care plan on time in the year to March."


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "evidence"
    path.mkdir()
    (path / "supervision policy.txt").write_text(f"Supervision policy\n\nDate: 12 March 2025\n\n{TEXT}\n")
    (path / "=cmd.pdf").write_bytes(b"%PDF-1.4 nothing")
    with zipfile.ZipFile(path / "bundle.zip", "w") as made:
        made.writestr("empty.txt", "")
        made.writestr("reports/a.txt", TEXT.replace("Seven", "Eight"))
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "p.sqlite"
    assert run("init", "-p", path).exit_code == 0
    return path


def test_failures_are_listed_with_what_to_do(tmp_path: Path, folder: Path, project: Path) -> None:
    listed = tmp_path / "failures.csv"
    result = run("add", folder, "-p", project, "--no-suggest", "--failures", listed, "--workers", "1")
    assert result.exit_code == 1
    assert "2 added, 1 opened (2 files inside), 2 not read" in result.stderr
    assert f"Not read, or not all of it: 2, listed in {listed}" in result.stderr
    rows = list(csv.reader(listed.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0] == ["file", "kind", "reason", "what_to_do"]
    assert [row[:2] for row in rows[1:]] == [
        ["evidence/=cmd.pdf", "damaged"],
        ["evidence/bundle.zip/empty.txt", "empty"],
    ]
    assert all(len(row[3]) > 20 for row in rows[1:])
    (folder / "=cmd.pdf").unlink()
    (folder / "bundle.zip").unlink()
    again = run("add", folder, "-p", project, "--no-suggest", "--failures", listed)
    assert again.exit_code == 0
    assert len(listed.read_text(encoding="utf-8-sig").splitlines()) == 1


def test_failures_go_over_no_other_file(tmp_path: Path, folder: Path, project: Path) -> None:
    letter = tmp_path / "letter.csv"
    letter.write_text("mine\n")
    for target in (letter, tmp_path, tmp_path / "none" / "f.csv"):
        result = run("add", folder, "-p", project, "--no-suggest", "--failures", target)
        assert result.exit_code == 2
    assert letter.read_text() == "mine\n"
    assert json.loads(run("documents", "-p", project, "--json").stdout)["documents"] == []


def test_documents_show_date_type_and_where_they_came_from(folder: Path, project: Path) -> None:
    run("add", folder, "-p", project, "--no-suggest", "--workers", "1")
    shown = " ".join(run("documents", "-p", project).stdout.split())
    assert "2025-03-12" in shown
    assert "(guess 0." in shown
    one = run("documents", "evidence/supervision policy.txt", "-p", project).stdout
    assert "date           2025-03-12 (from text: Date: 12 March 2025)" in one
    assert "source type    policy (guess 0." in one
    assert "evidence category: Processes" in one
    inside = run("documents", "evidence/bundle.zip/reports/a.txt", "-p", project).stdout
    assert "came in        evidence/bundle.zip" in inside
    assert "date           none found" in inside
    facts = json.loads(run("documents", "evidence/supervision policy.txt", "-p", project, "--json").stdout)
    assert (facts["date"], facts["date_source"], facts["implied_evidence_category"]) == (
        "2025-03-12",
        "text",
        "processes",
    )
    assert 0 < facts["source_type_probability"] <= 1
    run(
        "documents",
        "evidence/supervision policy.txt",
        "-p",
        project,
        "--set-type",
        "strategy",
        "--coder",
        "ann",
    )
    one = run("documents", "evidence/supervision policy.txt", "-p", project).stdout
    assert "source type    strategy, set by ann" in one


def test_reread_of_what_reads_the_same_changes_nothing(folder: Path, project: Path) -> None:
    run("add", folder, "-p", project, "--no-suggest", "--workers", "1")
    before = json.loads(run("documents", "-p", project, "--json").stdout)["documents"]
    result = run("add", folder, "-p", project, "--no-suggest", "--reread", "--json", "--workers", "1")
    assert result.exit_code == 1
    assert json.loads(run("documents", "-p", project, "--json").stdout)["documents"] == before
    assert run("db", "verify", "-p", project).exit_code == 0
