"""Scans in a project: what is said where they are not read, and that they are read once they can be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from scan_samples import TEXTS, needs_tesseract, picture, scan

from evidence_mapper.cli import main
from evidence_mapper.extract.ocr.program import VARIABLE


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "p.sqlite"
    run("init", "-p", path)
    return path


def mixed(folder: Path) -> Path:
    words = (
        "This page can be read by all: it has a text of its own, long enough to be a passage by itself here."
    )
    return scan(folder / "minutes.pdf", words, picture(TEXTS[:1]))


def add(project: Path, path: Path) -> Result:
    return run("add", path, "-p", project, "--no-suggest", "--workers", "1")


def passages(project: Path) -> int:
    (row,) = json.loads(run("documents", "-p", project, "--json").stdout)["documents"]
    return int(row["passages"])


def test_pages_not_read_are_named_when_added_and_with_the_document(tmp_path: Path, project: Path) -> None:
    path = mixed(tmp_path)
    result = add(project, path)
    assert result.exit_code == 0
    assert "in part   " in result.stderr
    assert "minutes.pdf: page 2 not read" in result.stderr
    assert "To have scanned pages read: install tesseract" in result.stderr
    (name,) = (
        row["name"] for row in json.loads(run("documents", "-p", project, "--json").stdout)["documents"]
    )
    details = run("documents", name, "-p", project).stdout
    assert "page 2: a picture without usable text, not read; install tesseract" in " ".join(details.split())


@needs_tesseract
def test_the_same_file_is_read_anew_once_tesseract_is_here(
    tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = mixed(tmp_path)
    add(project, path)
    assert passages(project) == 1
    monkeypatch.delenv(VARIABLE)
    result = add(project, path)
    assert "1 read anew" in result.stderr, result.stderr
    assert passages(project) == 2
    found = run("documents", "-p", project, "--json")
    assert json.loads(found.stdout)["documents"][0]["unread_pages"] == []
    assert "1 unchanged" in add(project, path).stderr


@needs_tesseract
def test_a_passage_of_a_scan_says_so_wherever_it_is_shown(
    tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE)
    add(project, scan(tmp_path / "scan.pdf", picture(TEXTS[:1], dpi=55, grain=0.0).resize((1654, 2339))))
    import sqlite3

    with sqlite3.connect(project) as connection:
        (passage,) = connection.execute("select id from passages limit 1").fetchone()
    shown = run("show", passage, "-p", project)
    assert "p. 1, scan" in shown.stdout.splitlines()[0]
    location = json.loads(run("show", passage, "-p", project, "--json").stdout)["location"]
    assert 0 < location["confidence"] < 1
