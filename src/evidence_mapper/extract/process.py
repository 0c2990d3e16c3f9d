"""One worker process, seen from the parent."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO, cast

from evidence_mapper.domain.document import ExtractedDocument
from evidence_mapper.errors import ExtractionError, LimitExceeded
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.codec import error_from_json, from_json
from evidence_mapper.extract.frames import FrameTooLarge, read_frame, write_frame

_DOCUMENTS = 50
"""Documents after which a worker is replaced, so that leaks stay small."""
_START_SECONDS = 60.0
START_FAILED = (
    "the process that reads files does not start: install evidence-mapper again, or ask your IT service "
    "whether Python may start a second Python"
)
_GENTLE = frozenset({"unsupported", "empty", "own-export"})
"""Refusals before any parser has run: the worker stays."""


class WorkerProcess:
    """Starts an interpreter, and asks it for documents one at a time.

    Parameters
    ----------
    limits
        Caps on every document.
    extract
        ``module:function`` the worker calls.
    """

    def __init__(self, limits: Limits, extract: str) -> None:
        self._limits = limits
        self._expired = threading.Event()
        self._killed = False
        self._done = 0
        self._ready = False
        self._broken = False
        command = [sys.executable, "-P", "-m", "evidence_mapper.extract.worker"]
        command += ["--memory", str(limits.memory_bytes), "--extract", extract]
        self._process = _start(command)

    @property
    def usable(self) -> bool:
        """Whether the worker may be given another document."""
        stopped = self._broken or self._killed or self._expired.is_set()
        return not stopped and self._done < _DOCUMENTS

    def read(self, path: Path) -> ExtractedDocument | ExtractionError:
        """Return the document, or why there is none; a worker that broke is not :attr:`usable` again."""
        self._done += 1
        answer: dict[str, Any] | None = None
        try:
            if not self._ready:
                self._ready = self._receive(_START_SECONDS) == {"ready": True}
                if not self._ready:
                    return self._fail(ExtractionError, f"{path.name}: {START_FAILED}")
            request = {"path": str(path), "limits": asdict(self._limits)}
            write_frame(cast("BinaryIO", self._process.stdin), request)
            answer = self._receive(self._limits.seconds)
        except FrameTooLarge as error:
            return self._fail(LimitExceeded, f"{path.name} holds too much text ({error}): split it")
        except (OSError, ValueError):  # the pipe broke or carries garbage: judged by how the process ended
            answer = None
        if answer is None:
            return self._fail(LimitExceeded, f"{path.name}: {self._cause()}")
        if "error" in answer:
            self._broken = answer["error"]["code"] not in _GENTLE
            return error_from_json(answer["error"])
        return from_json(answer["document"])

    def retire(self) -> None:
        """Let the process end by itself, and make sure that it does."""
        with contextlib.suppress(OSError):
            cast("BinaryIO", self._process.stdin).close()
        try:
            self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            self.kill()
        self._close_pipes()

    def kill(self) -> None:
        """End the process and whatever it started, now; a read under way returns an error."""
        self._killed = True
        _kill(self._process)

    def _receive(self, seconds: float) -> dict[str, Any] | None:
        timer = threading.Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        try:
            return read_frame(cast("BinaryIO", self._process.stdout), most=self._limits.result_bytes)
        finally:
            timer.cancel()

    def _expire(self) -> None:
        self._expired.set()
        _kill(self._process)

    def _fail(self, kind: type[ExtractionError], message: str) -> ExtractionError:
        self._broken = True
        _kill(self._process)
        return kind(message)

    def _cause(self) -> str:
        """Return, for a person, why the process gave no answer."""
        if self._expired.is_set():
            return f"not read within {self._limits.seconds:g} seconds: split it into smaller files"
        if self._killed:
            return "reading was stopped"
        try:
            code = self._process.wait(2.0)
        except subprocess.TimeoutExpired:
            return "the parser's process gave no sensible answer"
        advice = "open it in its own program, save it as a new file, and add that"
        if code < 0:
            return f"parser crashed (signal {-code}) or ran out of memory; {advice}"
        return f"parser crashed (exit code {code}); {advice}"

    def _close_pipes(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()


if sys.platform == "win32":

    def _start(command: list[str]) -> subprocess.Popen[bytes]:
        flags = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=flags,
        )

    def _kill(process: subprocess.Popen[bytes]) -> None:
        with contextlib.suppress(OSError):
            process.kill()

else:

    def _start(command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # so that its whole group can be ended
        )

    def _kill(process: subprocess.Popen[bytes]) -> None:
        if process.poll() is None:
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
