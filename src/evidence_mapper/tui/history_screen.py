"""Every decision, newest first, and undoing one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Static

from evidence_mapper.domain.coding import Decision, Event, EventAction
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.passage import Passage
from evidence_mapper.tui import sentences
from evidence_mapper.tui.actions import HISTORY, bindings_of
from evidence_mapper.tui.key_bar import KeyBar
from evidence_mapper.tui.line_list import Cell, LineList, columns
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.tui.store_screen import StoreScreen
from evidence_mapper.tui.text import fit, harmless, one_line, when
from evidence_mapper.workflow.review import ReviewSession, batch_size
from evidence_mapper.workflow.undoing import Undone, undo_last

PAGE: Final = 200
"""Events read at first, and more each time the end comes into view."""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An event with the passage it is about."""

    event: Event
    passage: Passage | None
    """None when the event is about a document."""
    undone: bool


def read_history(session: ReviewSession, limit: int, known: Mapping[str, Passage]) -> list[HistoryLine]:
    """Return the latest events with their passages, newest first; called in a thread.

    Parameters
    ----------
    limit
        How many events at most.
    known
        Passages read before, by id: a passage never changes.

    Raises
    ------
    StoreError
        The project cannot be read.
    """
    events = session.history(limit)
    undone = {e.payload.get("undoes") for e in events if e.action is EventAction.UNDONE}
    about = (
        EventAction.DECIDED,
        EventAction.CARRIED,
        EventAction.UNDONE,
        EventAction.FLAGGED,
        EventAction.RECUT,
    )
    subjects = {e.subject for e in events if e.action in about}
    passages = {subject: known.get(subject) or session.passage(subject) for subject in subjects}
    return [HistoryLine(e, passages.get(e.subject), e.id in undone) for e in events]


def event_words(framework: Framework, line: HistoryLine) -> str:
    """Return what an event did."""
    event = line.event
    if event.action is EventAction.UNDONE:
        return "Undid a decision"
    if event.action is EventAction.SOURCE_TYPE_SET:
        return f"Source type: {one_line(str(event.payload.get('source_type', '')))}"
    if event.action is EventAction.HEAD_TRAINED:
        return f"Learned from {event.payload.get('decisions')} decisions"
    if event.action is EventAction.HEAD_CHOSEN:
        return "Chose the head to suggest with"
    if event.action is EventAction.WITHDRAWN:
        return "Withdrew a document"
    if event.action is EventAction.RESTORED:
        return "Restored a document"
    if event.action not in (EventAction.DECIDED, EventAction.CARRIED):
        return one_line(event.words)
    words = sentences.decision_words(framework, Decision.from_json(event.payload))
    if event.action is EventAction.CARRIED:
        words = f"Carried over, of {when(event.payload['carried']['decided_at'])}: {words}"
    elif batch_size(event) > 1:
        words = f"{words} (one of {batch_size(event):,} together)"
    return f"(undone) {words}" if line.undone else words


class HistoryList(LineList):
    """One line an event; the end coming into view asks for earlier events."""

    class EarlierWanted(Message):
        """The last line is being shown, and there are earlier events."""

    def __init__(self, framework: Framework) -> None:
        super().__init__(id="history")
        self._framework = framework
        self.lines: list[HistoryLine] = []
        self._asked = False

    @property
    def total(self) -> int:
        """Return how many events there are; they are numbered from 1 without gaps."""
        return self.lines[0].event.sequence if self.lines else 0

    def show(self, lines: list[HistoryLine]) -> None:
        """Show the events; the cursor stays on its event."""
        here = self.lines[self.cursor].event.id if self.lines else None
        self.lines = lines
        self._asked = False
        at = next((n for n, line in enumerate(lines) if line.event.id == here), 0)
        self.set_lines(len(lines), at)

    def ask_again(self) -> None:
        """Let the earlier events that could not be read be asked for at the next move."""
        self._asked = False

    def cells(self, index: int, width: int) -> Sequence[Cell]:
        """Return an event's line."""
        if index == len(self.lines) - 1 and len(self.lines) < self.total and not self._asked:
            self._asked = True
            self.post_message(self.EarlierWanted())
        line = self.lines[index]
        words = event_words(self._framework, line)
        faded = line.undone or line.event.action is not EventAction.DECIDED
        text = line.passage.text[:200] if line.passage else ""
        what = 34 if width >= 100 else 26
        return [
            *columns(
                [
                    (when(line.event.at), 17, "dim"),
                    (one_line(line.event.coder), 14, ""),
                    (words, what, "dim" if faded else "good"),
                ]
            ),
            (fit(one_line(text), width - 34 - what), "dim"),
        ]


