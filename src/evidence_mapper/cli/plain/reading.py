"""The open passage, its place in the queue, and everything that is only read out."""

from __future__ import annotations

from evidence_mapper.cli.plain import Explain, commands, words
from evidence_mapper.cli.plain.lines import Lines, numbers_in
from evidence_mapper.domain.coding import Event
from evidence_mapper.domain.framework import Statement
from evidence_mapper.domain.project import PassageCard, QueueFilter
from evidence_mapper.domain.wording import counted
from evidence_mapper.tui.draft import Draft
from evidence_mapper.tui.text import one_line
from evidence_mapper.workflow.assistant import Assistant
from evidence_mapper.workflow.review import ReviewSession

_HISTORY = 20


class Reader:
    """Opens passages and reads them out; nothing in here writes to the project.

    Parameters
    ----------
    session
        One coder's work on one project.
    explain
        Says why statements were suggested for a passage.
    lines
        Where questions are written and answers read.
    assistant
        Has the project and its classifier at hand; None where there is no such.
    """

    def __init__(
        self, session: ReviewSession, explain: Explain, lines: Lines, assistant: Assistant | None = None
    ) -> None:
        self.session, self.framework = session, session.framework
        self.lines, self._explain = lines, explain
        self.assistant = assistant
        self.where, self.order = session.opening
        self.card: PassageCard | None = None
        self._place = 0
        """Zero-based place in the queue of the open passage, or where it was."""
        self._drafts: dict[str, Draft] = {}

    # opening -----------------------------------------------------------------------------------
    def open(self, passage_id: str) -> None:
        """Read a passage out, wherever it is; StoreError when there is none."""
        self._before_reading()
        self.card = self.session.card(passage_id)
        place = self.session.position(self.where, self.order, passage_id)
        self._place = self._place if place is None else place
        held = self._drafts.get(passage_id)
        if held is not None:
            held.suggestion = self.card.suggestion  # marks stay; what is beside them is the newest run's
        self.do_again("")

    def _before_reading(self) -> None:
        """Say what is new before the next passage is read."""

    def open_place(self, place: int) -> None:
        """Read out the passage at a place in the queue, or say that there is none."""
        rows = self.session.page(self.where, self.order, place, 1) if place >= 0 else []
        if rows:
            self._place = place
            self.open(rows[0].passage_id)
            return
        self.card = None
        self._nothing(self.session.count(self.where))

    def _nothing(self, count: int) -> None:
        progress = self.session.progress()
        if not progress.total:
            self.lines.say("No passages yet. q leaves; then: evidence-mapper add FOLDER")
        elif count:
            self.lines.say(f"End of the queue. {counted(count, 'passage')} in it; k goes to the last.")
        elif self.where == QueueFilter():
            self.lines.say(f"Everything is decided: {counted(progress.total, 'passage')}.")
        else:
            self.lines.say("No passage meets this filter.")

    def _show_queue(self) -> None:
        """Read what the filter shows, then its first passage."""
        self.lines.say(f"{counted(self.session.count(self.where), 'passage')}: {self._filter_words()}.")
        self.open_place(0)

    def _draft(self, card: PassageCard) -> Draft:
        return self._drafts.setdefault(card.passage.id, Draft.of(self.framework, card))

    def _open_draft(self) -> tuple[PassageCard, Draft] | None:
        if self.card is None:
            self.lines.say("No passage is open.")
            return None
        return self.card, self._draft(self.card)

    def _statement(self, argument: str) -> Statement | None:
        numbers = numbers_in(argument) or []
        if len(numbers) == 1 and 1 <= numbers[0] <= len(self.framework.statements):
            return self.framework.statements[numbers[0] - 1]
        self.lines.say(f"Statements have numbers 1 to {len(self.framework.statements)}; l lists them.")
        return None

    def _filter_words(self) -> str:
        document = None
        if self.where.document_id is not None:
            names = {d.document.id: d.document.name for d in self.session.documents()}
            document = names.get(self.where.document_id, self.where.document_id)
        return words.filter_words(self.framework, self.where, self.order, document)

    def _say_marks(self, draft: Draft) -> None:
        if draft.touched:
            self.lines.say(*words.marks_lines(self.framework, draft))

    def _event(self, number: int) -> Event | None:
        """Return the entry of the history with a number; None when there is none to be seen."""
        return next((e for e in self._entries(number, 1) if e.sequence == number), None)

    def _entries(self, latest: int | None, most: int) -> list[Event]:
        """Return at most so many entries, newest first, none later than ``latest``; None takes them all."""
        newest = next(iter(self.session.history(1)), None)
        later = 0 if latest is None or newest is None else max(0, newest.sequence - latest)
        found = self.session.history(later + most)
        return [e for e in found if latest is None or e.sequence <= latest][:most]

    # reading -----------------------------------------------------------------------------------
    def do_again(self, _: str) -> None:
        """Read the open passage."""
        if (held := self._open_draft()) is not None:
            self.lines.say("", *words.card_lines(self.framework, held[0]))
            self.lines.say(*words.suggestion_lines(self.framework, held[0].suggestion))
            self._say_marks(held[1])

    def do_why(self, argument: str) -> None:
        """Say which words carry a suggestion."""
        statement = self._statement(argument) if argument else None
        held = self._open_draft()
        if held is None or (argument and statement is None):
            return
        passage = held[0].passage
        reasons = self._explain(passage.id, (statement.id,) if statement else None)
        self.lines.say(*words.why_lines(self.framework, passage.text, reasons))

    def do_definition(self, argument: str) -> None:
        """Read a statement's definition."""
        if (statement := self._statement(argument)) is not None:
            self.lines.say(*words.definition_lines(self.framework, statement))
            here = self.card.passage.id if self.card is not None else ""
            self.lines.say(*words.example_lines(self.session.examples(statement.id, here)))

    def do_statements(self, _: str) -> None:
        """List the statements."""
        if (held := self._open_draft()) is not None:
            self.lines.say(*words.statement_lines(self.framework, held[1]))

    def do_context(self, _: str) -> None:
        """Read the neighbours and other coders' decisions."""
        if (held := self._open_draft()) is None:
            return
        card = held[0]
        self.lines.say(*(f"Before: {one_line(p.text)}" for p in card.before))
        self.lines.say(*(f"After: {one_line(p.text)}" for p in card.after))
        self.lines.say(*(f"Decided by {words.held_words(self.framework, other)}" for other in card.others))
        if not (card.before or card.after or card.others):
            self.lines.say("Nothing stands before or after, and nobody else has decided on it.")

    def do_history(self, argument: str) -> None:
        """Read the latest events, newest first, or those before a number."""
        numbers = numbers_in(argument) if argument else [None]
        if not numbers or len(numbers) > 1:
            self.lines.say("Type h alone, or with the number of an entry: those before it are read.")
            return
        before = numbers[0]
        events = self._entries(None if before is None else before - 1, _HISTORY)
        self.lines.say(*(words.event_words(self.framework, event) for event in events))
        if not events:
            self.lines.say("Nothing has been decided yet." if before is None else "Nothing comes before.")
        elif events[-1].sequence > 1 and len(events) == _HISTORY:
            self.lines.say(f"h {events[-1].sequence} reads those before; z NUMBER takes one of yours back.")

    def do_progress(self, _: str) -> None:
        """Say how far the coder is."""
        progress = self.session.progress()
        self.lines.say(
            f"{progress.decided} of {counted(progress.total, 'passage')} decided.",
            f"{progress.coded} coded, {progress.none} none of these, {progress.unsure} unsure.",
            f"The queue has {counted(self.session.count(self.where), 'passage')}: {self._filter_words()}.",
        )

    def do_help(self, _: str) -> None:
        """Read the table of commands."""
        self.lines.say("{}: {}.".format(*commands.TICKS))
        self.lines.say(*(f"{c.typed}: {c.description}." for c in commands.COMMANDS))
