"""The keys of a screen, made from the table of actions."""

from __future__ import annotations

from collections.abc import Collection

from rich.cells import cell_len
from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

from evidence_mapper.tui.actions import Action, bar_of


class KeyBar(Widget):
    """As many keys as fit, most needed first, in the order of the table; help is never left out.

    A click on a key is that key; one key for several actions (``1-9``) is none of them.
    """

    def __init__(self, screen: str, lines: int = 1, *, without: Collection[str] = ()) -> None:
        super().__init__(id="keys")
        self._actions = [action for action in bar_of(screen) if action.name not in without]
        self._lines = lines
        self.styles.height = lines

    def render(self) -> RenderResult:
        """Return the keys for the present width."""
        rows = fill(self._actions, self.size.width, self._lines)
        parts: list[str | Content | tuple[str, str]] = []
        for row in rows:
            for action in row:
                parts += [(action.key_text, "bold $em-key"), f" {action.label}  "]
            parts.append("\n")
        return Content.assemble(*parts[:-1]) if parts else Content("")

    async def on_click(self, event: events.Click) -> None:
        """Do what is written under the pointer."""
        padding = self.styles.padding
        row, column = event.y - padding.top, event.x - padding.left
        rows = fill(self._actions, self.size.width, self._lines)
        action = at(rows[row], column) if 0 <= row < len(rows) else None
        if action is not None and "-" not in action.key_text:
            await self.screen.run_action(action.name)


def at(row: list[Action], column: int) -> Action | None:
    """Return the action written at a cell of a row; None between two and after the last."""
    start = 0
    for action in row:
        if start <= column < start + _needed(action) - 2:
            return action
        start += _needed(action)
    return None


def fill(actions: list[Action], width: int, lines: int) -> list[list[Action]]:
    """Return the actions that fit, in rows of at most ``width`` cells; help always."""
    rows = _filled(actions, width, lines)
    missing = next((a for a in actions if a.label == "help" and not any(a in row for row in rows)), None)
    if missing is not None:
        rows[-1].append(missing)
        while len(rows[-1]) > 1 and sum(map(_needed, rows[-1])) > width + 2:
            rows[-1].pop(-2)
    return rows


def _needed(action: Action) -> int:
    return cell_len(action.key_text) + cell_len(action.label) + 3


def _filled(actions: list[Action], width: int, lines: int) -> list[list[Action]]:
    rows: list[list[Action]] = [[]]
    used = 0
    for action in actions:
        needed = _needed(action)
        if used + needed > width + 2:
            if len(rows) == lines:
                continue
            rows.append([])
            used = 0
        rows[-1].append(action)
        used += needed
    return rows
