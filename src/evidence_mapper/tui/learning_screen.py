"""What the project has learned from its decisions: what it changed, and switching it off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.wording import counted
from evidence_mapper.tui import sentences
from evidence_mapper.tui.actions import LEARNING, bindings_of
from evidence_mapper.tui.key_bar import KeyBar
from evidence_mapper.tui.line_list import Cell, LineList
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.tui.store_screen import StoreScreen
from evidence_mapper.tui.text import fit, one_line
from evidence_mapper.workflow.learner import AFTER, MOST_PASSAGES, Learner, Standing

if TYPE_CHECKING:
    from evidence_mapper.workflow.head_changes import Change, Changes


class ChangeList(LineList):
    """One line a passage whose suggestion is another than the shipped classifier's."""

    def __init__(self, framework: Framework) -> None:
        super().__init__(id="changes")
        self._framework = framework
        self.changes: Sequence[Change] = ()

    def show(self, changes: Sequence[Change]) -> None:
        """List changes anew."""
        self.changes = changes
        self.set_lines(len(changes))

    def cells(self, index: int, width: int) -> Sequence[Cell]:
        """Return a change's line: before, after, the passage."""
        change = self.changes[index]
        each = max(16, width // 4)
        return [
            (fit(self._codes(change.before), each) + " ", "dim"),
            ("→ ", "key"),
            (fit(self._codes(change.after), each) + " ", "suggested"),
            (fit(one_line(change.passage.text[:200]), width - 2 * each - 4), ""),
        ]

    def _codes(self, statements: tuple[str, ...]) -> str:
        return sentences.titles(self._framework, statements) or "nothing"


class LearningScreen(StoreScreen):
    """Returns the id of a passage to open; None to go back."""

    TABLE = LEARNING
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(LEARNING)]
    AUTO_FOCUS = "#changes"

    def __init__(self, framework: Framework, learner: Learner) -> None:
        super().__init__()
        self._framework = framework
        self._learner = learner
        self._standing: Standing | None = None

    def compose(self) -> ComposeResult:
        """Lay out how learning stands, and the changes once they are asked for."""
        yield Static("Learning from your decisions", classes="title", markup=False)
        yield Static("Reading …", id="standing", classes="hint", markup=False)
        yield Static("", id="changes-title", classes="title", markup=False)
        yield ChangeList(self._framework)
        yield StatusLine()
        yield KeyBar(LEARNING)

    def on_mount(self) -> None:
        """Read how learning stands."""
        self.ask_store("read how learning stands", self._learner.standing, self._show, group="standing")

    def _show(self, standing: Standing) -> None:
        self._standing = standing
        self.query_one("#standing", Static).update(standing_words(standing))

    def action_switch(self) -> None:
        """Switch learning while reviewing on or off."""
        standing = self._standing
        if standing is not None:

            def switch() -> Standing:
                return self._learner.switch(on=not standing.on)

            self.ask_store("switch learning", switch, self._switched, group="standing")

    def _switched(self, standing: Standing) -> None:
        self._show(standing)
        words = (
            "The project learns while it is reviewed." if standing.on else "Learning is off for this project."
        )
        self.query_one(StatusLine).done(words)

    def action_changes(self) -> None:
        """Compare what is suggested now with the shipped classifier."""
        if self._standing is not None and not self._standing.learned_from:
            self.query_one(StatusLine).say("Nothing learned here is in use, so there is nothing to compare.")
            return
        self.query_one(StatusLine).say("Comparing with the shipped classifier on every pending passage …")
        self.ask_store("compare", self._learner.changes, self._show_changes, group="changes")

    def _show_changes(self, found: Changes) -> None:
        of = counted(found.pending, "pending passage")
        title = f"{counted(len(found.changed), 'suggestion')} changed of {of}: before → now"
        self.query_one("#changes-title", Static).update(title)
        self.query_one(ChangeList).show(found.changed)
        self.query_one(StatusLine).say("enter opens the passage." if found.changed else "")

    def action_shipped(self) -> None:
        """Go back to the shipped classifier, and stop learning."""
        self.query_one(StatusLine).say("Suggesting with the shipped classifier again …")
        self.ask_store("go back", self._learner.back_to_shipped, self._gone_back, group="standing")

    def _gone_back(self, standing: Standing) -> None:
        self._show(standing)
        self.query_one(ChangeList).show(())
        self.query_one(StatusLine).done("Suggestions are the shipped classifier's again; learning is off.")

    def action_open(self) -> None:
        """Return the passage under the cursor."""
        listed = self.query_one(ChangeList)
        if listed.cursor < len(listed.changes):
            self.dismiss(listed.changes[listed.cursor].passage.id)
        else:
            self.query_one(StatusLine).say("No passage is listed: c lists those whose suggestion changed.")

    def action_back(self) -> None:
        """Return to the review."""
        self.dismiss(None)


def standing_words(standing: Standing) -> str:
    """Return how learning stands, in words."""
    if standing.learned_from:
        first = f"Suggestions use what was learned from {counted(standing.learned_from, 'decision')}."
    else:
        first = "Suggestions are the shipped classifier's: nothing learned here is in use."
    if standing.too_large:
        second = (
            f"{counted(standing.passages, 'passage')} are too many to learn from in the background "
            f"(more than {MOST_PASSAGES:,}): `evidence-mapper train` does it, and `evidence-mapper suggest` "
            "after it."
        )
    elif standing.on:
        second = (
            f"On: after every {AFTER} new decisions, while nobody types, it learns from all of them. It is "
            "used only if it is better on your own decisions and no worse on passages that come with the "
            "program."
        )
    else:
        second = "Off: nothing is learned while reviewing."
    third = f"{counted(standing.new, 'decision')} since it last learned."
    last = f"Last time: {one_line(standing.last)}." if standing.last else ""
    return "\n".join(line for line in (first, second, third, last) if line)
