"""What is drawn again only when it says something else."""

from __future__ import annotations

from textual.content import Content
from textual.visual import VisualType
from textual.widgets import Static


class Steady(Static):
    """Text that is mostly the same from passage to passage, such as who says what is marked."""

    _said: Content | None = None

    def update(self, content: VisualType = "", *, layout: bool = True) -> None:
        """Show another text; the same one is left as it stands."""
        said = content if isinstance(content, Content) else Content(str(content))
        if self._said is None or not said.is_same(self._said):
            self._said = said
            super().update(said, layout=layout)
