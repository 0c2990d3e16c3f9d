"""Files that are in the way, names no code page has, systems that withhold something."""

from __future__ import annotations

import getpass
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evidence_mapper.cli import main
from evidence_mapper.cli.options import default_coder


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


def program(*arguments: str | Path, code_page: str = "cp1252") -> subprocess.CompletedProcess[bytes]:
    """Run the program with its output redirected, as on a machine of another code page."""
    environment = {**os.environ, "PYTHONIOENCODING": code_page, "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "evidence_mapper", *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "evidence"
    path.mkdir()
    (path / "Łódź ‘carers’ 😀.txt").write_text("Nobody rang us back for months.\n", encoding="utf-8")
    return path


@pytest.fixture
def project(tmp_path: Path, folder: Path) -> Path:
    path = tmp_path / "p.sqlite"
    assert run("init", "-p", path).exit_code == 0
    assert run("add", folder, "-p", path, "--workers", "1", "--no-suggest").exit_code == 0
    return path


def test_redirected_json_is_utf8_whatever_the_code_page(project: Path) -> None:
    done = program("documents", "-p", project, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.decode("utf-8"))["documents"][0]["name"] == "evidence/Łódź ‘carers’ 😀.txt"
    assert "Łódź ‘carers’ 😀" in program("documents", "-p", project).stdout.decode("utf-8")


def test_messages_never_fail_in_another_code_page(tmp_path: Path) -> None:
    done = program("matrix", "-p", tmp_path / "Łódź.sqlite")
    assert done.returncode == 3
    assert b"?\xf3d?.sqlite" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has file names that are no text")
def test_a_file_name_that_is_no_text_is_whole_in_json(project: Path, tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.jsonl")
    done = program("export", tmp_path / name, "-p", project, "--json")
    assert done.returncode == 0, done.stderr
    assert Path(json.loads(done.stdout.decode("utf-8"))["path"]).name == name


def test_run_asks_before_it_replaces_a_file_that_was_named(tmp_path: Path, folder: Path) -> None:
    target, project = tmp_path / "mine.xlsx", tmp_path / "p.sqlite"
    target.write_text("mine", encoding="utf-8")
    result = run("run", folder, "-p", project, "--output", target)
    assert result.exit_code == 2
    assert "mine.xlsx already exists" in result.stderr
    assert "--force" in result.stderr
    assert target.read_text(encoding="utf-8") == "mine"
    assert not project.exists(), "refused before the work, not after it"


def test_run_refuses_an_ending_it_cannot_write_before_the_work(tmp_path: Path, folder: Path) -> None:
    result = run("run", folder, "-p", tmp_path / "p.sqlite", "--output", tmp_path / "list.docx")
    assert result.exit_code == 2
    assert "xlsx" in result.stderr
    assert not (tmp_path / "p.sqlite").exists()


def test_run_refuses_another_framework_than_the_projects(project: Path, folder: Path) -> None:
    result = run("run", folder, "-p", project, "--framework", "making-it-real")
    assert result.exit_code == 2
    assert "cqc-local-authority@" in result.stderr
    assert "making-it-real@" in result.stderr
    unknown = run("run", folder, "-p", project, "--framework", "making-it-reel")
    assert unknown.exit_code == 2
    assert "making-it-reel" in unknown.stderr


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = run("init", "-p", tmp_path / "file" / "deeper" / "p.sqlite")
    assert result.exit_code == 3
    assert "cannot be made" in result.stderr
    assert "--project" in result.stderr


@pytest.mark.parametrize("error", [ImportError("No module named 'pwd'"), KeyError("uid"), OSError("none")])
def test_a_system_without_a_login_name_still_has_a_coder(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> str:
        raise error

    monkeypatch.setattr(getpass, "getuser", refuse)
    assert default_coder() == "reviewer"