class HistoryScreen(StoreScreen):
    """Returns the id of the passage chosen; None to go back."""

    TABLE = HISTORY
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(HISTORY)]
    AUTO_FOCUS = "#history"

    def __init__(self, session: ReviewSession) -> None:
        super().__init__()
        self._session = session
        self._busy = False
        self._limit = PAGE
        self.changed = False
        """Whether something was taken back here."""
        self.replaced: dict[str, str] = {}
        """Pieces that went when a cut or join was put back, with the passage that stands there now."""

    def compose(self) -> ComposeResult:
        """Lay out the list and what is known of the line under the cursor."""
        yield Static("History: newest first, times in UTC", id="history-title", classes="title", markup=False)
        yield HistoryList(self._session.framework)
        yield Static("", id="about", markup=False)
        yield StatusLine()
        yield KeyBar(HISTORY)

    def on_mount(self) -> None:
        """Read the events."""
        self._read()

    def _read(self) -> None:
        self._busy = True
        lines = self.query_one(HistoryList).lines
        known = {line.passage.id: line.passage for line in lines if line.passage is not None}
        call = partial(read_history, self._session, self._limit, known)
        self.ask_store("read the history", call, self._show, group="history")

    @on(HistoryList.EarlierWanted)
    def _read_earlier(self) -> None:
        if self._busy:
            self.query_one(HistoryList).ask_again()  # once what is being read or undone is shown
        else:
            self._limit = len(self.query_one(HistoryList).lines) + PAGE
            self._read()

    def _show(self, lines: list[HistoryLine]) -> None:
        self._busy = False
        history = self.query_one(HistoryList)
        history.show(lines)
        shown = f" · the latest {len(lines):,} of {history.total:,}" if len(lines) < history.total else ""
        self.query_one("#history-title", Static).update(f"History: newest first, times in UTC{shown}")
        self._describe()
        if not lines:
            self.query_one(StatusLine).say("Nothing has been decided yet.")

    @on(LineList.Moved, "#history")
    def _describe(self) -> None:
        line = self._line()
        if line is None:
            return
        run = f"suggestion run {line.event.run_id}" if line.event.run_id else "no suggestion run"
        words = f"{event_words(self._session.framework, line)}\n{line.event.framework} · {run}"
        note = line.event.payload.get("note")
        if note:
            words += f"\nNote: {one_line(str(note))}"
        if line.passage is not None:
            words += f"\n{harmless(line.passage.text[:400])}"
        self.query_one("#about", Static).update(words)

    def _line(self) -> HistoryLine | None:
        history = self.query_one(HistoryList)
        return history.lines[history.cursor] if history.cursor < len(history.lines) else None

    def action_undo(self) -> None:
        """Take back the decision under the cursor, if it is this coder's and holds."""
        line, status = self._line(), self.query_one(StatusLine)
        if line is None:
            return
        if self._busy:
            status.say("The history is being read; press z again.")
            return
        if line.event.action is EventAction.RECUT and line.event.coder == self._session.coder:
            self._busy = True
            put_back = partial(self._session.spans.undo, line.event)
            self.ask_store("put the passage back", put_back, self._put_back, group="undo")
        elif line.event.action not in (EventAction.DECIDED, EventAction.CARRIED):
            status.say("Only a decision, or a cut of yours, can be undone.")
        elif line.event.coder != self._session.coder:
            status.say(f"This decision is {one_line(line.event.coder)}'s; only they can undo it.")
        elif line.undone:
            status.say("This decision is already undone.")
        else:
            self._busy = True
            call = partial(undo_last, self._session, line.event.sequence)
            self.ask_store("undo this decision", call, self._undone, group="undo")

    def _put_back(self, event: Event) -> None:
        self.changed = True
        self.replaced |= {str(i): str(event.payload["put"][0]) for i in event.payload["taken"]}
        self.query_one(StatusLine).done("The passage begins and ends as it did before.")
        self._read()

    def _undone(self, undone: Undone) -> None:
        self.changed = self.changed or undone.event is not None
        words = "Undone: the decision is taken back; the record keeps both."
        if undone.together > 1:
            words = sentences.undone_words(undone.together)
        self.query_one(StatusLine).done(
            words if undone.event else "Nothing was undone: this decision no longer holds."
        )
        self._read()

    def failed(self, group: str, what: str, error: Exception) -> None:
        """Say what failed; after a failed undo nothing has changed."""
        self._busy = False
        self.query_one(HistoryList).ask_again()
        super().failed(group, what, error)

    def action_open(self) -> None:
        """Return the passage under the cursor."""
        line = self._line()
        if line is not None and line.passage is not None:
            self.dismiss(line.passage.id)
        elif line is not None:
            self.query_one(StatusLine).say("This entry is about no passage that is still there.")

    def action_back(self) -> None:
        """Return to the review."""
        self.dismiss(None)
