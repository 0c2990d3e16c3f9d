"""Cards of a coder, given again for as long as nothing recorded since bears on them.

A card is read in a dozen questions. The one that comes next is read while the person reads the one before,
and the one just decided on is shown again by an undo: both are at hand then, and one question tells whether
they still say what the project says. Another reviewer's decision, a flag, a cut, another run or another
version of a document, whoever made it, has the card read anew.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from evidence_mapper.domain.coding import Event, EventAction
from evidence_mapper.domain.project import PassageCard
from evidence_mapper.store.base import Store

_KEPT: Final = 6
"""Cards held: a few before and after the one that is open."""
_LOOKED_THROUGH: Final = 8
"""Latest events looked through; a card older than that is read anew."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """How the project stood."""

    run: int
    generation: int
    sequence: int
    """Of the latest event; 0 before the first."""


class HeldCards:
    """The latest cards of one coder; safe to use from several threads.

    Parameters
    ----------
    store
        The open project.
    coder
        Whose decisions do not make other cards old.
    """

    def __init__(self, store: Store, coder: str) -> None:
        self._store, self._coder = store, coder
        self._lock = threading.Lock()
        self._cards: dict[str, tuple[_Moment, PassageCard]] = {}

    def card(self, passage_id: str, read: Callable[[], PassageCard]) -> PassageCard:
        """Return the card of a passage, as one commit has it; ``read`` reads it where none is held.

        Raises
        ------
        StoreError
            The project cannot be read.
        """
        with self._store.at_once():
            events = self._store.history(limit=_LOOKED_THROUGH)
            stamp = self._store.queue_stamp(self._coder)
            now = _Moment(stamp.run, stamp.generation, events[0].sequence if events else 0)
            with self._lock:
                held = self._cards.get(passage_id)
            if held is not None and self._stands(held[0], now, passage_id, events):
                return held[1]
            card = read()
        with self._lock:
            self._cards.pop(passage_id, None)
            self._cards[passage_id] = (now, card)
            while len(self._cards) > _KEPT:
                del self._cards[next(iter(self._cards))]
        return card

    def _stands(self, then: _Moment, now: _Moment, passage_id: str, events: Sequence[Event]) -> bool:
        """Return whether all since was this coder's own and leaves the passage as it was.

        What was decided on the passage itself since is as if it had not been once it is taken back.
        """
        if (then.run, then.generation) != (now.run, now.generation):
            return False
        since = [event for event in events if event.sequence > then.sequence]
        if now.sequence - then.sequence != len(since):
            return False
        undone = {event.payload.get("undoes") for event in since if event.action is EventAction.UNDONE}
        made = {event.id for event in since if event.action is EventAction.DECIDED}

        def harmless(event: Event) -> bool:
            if event.coder != self._coder or event.action not in (EventAction.DECIDED, EventAction.UNDONE):
                return False
            if event.subject != passage_id:
                return True
            return event.id in undone or event.payload.get("undoes") in made

        return all(map(harmless, since))
