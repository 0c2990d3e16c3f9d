"""What readers of presentations share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_LISTED: Final = 20


def hidden_slides(numbers: Sequence[int]) -> tuple[str, ...]:
    """Return a warning that names the slides left out; nothing when there are none."""
    if not numbers:
        return ()
    listed = ", ".join(str(n) for n in numbers[:_LISTED]) + (" ..." if len(numbers) > _LISTED else "")
    if len(numbers) == 1:
        return (f"slide {listed} is hidden and was left out",)
    return (f"slides {listed} are hidden and were left out",)
