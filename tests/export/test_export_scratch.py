"""An export leaves no text behind in the system's folder for temporary files, even when it is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from evidence_mapper.export.scratch import scratch_folder

_CHILD = """
import sys
from evidence_mapper.export.scratch import scratch_folder
with scratch_folder() as folder:
    (folder / "rows").write_text("of the document")
    print(folder, flush=True)
    sys.stdin.readline()
"""


@pytest.fixture(autouse=True)
def _own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)


def test_it_is_private_and_goes_after_an_error_too() -> None:
    seen: list[Path] = []

    def fail() -> None:
        with scratch_folder() as folder:
            (folder / "rows").write_text("of the document")
            assert os.name != "posix" or folder.stat().st_mode & 0o777 == 0o700
            seen.append(folder)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert [folder.exists() for folder in seen] == [False]


@pytest.mark.skipif(sys.platform == "win32", reason="a Windows process cannot be killed this way")
def test_what_a_killed_export_left_is_removed_by_the_next_and_what_is_in_use_is_not() -> None:
    start = [sys.executable, "-c", _CHILD]
    killed, alive = (
        subprocess.Popen(start, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    )
    folders = []
    for child in (killed, alive):
        assert child.stdout is not None
        folders.append(Path(child.stdout.readline().strip()))
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()
    assert (folders[0] / "rows").exists()
    with scratch_folder():
        assert [folder.exists() for folder in folders] == [False, True]
    alive.communicate("\n")
    assert not folders[1].exists()
