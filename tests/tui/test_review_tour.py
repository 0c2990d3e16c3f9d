"""The moving picture of the review: one file that stands alone, the same each time."""

from __future__ import annotations

import importlib.util
import re
import shutil
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType

import pytest
from tests.tui.real_review import made

from evidence_mapper.workflow.project import open_project

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "review_tour.py"
PICTURE = Path(__file__).resolve().parents[2] / "docs" / "review-tour.svg"


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("review_tour", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["review_tour"] = module
    spec.loader.exec_module(module)
    return module


def _stands_alone(svg: str, frames: int) -> None:
    root = ET.fromstring(svg)
    assert root.tag.endswith("svg")
    assert "<script" not in svg
    assert not re.findall(r"(?:href|src)\s*=|url\((?!#)|@import|@font-face", svg)
    assert svg.count("@keyframes") == frames
    assert len(re.findall(r'<g class="f f\d+">', svg)) == frames
    assert "@media (prefers-reduced-motion:reduce){.f{animation:none}.f0{visibility:visible}}" in svg


@pytest.mark.slow
def test_the_same_keys_give_the_same_picture(tmp_path: Path) -> None:
    script = _script()
    with made(tmp_path / "made.sqlite"):
        pass
    drawn = []
    for name in ("one", "two"):
        copy = tmp_path / name / "p.sqlite"
        copy.parent.mkdir()
        shutil.copy(tmp_path / "made.sqlite", copy)
        with open_project(copy) as project:
            drawn.append(script.record(project, (*script.TOUR[:3], script.TOUR[9])))
            assert project.store.verify() == []
    assert drawn[0] == drawn[1]
    _stands_alone(drawn[0], 4)
    assert "Evidence&#160;by&#160;statement" in drawn[0]


def test_the_picture_in_the_documentation_is_small_and_stands_alone() -> None:
    svg = PICTURE.read_text(encoding="utf-8")
    assert len(svg.encode()) < 1_500_000
    script = _script()
    _stands_alone(svg, len(script.TOUR))
    assert 55 <= sum(step.seconds for step in script.TOUR) <= 70
