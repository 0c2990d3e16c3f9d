"""Choose which passages the queue shows, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Select, Static

from evidence_mapper.domain.dates import is_date
from evidence_mapper.domain.document import Document, SourceType
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.project import DEFAULT_ORDER, QueueFilter, QueueOrder
from evidence_mapper.tui.text import ORDER_WORDS, STATE_WORDS, one_line, source_type_words

Choice = TypeVar("Choice")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter and an order."""

    where: QueueFilter
    order: QueueOrder


@dataclass(frozen=True, slots=True)
class Known:
    """What of the project can be chosen from."""

    documents: Sequence[Document]
    coders: Sequence[str] = ()
    sample: str | None = None
    """The sample drawn last; None when none was."""


class FilterForm(ModalScreen[Chosen | None]):
    """Returns the filter chosen; None leaves it as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "apply", show=False, priority=True),
        Binding("ctrl+r", "reset", show=False, priority=True),
        Binding("escape", "cancel", show=False),
    ]

    def __init__(self, framework: Framework, known: Known, now: Chosen) -> None:
        super().__init__()
        self._framework, self._known, self._now = framework, known, now

    def compose(self) -> ComposeResult:
        """Lay out one line a field."""
        with VerticalScroll(classes="dialog large", id="filter", can_focus=False):
            yield Static("Show which passages", classes="title", markup=False)
            for label, *controls in self._fields():
                with Horizontal(classes="field"):
                    yield Static(label, classes="label", markup=False)
                    yield from controls
            keys = "tab next   enter choose   ctrl+s apply   ctrl+r reset   esc leave"
            yield Static(keys, classes="hint", id="filter-hint", markup=False)

    def _fields(self) -> Iterator[tuple[Any, ...]]:
        where, framework, known = self._now.where, self._framework, self._known
        states = [(words, state) for state, words in STATE_WORDS.items()]
        orders = [(words, order) for order, words in ORDER_WORDS.items()]
        yield "State", _select("state", states, where.state, blank=False)
        yield "Order", _select("order", orders, self._now.order, blank=False)
        statements = [(one_line(s.title.text), s.id) for s in framework.statements]
        yield "Statement", _select("statement", statements, where.statement)
        confirmed = [("confirmed", True), ("suggested only", False)]
        yield "Evidence", _select("confirmed", confirmed, where.confirmed)
        topics = [(one_line(f"{t.id}: {t.definition}")[:70], t.id) for t in framework.topics]
        yield "Topic", _select("topic", topics, where.topic)
        spoken = [(one_line(i.wording.text)[:70], i.id) for i in framework.i_statements]
        yield "I statement", _select("i-statement", spoken, where.i_statement)
        categories = [(one_line(c.name.text), c.id) for c in framework.evidence_categories]
        yield "Category", _select("category", categories, where.category)
        documents = [(one_line(d.name), d.id) for d in known.documents]
        yield "Document", _select("document", documents, where.document_id)
        kinds = [(source_type_words(s.value), s.value) for s in SourceType]
        yield "Source type", _select("source-type", kinds, where.source_type)
        yield (
            "Dated",
            _date("dated-from", "from 2024-04", where.dated_from),
            _date("dated-to", "to 2025", where.dated_to),
        )
        coders = [(one_line(c), c) for c in dict.fromkeys((*known.coders, *_given(where.decided_by)))]
        yield "Decided by", _select("decided-by", coders, where.decided_by)
        flags = [("flagged", True), ("not flagged", False)]
        yield "Flag", _select("flagged", flags, where.flagged)
        drawn = dict.fromkeys((*_given(known.sample), *_given(where.sample)))
        yield "Sample", _select("sample", [("the random sample", s) for s in drawn], where.sample)
        levels = [(f"{level}% or more", level / 100) for level in (30, 50, 70, 90)]
        yield "Probability", _select("min-probability", levels, where.min_probability)
        yield "Words", Input(where.text or "", id="text", compact=True)

    def on_input_submitted(self) -> None:
        """Apply from a field that is typed in."""
        self.action_apply()

    def action_apply(self) -> None:
        """Return the fields; a date that is none is said, and the form stays."""
        dates = {name: self._typed(name) for name in ("dated-from", "dated-to")}
        for name, date in dates.items():
            if date is not None and not is_date(date):
                words = f"“{one_line(date)}” is no date: write 2025, 2025-03 or 2025-03-31"
                self.query_one("#filter-hint", Static).update(Content(words))
                self.query_one(f"#{name}", Input).focus()
                return
        where = QueueFilter(
            state=self._value("state"),
            statement=self._value("statement"),
            topic=self._value("topic"),
            category=self._value("category"),
            document_id=self._value("document"),
            text=self._typed("text"),
            confirmed=self._value("confirmed"),
            source_type=self._value("source-type"),
            flagged=self._value("flagged"),
            i_statement=self._value("i-statement"),
            dated_from=dates["dated-from"],
            dated_to=dates["dated-to"],
            decided_by=self._value("decided-by"),
            sample=self._value("sample"),
            min_probability=self._value("min-probability"),
            passages=self._now.where.passages,
        )
        self.dismiss(Chosen(where, self._value("order")))

    def action_reset(self) -> None:
        """Return the filter the review opens with."""
        self.dismiss(Chosen(QueueFilter(), DEFAULT_ORDER))

    def action_cancel(self) -> None:
        """Return nothing."""
        self.dismiss(None)

    def _typed(self, name: str) -> str | None:
        return self.query_one(f"#{name}", Input).value.strip() or None

    def _value(self, name: str) -> Any:  # noqa: ANN401  # each field has its own type
        value = self.query_one(f"#{name}", Select).value
        return None if value is Select.NULL else value


def _given(value: str | None) -> tuple[str, ...]:
    return () if value is None else (value,)


def _date(name: str, example: str, value: str | None) -> Widget:
    return Input(value or "", placeholder=example, id=name, compact=True, max_length=10)


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
