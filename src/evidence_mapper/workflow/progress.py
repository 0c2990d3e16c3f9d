"""How long work tells a front end where it is."""

from __future__ import annotations

from typing import Protocol


class ProgressSink(Protocol):
    """Takes the state of one piece of work; called from the thread that does the work."""

    def __call__(self, done: int, total: int, label: str) -> None:
        """Take ``done`` of ``total`` steps; ``label`` names the step now under way."""


def silent(done: int, total: int, label: str) -> None:
    """Take the state and show nothing."""
