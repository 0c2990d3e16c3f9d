"""How a reader asks for more time: pages of a scan take seconds each, and a document may have hundreds.

The deadline of a document is kept by the parent process. In a worker, :func:`more_time` moves it; anywhere
else nobody listens and nothing happens.
"""

from __future__ import annotations

from collections.abc import Callable

_listeners: list[Callable[[float], None]] = []


def more_time(seconds: float) -> None:
    """Ask that the document's deadline be ``seconds`` from now."""
    for listener in _listeners:
        listener(seconds)


def on_more_time(listener: Callable[[float], None]) -> None:
    """Have ``listener`` called with the seconds asked for; it takes the place of the one before."""
    _listeners[:] = [listener]
