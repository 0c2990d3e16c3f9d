"""Passages of the same kind as the open one: read the list, leave some out, decide the rest in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from evidence_mapper.domain.coding import Decision, Event, Outcome
from evidence_mapper.domain.project import QueueFilter, QueueOrder
from evidence_mapper.domain.wording import counted
from evidence_mapper.tui import sentences
from evidence_mapper.tui.actions import SIMILAR, bindings_of
from evidence_mapper.tui.key_bar import KeyBar
from evidence_mapper.tui.line_list import Cell, LineList
from evidence_mapper.tui.seen_list import SeenList
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.tui.text import ACCEPTED_MARK, fit, fit_label, harmless, one_line, percent
from evidence_mapper.tui.together_screen import TogetherScreen
from evidence_mapper.workflow.decide_similar import (
    Likeness,
    Similar,
    SimilarRow,
    decide_similar,
    next_after,
    similar,
    told_apart,
)
from evidence_mapper.workflow.review import ReviewSession

LIKENESS_WORDS: Final[dict[Likeness, str]] = {
    Likeness.TABLE: "Rows of the same table",
    Likeness.SECTION: "Under the same headings",
    Likeness.SUGGESTION: "Same document, same suggestion",
}


@dataclass(frozen=True, slots=True)
class OpenPassage:
    """What the list starts from."""

    passage_id: str
    decision: Decision | None
    """The coder's marks or decision on it, offered for the others; None when there is neither."""
    accepting: Decision | None
    """What accepting means for it, with the coder's marks on top; None when that accepts nothing."""
    note: str | None
    """The coder's note on it, not recorded yet; it stays with this passage alone."""
    queue: tuple[QueueFilter, QueueOrder]
    place: int
    """Zero-based place in the queue."""


@dataclass(frozen=True, slots=True)
class DecidedTogether:
    """What was recorded, and the passage to go on with; None when the queue has no more."""

    events: list[Event]
    words: str
    next_id: str | None


