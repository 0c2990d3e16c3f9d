"""Read many files in worker processes, so that no file can stop the run.

Parsers cannot be trusted with hostile input in this process: some abort, hang or eat all memory on a few
kilobytes. Each worker is a separate interpreter with limits of its own and a deadline for each document.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from evidence_mapper.domain.document import ExtractedDocument
from evidence_mapper.errors import ExtractionError, UsageError
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.container.inside import Inside
from evidence_mapper.extract.process import START_FAILED, WorkerProcess
from evidence_mapper.extract.work_folder import remove_abandoned
from evidence_mapper.extract.worker import DEFAULT_EXTRACT

Result = ExtractedDocument | ExtractionError
Source = Path | Inside
"""A file, or a member of one."""

_Source = TypeVar("_Source", bound=Source)

_POLL = 0.2
"""Seconds: Windows answers Ctrl-C only between waits."""
_DEFAULT_LIMITS = Limits()


class ExtractionPool:
    """Worker processes that read files; use as a context manager.

    Parameters
    ----------
    workers
        Number of processes, at least 1.
    limits
        Caps on every document; ``seconds``, ``memory_bytes`` and ``result_bytes`` are kept here.
    extract
        ``module:function`` the workers call with (Path, Limits); importable in a new interpreter.

    Raises
    ------
    UsageError
        ``workers`` is below 1.
    """

    def __init__(
        self, workers: int = 2, limits: Limits = _DEFAULT_LIMITS, *, extract: str = DEFAULT_EXTRACT
    ) -> None:
        if workers < 1:
            raise UsageError(f"an extraction pool needs at least 1 worker, not {workers}")
        self._limits = limits
        self._extract = extract
        self._size = workers
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="extract")
        self._lock = threading.Lock()
        self._idle: list[WorkerProcess] = []
        self._all: set[WorkerProcess] = set()
        self._closed = False
        remove_abandoned()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(self, paths: Iterable[_Source]) -> Iterator[tuple[_Source, Result]]:
        """Yield each path, or member of a container, with its document or its error, in input order.

        ``paths`` is drawn from as results are taken: at most twice as many documents as workers are
        held at once. Leaving the loop early ends the documents under way.

        Raises
        ------
        UsageError
            The pool is closed.
        """
        waiting: deque[tuple[_Source, Future[Result]]] = deque()
        source = iter(paths)
        finished = False
        try:
            while True:
                self._fill(waiting, source)
                if not waiting:
                    finished = True
                    return
                path, future = waiting.popleft()
                yield path, _result(future)
        finally:
            if not finished:
                for _, future in waiting:
                    future.cancel()
                self._kill()

    def close(self) -> None:
        """End all workers; safe to call twice."""
        self._closed = True
        self._kill()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _fill(self, waiting: deque[tuple[_Source, Future[Result]]], source: Iterator[_Source]) -> None:
        while len(waiting) < 2 * self._size:
            path = next(source, None)
            if path is None:
                return
            if self._closed:
                raise UsageError("this extraction pool is closed: make a new one")
            waiting.append((path, self._threads.submit(self._read, path)))

    def _read(self, path: Source) -> Result:
        """Read one file, in a thread of its own; never raises for what a file does."""
        result, lost = self._attempt(path)
        # Ended from outside, a worker says nothing about its document: another one may read it.
        return self._attempt(path)[0] if lost else result

    def _attempt(self, path: Source) -> tuple[Result, bool]:
        """Return the result, and whether the worker was ended from outside."""
        try:
            worker = self._take()
        except OSError as error:
            return ExtractionError(f"{path.name}: {START_FAILED} ({error.strerror or error})"), False
        if worker is None:
            return ExtractionError(f"{path.name}: reading was stopped"), False
        try:
            result = worker.read(path)
            return result, worker.lost
        finally:
            self._put_back(worker)

    def _take(self) -> WorkerProcess | None:
        with self._lock:
            if self._closed:
                return None
            if self._idle:
                return self._idle.pop()
            worker = WorkerProcess(self._limits, self._extract)
            self._all.add(worker)
        return worker

    def _put_back(self, worker: WorkerProcess) -> None:
        with self._lock:
            if worker.usable and not self._closed:
                self._idle.append(worker)
                return
            self._all.discard(worker)
        worker.retire()

    def _kill(self) -> None:
        with self._lock:
            idle, busy = self._idle, self._all.difference(self._idle)
            self._idle, self._all = [], set()
        for worker in busy:
            worker.kill()  # its own thread sees the end of the pipe and clears up
        for worker in idle:
            worker.kill()
            worker.retire()


def _result(future: Future[Result]) -> Result:
    while True:
        try:
            return future.result(timeout=_POLL)
        except TimeoutError:
            continue
