"""Readers that misbehave, for workers to run: what a file's name says is what happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from evidence_mapper.domain.document import Block, BlockKind, ExtractedDocument
from evidence_mapper.errors import NoTextLayer
from evidence_mapper.extract.base import Limits


def misbehave(path: Path, limits: Limits) -> ExtractedDocument:
    """Do what the stem of the path says; read anything else as one block with this process's id."""
    act = _ACTS.get(path.stem.split("-")[0])
    if act is not None:
        act(path)
    return _document("x" * 3_000_000 if path.stem == "huge" else str(os.getpid()))


def _document(text: str) -> ExtractedDocument:
    return ExtractedDocument("text/plain", "test/1", (Block(text, BlockKind.PARAGRAPH),))


def _hang(path: Path) -> None:
    time.sleep(3_600)


def _leave_a_child_behind(path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
    path.with_suffix(".pid").write_text(str(child.pid))
    time.sleep(3_600)


def _abort(path: Path) -> None:
    os.abort()


def _exit(path: Path) -> None:
    os._exit(3)


def _eat_memory(path: Path) -> None:
    hoard = []
    while True:
        hoard.append(bytearray(64 * 1024 * 1024))


def _be_killed(path: Path) -> None:
    """As the Task Manager, or the system when memory runs out, would do; notes each time."""
    with path.with_suffix(".tries").open("a") as notes:
        notes.write("x")
    os.kill(os.getpid(), signal.SIGKILL)


def _be_killed_once(path: Path) -> None:
    if not path.with_suffix(".tries").exists():
        _be_killed(path)


def _leave_a_file(path: Path) -> None:
    Path(tempfile.mkstemp()[1]).write_text("words of the document")
    os.abort()


def _raise(path: Path) -> None:
    raise ZeroDivisionError("secret words of the document")


def _recurse(path: Path) -> None:
    _recurse(path)


def _refuse(path: Path) -> None:
    raise NoTextLayer(f"{path.name}: a picture")


def _print(path: Path) -> None:
    sys.stdout.write("noise " * 10_000)
    sys.stdout.flush()
    os.write(1, b"more noise")


_ACTS: dict[str, Callable[[Path], None]] = {
    "killed": _be_killed,
    "once": _be_killed_once,
    "leave": _leave_a_file,
    "hang": _hang,
    "child": _leave_a_child_behind,
    "abort": _abort,
    "exit": _exit,
    "eat": _eat_memory,
    "raise": _raise,
    "recurse": _recurse,
    "scan": _refuse,
    "print": _print,
}
