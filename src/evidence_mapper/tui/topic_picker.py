"""Pick topics and I statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from evidence_mapper.domain.framework import Framework
from evidence_mapper.tui.draft import Draft
from evidence_mapper.tui.line_list import Cell, LineList
from evidence_mapper.tui.text import ACCEPTED_MARK, SUGGESTED_MARK, fit, one_line


@dataclass(frozen=True, slots=True)
class Picked:
    """What a person picked."""

    topics: tuple[str, ...]
    i_statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Option:
    id: str
    name: str
    text: str
    topic: bool


class PickList(LineList):
    """Options with ticks; those the model suggests are marked as such."""

    DOUBLE_CLICK = "tick"

    def __init__(self, options: Sequence[_Option], ticked: set[str], suggested: set[str]) -> None:
        super().__init__(id="options")
        self.options = options
        self.ticked = ticked
        self._suggested = suggested

    def on_mount(self) -> None:
        """Give the list its length."""
        self.set_lines(len(self.options))

    def cells(self, index: int, width: int) -> Sequence[Cell]:
        """Return an option's line."""
        option = self.options[index]
        on = option.id in self.ticked
        hint = SUGGESTED_MARK if option.id in self._suggested else " "
        name = fit(option.name, 20)
        return [
            (f"[{ACCEPTED_MARK if on else ' '}] ", "good" if on else ""),
            (f"{hint} ", "suggested"),
            (f"{name} ", "good" if on else ""),
            (fit(option.text, width - 27), "dim"),
        ]


class TopicPicker(ModalScreen[Picked | None]):
    """Returns the topics and I statements picked; None leaves them as they were."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,x", "tick", show=False),
        Binding("enter,t", "keep", show=False),
        Binding("escape", "cancel", show=False),
    ]

    def __init__(self, framework: Framework, draft: Draft, statements: Sequence[str]) -> None:
        super().__init__()
        self._list = PickList(
            options(framework, statements),
            {*draft.shown_topics(statements), *draft.shown_i_statements(statements)},
            suggested_ids(draft),
        )
        self._about: dict[str, str] = {o.id: o.text for o in self._list.options}

    def compose(self) -> ComposeResult:
        """Lay out the list and the words of the option under the cursor."""
        with Vertical(classes="dialog large"):
            title = f"Topics and I statements   {SUGGESTED_MARK} suggested by the model"
            yield Static(title, classes="title", markup=False)
            yield self._list
            yield Static("", id="about", markup=False)
            yield Static("space tick   enter keep   esc leave as it was", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Describe the first option."""
        self._describe(0)

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        """Describe the option under the cursor."""
        self._describe(event.index)

    def action_tick(self) -> None:
        """Tick or clear the option under the cursor."""
        if self._list.options:
            self._list.ticked ^= {self._list.options[self._list.cursor].id}
            self._list.refresh()

    def action_keep(self) -> None:
        """Return what is ticked."""
        ticked = [o for o in self._list.options if o.id in self._list.ticked]
        topics = tuple(o.id for o in ticked if o.topic)
        self.dismiss(Picked(topics, tuple(o.id for o in ticked if not o.topic)))

    def action_cancel(self) -> None:
        """Return nothing."""
        self.dismiss(None)

    def _describe(self, index: int) -> None:
        picked = self._list.options[index] if index < len(self._list.options) else None
        self.query_one("#about", Static).update(self._about[picked.id] if picked else "No topics here.")


def options(framework: Framework, statements: Sequence[str]) -> list[_Option]:
    """Return every topic and I statement, those of the given statements first."""
    topics = sorted(framework.topics, key=lambda t: t.statement_id not in statements)
    found = [_Option(t.id, t.id, one_line(t.definition), topic=True) for t in topics]
    i_statements = sorted(framework.i_statements, key=lambda i: not set(i.statement_ids) & set(statements))
    return found + [_Option(i.id, i.id, one_line(i.wording.text), topic=False) for i in i_statements]


def suggested_ids(draft: Draft) -> set[str]:
    """Return ids of suggested topics and I statements."""
    if draft.suggestion is None:
        return set()
    return {c.id for c in (*draft.suggestion.topics, *draft.suggestion.i_statements) if c.suggested}
