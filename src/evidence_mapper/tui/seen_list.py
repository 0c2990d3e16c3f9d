"""A list that knows which of its lines have been on the screen: nothing unseen is recorded from it."""

from __future__ import annotations

from collections.abc import Sequence

from evidence_mapper.tui.line_list import Cell, LineList


class SeenList(LineList):
    """A subclass says what a line shows in :meth:`line`."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own name
        super().__init__(id=id)
        self._drawn: set[int] = set()

    @property
    def unseen(self) -> int:
        """How many lines have not been on the screen yet."""
        return self.count - len(self._drawn)

    def to_unseen(self) -> None:
        """Put the cursor on the first line that has not been on the screen."""
        unseen = next((n for n in range(self.count) if n not in self._drawn), None)
        if unseen is not None:
            self.move_to(unseen)

    def set_lines(self, count: int, cursor: int = 0) -> None:
        """Show ``count`` lines anew: none of them has been seen."""
        self._drawn.clear()
        super().set_lines(count, cursor)

    def cells(self, index: int, width: int) -> Sequence[Cell]:
        """Return a line, which is now seen."""
        self._drawn.add(index)
        return self.line(index, width)

    def line(self, index: int, width: int) -> Sequence[Cell]:
        """Return what a line shows, in at most ``width`` cells; a subclass's only duty."""
        raise NotImplementedError
