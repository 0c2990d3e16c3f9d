"""Choose which passages the queue shows, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Select, Static

from evidence_mapper.domain.document import Document
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.project import QueueFilter, QueueOrder, ReviewState
from evidence_mapper.tui.text import ORDER_WORDS, STATE_WORDS, one_line

Choice = TypeVar("Choice")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter and an order."""

    where: QueueFilter
    order: QueueOrder


class FilterForm(ModalScreen[Chosen | None]):
    """Returns the filter chosen; None leaves it as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "apply", show=False, priority=True),
        Binding("ctrl+r", "reset", show=False, priority=True),
        Binding("escape", "cancel", show=False),
    ]

    def __init__(self, framework: Framework, documents: Sequence[Document], now: Chosen) -> None:
        super().__init__()
        self._framework, self._documents, self._now = framework, documents, now

    def compose(self) -> ComposeResult:
        """Lay out one line a field."""
        where, framework = self._now.where, self._framework
        statements = [(one_line(s.title.text), s.id) for s in framework.statements]
        categories = [(one_line(c.name.text), c.id) for c in framework.evidence_categories]
        documents = [(one_line(d.name), d.id) for d in self._documents]
        topics = [(one_line(f"{t.id}: {t.definition}")[:70], t.id) for t in framework.topics]
        states = [(words, state) for state, words in STATE_WORDS.items()]
        confirmed = [("confirmed", True), ("suggested only", False)]
        with Vertical(classes="dialog large"):
            yield Static("Show which passages", classes="title", markup=False)
            yield from _field("State", _select("state", states, where.state, blank=False))
            yield from _field("Statement", _select("statement", statements, where.statement))
            yield from _field("Evidence", _select("confirmed", confirmed, where.confirmed))
            yield from _field("Topic", _select("topic", topics, where.topic))
            yield from _field("Category", _select("category", categories, where.category))
            yield from _field("Document", _select("document", documents, where.document_id))
            orders = [(words, order) for order, words in ORDER_WORDS.items()]
            yield from _field("Order", _select("order", orders, self._now.order, blank=False))
            yield from _field("Words", Input(where.text or "", id="text", compact=True))
            keys = "tab next   enter choose   ctrl+s apply   ctrl+r reset   esc leave"
            yield Static(keys, classes="hint", markup=False)

    def on_input_submitted(self) -> None:
        """Apply from the last field."""
        self.action_apply()

    def action_apply(self) -> None:
        """Return the fields."""
        where = QueueFilter(
            state=self._value("state"),
            statement=self._value("statement"),
            topic=self._value("topic"),
            category=self._value("category"),
            document_id=self._value("document"),
            text=self.query_one("#text", Input).value.strip() or None,
            confirmed=self._value("confirmed"),
        )
        self.dismiss(Chosen(where, self._value("order")))

    def action_reset(self) -> None:
        """Return the filter the review opens with."""
        self.dismiss(Chosen(QueueFilter(state=ReviewState.TO_REVIEW), QueueOrder.LIKELY))

    def action_cancel(self) -> None:
        """Return nothing."""
        self.dismiss(None)

    def _value(self, name: str) -> Any:  # noqa: ANN401  # each field has its own type
        value = self.query_one(f"#{name}", Select).value
        return None if value is Select.NULL else value


def _field(label: str, control: Select[Any] | Input) -> ComposeResult:
    with Horizontal(classes="field"):
        yield Static(label, classes="label", markup=False)
        yield control


def _select(
    name: str, choices: Sequence[tuple[str, Choice]], value: Choice | None, *, blank: bool = True
) -> Select[Choice]:
    known = value is not None and any(value == choice for _, choice in choices)
    return Select(
        [(Content(text), choice) for text, choice in choices],
        id=name,
        allow_blank=blank,
        prompt="any",
        value=value if known and value is not None else Select.NULL,
        compact=True,
    )
