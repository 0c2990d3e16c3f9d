"""Small windows of settling: why, and an answer of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Select, Static

from evidence_mapper.domain.agreement import Disagreed
from evidence_mapper.domain.coding import Decision, Outcome, Polarity, Verdict
from evidence_mapper.domain.framework import Framework
from evidence_mapper.tui.line_list import Cell, LineList
from evidence_mapper.tui.text import ACCEPTED_MARK, fit, harmless, one_line

Value = TypeVar("Value")


class AskWhy(ModalScreen[str | None]):
    """Why it is settled so; may be empty. None settles nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", show=False, priority=True)]

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        with Vertical(classes="dialog"):
            yield Static(harmless(self._title), classes="title", markup=False)
            yield Input("", id="why", compact=True, placeholder="why, in one line; may be empty")
            yield Static("enter settle it   esc settle nothing", classes="hint", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Return the line."""
        self.dismiss(event.value.strip())

    def action_cancel(self) -> None:
        """Return nothing."""
        self.dismiss(None)


@dataclass(frozen=True, slots=True)
class Option:
    """A code that can be ticked."""

    kind: str
    """``statement``, ``topic`` or ``i_statement``."""
    id: str
    name: str
    text: str


class CodeList(LineList):
    """Codes with ticks."""

    def __init__(self, options: Sequence[Option], ticked: set[tuple[str, str]]) -> None:
        super().__init__(id="own-codes")
        self.options, self.ticked = options, ticked

    def on_mount(self) -> None:
        """Give the list its length."""
        self.set_lines(len(self.options))

    def cells(self, index: int, width: int) -> Sequence[Cell]:
        """Return a code's line."""
        option = self.options[index]
        on = (option.kind, option.id) in self.ticked
        style = "good" if on else ""
        return [
            (f"[{ACCEPTED_MARK if on else ' '}] ", style),
            (fit(option.name, 22) + " ", style),
            (fit(option.text, width - 27), "dim"),
        ]

    def toggle(self) -> None:
        """Tick or clear the code under the cursor."""
        option = self.options[self.cursor]
        self.ticked ^= {(option.kind, option.id)}
        self.refresh()


class OwnAnswer(ModalScreen[Decision | None]):
    """An answer of the person's own, beginning with what all coders said; None for none."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,x", "tick", show=False),
        Binding("ctrl+s", "keep", show=False, priority=True),
        Binding("escape", "cancel", show=False),
    ]
    AUTO_FOCUS = "#own-codes"

    def __init__(self, framework: Framework, row: Disagreed) -> None:
        super().__init__()
        self._framework = framework
        said = [_codes(held.decision) for held in row.answers if held.decision.outcome is Outcome.CODED]
        common = set.intersection(*said) if said else set[tuple[str, str]]()
        self._list = CodeList(list(_options(framework, set[tuple[str, str]]().union(*said))), common)
        coded = [held.decision for held in row.answers if held.decision.outcome is Outcome.CODED]
        self._category = _agreed([decision.evidence_category for decision in coded])
        self._polarity = _agreed([decision.polarity for decision in coded])

    def compose(self) -> ComposeResult:
        """Lay out the codes and the two fields."""
        categories = [(Content(one_line(c.name.text)), c.id) for c in self._framework.evidence_categories]
        sides = [(Content(p.value), p) for p in Polarity]
        with Vertical(classes="dialog large"):
            yield Static("Your own answer; ticked is what all said", classes="title", markup=False)
            yield self._list
            for label, name, choices, now in (
                ("Category", "own-category", categories, self._category),
                ("Polarity", "own-polarity", sides, self._polarity),
            ):
                with Horizontal(classes="field"):
                    yield Static(label, classes="label", markup=False)
                    value = Select.NULL if now is None else now
                    yield Select(choices, id=name, prompt="none set", value=value, compact=True)
            hint = "space tick   tab to the fields   ctrl+s settle by this   esc leave"
            yield Static(hint, id="own-hint", classes="hint", markup=False)

    def action_tick(self) -> None:
        """Tick or clear the code under the cursor."""
        self._list.toggle()

    def action_keep(self) -> None:
        """Return the answer; one without a statement is said, and the window stays."""
        ticked = self._list.ticked
        statements = [s.id for s in self._framework.statements if ("statement", s.id) in ticked]
        if not statements:
            words = "Tick a statement first; none of these is n, outside this window."
            self.query_one("#own-hint", Static).update(words)
            return
        category = self.query_one("#own-category", Select).value
        polarity = self.query_one("#own-polarity", Select).value
        self.dismiss(
            Decision(
                Outcome.CODED,
                tuple((statement, Verdict.ACCEPTED) for statement in statements),
                tuple(t.id for t in self._framework.topics if ("topic", t.id) in ticked),
                tuple(i.id for i in self._framework.i_statements if ("i_statement", i.id) in ticked),
                None if category is Select.NULL else str(category),
                Polarity(polarity) if isinstance(polarity, Polarity) else None,
            )
        )

    def action_cancel(self) -> None:
        """Return nothing."""
        self.dismiss(None)


def _agreed(values: Sequence[Value | None]) -> Value | None:
    """Return what all say; None where they differ, or say nothing."""
    return values[0] if values and all(value == values[0] for value in values) else None


def _codes(decision: Decision) -> set[tuple[str, str]]:
    return {
        *(("statement", s) for s in decision.accepted()),
        *(("topic", t) for t in decision.topics),
        *(("i_statement", i) for i in decision.i_statements),
    }


def _options(framework: Framework, said: set[tuple[str, str]]) -> list[Option]:
    """Return every statement, then the topics and I statements of those said, or said themselves."""
    found = [Option("statement", s.id, f"{s.number}", one_line(s.title.text)) for s in framework.statements]
    under = {code for kind, code in said if kind == "statement"}
    found += [
        Option("topic", t.id, t.id, one_line(t.definition))
        for t in framework.topics
        if t.statement_id in under or ("topic", t.id) in said
    ]
    found += [
        Option("i_statement", i.id, i.id, one_line(i.wording.text))
        for i in framework.i_statements
        if under & set(i.statement_ids) or ("i_statement", i.id) in said
    ]
    return found
