"""A bar with counts and time left on stderr; plain lines when stderr is not a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from evidence_mapper.workflow.progress import ProgressSink

_EVERY_SECONDS = 5.0
_LABEL = 90
"""Characters of the label that are shown: counts first, then the file."""


@contextmanager
def bar(title: str) -> Iterator[ProgressSink]:
    """Yield a sink that draws the state of one piece of work."""
    if sys.stderr.isatty():
        yield from _drawn(title)
    else:
        yield _Lines(title)


@contextmanager
def late_bar(title: str) -> Iterator[ProgressSink]:
    """Yield a sink that draws nothing before it is told of work: for work that there may be none of."""
    with ExitStack() as stack:
        drawn: list[ProgressSink] = []

        def sink(done: int, total: int, label: str) -> None:
            if not drawn:
                drawn.append(stack.enter_context(bar(title)))
            drawn[0](done, total, label)

        yield sink


def _drawn(title: str) -> Iterator[ProgressSink]:
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description:<12}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[label]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=None, label="")

        def sink(done: int, total: int, label: str) -> None:
            progress.update(task, completed=done, total=total, label=escape(label[:_LABEL]))

        yield sink


class _Lines:
    def __init__(self, title: str) -> None:
        self._title = title
        self._start = self._last = time.monotonic()

    def __call__(self, done: int, total: int, label: str) -> None:
        now = time.monotonic()
        if now - self._last < _EVERY_SECONDS:
            return
        self._last = now
        left = (now - self._start) / done * (total - done) if done else None
        tail = f", about {left:.0f} s left" if left is not None else ""
        print(f"{self._title}: {done} of {total}{tail} ({label})", file=sys.stderr)  # noqa: T201 - stderr
