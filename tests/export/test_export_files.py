"""A file is there whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import BinaryIO

import pytest

from evidence_mapper.errors import ExportError
from evidence_mapper.export import write_atomically


def put(stream: BinaryIO) -> int:
    """Write two bytes."""
    return stream.write(b"ok")


def test_the_file_is_written_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "Evidence März.csv"
    assert write_atomically(path, put) == 2
    assert path.read_bytes() == b"ok"
    assert list(tmp_path.iterdir()) == [path]


def test_an_existing_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "evidence.csv"
    path.write_bytes(b"before")
    with pytest.raises(ExportError, match=r"evidence\.csv already exists.*--force"):
        write_atomically(path, put)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_an_existing_file_is_replaced_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "evidence.csv"
    path.write_bytes(b"before")
    assert write_atomically(path, put, overwrite=True) == 2
    assert path.read_bytes() == b"ok"


@pytest.mark.parametrize("error", [ExportError("no"), RuntimeError("no"), KeyboardInterrupt()])
def test_a_failure_leaves_what_was_there(tmp_path: Path, error: BaseException) -> None:
    path = tmp_path / "evidence.csv"
    path.write_bytes(b"before")

    def fail(stream: BinaryIO) -> int:
        stream.write(b"half")
        raise error

    with pytest.raises(type(error)):
        write_atomically(path, fail, overwrite=True)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    def fail(stream: BinaryIO) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(ExportError, match=r"cannot write .*evidence\.csv: No space left"):
        write_atomically(tmp_path / "evidence.csv", fail)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_appears_meanwhile_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "evidence.csv"

    def slow(stream: BinaryIO) -> int:
        path.write_bytes(b"someone else's")
        return stream.write(b"ours")

    with pytest.raises(ExportError, match="already exists"):
        write_atomically(path, slow)
    assert path.read_bytes() == b"someone else's"
    assert list(tmp_path.iterdir()) == [path]


def test_a_locked_file_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(self: Path, target: Path) -> Path:
        raise PermissionError(errno.EACCES, "Access is denied")

    monkeypatch.setattr(Path, "replace", locked)
    with pytest.raises(ExportError, match="Close it if it is open in another program"):
        write_atomically(tmp_path / "evidence.xlsx", put)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="is a folder"):
        write_atomically(tmp_path, put, overwrite=True)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"there is no folder .*missing"):
        write_atomically(tmp_path / "missing" / "evidence.csv", put)


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "evidence.csv"
    write_atomically(path, put)
    assert path.stat().st_mode & 0o077 == 0