class SimilarList(SeenList):
    """One line a passage: tick, what is suggested, where it stands, its words."""

    DOUBLE_CLICK = "tick"

    def __init__(self) -> None:
        super().__init__(id="similar")
        self.items: Sequence[SimilarRow] = ()
        self._words: list[str] = []
        self.on: set[str] = set()
        """Ids of passages that are ticked."""

    def show(self, items: Sequence[SimilarRow]) -> None:
        """List passages anew, those with the same suggestion ticked."""
        self.items = items
        self._words = told_apart([one_line(item.passage.text) for item in items])
        self.on = {item.passage.id for item in items if item.same}
        self.set_lines(len(items))

    def chosen(self) -> list[SimilarRow]:
        """Return what is ticked."""
        return [item for item in self.items if item.passage.id in self.on]

    def line(self, index: int, width: int) -> Sequence[Cell]:
        """Return a passage's line."""
        item = self.items[index]
        ticked = item.passage.id in self.on
        what, where = max(20, width // 4), max(14, width // 6)
        coded = item.suggestion is not None and bool(item.suggestion.suggested_statements())
        return [
            (f"[{ACCEPTED_MARK if ticked else ' '}] ", "good" if ticked else ""),
            (fit(suggested_words(item), what) + " ", "suggested" if coded else "dim"),
            (fit(fit_label(item.row.location_label, where), where) + " ", "dim"),
            (fit(self._words[index], width - what - where - 6), "" if ticked else "dim"),
        ]


def suggested_words(item: SimilarRow) -> str:
    """Return what is suggested for a passage, in a few words."""
    if item.suggestion is None:
        return "no suggestion yet"
    found = [s for s in item.suggestion.statements if s.suggested]
    if found:
        return f"{percent(min(s.probability for s in found))} {', '.join(s.id for s in found)}"
    if item.suggestion.none_suggested:
        return f"{percent(item.suggestion.none_probability)} none of these"
    return "nothing suggested"


class SimilarScreen(TogetherScreen):
    """Returns what was decided together; None when nothing was."""

    TABLE = SIMILAR
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(SIMILAR)]
    AUTO_FOCUS = "#similar"

    def __init__(self, session: ReviewSession, start: OpenPassage) -> None:
        super().__init__()
        self._session, self._start = session, start
        self._likeness: Likeness | None = None
        self._found: Similar | None = None

    def compose(self) -> ComposeResult:
        """Lay out the list, the passage under the cursor, and what can be recorded."""
        yield Static("Reading the document …", id="similar-title", classes="title", markup=False)
        yield SimilarList()
        with VerticalScroll(id="similar-scroll"):
            yield Static("", id="similar-passage", markup=False)
        yield StatusLine()
        yield KeyBar(SIMILAR, lines=2)

    def on_mount(self) -> None:
        """Read what is like the passage."""
        self._read()

    def _read(self) -> None:
        self._found = None
        call = partial(similar, self._session, self._start.passage_id, self._likeness)
        self.ask_store("read the document", call, self._show, group="similar")

    def _show(self, found: Similar) -> None:
        self._found, self._likeness = found, found.likeness
        listed = self.query_one(SimilarList)
        listed.show(found.items)
        listed.move_to(next((n for n, i in enumerate(found.items) if i.passage.id == found.like.id), 0))
        name = one_line(found.items[0].row.document_name) if found.items else "nothing undecided"
        words = f"{LIKENESS_WORDS[found.likeness]}: {counted(len(found.items), 'undecided passage')} · {name}"
        self.query_one("#similar-title", Static).update(words)
        self.query_one(StatusLine).say(self._summary(found))
        self._describe()

    def _summary(self, found: Similar) -> str:
        if not found.items:
            return "You have decided on all of them; l looks for others of its kind."
        other = len(found.items) - len(self.query_one(SimilarList).on)
        apart = f" {counted(other, 'passage')} with another suggestion not ticked." if other else ""
        more = " There are more than these." if found.more else ""
        yours = ""
        if self._start.decision is not None:
            words = sentences.decision_words(self._session.framework, self._start.decision)
            yours = f"enter {words}, "
        first = f"Read all {len(found.items):,}, untick what differs; then"
        return f"{first} {yours}n none, a as suggested.{apart}{more}"

    @on(LineList.Moved, "#similar")
    def _describe(self) -> None:
        listed = self.query_one(SimilarList)
        shown = Content("")
        if listed.cursor < len(listed.items):
            item = listed.items[listed.cursor]
            source = f"{one_line(item.row.document_name)} · {one_line(item.row.location_label)}\n"
            path = " › ".join(one_line(part) for part in item.passage.heading_path)
            shown = Content.assemble(
                (f"Suggested: {suggested_words(item)}\n", "bold"),
                (source + (f"{path}\n" if path else ""), "$em-dim"),
                harmless(item.passage.text),
            )
        self.query_one("#similar-passage", Static).update(shown)
        self.query_one("#similar-scroll").scroll_home(animate=False)

    def action_tick(self) -> None:
        """Tick or untick the passage under the cursor."""
        listed = self.query_one(SimilarList)
        if listed.cursor < len(listed.items):
            listed.on ^= {listed.items[listed.cursor].passage.id}
            self._ticked()

    def action_tick_all(self) -> None:
        """Tick all, or none when all are ticked."""
        listed = self.query_one(SimilarList)
        every = {item.passage.id for item in listed.items}
        listed.on = set() if listed.on == every else every
        self._ticked()

    def _ticked(self) -> None:
        listed = self.query_one(SimilarList)
        listed.refresh()
        self.query_one(StatusLine).say(f"{len(listed.on):,} of {len(listed.items):,} ticked.")

    def action_likeness(self) -> None:
        """List by what else the passage has in common with others."""
        if self._found is not None and not self._recording:
            may_be = self._found.may_be
            self._likeness = may_be[(may_be.index(self._found.likeness) + 1) % len(may_be)]
            self._read()

    def action_none(self) -> None:
        """Record none of these for what is ticked."""
        self._decide(Decision(Outcome.NONE, note=self._start.note))

    def action_unsure(self) -> None:
        """Record unsure for what is ticked."""
        self._decide(Decision(Outcome.UNSURE, note=self._start.note))

    def action_accept(self) -> None:
        """Record for each what is suggested for it."""
        self._decide(None)

    def action_record(self) -> None:
        """Record the open passage's marks, or the decision on it, for what is ticked."""
        if self._start.decision is None:
            self.query_one(StatusLine).say(
                "The passage you came from has no marks: esc, tick with 1-9, then B again; or n, u, a here."
            )
        else:
            self._decide(self._start.decision)

    def _decide(self, decision: Decision | None) -> None:
        listed = self.query_one(SimilarList)
        record = partial(self._record, decision)
        self.record_ticked(self._found, listed, listed.chosen(), record, self._recorded)

    def _record(self, decision: Decision | None, found: Similar, chosen: list[SimilarRow]) -> DecidedTogether:
        """Record, and look what comes after in the queue as it was; called in a thread."""
        ids = {item.passage.id for item in chosen}
        next_id = next_after(self._session, self._start.queue, self._start.place, ids)
        events = decide_similar(self._session, found, chosen, decision, own=self._start.accepting)
        return DecidedTogether(events, self._recorded_words(events, decision), next_id)

    def _recorded_words(self, events: list[Event], decision: Decision | None) -> str:
        if decision is not None:
            return sentences.decision_words(self._session.framework, decision)
        coded = sum(Decision.from_json(event.payload).outcome is Outcome.CODED for event in events)
        return f"as suggested, {coded:,} coded, {len(events) - coded:,} none of these"

    def _recorded(self, done: DecidedTogether) -> None:
        if done.events:
            self.dismiss(done)
        else:
            self._recording = False
            self.query_one(StatusLine).say("Nothing is suggested for what is ticked; nothing was recorded.")
