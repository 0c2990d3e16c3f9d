"""Exports of a project eight times as large take no more memory, whatever the format."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.workflow.export_memory import HOLDS, PER_DOCUMENT, build

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="peak memory is told in other units, or not at all"),
]

SMALL, LARGE = 8, 64
"""Documents."""
MORE = 1.1
"""Peak memory beside that of the small project, at most; the program itself is most of it."""
STREAMING = (
    ("e.csv", ""), ("e.jsonl", ""), ("e.parquet", ""), ("e.xlsx", ""), ("i.csv", "evidence-index"),
    ("i.xlsx", "evidence-index"), ("r.html", ""), ("s.qdpx", ""), ("p.md", "self-assessment"),
    ("p.docx", "self-assessment"),
)  # fmt: skip


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Give a small and a large project, all of them confirmed."""
    folder = tmp_path_factory.mktemp("memory")
    for name, documents in (("small", SMALL), ("large", LARGE)):
        build(folder / f"{name}.sqlite", documents)
    return folder / "small.sqlite", folder / "large.sqlite"


def growth(projects: tuple[Path, Path], folder: Path, file: str, chosen: str) -> tuple[float, list[int]]:
    """Return the large export's peak beside the small one's, and the rows of both."""
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "tests.workflow.export_memory", *map(str, projects), folder, file, chosen],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        timeout=300,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(root), str(root / "src")))},
    )
    assert done.returncode == 0, done.stderr
    (few, before), (many, after) = json.loads(done.stdout.splitlines()[-1])
    return after / before, [few, many]


@pytest.mark.parametrize(("file", "chosen"), STREAMING)
def test_memory_does_not_grow_with_the_project(
    projects: tuple[Path, Path], tmp_path: Path, file: str, chosen: str
) -> None:
    ratio, rows = growth(projects, tmp_path, file, chosen)
    assert rows == [SMALL * PER_DOCUMENT * 9 // 10, LARGE * PER_DOCUMENT * 9 // 10]
    assert ratio < MORE


def test_an_export_that_keeps_its_rows_would_be_noticed(projects: tuple[Path, Path], tmp_path: Path) -> None:
    ratio, _ = growth(projects, tmp_path, "e.jsonl", HOLDS)
    assert ratio > MORE
