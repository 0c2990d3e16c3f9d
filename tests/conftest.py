"""Keeps the developer's own machine out of the tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from evidence_mapper import frameworks
from evidence_mapper.classify import load_classifier
from evidence_mapper.classify.statement_classifier import StatementClassifier
from evidence_mapper.domain.framework import Framework

# For fixtures of whole modules and programs that tests start too: LibreOffice reads what others refuse.
os.environ["EVIDENCE_MAPPER_SOFFICE"] = "off"
# Likewise tesseract: whether a scan is read must not hang on the machine. Its own tests switch it on.
os.environ["EVIDENCE_MAPPER_TESSERACT"] = "off"

ROOT = Path(__file__).resolve().parents[1]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return three processes for two processors: tests wait for discs and programs a third of the time."""
    there = os.cpu_count() or 1
    return there + there // 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files with slow tests first, so that no process is left with one of them at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("EVIDENCE_MAPPER_PROJECT", "EVIDENCE_MAPPER_CODER", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "110")


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the repository's root."""
    return ROOT


@pytest.fixture(scope="session")
def framework() -> Framework:
    """Return the local authority framework."""
    return frameworks.load("cqc-local-authority")


@pytest.fixture(scope="session")
def classifier(framework: Framework) -> StatementClassifier:
    """Return the shipped classifier, on one thread so that tests beside it have a core."""
    loaded = load_classifier(framework, threads=1)
    assert isinstance(loaded, StatementClassifier)
    return loaded
