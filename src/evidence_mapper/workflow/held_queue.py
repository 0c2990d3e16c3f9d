"""A coder's queue, taken whole when it is opened: counts, places and pages without asking again.

The order stays as it was taken while the coder works through it: what is decided leaves its place, what
is taken back returns to it, and nothing else moves. It is taken anew when documents or suggestions
changed, when the coder decided in another window, or when it is asked for anew.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left, insort
from collections.abc import Iterator, MutableSequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from evidence_mapper.domain.coding import Event, Outcome
from evidence_mapper.domain.project import (
    Progress,
    QueueFilter,
    QueueOrder,
    QueueRow,
    QueueStamp,
)
from evidence_mapper.errors import StoreError
from evidence_mapper.store.base import Store

_KEPT = 2
"""Queues held at once: the one being worked through, and one looked at beside it."""


@dataclass(slots=True)
class _Taken:
    where: QueueFilter
    order: QueueOrder
    numbers: MutableSequence[int]
    left: dict[int, int] = field(default_factory=dict)
    """Keys of passages that left the queue, with the place they had when it was taken."""
    rows: dict[int, QueueRow] = field(default_factory=dict)
    """Rows of the page read last, by the keys of their passages."""
    _taken_at: array[int] = field(init=False)
    """By key, the place in the queue as it was taken, from one; nought for none. Looking for a key among a
    million takes as long as all the rest of a decision."""
    _gaps: list[int] = field(default_factory=list)
    """Places of those that left, in order."""

    def __post_init__(self) -> None:
        self._taken_at = array("I", bytes(4 * (max(self.numbers, default=0) + 1)))
        for place, key in enumerate(self.numbers, 1):
            self._taken_at[key] = place

    def place(self, key: int) -> int | None:
        """Return the place of a passage; None when it is not in the queue."""
        known = key < len(self._taken_at) and self._taken_at[key] and key not in self.left
        return self._now(self._taken_at[key] - 1) if known else None

    def leave(self, key: int) -> None:
        """Take a passage out that is in the queue."""
        taken_at = self._taken_at[key] - 1
        del self.numbers[self._now(taken_at)]
        self.left[key] = taken_at
        insort(self._gaps, taken_at)

    def put_back(self, key: int) -> None:
        """Put a passage that left where it was."""
        taken_at = self.left.pop(key)
        del self._gaps[bisect_left(self._gaps, taken_at)]
        self.numbers.insert(self._now(taken_at), key)

    def _now(self, taken_at: int) -> int:
        return taken_at - bisect_left(self._gaps, taken_at)


class HeldQueue:
    """The queues and counts of one coder; safe to use from several threads.

    Parameters
    ----------
    store
        The open project.
    coder
        Whose queue.
    """

    def __init__(self, store: Store, coder: str) -> None:
        self._store, self._coder = store, coder
        self._lock = threading.RLock()
        self._stamp: QueueStamp | None = None
        self._taken: list[_Taken] = []
        self._progress: Progress | None = None
        self._looked = False
        """Whether the thread that holds the lock has looked, and reads one commit since."""

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Make all reads of this thread within the block see one commit, and look once whether it changed."""
        with self._store.at_once(), self._lock:
            if self._looked:
                yield
                return
            self._look()
            self._looked = True
            try:
                yield
            finally:
                self._looked = False

    def count(self, where: QueueFilter, order: QueueOrder | None = None, *, anew: bool = False) -> int:
        """Return how many passages a queue has; ``order`` None does not take it, only counts."""
        with self._lock:
            if order is not None:
                return len(self._queue(where, order, anew=anew).numbers)
            self._look()
            held = next((q for q in self._taken if q.where == where), None)
            return self._store.queue_count(self._coder, where) if held is None else len(held.numbers)

    def page(self, where: QueueFilter, order: QueueOrder, offset: int, limit: int) -> list[QueueRow]:
        """Return part of a queue."""
        with self._lock:
            for anew in (False, True):
                queue = self._queue(where, order, anew=anew)
                wanted = queue.numbers[offset : offset + limit]
                missing = [key for key in wanted if key not in queue.rows]
                known = {**queue.rows, **self._store.queue_rows(self._coder, missing)}
                queue.rows = {key: known[key] for key in wanted if key in known}
                if len(queue.rows) == len(wanted):
                    break
            return list(queue.rows.values())

    def position(self, where: QueueFilter, order: QueueOrder, passage_id: str) -> int | None:
        """Return the zero-based place of a passage in a queue; None when it is not in it."""
        with self._lock:
            key = self._store.passage_key(passage_id)
            return None if key is None else self._queue(where, order).place(key)

    def progress(self) -> Progress:
        """Return the coder's counts."""
        with self._lock:
            self._look()
            if self._progress is None:
                self._progress = self._store.progress(self._coder)
            return self._progress

    def decided(self, passage_id: str, outcome: Outcome, before: Outcome | None) -> None:
        """Take note of the coder's own decision, once it is on disk; ``before`` is None for a first one."""
        with self._noting():
            progress = self._progress
            if self._step(passage_id, 0 if before else 1) and progress is not None:
                self._progress = _moved(progress, outcome, before)

    def decided_together(self, events: list[Event]) -> list[Event]:
        """Take note of the coder's own first decisions on passages, once they are on disk; return them."""
        with self._noting():
            held, now = self._stamp, self._store.queue_stamp(self._coder)
            if held is None or replace(held, decided=held.decided + len(events), latest=now.latest) != now:
                self._forget()
            else:
                self._stamp, self._progress = now, None
                for event in events:
                    self._put_all(event.subject)
        return events

    def taken_back(self, passage_id: str, before: Outcome | None) -> None:
        """Take note that a decision of the coder's was undone; ``before`` is its outcome, None if unknown."""
        with self._noting():
            held = self._store.decisions(passage_id)
            again = next((d.decision.outcome for d in held if d.coder == self._coder), None)
            progress = self._progress
            if self._step(passage_id, 0 if again else -1):
                known = progress is not None and before is not None
                self._progress = _moved(progress, again, before) if known and progress else None

    def changed(self, passage_id: str) -> None:
        """Take note that something else is said of a passage, such as a flag."""
        with self._noting():
            self._look()
            self._put_all(passage_id)

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Forget all, and raise nothing, when the project cannot be read: what was written stands."""
        with self._lock:
            try:
                with self._store.at_once():
                    yield
            except StoreError:
                self._forget()

    def _step(self, passage_id: str, more: int) -> bool:
        """Follow one decision of the coder's; False when more than it changed, and all is forgotten."""
        held, now = self._stamp, self._store.queue_stamp(self._coder)
        if held is None or (held.run, held.generation, held.decided + more) != (
            now.run,
            now.generation,
            now.decided,
        ):
            self._forget()
            return False
        self._stamp = now
        self._put_all(passage_id)
        return True

    def _put_all(self, passage_id: str) -> None:
        key = self._store.passage_key(passage_id)
        self._taken = [queue for queue in self._taken if key is not None and self._put(queue, key)]

    def _put(self, queue: _Taken, key: int) -> bool:
        """Put a passage where it belongs after a decision; False when the queue must be taken anew."""
        belongs = self._store.queue_holds(self._coder, queue.where, key)
        queue.rows.pop(key, None)
        place = queue.place(key)
        if place is not None and not belongs:
            queue.leave(key)
        elif belongs and place is None:
            if key not in queue.left:
                return False
            queue.put_back(key)
        return True

    def _queue(self, where: QueueFilter, order: QueueOrder, *, anew: bool = False) -> _Taken:
        self._look()
        held = next((q for q in self._taken if (q.where, q.order) == (where, order)), None)
        if held is not None and not anew:
            return held
        taken = _Taken(where, order, self._store.queue_numbers(self._coder, where, order))
        others = [q for q in self._taken if q is not held]
        self._taken = [*others, taken][-_KEPT:]
        return taken

    def _look(self) -> None:
        """Forget what is held when the project changed otherwise than by the coder's own decisions here."""
        if self._looked:
            return
        now = self._store.queue_stamp(self._coder)
        if now != self._stamp:
            self._forget()
            self._stamp = now

    def _forget(self) -> None:
        self._stamp, self._taken, self._progress = None, [], None


def _moved(progress: Progress, outcome: Outcome | None, before: Outcome | None) -> Progress:
    """Return the counts after a decision of one outcome took the place of one of another; None for none."""
    counts = {Outcome.CODED: progress.coded, Outcome.NONE: progress.none, Outcome.UNSURE: progress.unsure}
    if before is not None:
        counts[before] -= 1
    if outcome is not None:
        counts[outcome] += 1
    return replace(
        progress,
        coded=counts[Outcome.CODED],
        none=counts[Outcome.NONE],
        unsure=counts[Outcome.UNSURE],
    )
