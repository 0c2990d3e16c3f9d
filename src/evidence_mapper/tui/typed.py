"""Keys pressed while a passage is being recorded or opened wait their turn."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec, Protocol, TypeVar

Parameters = ParamSpec("Parameters")


class TakesTurns(Protocol):
    """A screen that can be busy."""

    def in_turn(self, act: Callable[[], None], *, move: bool) -> None:
        """Run ``act`` now, or after what came before it."""


Taker = TypeVar("Taker", bound=TakesTurns)
_Action = Callable[Concatenate[Taker, Parameters], None]


def waits(action: _Action[Taker, Parameters]) -> _Action[Taker, Parameters]:
    """Make an action wait while the screen is busy: it then applies to the passage shown next."""
    return _turn(action, move=False)


def moves(action: _Action[Taker, Parameters]) -> _Action[Taker, Parameters]:
    """Like :func:`waits`, but a passage still being opened may be passed over at once."""
    return _turn(action, move=True)


def _turn(action: _Action[Taker, Parameters], *, move: bool) -> _Action[Taker, Parameters]:
    def wrapped(self: Taker, /, *args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        self.in_turn(lambda: action(self, *args, **kwargs), move=move)

    update_wrapper(wrapped, action)
    return wrapped
