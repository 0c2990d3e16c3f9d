"""Screens that read or write the project: the work in threads, every failure said, each result once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from textual import on
from textual.message import Message
from textual.screen import Screen
from textual.worker import get_current_worker

from evidence_mapper.tui.status_line import StatusLine

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Request:
    """One question to the store."""

    group: str
    number: int
    """From 1 within the group; only the answer to the newest is wanted."""
    what: str
    """What is attempted, for the message if it fails."""


class StoreDone(Message, Generic[Result]):
    """The store answered: ``then`` owns the change to the screen."""

    def __init__(self, request: Request, result: Result, then: Callable[[Result], None]) -> None:
        super().__init__()
        self.request = request
        self.result = result
        self.then = then


class StoreFailed(Message):
    """The store, or what was made of its answer, raised."""

    def __init__(self, request: Request, error: Exception) -> None:
        super().__init__()
        self.request = request
        self.error = error


class StoreScreen(Screen[Any]):
    """A screen whose store work runs in threads.

    A worker only calls the store and posts :class:`StoreDone` or :class:`StoreFailed`. An answer may lie
    in the message queue while a newer request of its group is made: it is dropped when its turn comes,
    so that no screen shows, or acts on, what is no longer asked for.
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own name
        super().__init__(id=id)
        self._asked: dict[str, int] = {}

    def ask_store(
        self, what: str, call: Callable[[], Result], then: Callable[[Result], None], *, group: str
    ) -> None:
        """Run ``call`` in a thread, then ``then`` with its result in the screen's own loop.

        Parameters
        ----------
        what
            What is attempted, for the message if it fails: ``read the matrix``.
        group
            A newer request of the same group makes the older one's answer, or failure, unwanted.
        """
        request = Request(group, self._asked.get(group, 0) + 1, what)
        self._asked[group] = request.number

        def work() -> None:
            answer: StoreDone[Result] | StoreFailed
            try:
                answer = StoreDone(request, call(), then)
            except Exception as error:  # noqa: BLE001  # whatever a thread raises, the person is told
                answer = StoreFailed(request, error)
            if not get_current_worker().is_cancelled:
                self.post_message(answer)

        self.run_worker(work, name=what, group=group, exclusive=True, thread=True)

    def _wanted(self, request: Request) -> bool:
        return request.number == self._asked[request.group]

    @on(StoreDone)
    def _apply(self, message: StoreDone[Any]) -> None:
        message.stop()
        if self._wanted(message.request):
            message.then(message.result)

    @on(StoreFailed)
    def _say_failed(self, message: StoreFailed) -> None:
        message.stop()
        if self._wanted(message.request):
            self.failed(message.request.group, message.request.what, message.error)

    def failed(self, group: str, what: str, error: Exception) -> None:  # noqa: ARG002  # for subclasses
        """Show that the store failed; ``group`` and ``what`` are those given to :meth:`ask_store`."""
        self.query_one(StatusLine).error(f"Could not {what}: {error}")
