"""Collecting garbage between keys: a look through everything takes as long as a key, and must not be in one.

What starting made is never looked through. What a key makes is looked through soon after it, which takes a
millisecond or two; all that was made since the start, once the person rests, or after a hundred keys.
While nobody rests at all, garbage waits, up to tens of thousands of objects.
"""

from __future__ import annotations

import asyncio
import gc
from typing import Final

REST: Final = 0.2
"""Seconds after a key, or a movement of the mouse, until what it made is looked through."""
LONG_REST: Final = 2.0
"""Seconds until everything is."""

_YOUNG: Final = 1
"""Generations below are what was made lately."""
_WORTH: Final = 200
"""Objects made since the last look from which another one is worth it."""
_LOOKS: Final = 100
"""Looks at what was made lately after which all is looked through, with no longer rest."""
_AT_MOST: Final = (50_000, 20, 20)
"""What may pile up in each generation while nobody rests."""


class Tidy:
    """Looks for garbage when nobody has typed for a while; does nothing before :meth:`begin`."""

    def __init__(self) -> None:
        self._begun = False
        self._looks = 0
        """At what was made lately, since all was looked through."""
        self._next: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Leave out all there is, and collect what comes after it."""
        gc.freeze()
        gc.set_threshold(*_AT_MOST)
        gc.enable()
        self._begun = True

    def typed(self) -> None:
        """Note that a person does something; called in the application's loop."""
        if self._begun:
            if self._next is not None:
                self._next.cancel()
            self._next = asyncio.get_running_loop().call_later(REST, self._lately)

    def _lately(self) -> None:
        self._next = None
        if gc.get_count()[0] >= _WORTH:
            self._looks += 1
            if self._looks == _LOOKS:
                self._all()
            else:
                gc.collect(_YOUNG)
        if self._looks:
            self._next = asyncio.get_running_loop().call_later(LONG_REST - REST, self._all)

    def _all(self) -> None:
        gc.collect()
        self._looks, self._next = 0, None
