"""One worker process, seen from the parent."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO, cast

from evidence_mapper.domain.document import ExtractedDocument
from evidence_mapper.errors import ExtractionError, LimitExceeded
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.codec import error_from_json, from_json
from evidence_mapper.extract.container.inside import Inside
from evidence_mapper.extract.frames import FrameTooLarge, read_frame, write_frame
from evidence_mapper.extract.work_folder import WorkFolder

_DOCUMENTS = 50
"""Documents after which a worker is replaced, so that leaks stay small."""
_START_SECONDS = 60.0
START_FAILED = (
    "the process that reads files does not start: install evidence-mapper again, or ask your IT service "
    "whether Python may start a second Python"
)
_GENTLE = frozenset({"unsupported", "empty", "own-export"})
"""Refusals before any parser has run: the worker stays."""
_FROM_OUTSIDE = frozenset({-9, -15} if sys.platform != "win32" else {1})
"""Exit codes of a process that another one ended: by SIGKILL, SIGTERM or the Task Manager."""


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
        self._folder = WorkFolder()
        try:
            self._process = _start(command, self._folder.environment())
        except OSError:
            self._folder.remove()
            raise
        self.lost = False
        """Whether something outside ended the process while it read: no fault of the document."""

    @property
    def usable(self) -> bool:
        """Whether the worker may be given another document."""
        stopped = self._broken or self._killed or self._expired.is_set()
        return not stopped and self._done < _DOCUMENTS

    def read(self, path: Path | Inside) -> ExtractedDocument | ExtractionError:
        """Return the document, or why there is none; a worker that broke is not :attr:`usable` again."""
        self._done += 1
        answer: dict[str, Any] | None = None
        try:
            if not self._ready:
                self._ready = self._receive(_START_SECONDS) == {"ready": True}
                if not self._ready:
                    return self._fail(ExtractionError, f"{path.name}: {START_FAILED}")
            on_disk = path if isinstance(path, Path) else path.path
            request = {**_place(path), "limits": asdict(self._limits.for_file(on_disk))}
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
        self._folder.remove()

    def kill(self) -> None:
        """End the process and whatever it started, now; a read under way returns an error."""
        self._killed = True
        _kill(self._process)

    def _receive(self, seconds: float) -> dict[str, Any] | None:
        """Return the next answer, or None; while it waits, the worker may ask for more time."""
        while True:
            answer = self._receive_frame(seconds)
            if answer is None or "more_seconds" not in answer:
                return answer
            seconds = min(float(answer["more_seconds"]), self._limits.page_seconds + self._limits.seconds)

    def _receive_frame(self, seconds: float) -> dict[str, Any] | None:
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
        code = _exit_code(self._process, 2.0)
        if code is None:
            return "the parser's process gave no sensible answer"
        self.lost = code in _FROM_OUTSIDE
        advice = "open it in its own program, save it as a new file, and add that"
        if code < 0:
            return f"parser crashed (signal {-code}) or ran out of memory; {advice}"
        return f"parser crashed (exit code {code}); {advice}"

    def _close_pipes(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()


def _place(path: Path | Inside) -> dict[str, Any]:
    if isinstance(path, Path):
        return {"path": str(path)}
    inside = {"steps": list(path.steps), "inner": path.inner, "sha256": path.sha256}
    return {"path": str(path.path), "inside": inside}


if sys.platform == "win32":

    def _start(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
        flags = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=flags,
            env=environment,
        )

    def _kill(process: subprocess.Popen[bytes]) -> None:
        if process.poll() is None:
            with contextlib.suppress(OSError):
                subprocess.run(  # noqa: S603 - a program of Windows, on a number
                    ["taskkill", "/F", "/T", "/PID", str(process.pid)],  # noqa: S607 - found on every Windows
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    creationflags=subprocess.CREATE_NO_WINDOW,
                    check=False,
                )
        with contextlib.suppress(OSError):
            process.kill()

    def _exit_code(process: subprocess.Popen[bytes], seconds: float) -> int | None:
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

else:

    def _start(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # so that its whole group can be ended
            env=environment,
        )

    def _kill(process: subprocess.Popen[bytes]) -> None:
        """End the process group. Until the process is waited for, the number is no one else's."""
        if process.returncode is None:
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)

    def _exit_code(process: subprocess.Popen[bytes], seconds: float) -> int | None:
        """Return how the process ended, without waiting for it: its children may still run."""
        if not hasattr(os, "waitid"):  # macOS before Python 3.13
            try:
                return process.wait(seconds)
            except subprocess.TimeoutExpired:
                return None
        end = time.monotonic() + seconds
        while process.returncode is None:
            state = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if state is not None:
                return state.si_status if state.si_code == os.CLD_EXITED else -state.si_status
            if time.monotonic() > end:
                return None
            time.sleep(0.02)
        return process.returncode
