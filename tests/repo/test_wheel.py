"""The wheel holds all that a run needs: models, frameworks, licences."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_wheel_alone_can_classify(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        archive.extractall(site)
    for name in ("minilm/LICENSE", "minilm/NOTICE", "minilm-council/NOTICE", "cqc-local-authority/CARD.md"):
        assert f"evidence_mapper/_models/{name}" in names
    assert "evidence_mapper/frameworks/cqc_local_authority.toml" in names
    assert "evidence_mapper/py.typed" in names
    source = tmp_path / "in.jsonl"
    source.write_text('{"id": "a", "text": "I waited seven months for my assessment."}\n')
    code = (
        "import evidence_mapper, sys; assert evidence_mapper.__file__.startswith(sys.argv.pop()), "
        "evidence_mapper.__file__; from evidence_mapper.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "classify", str(source), str(site)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["statements"][0]["id"] == "assessing-needs"


def test_repository_names_no_machine_and_no_registry() -> None:
    """Neither the path of the machine it was made on nor a package registry's host."""
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    assert len(tracked) > 100
    forbidden = ["/" + "work/", "py" + "pi.org", "python" + "hosted", "npm" + "js.", "deb" + ".debian"]
    endings = (".py", ".md", ".toml", ".json", ".txt", ".yml", ".svg", "Makefile", "run")
    for name in tracked:
        if name.endswith(endings):
            text = (ROOT / name).read_text(encoding="utf-8", errors="replace")
            assert not [f for f in forbidden if f in text], name
