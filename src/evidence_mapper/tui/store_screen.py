"""Screens that read or write the project: the work in threads, every failure said, each result once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from textual import on
from textual.message import Message
from textual.screen import Screen
from textual.worker import Worker, WorkerState, get_current_worker

from evidence_mapper.tui.status_line import StatusLine

Result = TypeVar("Result")


class StoreDone(Message, Generic[Result]):
    """The store answered: ``then`` owns the change to the screen."""

    def __init__(self, result: Result, then: Callable[[Result], None]) -> None:
        super().__init__()
        self.result = result
        self.then = then


class StoreScreen(Screen[Any]):
    """A screen whose store work runs in threads.

    A worker only calls the store and posts :class:`StoreDone`; the screen's one handler applies it.
    Whatever a worker raises reaches :meth:`failed`, whichever worker it is.
    """

    def ask_store(
        self, what: str, call: Callable[[], Result], then: Callable[[Result], None], *, group: str
    ) -> None:
        """Run ``call`` in a thread, then ``then`` with its result in the screen's own loop.

        Parameters
        ----------
        what
            What is attempted, for the message if it fails: ``read the matrix``.
        group
            A newer request of the same group makes the older one's answer unwanted.
        """

        def work() -> None:
            result = call()
            if not get_current_worker().is_cancelled:
                self.post_message(StoreDone(result, then))

        self.run_worker(work, name=what, group=group, exclusive=True, thread=True, exit_on_error=False)

    @on(StoreDone)
    def _apply(self, message: StoreDone[Any]) -> None:
        message.stop()
        message.then(message.result)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say what failed, for any worker of the screen."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.failed(event.worker.group, event.worker.name, event.worker.error)

    def failed(self, group: str, what: str, error: BaseException) -> None:  # noqa: ARG002  # for subclasses
        """Show that a worker failed; ``group`` and ``what`` are those given to :meth:`ask_store`."""
        self.query_one(StatusLine).error(f"Could not {what}: {error}")
