"""What the review screen shows, read from the session in one go; no widget in here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from evidence_mapper.domain.coding import Event
from evidence_mapper.domain.project import PassageCard, Progress, QueueFilter, QueueOrder, QueueRow
from evidence_mapper.tui.queue_list import PAGE
from evidence_mapper.workflow.review import ReviewSession
from evidence_mapper.workflow.undoing import Undone, undo_last


@dataclass(frozen=True, slots=True)
class Target:
    """Which passage to show."""

    index: int = 0
    """Zero-based place in the queue; -1 is the last."""
    passage_id: str | None = None
    """This passage, wherever it is, even outside the filter; None goes by ``index``."""
    after: str | None = None
    """The passage just decided, which was at ``index``: show the one that follows it."""
    anew: bool = True
    """Whether the first of a queue is asked for because the queue is opened: its order is then taken anew."""

    @property
    def opens(self) -> bool:
        """Whether the queue is to be taken anew."""
        return self.anew and self.index == 0 and self.passage_id is None and self.after is None


@dataclass(frozen=True, slots=True)
class View:
    """A queue, the part of it on the screen, and the passage that is open."""

    where: QueueFilter
    order: QueueOrder
    count: int
    index: int | None
    """Place of the passage in the queue; None when it is outside the filter or there is none."""
    page: int
    rows: list[QueueRow]
    card: PassageCard | None
    """None when the queue is empty."""
    progress: Progress
    at_end: bool = False
    """The passage just decided was the last of the queue."""


def glimpse(session: ReviewSession, where: QueueFilter, order: QueueOrder) -> PassageCard | View:
    """Return the first passage of a large queue before the queue is taken, else the view; called in a thread.

    Raises
    ------
    StoreError
        The project cannot be read.
    """
    return session.glimpse(where, order) or load_view(session, where, order, Target())


def load_view(session: ReviewSession, where: QueueFilter, order: QueueOrder, target: Target) -> View:
    """Read a view; called in a thread.

    Raises
    ------
    StoreError
        The project cannot be read, or there is no such passage.
    """
    with session.at_once():
        return _read(session, where, order, target)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision that is on disk, and what comes after it."""

    event: Event
    view: View | None
    """None when it could not be read."""
    error: Exception | None = None
    """Why not."""


def record_and_load(
    session: ReviewSession,
    decide: Callable[[], Event],
    queue: tuple[QueueFilter, QueueOrder],
    place: int,
) -> Recorded:
    """Record a decision and, once it is on disk, read what follows it; called in one thread.

    Parameters
    ----------
    session
        The coder's session.
    decide
        Records the decision.
    queue
        Filter and order.
    place
        Zero-based place of the passage decided on.

    Raises
    ------
    StoreError, UsageError
        Nothing was recorded.
    """
    event = decide()
    try:
        view = load_view(session, *queue, Target(index=place, after=event.subject))
    except Exception as error:  # noqa: BLE001  # the decision stands whatever reading on raises
        return Recorded(event, None, error)
    return Recorded(event, view)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An undo that is on disk, and the passage it returns to."""

    undone: Undone
    view: View | None
    """None when there was nothing to take back, or when it could not be read."""
    error: Exception | None = None
    """Why not; None otherwise."""


def undo_and_load(session: ReviewSession, queue: tuple[QueueFilter, QueueOrder]) -> TakenBack:
    """Take back the coder's last decision and read the passage to return to; called in one thread.

    Raises
    ------
    StoreError
        Nothing was taken back.
    """
    undone = undo_last(session)
    if undone.event is None:
        return TakenBack(undone, None)
    try:
        view = load_view(session, *queue, Target(passage_id=undone.return_to))
    except Exception as error:  # noqa: BLE001  # the undo stands whatever reading on raises
        return TakenBack(undone, None, error)
    return TakenBack(undone, view)


def _read(session: ReviewSession, where: QueueFilter, order: QueueOrder, target: Target) -> View:
    count = session.count(where, order, anew=target.opens)
    index, at_end = _place(session, (where, order), target, count)
    page = (max(0, min(target.index, count - 1)) if index is None else index) // PAGE
    rows = session.page(where, order, page * PAGE, PAGE) if count else []
    if target.passage_id is not None:
        card: PassageCard | None = session.card(target.passage_id)
    else:
        offset = None if index is None else index - page * PAGE
        card = session.card(rows[offset].passage_id) if offset is not None and offset < len(rows) else None
    return View(where, order, count, index, page, rows, card, session.progress(), at_end)


def _place(
    session: ReviewSession, queue: tuple[QueueFilter, QueueOrder], target: Target, count: int
) -> tuple[int | None, bool]:
    where, order = queue
    if target.passage_id is not None:
        return session.position(where, order, target.passage_id), False
    if not count:
        return None, False
    index = target.index if target.index >= 0 else count - 1
    if target.after is not None:
        held = session.position(where, order, target.after)
        if held is not None:
            index = held + 1
    return min(index, count - 1), target.after is not None and index >= count
