"""Taking a decision back, with what a person wants to know of it afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from evidence_mapper.domain.coding import Event
from evidence_mapper.errors import StoreError
from evidence_mapper.workflow.review import ReviewSession, batch_size


@dataclass(frozen=True, slots=True)
class Undone:
    """What came of an undo."""

    event: Event | None
    """The undo; None when there was nothing to take back."""
    together: int = 1
    """How many decisions had been recorded together, the one named included."""
    return_to: str | None = None
    """Passage to go on with: the one decided, or the one whose decision its twins had followed."""


def undo_last(session: ReviewSession, sequence: int | None = None) -> Undone:
    """Take back the coder's last decision, or that of an event, with those recorded together with it.

    Raises
    ------
    StoreError
        The decision cannot be taken back, or the project not be written; nothing was changed.
    """
    event = session.undo(sequence)
    if event is None:
        return Undone(None)
    try:
        made = session.taken_back(event)
    except StoreError:  # the undo is on disk: what more there is to say of it cannot unsay that
        made = None
    if made is None:
        return Undone(event, return_to=event.subject)
    return Undone(event, batch_size(made), str(made.payload.get("same_as") or event.subject))
