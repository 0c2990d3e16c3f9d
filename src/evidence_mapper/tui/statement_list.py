"""The statements with their marks, the machine's and the person's, never mixed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from evidence_mapper.domain.coding import SuggestedCode, Verdict
from evidence_mapper.domain.framework import Framework
from evidence_mapper.tui.draft import Draft
from evidence_mapper.tui.line_list import Cell, LineList
from evidence_mapper.tui.text import (
    ACCEPTED_MARK,
    REJECTED_MARK,
    SUGGESTED_MARK,
    bar,
    fit_title,
    one_line,
    percent,
    probability_word,
)


class StatementList(LineList):
    """One line a statement: key, mark, title, probability as word, bar and percent."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "screen.next", show=False),
        Binding("k", "screen.previous", show=False),
        Binding("left", "screen.statement(-1)", show=False),
        Binding("right", "screen.statement(1)", show=False),
        Binding("pagedown", "screen.scroll(1)", show=False),
        Binding("pageup", "screen.scroll(-1)", show=False),
    ]

    DOUBLE_CLICK = "tick_here"

    def __init__(self, framework: Framework) -> None:
        super().__init__(id="statements")
        self._statements = framework.statements
        self._draft: Draft | None = None
        self._codes: dict[str, SuggestedCode] = {}
        self.count = len(framework.statements)

    def on_mount(self) -> None:
        """Give the list its length."""
        self.set_lines(len(self._statements))

    @property
    def statement_id(self) -> str:
        """Return the id of the statement under the cursor."""
        return self._statements[self.cursor].id

    def show(self, draft: Draft | None) -> None:
        """Show a passage's suggestion and marks; None shows the statements alone."""
        self._draft = draft
        suggestion = draft.suggestion if draft else None
        self._codes = {c.id: c for c in suggestion.statements} if suggestion else {}
        self.refresh()

    def put_cursor(self, statement_id: str | None) -> None:
        """Put the cursor on a statement, without saying so; None puts it on the first."""
        ids = [s.id for s in self._statements]
        self.cursor = ids.index(statement_id) if statement_id in ids else 0
        self.keep_in_view()
        self.refresh()

    def cells(self, index: int, width: int) -> Sequence[Cell]:
        """Return a statement's line."""
        statement = self._statements[index]
        key = str(index + 1) if index < 9 else " "
        mark, style = self._mark(statement.id)
        code = self._codes.get(statement.id)
        figures: list[Cell] = []
        if code is not None:
            size = 4 if width >= 40 else 0
            drawn = f"{bar(code.probability, size)} " if size else ""
            tint = "suggested" if code.suggested else "dim"
            figures = [
                (f" {probability_word(code.probability):<8} ", tint),
                (f"{drawn}{percent(code.probability):>3}", tint),
            ]
        used = sum(len(text) for text, _ in figures)
        title = fit_title(one_line(statement.title.text), width - 4 - used)
        return [(f"{key} ", "key"), (f"{mark} ", style), (title, style if mark != " " else ""), *figures]

    def _mark(self, statement_id: str) -> tuple[str, str]:
        verdict = self._draft.verdicts.get(statement_id) if self._draft else None
        if verdict is Verdict.ACCEPTED:
            return ACCEPTED_MARK, "good"
        if verdict is Verdict.REJECTED:
            return REJECTED_MARK, "bad"
        code = self._codes.get(statement_id)
        return (SUGGESTED_MARK, "suggested") if code and code.suggested else (" ", "")
