"""A project stays locked against being tidied away while it is open here, whatever else reads the file."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from tests.store.builders import reading

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.workflow.project import Project, create_project, open_project

ANOTHER = """
import sys
from pathlib import Path
from evidence_mapper.domain.coding import EventAction
from evidence_mapper.workflow.project import open_project
with open_project(Path(sys.argv[1])) as project:
    project.store.append_event(coder=sys.argv[2], action=EventAction.CLAIM, subject="claim-1",
                               at="2026-11-25T09:00:00.000000+00:00", payload={"words": "said"})
"""


def _another_process_writes(path: Path, coder: str) -> None:
    subprocess.run([sys.executable, "-c", ANOTHER, str(path), coder], check=True, timeout=120)


def _read_at_once(project: Project, readers: int) -> None:
    """Have several threads read at the same moment, so that each has a connection of its own."""
    together = threading.Barrier(readers)

    def read() -> None:
        with project.store.at_once():
            together.wait(30)
            project.store.history(limit=1)
            together.wait(30)

    threads = [threading.Thread(target=read) for _ in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _coders(project: Project) -> list[str]:
    return [event.coder for event in project.store.entries([EventAction.CLAIM])]


def _write(project: Project, coder: str) -> None:
    project.store.append_event(
        coder=coder,
        action=EventAction.CLAIM,
        subject="claim-1",
        at="2026-11-25T09:00:00.000000+00:00",
        payload={"words": "said"},
    )


def test_a_process_that_ends_takes_no_log_away_from_one_that_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    with create_project(path) as project:
        project.store.add_document(reading("a.txt", ("One passage.",)))
        _read_at_once(project, 3)
        _write(project, "before")
        log = path.with_name(path.name + "-wal").stat().st_ino
        _another_process_writes(path, "another")
        assert path.with_name(path.name + "-wal").stat().st_ino == log, "the log is still the one in use"
        assert _coders(project) == ["before", "another"]
        _write(project, "after")
        _another_process_writes(path, "again")
    with open_project(path) as project:
        assert _coders(project) == ["before", "another", "after", "again"]
        assert project.store.verify() == []


def test_opening_it_once_more_here_keeps_the_first_safe(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    with create_project(path) as project:
        _write(project, "before")
        with open_project(path) as second:
            _write(second, "second")
        _another_process_writes(path, "another")
        _write(project, "after")
    with open_project(path) as project:
        assert _coders(project) == ["before", "second", "another", "after"]
