"""The review line by line: the same session, decisions and marks as on the full screen."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from evidence_mapper.cli.plain import Explain, asking, commands, words
from evidence_mapper.cli.plain.behind import Behind
from evidence_mapper.cli.plain.going import Going
from evidence_mapper.cli.plain.lines import EndOfInput, Lines, numbers_in
from evidence_mapper.domain.coding import Decision, Event, EventAction, Outcome, Verdict
from evidence_mapper.domain.framework import Statement
from evidence_mapper.domain.project import PassageCard, ReviewState
from evidence_mapper.domain.wording import counted
from evidence_mapper.errors import EvidenceMapperError
from evidence_mapper.tui.draft import Draft
from evidence_mapper.tui.text import one_line
from evidence_mapper.workflow.assistant import Assistant
from evidence_mapper.workflow.review import ReviewSession
from evidence_mapper.workflow.undoing import undo_last

_ABOUT_PASSAGES: Final = frozenset(
    {EventAction.DECIDED, EventAction.CARRIED, EventAction.UNDONE, EventAction.FLAGGED, EventAction.RECUT}
)


class PlainReview(Going):
    """One sitting; every ``do_`` method answers one line of the table of commands."""

    def __init__(
        self, session: ReviewSession, explain: Explain, lines: Lines, assistant: Assistant | None = None
    ) -> None:
        super().__init__(session, explain, lines, assistant)
        self._alike: str | None = None
        """The passage just decided, when its words stand elsewhere: what ``e`` copies from."""
        self._saved = 0
        self._left = False
        learner = assistant.learner if assistant is not None and lines.typed else None
        self._behind = Behind(learner)

    def run(self, start: str | None) -> None:
        """Ask until the person leaves; KeyboardInterrupt passes through once what is saved has been said."""
        self.lines.say(
            "Evidence Mapper, plain review. A suggestion is the model's, a coding is a person's.",
            f"Decisions are saved at once, under the name {one_line(self.session.coder)}.",
            *self._behind.opening(),
        )
        try:
            self.open(start) if start else self.open_place(0)
            while not self._left:
                self._answer(self.lines.ask(self._prompt()))
        except EndOfInput:
            self._farewell("End of input.")
        except KeyboardInterrupt:
            self.lines.say("")
            self._farewell("Stopped.")
            raise
        finally:
            self._behind.stop()

    def _before_reading(self) -> None:
        """Say what was learned in the background, and begin to learn when it is due."""
        self.lines.say(*self._behind.news(self._saved))

    def _farewell(self, how: str) -> None:
        if self._unsaved():
            how += f" Marks on {counted(self._unsaved(), 'passage')} were not saved."
        self.lines.say(f"{how} {counted(self._saved, 'decision')} saved in this sitting.")

    def _unsaved(self) -> int:
        return sum(draft.touched for draft in self._drafts.values())

    def _prompt(self) -> str:
        if self.card is None:
            return "f filter, z undo, g ID, ? help, q quit:"
        draft = self._draft(self.card)
        first = ["r record"] if draft.recorded() and draft.touched else []
        first += ["a accept"] if draft.accepting() else []
        return ", ".join([*first, "numbers tick", "n none", "u unsure", "s skip", "? help:"])

    def _answer(self, answer: str) -> None:
        if (numbers := numbers_in(answer)) is not None:
            self._tick(numbers)
            return
        typed = commands.read(answer or ".")
        if isinstance(typed, str):
            self.lines.say(typed)
            return
        try:
            getattr(self, f"do_{typed.command.name}")(typed.argument)
        except EvidenceMapperError as error:
            self.lines.say(f"Could not do that: {error}")

    # marking -----------------------------------------------------------------------------------
    def _tick(self, numbers: list[int]) -> None:
        """Tick or clear statements, all of them or, when one does not exist, none."""
        there = self.framework.statements
        if not all(1 <= number <= len(there) for number in numbers):
            self.lines.say(f"Nothing ticked. Statements have numbers 1 to {len(there)}; l lists them.")
            return
        if (held := self._open_draft()) is not None:
            for number in numbers:
                self._toggle(held[1], there[number - 1], Verdict.ACCEPTED)
            self._say_marks(held[1])

    def _toggle(self, draft: Draft, statement: Statement, verdict: Verdict) -> None:
        on = draft.toggle(statement.id, verdict)
        word = {Verdict.ACCEPTED: "Ticked", Verdict.REJECTED: "Rejected"}[verdict] if on else "Cleared"
        self.lines.say(f"{word}: {words.statement_name(self.framework, statement.id)}.")

    def do_reject(self, argument: str) -> None:
        """Reject a statement."""
        statement, held = self._statement(argument), self._open_draft()
        if statement is not None and held is not None:
            self._toggle(held[1], statement, Verdict.REJECTED)
            self._say_marks(held[1])

    def do_change(self, _: str) -> None:
        """Ask what to change."""
        if self._open_draft() is None:
            return
        what = [("evidence category", "c"), ("polarity", "p"), ("topics and I statements", "t")]
        chosen = self.lines.choose("Change", what, neither=None)
        if chosen and chosen.value:
            {"c": self._category, "p": self.do_polarity, "t": self.do_topics}[chosen.value]("")

    def _category(self, _: str) -> None:
        if (held := self._open_draft()) is not None:
            asking.ask_category(self.lines, self.framework, held[1])
            self._say_marks(held[1])

    def do_polarity(self, _: str) -> None:
        """Ask for the polarity."""
        if (held := self._open_draft()) is not None:
            asking.ask_polarity(self.lines, held[1])
            self._say_marks(held[1])

    def do_topics(self, _: str) -> None:
        """Ask for topics and I statements."""
        if (held := self._open_draft()) is not None:
            asking.ask_topics(self.lines, self.framework, held[1])
            self._say_marks(held[1])

    def do_note(self, argument: str) -> None:
        """Take a note; an empty answer takes it away."""
        if (held := self._open_draft()) is not None:
            held[1].note = argument or self.lines.ask("Note, in one line; nothing for none:") or None
            self._say_marks(held[1])

    # deciding ----------------------------------------------------------------------------------
    def do_accept(self, _: str) -> None:
        """Record what is suggested, with the marks on top."""
        self._record("accept", "Nothing is suggested here to accept: type numbers, then r; or n, or u.")

    def do_record(self, _: str) -> None:
        """Record the marks alone."""
        self._record("record", "Nothing is ticked: type numbers, or a, n or u.")

    def _record(self, how: str, nothing: str) -> None:
        if (held := self._open_draft()) is not None:
            decision = held[1].accepting() if how == "accept" else held[1].recorded()
            self._decide(held[0], decision) if decision else self.lines.say(nothing)

    def do_none(self, _: str) -> None:
        """Record that the passage bears on none of the statements."""
        self._without(Outcome.NONE)

    def do_unsure(self, _: str) -> None:
        """Record that the coder is unsure."""
        self._without(Outcome.UNSURE)

    def _without(self, outcome: Outcome) -> None:
        if (held := self._open_draft()) is None:
            return
        card, draft = held
        if draft.accepted() and (card.mine is None or draft.touched):
            self.lines.say("Not saved: statements are ticked. r records them; their numbers clear them.")
        else:
            self._decide(card, draft.without(outcome))

    def _decide(self, card: PassageCard, decision: Decision) -> None:
        passage_id = card.passage.id
        try:
            event = self.session.decide(passage_id, decision, shown=card)
        except EvidenceMapperError as error:
            self.lines.say(f"NOT SAVED: {error}. The passage and your marks stay as they are.")
            return
        self._saved += 1
        self._drafts.pop(passage_id, None)
        self.card = None  # so that, if the next cannot be read, no answer falls on this one again
        self._confirm(event, card.twins)
        self._alike = passage_id if card.twins else None
        if (rest := self._other_part(passage_id)) is not None:
            self.open(rest)
            return
        stays = self.session.position(self.where, self.order, passage_id)
        self.open_place(self._place if stays is None else stays + 1)

    def _confirm(self, event: Event, twins: int) -> None:
        written = words.decision_words(self.framework, Decision.from_json(event.payload))
        try:
            left = f"{self.session.count(replace(self.where, state=ReviewState.TO_REVIEW))} left."
        except EvidenceMapperError as error:  # the decision is on disk: that is said first
            left = f"What is left could not be counted: {error}"
        self.lines.say(f"Saved: {written}. {left}")
        if event.payload["outcome"] == Outcome.UNSURE.value and not self.session.blind:
            self.lines.say("later reads all you are unsure of.")
        if twins:
            self.lines.say(f"The same words stand in {counted(twins, 'other place')}: e decides them alike.")

    def do_clear(self, _: str) -> None:
        """Throw away the marks on the open passage."""
        if (held := self._open_draft()) is None:
            return
        if not held[1].touched:
            self.lines.say(
                "This passage has no marks of yours. z takes back a decision; f changes the filter."
            )
            return
        self._drafts.pop(held[0].passage.id, None)
        self.lines.say("Marks thrown away.")

    def do_undo(self, argument: str) -> None:
        """Take a decision, or a cut, back and return to its passage."""
        numbers = numbers_in(argument) if argument else [None]
        if not numbers or len(numbers) > 1:
            self.lines.say("Type z alone, or with one number of the history (h).")
            return
        recut = self._recut if numbers[0] is None else self._own_recut(numbers[0])
        if recut is not None:
            self._put_back(recut)
            return
        undone = undo_last(self.session, numbers[0])
        if undone.event is None or undone.return_to is None:
            self.lines.say("Nothing was taken back: there is no such decision of yours that holds.")
            return
        self._drafts.pop(undone.event.subject, None)
        if undone.together > 1:
            self.lines.say(f"Taken back: {undone.together} decisions recorded together.")
        else:
            self.lines.say(f"Taken back: your decision on {undone.event.subject}.")
        self.open(undone.return_to)

    def do_alike(self, _: str) -> None:
        """Read where the words decided last, else those of the open passage, stand too; decide them alike."""
        passage_id = self._alike or (self.card.passage.id if self.card is not None else None)
        self._alike = None
        if passage_id is None:
            self.lines.say("No passage is open.")
            return
        card, twins = self.session.card(passage_id), self.session.twins(passage_id)
        if not twins:
            self.lines.say("The same words stand nowhere else.")
            return
        self.lines.say(f"“{one_line(card.passage.text)}”", "The same words stand in:")
        self.lines.say(*map(words.twin_words, twins))
        left = sum(self.session.coder not in twin.decided_by for twin in twins)
        if not left:
            self.lines.say("You have decided on all of them.")
        elif card.mine is None:
            self.lines.say("Decide on this passage first; then e decides those alike.")
        elif self.lines.ask_yes(f"Decide {counted(left, 'passage')} like {passage_id}?"):
            events = self.session.decide_twins(passage_id)
            self._saved += len(events)
            self.lines.say(f"Saved: {counted(len(events), 'passage')} decided alike; z takes them back.")
            if self.card is not None and self.card.passage.id in {e.subject for e in events}:
                self.open_place(self._place)

    # moving ------------------------------------------------------------------------------------
    def do_skip(self, _: str) -> None:
        """Go on without a decision."""
        if self.card is None:
            self.open_place(self._place)
            return
        place = self.session.position(self.where, self.order, self.card.passage.id)
        self.open_place(self._place if place is None else place + 1)

    def do_previous(self, _: str) -> None:
        """Go back one passage; from the end of the queue, to its last."""
        last = self.session.count(self.where) - 1
        place = last if self.card is None else min(self._place - 1, last)
        if place < 0:
            self.lines.say("This is the first passage of the queue.")
        else:
            self.open_place(place)

    def do_goto(self, argument: str) -> None:
        """Open a passage by its id, or the one of a decision by its number in the history."""
        if (numbers := numbers_in(argument)) is None:
            self.open(argument)
            return
        event = self._event(numbers[0])
        if event is None:
            self.lines.say(f"There is no entry {numbers[0]} in the history: h reads it.")
        elif event.action not in _ABOUT_PASSAGES:
            self.lines.say(f"Entry {numbers[0]} is about no passage.")
        else:
            self.open(event.subject)

    def do_filter(self, _: str) -> None:
        """Ask which passages to show."""
        sample = self.session.sample()
        documents = tuple(d.document for d in self.session.documents())
        known = asking.Known(documents, tuple(self.session.coders()), sample.id if sample else None)
        self.lines.say(f"Now: {self._filter_words()}.")
        queue = asking.ask_filter(self.lines, self.framework, known, (self.where, self.order))
        if queue is not None:
            self.where, self.order = queue
            self._show_queue()

    def do_find(self, argument: str) -> None:
        """Show passages with words; none shows all again."""
        self.where = replace(self.where, text=argument or None)
        self._show_queue()

    def do_quit(self, _: str) -> None:
        """Leave; ask first when marks would be lost."""
        count = self._unsaved()
        if count and not self.lines.ask_yes(f"Marks on {counted(count, 'passage')} are not saved. Leave?"):
            return
        self._left = True
        self._farewell("Goodbye.")
