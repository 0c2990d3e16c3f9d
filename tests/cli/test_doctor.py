"""``evidence-mapper doctor``: what is here, what is missing and what is broken."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from evidence_mapper.classify import artefact
from evidence_mapper.cli import main
from evidence_mapper.workflow.project import create_project


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["doctor", *arguments])


def checks(*arguments: str) -> dict[str, dict[str, Any]]:
    result = run("--json", *arguments)
    return {check["name"]: check for check in json.loads(result.stdout)["checks"]}


def test_all_that_is_needed_is_here() -> None:
    result = run()
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert any(line.startswith("ok       Python ") for line in lines)
    for name in ("pypdfium2", "lxml", "model cqc-local-authority", "disk", "terminal colours"):
        assert any(line.startswith(f"ok       {name} ") for line in lines), name
    assert " 0 broken." in result.stderr


def test_what_is_missing_is_named_with_its_cost_and_the_way_to_get_it() -> None:
    found = checks()  # the tests run without tesseract and LibreOffice
    for name, cost in (("tesseract", "scanned pages"), ("LibreOffice", ".doc")):
        assert found[name]["state"] == "missing"
        assert cost in found[name]["cost"]
        assert found[name]["remedy"]
    assert "winget" in found["tesseract"]["remedy"]
    assert "apt-get install tesseract-ocr" in found["tesseract"]["remedy"]
    assert run().exit_code == 0


def test_a_changed_model_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "models"
    source = artefact.models_folder()
    for name in ("definitions", "minilm"):
        shutil.copytree(source / name, folder / name)
    with (folder / "definitions" / "vocabulary.txt").open("a", encoding="utf-8") as file:
        file.write("\nchanged")
    monkeypatch.setattr(artefact, "models_folder", lambda: folder)
    result = run("--json")
    assert result.exit_code == 1
    found = {c["name"]: c for c in json.loads(result.stdout)["checks"]}
    assert found["model definitions"]["state"] == "broken"
    assert "hash" in found["model definitions"]["found"]


def test_a_project_is_opened_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    create_project(path).close()
    found = checks("--project", str(path))["project"]
    assert found["state"] == "ok"
    assert "0 documents, 0 passages, framework cqc-local-authority@" in found["found"]


@pytest.mark.parametrize("content", [None, b"not a project"])
def test_a_project_that_is_none_is_broken(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "p.sqlite"
    if content is not None:
        path.write_bytes(content)
    result = run("--project", str(path))
    assert result.exit_code == 1
    assert "broken   project" in result.stdout


def test_no_project_file_is_made_by_looking(tmp_path: Path) -> None:
    run("--project", str(tmp_path / "none.sqlite"))
    assert list(tmp_path.iterdir()) == []
