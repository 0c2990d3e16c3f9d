"""A new project in each backend."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.store.builders import NOW

from evidence_mapper.store.base import Store
from evidence_mapper.store.engine import create_project, open_project

Opener = Callable[[Path], Store]


def _new_sqlite(path: Path) -> Store:
    return create_project(
        path,
        framework_id="cqc-local-authority",
        framework_version="2024",
        framework_text="id = 'cqc-local-authority'\n",
        now=NOW,
    )


NEW: dict[str, Opener] = {"sqlite": _new_sqlite}
AGAIN: dict[str, Opener] = {"sqlite": open_project}


@pytest.fixture(params=sorted(NEW))
def backend(request: pytest.FixtureRequest) -> str:
    """Name the backend."""
    return str(request.param)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the project is."""
    return tmp_path / "project.db"


@pytest.fixture
def store(backend: str, path: Path) -> Iterator[Store]:
    """Give a new, empty project."""
    with NEW[backend](path) as made:
        yield made


@pytest.fixture
def reopen(backend: str, path: Path) -> Callable[[], Store]:
    """Return what opens the project once more."""
    return lambda: AGAIN[backend](path)
